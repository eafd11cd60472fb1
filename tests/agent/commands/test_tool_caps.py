"""`--tools`: what an answer may take, whatever a model calls, and what a kill leaves."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from tests.agent.command import start
from tests.agent.tool_package import (
    FLOOD,
    LOOP,
    ONE,
    RIGHT,
    WRONG,
    Several,
    call,
    fenced,
    results,
    solve,
    sum_package,
    turns,
)

from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE, INTENT
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return sum_package(tmp_path)


LIMITS = ["--tool-calls", "4", "--tool-seconds", "20", "--tool-tokens", "6000"]


def forever(seen: SeenRequest) -> Reply:
    given = {"program": RIGHT, "input": f"1\n{len(turns(seen))}\n"}
    return call(seen, ("run", given))


def megabytes(seen: SeenRequest) -> Reply:
    # A server that says so little of so much is not believed: all that it may take is used up.
    big = call(seen, ("run", {"program": "x" * 2_000_000, "input": ""}))
    return replace(big, completion_tokens=9)


def dense(seen: SeenRequest) -> Reply:
    big = call(seen, ("run", {"program": "x" * 150_000, "input": ""}))
    return Reply(fenced(RIGHT)) if turns(seen) else replace(big, completion_tokens=4000)


def broken(seen: SeenRequest) -> Reply:
    if turns(seen):
        return Reply(fenced(RIGHT))
    if "tools" in seen.body:
        return Reply("", calls=(("run", '{"program": "print('),))
    return Reply('```tool\n{"tool": "run", "program": "print(\n```\n')


def unknown(seen: SeenRequest) -> Reply:
    return Reply(fenced(RIGHT)) if turns(seen) else call(seen, ("shell", {"command": "ls"}))


def parallel(seen: SeenRequest) -> Reply:
    if turns(seen):
        return Reply(fenced(RIGHT))
    return call(seen, *[("run", {"program": RIGHT, "input": f"1\n{n}\n"}) for n in range(30)])


def flood(seen: SeenRequest) -> Reply:
    if turns(seen):
        return Reply(fenced(RIGHT))
    given = {"program": FLOOD, "input": ""}
    return call(seen, ("run", given), ("test_samples", {"program": LOOP}))


HOSTILE = (forever, megabytes, dense, broken, unknown, parallel, flood)


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_hostile_callers_end_within_their_caps_and_cost_what_the_gate_says(
    protocol: str, package: Path
) -> None:
    script = Several(*HOSTILE)
    with ScriptedEndpoint(script) as endpoint:
        options = ["-n", str(len(HOSTILE)), "--tools", protocol, *LIMITS]
        result = solve(endpoint, package, *options)
        log = list(endpoint.log)
    assert result["solved"]
    not_believed = next(seen for seen in log if script.of[seen.body["seed"]] is megabytes)
    with Journal.open(package.parent / "run", readonly=True) as journal:
        answers = [entry.value for entry in journal.events(DONE)]
        claims = {entry.key: entry.value.tokens for entry in journal.events(INTENT)}
    counted = sum(answer.tokens for answer in answers if answer.usage.completion_tokens is not None)
    assert counted == sum(
        seen.prompt_tokens + seen.completion_tokens for seen in log if seen is not not_believed
    )
    at_most = sum(answer.tokens for answer in answers) - counted
    assert at_most in claims.values(), "what was not counted honestly counts at its most"
    assert sum(stage["tokens"] for stage in result["stages"].values()) == counted + at_most
    by_script = {
        path.__name__: [seen for seen in log if script.of[seen.body["seed"]] is path]
        for path in HOSTILE
    }
    # One call a turn, and a last turn in which no more are possible.
    assert {name: len(asked) for name, asked in by_script.items()} == {
        "forever": 5, "megabytes": 1, "dense": 2, "broken": 2, "unknown": 2, "parallel": 2,
        "flood": 2,
    }  # fmt: skip
    assert result["stages"]["tools"]["tool_calls"] == 4 + 1 + 1 + 1 + 1 + 4 + 2
    last = by_script["forever"][-1]
    assert "No more calls are possible" in results(last)[-1]
    assert [("tool_choice" in seen.body) for seen in by_script["forever"]].count(True) == (
        protocol == "native"
    )
    told = {name: "\n".join(results(asked[-1])) for name, asked in by_script.items()}
    assert "at most 131072" in told["dense"]
    assert "not valid JSON" in told["broken"]
    assert "no such tool" in told["unknown"]
    assert "there are no calls left" in told["parallel"]
    assert "22 further calls were left out" in told["parallel"]
    assert "printed far too much" in told["flood"] or "time limit" in told["flood"]
    assert "0 of 1 samples" in told["flood"]
    assert max(len(result) for seen in log for result in results(seen)) < 8 * 4200
    assert max(len(json.dumps(seen.body)) for seen in log) < 100_000


def test_a_cap_in_the_middle_of_an_answer_delivers_what_passed_in_a_call(package: Path) -> None:
    def script(seen: SeenRequest) -> Reply:
        if not turns(seen):
            return call(seen, ("test_samples", {"program": RIGHT}))
        return forever(seen)

    with ScriptedEndpoint(script) as endpoint:
        options = ["--max-tokens", "500", "--max-run-tokens", "9000", "--tool-calls", "50"]
        result = solve(endpoint, package, "--tools", "native", *options, code=None)
        used = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
        assert 2 <= len(endpoint.log) < 50
    assert used <= 9000
    assert used == result["tokens"]
    assert "token" in result["budget_ended"]
    assert result["solved"], "the program that passed the samples is the answer"


def test_killed_in_the_middle_of_a_call_it_repeats_that_call_alone(package: Path) -> None:
    config = package / "problem.yaml"
    config.write_text(config.read_text().replace("time_limit: 2", "time_limit: 8"))

    def script(seen: SeenRequest) -> Reply:
        said = len(results(seen))
        if said == 0:
            return call(seen, ("test_samples", {"program": WRONG}))
        if said == 1:
            return call(seen, ("run", {"program": LOOP, "input": "1\n"}))
        return Reply(fenced(RIGHT))

    def happened() -> dict[str, Counter[str]]:
        kinds = ("call.intent", "call.done", "tool.called")
        with Journal.open(package.parent / "run", readonly=True) as journal:
            return {kind: Counter(e.key for e in journal.raw_events(kind)) for kind in kinds}

    def in_the_second_call() -> bool:
        if not (package.parent / "run/journal.sqlite").is_file():
            return False
        seen = happened()
        return len(seen["call.done"]) == 2 and len(seen["tool.called"]) == 1

    with ScriptedEndpoint(script) as endpoint:
        command: list[str | Path] = ["solve", package, *ONE, "--tools", "native"]
        process = start(*command, cwd=package.parent, OPENAI_BASE_URL=endpoint.base_url)
        while not in_the_second_call():
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        before = happened()
        assert len(endpoint.log) == 2
        assert len(before["tool.called"]) == 1, "it was killed in the middle of the second call"
        result = solve(endpoint, package, "--tools", "native")
        assert len(endpoint.log) == 3, "the turns that were answered are not asked again"
    assert result["solved"]
    after = happened()
    assert set(after["call.intent"].values()) == set(after["tool.called"].values()) == {1}
    assert len(after["tool.called"]) == 3, "two calls, and the answer's program on the samples"
