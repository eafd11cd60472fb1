"""`--tool-repair afresh`: a failing program is a separate question, for models that repeat it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agent.command import medalist
from tests.agent.tool_package import RIGHT, WRONG, call, fenced, solve, sum_package, turns

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local

AFRESH = ["--tools", "text", "--tool-repair", "afresh"]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return sum_package(tmp_path)


def asked(seen: SeenRequest) -> str:
    return str(seen.body["messages"][-1]["content"])


def copies(seen: SeenRequest) -> Reply:
    """Say the same again wherever the program is in sight, in whatever way it got there."""
    said = "".join(str(turn["content"]) for turn in seen.body["messages"])
    told = "Right output" in said and WRONG.strip() not in said
    return Reply(fenced(RIGHT if told else WRONG))


def test_a_model_that_copies_its_program_repairs_it_when_it_sees_only_the_failure(
    package: Path,
) -> None:
    with ScriptedEndpoint(copies) as endpoint:
        assert not solve(endpoint, package, "--tools", "text", "--out", "talk", code=1)["solved"]
        before = len(endpoint.log)
        assert solve(endpoint, package, *AFRESH)["solved"]
        log = endpoint.log[before:]
        again = solve(endpoint, package, *AFRESH)
        assert len(endpoint.log) == before + len(log), "the same command asks nothing again"
    assert again["solved"]
    assert [turns(seen) for seen in log] == [[], [], []]
    first, second, third = map(asked, log)
    assert "Right output" not in first
    assert WRONG.strip() in second
    assert "Right output" in second
    assert WRONG.strip() not in third
    assert "Right output" in third
    replay: list[str | Path] = ["solve", package, "-n", "1", "--box", "local", "--json"]
    told = medalist(*replay, "--model", "recorded:run", "--out", "again", cwd=package.parent)
    assert '"solved": true' in told.stdout or '"solved":true' in told.stdout


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_a_failing_call_of_the_model_is_asked_about_afresh_too(
    protocol: str, package: Path
) -> None:
    def calls(seen: SeenRequest) -> Reply:
        if "Right output" in asked(seen):
            return Reply(fenced(RIGHT))
        return call(seen, ("test_samples", {"program": WRONG}))

    with ScriptedEndpoint(calls) as endpoint:
        result = solve(endpoint, package, "--tools", protocol, "--tool-repair", "afresh")
        assert len(endpoint.log) == 2
        assert turns(endpoint.log[-1]) == []
    assert result["solved"]
    assert result["stages"]["tools"]["tool_calls"] == 1


def test_a_program_is_shown_once(package: Path) -> None:
    others = [Reply(fenced(f"{WRONG}# {number}\nprint({number})\n")) for number in range(9)]
    with ScriptedEndpoint(others) as endpoint:
        solve(endpoint, package, *AFRESH, code=1)
        shown = [f"# {number}" in asked(seen) for seen in endpoint.log[1:] for number in range(4)]
    assert shown == [True] + [False] * 11


def test_who_never_repairs_is_asked_three_times(package: Path) -> None:
    with ScriptedEndpoint([Reply(fenced(WRONG))] * 9) as endpoint:
        solve(endpoint, package, *AFRESH, code=1)
        assert len(endpoint.log) == 4
    others = [Reply(fenced(f"{WRONG}# {number}\nprint({number})\n")) for number in range(9)]
    with ScriptedEndpoint(others) as endpoint:
        solve(endpoint, package, *AFRESH, "--out", "varied", code=1)
        assert len(endpoint.log) == 4


def test_nothing_is_asked_afresh_beyond_the_tokens_of_an_answer(package: Path) -> None:
    with ScriptedEndpoint([Reply(fenced(WRONG), completion_tokens=400)] * 9) as endpoint:
        solve(endpoint, package, *AFRESH, "--tool-tokens", "500", code=1)
        assert len(endpoint.log) == 2
