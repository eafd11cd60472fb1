"""`--tools`: a model that runs programs while it answers, over loopback."""

from __future__ import annotations

import json
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from tests.agent.command import medalist, start

from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE, INTENT
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.run.options import RunOptions
from medalist.agent.run.run_plan import settings_for
from medalist.agent.steps.problem_run import RunSettings

pytestmark = pytest.mark.local

WRONG = "n = int(input())\na = list(map(int, input().split()))\nprint(a[0] + a[-1])\n"
RIGHT = "n = int(input())\na = list(map(int, input().split()))\nprint(sum(a))\n"
BRUTE = "input()\nt = 0\nfor x in input().split():\n    t += int(x)\nprint(t)\n"
GENERATOR = (
    "import random\nrandom.seed(int(input()))\nn = random.randint(1, 5)\nprint(n)\n"
    "print(*[random.randint(1, 9) for _ in range(n)])\n"
)
SECRET = {"data/secret/1.in": "4\n1 2 3 40404\n", "data/secret/1.ans": "40410\n"}
ONE = ["-n", "1", "--search", "once", "--lang", "python", "--prompts", "direct"]
ONE += ["--model", "writer", "--effort", "low", "--json", "--out", "run"]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    files = {
        "problem.yaml": "name: Sum\nlicense: cc0\nlimits:\n  time_limit: 2\n  memory: 256\n",
        "problem_statement/problem.en.md": "# Sum\n\nPrint the sum of n integers.\n\n## Input\n\n"
        "The first line holds n (1 <= n <= 1000). The second line holds n integers "
        "a_1, ..., a_n (1 <= a_i <= 1000).\n",
        "data/sample/1.in": "3\n1 5 2\n",
        "data/sample/1.ans": "8\n",
        **SECRET,
    }
    for name, content in files.items():
        path = tmp_path / "sum" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "sum"


def fenced(source: str) -> str:
    return f"```python\n{source}```\n"


def turns(seen: SeenRequest) -> list[Mapping[str, Any]]:
    """What was said after the question."""
    said: list[Mapping[str, Any]] = seen.body["messages"]
    first = next(n for n, one in enumerate(said) if one["role"] == "user")
    return said[first + 1 :]


def call(seen: SeenRequest, *calls: tuple[str, dict[str, Any]], text: str = "") -> Reply:
    """Call tools as the request allows it: as functions, or as text."""
    if "tools" in seen.body:
        return Reply(text, calls=tuple((name, json.dumps(given)) for name, given in calls))
    blocks = [f"```tool\n{json.dumps({'tool': name, **given})}\n```\n" for name, given in calls]
    return Reply(text + "\n" + "".join(blocks))


def solve(
    endpoint: ScriptedEndpoint, package: Path, *options: str, code: int | None = 0
) -> dict[str, Any]:
    done: CompletedProcess[str] = medalist(
        "solve", package, *ONE, *options, cwd=package.parent, OPENAI_BASE_URL=endpoint.base_url
    )
    assert done.stdout, done.stderr
    assert code is None or done.returncode == code, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def careful(seen: SeenRequest) -> Reply:
    """Answers right only where the tools told it what they should."""
    done = turns(seen)
    results = [str(one["content"]) for one in done if one["role"] in ("tool", "user")]
    if not done:
        return call(seen, ("test_samples", {"program": WRONG}), text="I try this:")
    if len(results) == 1:
        told = "0 of 1 samples" in results[0] and "3" in results[0] and "8" in results[0]
        given = {"program": RIGHT, "input": "4\n1 2 3 4\n"}
        return call(seen, ("run", given)) if told else Reply(fenced(WRONG))
    told = re.search(r"\b10\b", results[1]) is not None
    return Reply(fenced(RIGHT if told else WRONG))


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_a_wrong_program_is_found_and_repaired_before_the_answer(
    protocol: str, package: Path
) -> None:
    with ScriptedEndpoint(careful) as endpoint:
        result = solve(endpoint, package, "--tools", protocol)
        log = list(endpoint.log)
        again = solve(endpoint, package, "--tools", protocol)
        assert len(endpoint.log) == len(log), "the same command asks nothing again"
    assert result["solved"]
    assert [("tools" in seen.body) for seen in log] == [protocol == "native"] * 3
    stages = result["stages"]
    assert (stages["sampling"]["calls"], stages["tools"]["calls"]) == (1, 2)
    assert stages["tools"]["tool_calls"] == 2
    assert sum(stage["tokens"] for stage in stages.values()) == sum(
        seen.prompt_tokens + seen.completion_tokens for seen in log
    )
    assert again["stages"] == stages
    shown = medalist("explain", "run", cwd=package.parent).stdout
    assert "stage tools: 2 answers" in shown
    assert "2 calls of tools" in shown
    replay: list[str | Path] = [
        "solve",
        package,
        *ONE[:-2],
        "--model",
        "recorded:run",
        "--out",
        "replayed",
    ]
    told = json.loads(medalist(*replay, cwd=package.parent).stdout)
    names = ("solved", "score", "candidates", "programs", "stages")
    assert told["stages"].pop("tools")["tool_calls"] == 2
    assert {name: told[name] for name in names if name != "stages"} == {
        name: result[name] for name in names if name != "stages"
    }


