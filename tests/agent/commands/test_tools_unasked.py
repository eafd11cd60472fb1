"""`--tools`: what a model answers without a call is run on the samples for it, over loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.agent.tool_package import (
    RIGHT,
    WRONG,
    call,
    fenced,
    results,
    solve,
    sum_package,
    turns,
)

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return sum_package(tmp_path)


def repairs(seen: SeenRequest) -> Reply:
    """Answer wrong at first, and right when told how it fails."""
    told = results(seen)
    shown = bool(told) and all(part in told[-1] for part in ("0 of 1 samples", "3", "8"))
    return Reply(fenced(RIGHT if shown else WRONG))


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_a_program_that_fails_a_sample_goes_back_to_its_writer(
    protocol: str,
    package: Path,
) -> None:
    with ScriptedEndpoint(repairs) as endpoint:
        result = solve(endpoint, package, "--tools", protocol)
        assert len(endpoint.log) == 2
        solve(endpoint, package, "--tools", protocol)
        assert len(endpoint.log) == 2, "the same command asks nothing again"
        roles = [turn["role"] for turn in turns(endpoint.log[-1])]
    assert result["solved"]
    assert roles == ["assistant", "user"]
    assert result["stages"]["tools"]["calls"] == 1
    assert result["stages"]["tools"]["tool_calls"] == 0, "the model itself called nothing"


def test_who_insists_is_left_and_who_varies_is_told_three_times(package: Path) -> None:
    with ScriptedEndpoint([Reply(fenced(WRONG))] * 2) as endpoint:
        solve(endpoint, package, "--tools", "text", code=1)
        assert len(endpoint.log) == 2
    others = [Reply(fenced(f"{WRONG}# {number}\nprint({number})\n")) for number in range(9)]
    with ScriptedEndpoint(others) as endpoint:
        solve(endpoint, package, "--tools", "text", "--out", "varied", code=1)
        assert len(endpoint.log) == 4


def test_a_program_that_passed_stands_in_for_a_worse_last_one(package: Path) -> None:
    def spoils(seen: SeenRequest) -> Reply:
        if turns(seen):
            return Reply(fenced(WRONG))
        return call(seen, ("test_samples", {"program": RIGHT}))

    with ScriptedEndpoint(spoils) as endpoint:
        assert solve(endpoint, package, "--tools", "native")["solved"]


def test_what_fails_only_by_another_output_of_many_right_ones_is_left(package: Path) -> None:
    with (package / "problem.yaml").open("a") as settings:
        settings.write("validation: custom\n")
    checker = package / "output_validators" / "any" / "any.py"
    checker.parent.mkdir(parents=True)
    checker.write_text("import sys\nsys.exit(42)\n")
    with ScriptedEndpoint([Reply(fenced(WRONG))]) as endpoint:
        done = solve(endpoint, package, "--tools", "text", "--always-submit", code=None)
        assert len(endpoint.log) == 1
    assert json.dumps(done["stages"]).count("tools") == 0
