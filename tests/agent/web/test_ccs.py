"""The Contest API: what the specification says, its published schemas, and a client of others.

The schemas have no licence that would let them be copied here. To check against them, set
MEDALIST_CCS_SCHEMAS to the folder `json-schema` of a checkout of the specification's branch
2023-06 (github.com/icpc/ccs-specs).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from starlette.testclient import TestClient
from tests.agent.web.contests import HOSTILE, RULES, happenings, setting, write

from medalist.agent.contest.events import ContestEvent
from medalist.agent.web.ccs import objects
from medalist.agent.web.ccs.board import scoreboard
from medalist.agent.web.ccs.feed import COLLECTIONS
from medalist.agent.web.guard import Secrets
from medalist.agent.web.hub import Hub
from medalist.agent.web.server import application
from medalist.agent.web.views import AudienceView

TITLES = ("Apples", "<b>Bridges</b>", "Cranes")


def _events(kind: str) -> list[ContestEvent]:
    opening = setting(kind, HOSTILE, TITLES)
    return [*opening, *happenings(kind, 7, people=len(HOSTILE), columns=3, count=60)]


@pytest.fixture(params=RULES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(tmp_path: Path, kind: str) -> TestClient:
    write(tmp_path, _events(kind))
    app = application(Hub(tmp_path), hosts=["127.0.0.1"], given=Secrets())
    return TestClient(app, base_url="http://127.0.0.1")


def _feed(client: TestClient, kind: str, **query: str) -> list[dict[str, Any]]:
    url = f"/api/contests/test-{kind}/event-feed"
    answer = client.get(url, params={"stream": "false", **query})
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_every_object_of_the_feed_is_what_its_endpoint_answers(
    client: TestClient, kind: str
) -> None:
    newest: dict[tuple[str, str | None], dict[str, Any]] = {}
    feed = _feed(client, kind)
    for line in feed:
        newest[line["type"], line["id"]] = line["data"]
    base = f"/api/contests/test-{kind}"
    assert client.get(base).json() == newest["contest", None]
    assert client.get(f"{base}/state").json() == newest["state", None]
    for name in COLLECTIONS:
        actual = client.get(f"{base}/{name}").json()
        assert actual == [data for (type_, _), data in newest.items() if type_ == name]
        if actual:
            assert client.get(f"{base}/{name}/{actual[-1]['id']}").json() == actual[-1]
    assert feed[-1]["type"] == "state"
    assert feed[-1]["data"]["end_of_updates"] is not None


def test_what_an_object_names_came_before_it(client: TestClient, kind: str) -> None:
    seen: dict[str, set[str]] = {name: set() for name in COLLECTIONS}
    referred = {
        "submissions": ["problem_id", "team_id", "language_id"],
        "judgements": ["submission_id", "judgement_type_id"],
        "teams": ["organization_id"],
    }
    for line in _feed(client, kind):
        if line["id"] is None:
            continue
        for key in referred.get(line["type"], ()):
            if key in line["data"]:
                collection = {"judgement_type_id": "judgement-types"}.get(key, f"{key[:-3]}s")
                assert line["data"][key] in seen[collection]
        seen[line["type"]].add(line["id"])


def test_the_feed_goes_on_after_any_token(client: TestClient, kind: str) -> None:
    feed = _feed(client, kind)
    for token in (0, 1, len(feed) // 2, len(feed)):
        assert _feed(client, kind, since_token=str(token)) == feed[token:]
    url = f"/api/contests/test-{kind}/event-feed"
    for wrong in ("x", "-1", str(len(feed) + 1), "1.5", "", "²", "9" * 5000):
        answer = client.get(url, params={"since_token": wrong})
        assert answer.status_code == 400
        assert answer.json()["code"] == 400


def test_collections_can_be_filtered_by_what_they_refer_to(client: TestClient, kind: str) -> None:
    url = f"/api/contests/test-{kind}/submissions"
    everything = client.get(url).json()
    actual = client.get(url, params={"team_id": "t0", "problem_id": "p1"}).json()
    assert actual == [s for s in everything if (s["team_id"], s["problem_id"]) == ("t0", "p1")]
    assert client.get(url, params={"team_id": "nobody"}).json() == []


def test_the_scoreboard_ranks_groups_by_themselves(client: TestClient, kind: str) -> None:
    url = f"/api/contests/test-{kind}/scoreboard"
    rows = client.get(url).json()["rows"]
    teams = {team["id"]: team for team in client.get(f"/api/contests/test-{kind}/teams").json()}
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    humans = client.get(url, params={"group_id": "human"}).json()["rows"]
    assert {row["team_id"] for row in humans} == {
        team_id for team_id, team in teams.items() if team["group_ids"] == ["human"]
    }
    assert humans[0]["rank"] == 1
    assert client.get(url, params={"group_id": "nobody"}).status_code == 404


@pytest.mark.parametrize("path", ["/api/contests/other", "/api/contests/other/teams"])
def test_another_contest_is_not_here(client: TestClient, path: str) -> None:
    assert client.get(path).json() == {"code": 404, "message": "not found"}


@pytest.mark.parametrize("text", ["a/b", "", "-x", "x.", "x" * 37, "日本", "a b", ".."])
def test_what_is_no_identifier_gets_one(text: str) -> None:
    made = objects.identifier(text)
    assert made.startswith("x-")
    assert objects.identifier(made) == made
    assert made != objects.identifier(text + "!")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00:00.000"),
        (59.9994, "0:00:59.999"),
        (59.9996, "0:01:00.000"),
        (3723.5, "1:02:03.500"),
        (360000, "100:00:00.000"),
    ],
)
def test_relative_times(seconds: float, text: str) -> None:
    assert objects.reltime(seconds) == text


def _validator(folder: Path, name: str) -> Draft202012Validator:
    schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )
    return Draft202012Validator(schemas[f"{name}.json"], registry=registry)


@pytest.fixture
def schemas() -> Path:
    """The specification's own schemas."""
    folder = Path(os.environ.get("MEDALIST_CCS_SCHEMAS", "nowhere"))
    if not (folder / "event-feed.json").is_file():
        pytest.skip("no schemas of the Contest API: set MEDALIST_CCS_SCHEMAS")
    return folder


def _stages(kind: str) -> Iterator[AudienceView]:
    """The contest before its start, in it, in its freeze and after its end."""
    events = _events(kind)
    for share in (0.3, 0.6, 0.9, 1.0):
        view = AudienceView()
        for event in events[: int(len(events) * share)]:
            view.add(event)
        yield view


def test_the_published_schemas_accept_everything(schemas: Path, kind: str) -> None:
    for view in _stages(kind):
        feed = view.feed
        board = scoreboard(view.state, feed.current)
        answers: dict[str, Any] = {
            "api_information": objects.api_information(),
            "contest": feed.contest,
            "contests": [feed.contest],
            "state": feed.current,
            "scoreboard": board,
            "event-feed-array": [json.loads(line) for line in feed.lines],
        }
        answers |= {name: list(feed.collections[name].values()) for name in COLLECTIONS}
        for name, answer in answers.items():
            _validator(schemas, name).validate(answer)


def test_the_published_schema_accepts_what_is_said_to_be_accessible(
    schemas: Path, client: TestClient, kind: str
) -> None:
    _validator(schemas, "access").validate(client.get(f"/api/contests/test-{kind}/access").json())