def test_without_the_option_nothing_is_offered(package: Path) -> None:
    with ScriptedEndpoint([Reply(fenced(RIGHT))]) as endpoint:
        result = solve(endpoint, package)
        assert "tool" not in json.dumps(endpoint.log[0].body)
    assert result["solved"]
    assert set(result["stages"]) == {"sampling"}


LOOP = "n = int(input())\nwhile True:\n    n += 1\n"
FLOOD = "while True:\n    print('x' * 1000)\n"
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


class Several:
    """A script for each answer of a run; its turns are told by their seed."""

    def __init__(self, *scripts: Callable[[SeenRequest], Reply]) -> None:
        self.scripts = scripts
        self.of: dict[int, Callable[[SeenRequest], Reply]] = {}

    def __call__(self, seen: SeenRequest) -> Reply:
        seed = seen.body["seed"]
        return self.of.setdefault(seed, self.scripts[len(self.of) % len(self.scripts)])(seen)


def results(seen: SeenRequest) -> list[str]:
    return [str(one["content"]) for one in turns(seen) if one["role"] in ("tool", "user")]


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
    counted = sum(one.tokens for one in answers if one.usage.completion_tokens is not None)
    assert counted == sum(
        seen.prompt_tokens + seen.completion_tokens for seen in log if seen is not not_believed
    )
    at_most = sum(one.tokens for one in answers) - counted
    assert at_most in claims.values(), "what was not counted honestly counts at its most"
    assert sum(stage["tokens"] for stage in result["stages"].values()) == counted + at_most
    by_script = {
        one.__name__: [seen for seen in log if script.of[seen.body["seed"]] is one]
        for one in HOSTILE
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
    assert max(len(one) for seen in log for one in results(seen)) < 8 * 4200
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


def test_programs_are_compared_and_timed(package: Path) -> None:
    def script(seen: SeenRequest) -> Reply:
        if turns(seen):
            return Reply(fenced(RIGHT))
        pair = {"program": WRONG, "brute": BRUTE, "generator": GENERATOR}
        same = pair | {"program": RIGHT}
        given = {"program": RIGHT}
        return call(seen, ("stress", pair), ("stress", same), ("time_at_bounds", given))

    with ScriptedEndpoint(script) as endpoint:
        assert solve(endpoint, package, "--tools", "native")["solved"]
        wrong, right, timed = results(endpoint.log[1])
    assert "They differ on this input" in wrong
    assert "No difference on" in right
    assert timed.startswith("The time limit is 2 s.")
    assert re.search(r"lines: it ended properly after \d+\.\d\d s", timed)


def test_a_dry_run_foresees_the_turns(package: Path) -> None:
    with ScriptedEndpoint(careful) as endpoint:
        command: list[str | Path] = ["solve", package, *ONE, "--tools", "native", "-n", "3"]
        dry = medalist(*command, "--dry-run", cwd=package.parent, OPENAI_BASE_URL=endpoint.base_url)
        assert endpoint.log == []
        result = solve(endpoint, package, "--tools", "native", "-n", "3")
    foreseen = json.loads(dry.stdout)
    assert foreseen["stages"]["tools"] == [0, 3 * 12]
    assert result["stages"]["tools"]["calls"] <= 36
    assert result["stages"]["tools"]["tokens"] <= foreseen["stage_tokens"]["tools"][1]


def test_tools_do_not_go_through_the_batch_api(package: Path) -> None:
    command: list[str | Path] = ["solve", package, *ONE, "--tools", "text", "--batch-api"]
    done = medalist(*command, cwd=package.parent, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert done.returncode == 2
    assert done.stderr.startswith("--tools: ") or "--tools: " in done.stderr


@pytest.mark.parametrize(
    ("api", "kept"),
    [("chat", '"reasoning_content": "hm"'), ("responses", '"sealed-0"'), ("messages", '"sig-0"')],
)
def test_each_api_carries_calls_and_takes_its_thoughts_back(
    api: str, kept: str, package: Path
) -> None:
    def script(seen: SeenRequest) -> Reply:
        told = json.dumps(seen.body)
        if "of 1 samples" not in told:
            given = json.dumps({"program": WRONG})
            return Reply("", calls=(("test_samples", given),), reasoning="hm", reasoning_tokens=1)
        return Reply(fenced(RIGHT if "0 of 1 samples" in told and kept in told else WRONG))

    config = package.parent / "config/medalist/config.toml"
    config.parent.mkdir(parents=True)
    with ScriptedEndpoint(script) as endpoint:
        where = f'model = "writer"\nbase_url = "{endpoint.base_url}"\napi_key = "k"\n'
        profile = f'[endpoints.profile]\napi = "{api}"\ntools = true\n'
        config.write_text(f"[[endpoints]]\n{where}{profile}")
        command: list[str | Path] = ["solve", package, *ONE, "--tools", "auto"]
        home = str(package.parent / "config")
        done = medalist(*command, cwd=package.parent, XDG_CONFIG_HOME=home)
        assert done.stdout, done.stderr
        assert json.loads(done.stdout)["solved"]
        assert len(endpoint.log) == 2


def test_auto_takes_functions_where_the_profile_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")

    def settings(model: str, **options: object) -> RunSettings:
        given = RunOptions.given({"model": model, "tools": "auto", **options})
        return settings_for(given, given.configured())

    assert settings("gpt-5").tools == "native"
    assert settings("some-model").tools == settings("gpt-5,some-model").tools == "text"
    assert settings("gpt-5", tools="text").tools == "text"
    off = settings("gpt-5", tools="off", tool_calls=3)
    assert (off.tools, off.tool_calls, off.tool_seconds, off.tool_tokens) == ("", 0, 0.0, 0)
    plain, thinking = settings("some-model"), settings("gpt-5")
    assert (plain.tool_calls, plain.tool_seconds, plain.tool_tokens) == (12, 60.0, 4 * 4096)
    assert thinking.tool_tokens == 2 * 65_536
    assert settings("embedded").tool_calls == 4


def test_a_batch_and_a_participant_call_tools_too(package: Path) -> None:
    entry = "{id: one, model: writer, candidates: 2, width: 2, lang: python, prompts: direct, "
    entry += "effort: low, tools: text, seed: 1}"
    (package.parent / "round.yaml").write_text(
        f"name: R\nrules: ioi\nduration: 5:00:00\nproblems: [sum]\nparticipants: [{entry}]\n"
    )
    with ScriptedEndpoint(careful) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.base_url}
        options = ["-n", "2", "--lang", "python", "--prompts", "direct", "--model", "writer"]
        options += ["--effort", "low", "--tools", "native", "--out", "batch", "--json"]
        done = medalist("batch", package.parent, *options, cwd=package.parent, **env)
        result = json.loads(done.stdout)
        assert result["solved"], done.stderr
        assert result["stages"]["tools"]["tool_calls"] == 4
        contest = ["contest", "run", "round.yaml", "--out", "contest"]
        told = medalist(*contest, cwd=package.parent, **env)
        assert "stage tools: 4 answers" in told.stdout, told.stderr
        assert len(endpoint.log) == 12
