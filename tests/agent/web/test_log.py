"""What viewers are told, in which order, and what the freeze keeps from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.agent.web.contests import (
    DURATION_S,
    FREEZE_S,
    frozen_contest,
    happenings,
    setting,
    write,
)

from medalist.agent.contest.events import ContestEvent, ContestOpened, Ended, Finalized, Unfroze
from medalist.agent.contest.scoreboard import Medals
from medalist.agent.web.guard import Secrets
from medalist.agent.web.hub import Hub
from medalist.agent.web.server import application
from medalist.agent.web.state import ranks
from medalist.agent.web.stream import place_in
from medalist.agent.web.views import AudienceView
from medalist.errors import BadInput


def _entries(view: AudienceView) -> list[dict[str, Any]]:
    return [json.loads(entry) for entry in view.log.entries]


def _ending() -> list[ContestEvent]:
    end = DURATION_S
    return [Ended(at_s=end), Unfroze(at_s=end + 30), Finalized(at_s=end + 60)]


def test_the_freeze_hides_verdicts_everywhere() -> None:
    view = AudienceView()
    for event in frozen_contest():
        view.add(event)
    late = [entry for entry in _entries(view) if entry["t"] >= FREEZE_S]
    assert {entry["type"] for entry in late} == {"phase", "submission"}
    assert [e["cell"]["state"] for e in late if e["type"] == "submission"] == ["pending"] * 5
    assert late[-1]["cell"]["pending"] == 1
    shown = view.feed.collections["judgements"]
    assert sorted(shown) == ["s1", "s2", "s3"]
    assert len(view.feed.collections["submissions"]) == 8
    assert b'"s5"' in b"".join(view.feed.lines)
    assert not any(b'"judgements","id":"s5"' in line for line in view.feed.lines)
    assert [cell.pending for cell in view.state.rows[2].cells] == [2, 0, 0]


def test_the_resolver_reveals_from_the_last_place_up() -> None:
    view = AudienceView()
    for event in [*frozen_contest(), *_ending()]:
        view.add(event)
    names = [participant.name for participant in view.state.participants]
    steps = [
        (entry["type"], names[entry["p"]], entry.get("q"))
        for entry in _entries(view)
        if entry["type"] in ("reveal", "settled")
    ]
    assert steps == [
        # Equal at zero: Gamma is below Delta by name. Its problem lifts it above Delta.
        ("reveal", "Gamma", 0),
        ("reveal", "Delta", 2),
        ("settled", "Delta", None),
        ("settled", "Gamma", None),
        # Beta passes Alpha with its second problem of the freeze.
        ("reveal", "Beta", 1),
        ("reveal", "Beta", 2),
        ("settled", "Alpha", None),
        ("settled", "Beta", None),
    ]
    assert ranks(view.state.keys) == [2, 1, 3, 4]
    assert sorted(view.feed.collections["judgements"]) == [f"s{n}" for n in range(1, 9)]
    assert json.loads(view.feed.lines[-1])["data"]["end_of_updates"] is not None


def test_a_held_freeze_lasts_and_only_the_presenter_reveals(tmp_path: Path) -> None:
    write(tmp_path, [*frozen_contest(), *_ending()])
    hub = Hub(tmp_path, hold_freeze=True)
    app = application(hub, hosts=["127.0.0.1"], given=Secrets(presenter="open sesame, please"))
    client = TestClient(app, base_url="http://127.0.0.1")
    public = client.get("/data/log").json()["entries"]
    assert not any(entry["type"] in ("reveal", "settled") for entry in public)
    assert client.get("/data/contest").json()["resolver"] is False
    assert client.get("/data/log", params={"reveals": 1}).status_code == 403
    assert client.get("/data/log?reveals=1&presenter=wrong").status_code == 403
    state = client.get("/api/contests/test-icpc/state").json()
    assert state["frozen"] is not None
    assert state["thawed"] is state["finalized"] is None
    assert len(client.get("/api/contests/test-icpc/judgements").json()) == 3
    full = client.get("/data/log?reveals=1&presenter=open sesame, please").json()["entries"]
    assert full[: len(public)] == public
    assert sum(entry["type"] == "reveal" for entry in full) == 4


@pytest.mark.parametrize("kind", ["icpc", "ioi", "codeforces", "atcoder"])
def test_a_restart_tells_the_same_story(tmp_path: Path, kind: str) -> None:
    events = [*setting(kind), *happenings(kind, 3, people=4, columns=3, count=40)]
    write(tmp_path, events[:30])
    early = Hub(tmp_path)
    seen = len(early.public.log.entries)
    place = f"{early.tag}:{seen}"
    write(tmp_path, events)
    late = Hub(tmp_path)
    assert late.public.log.entries[:seen] == early.public.log.entries
    assert late.public.feed.lines[: len(early.public.feed.lines)] == early.public.feed.lines
    assert place_in(late, place) == seen
    assert late.over
    assert not early.over


@pytest.mark.parametrize(
    "place",
    ["", "x", ":", "tag:1", "{tag}:", "{tag}:-1", "{tag}:9999", "{tag}:²", "{tag}:" + "9" * 5000],
)
def test_a_place_of_another_log_is_none_of_this(tmp_path: Path, place: str) -> None:
    write(tmp_path, frozen_contest())
    hub = Hub(tmp_path)
    assert place_in(hub, place.format(tag=hub.tag)) is None
    assert place_in(hub, f"{hub.tag}:0") == 0


def test_a_replay_starts_with_nothing_but_its_setting(tmp_path: Path) -> None:
    write(tmp_path, [*frozen_contest(), *_ending()])
    hub = Hub(tmp_path, replay=0.001)
    assert len(hub.public.state.participants) == 4
    assert hub.public.state.made == {}
    assert hub.tag != Hub(tmp_path, replay=0.001).tag
    assert hub.clock()[1] == 0.001


def test_a_run_without_a_contest_is_said_to_be_one(tmp_path: Path) -> None:
    write(tmp_path, [])
    with pytest.raises(BadInput, match="holds no contest"):
        Hub(tmp_path)
    with pytest.raises(BadInput, match="not a run directory"):
        Hub(tmp_path / "nowhere")


def test_medals_are_given_by_the_contest_s_own_cut_offs() -> None:
    opening, *rest = [*frozen_contest(), *_ending()]
    assert isinstance(opening, ContestOpened)
    cut_offs = Medals(by="points", gold=3, silver=2, bronze=1)
    view = AudienceView()
    for event in [opening.model_copy(update={"medals": cut_offs}), *rest]:
        view.add(event)
    assert _entries(view)[-1]["medals"] == {"gold": [1], "silver": [0], "bronze": [2]}
    awards = view.feed.collections["awards"]
    assert awards["winner"]["team_ids"] == ["t1"]
    assert awards["gold-medal"]["team_ids"] == ["t1"]
    assert awards["bronze-medal"]["team_ids"] == ["t2"]
    assert awards["first-to-solve-p1"]["team_ids"] == ["t0"]
