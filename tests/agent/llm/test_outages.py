"""An endpoint that is away for a while is waited for; nothing is given up or paid twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Budget, Request
from medalist.agent.llm.failures import retry_after
from medalist.agent.llm.quota import Quota
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointLimits
from medalist.errors import ModelFailure

ADD = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
PROGRAM = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"
AWAY = {
    "bad gateway": Reply("upstream is away", status=502),
    "dropped": Reply(fault="disconnect"),
    "no room": Reply("no healthy upstream", status=503),
    "cloudflare": Reply("web server is down", status=521),
}


def away(reply: Reply, first: int, last: int) -> Callable[[SeenRequest], Reply]:
    """The requests from `first` to `last` get `reply`, the others an answer."""
    return lambda seen: reply if first <= seen.index <= last else Reply(PROGRAM)


@pytest.mark.parametrize("kind", AWAY)
def test_an_endpoint_that_worked_is_waited_for(
    kind: str, make_model: Callable[..., JournalledModel], ask: Callable[..., Request]
) -> None:
    with ScriptedEndpoint(away(AWAY[kind], 10, 40)) as endpoint:
        # Were each dropped connection paid for at its most, the cap would not suffice.
        model = make_model(endpoint, concurrency=4, budget=Budget(tokens=12_000))
        answers = list(model.complete(ask(f"{n}") for n in range(40)))
    assert len(answers) == 40
    assert sum(seen.status == 200 and seen.completion_tokens > 0 for seen in endpoint.log) == 40


def test_a_server_that_loads_its_model_is_waited_for_from_the_start(
    make_model: Callable[..., JournalledModel], ask: Callable[..., Request]
) -> None:
    for reply in (Reply("Loading model", status=503), Reply("", status=503, retry_after_s=0.001)):
        with ScriptedEndpoint(away(reply, 0, 20)) as endpoint:
            assert len(list(make_model(endpoint).complete([ask("a")]))) == 1


def test_one_that_never_worked_is_given_up_soon(
    make_model: Callable[..., JournalledModel], ask: Callable[..., Request]
) -> None:
    with ScriptedEndpoint(away(AWAY["bad gateway"], 0, 10**6)) as endpoint:
        model = make_model(endpoint, concurrency=4)
        with pytest.raises(ModelFailure, match="502: upstream is away"):
            list(model.complete(ask(f"{n}") for n in range(100)))
        assert len(endpoint.log) <= 16


@pytest.mark.local
@pytest.mark.parametrize("kind", ["bad gateway", "dropped"])
def test_a_run_waits_says_so_and_ends_as_if_nothing_had_been(kind: str, tmp_path: Path) -> None:
    (tmp_path / "add.md").write_text(ADD)
    solve = (
        "solve", "add.md", "-n", "8", "--lang", "python", "--search", "once", "--json",
        "--concurrency", "2", "--model", "llama-3",
    )  # fmt: skip
    with ScriptedEndpoint(away(AWAY[kind], 3, 24)) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.base_url}
        done = medalist(*solve, "--out", "a", cwd=tmp_path, **env)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["candidates"] == 8
        assert done.stderr.count("waiting until it is available again, up to 600 s") == 1
        assert "answers again" in done.stderr
        assert "given up" not in done.stderr
    with ScriptedEndpoint(away(AWAY[kind], 3, 10**6)) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.base_url, "MEDALIST_PATIENCE_S": "0"}
        done = medalist(*solve, "--out", "b", cwd=tmp_path, **env)
        assert len(endpoint.log) < 12
    assert "Traceback" not in done.stderr


def test_a_date_is_counted_from_the_servers_own_clock() -> None:
    later = "Mon, 30 Nov 2099 12:00:20 GMT"
    assert retry_after({"retry-after": later, "date": "Mon, 30 Nov 2099 12:00:00 GMT"}) == 20
    assert retry_after({"retry-after": later, "date": "Mon, 30 Nov 2099 12:00:30 GMT"}) == 0
    assert retry_after({"retry-after": "7", "date": "nonsense"}) == 7
    assert retry_after({"retry-after-ms": "250", "retry-after": "1"}) == 0.25
    assert retry_after({"retry-after": "Mon, 30 Nov 99999 12:00:20 GMT"}) is None


def test_a_clock_that_was_set_back_does_not_close_a_quota_for_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quota = Quota("a", EndpointLimits(requests_per_minute=1), tmp_path)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 400_000)
    assert quota.take(1)[1] == 0
    monkeypatch.setattr(time, "time", lambda: now)
    assert quota.take(1)[1] <= 60
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert quota.take(1)[1] == 0
    quota.close()
