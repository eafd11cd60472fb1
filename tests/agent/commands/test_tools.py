"""`--tools`: a model that runs programs while it answers, over loopback."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.agent.command import medalist
from tests.agent.tool_package import (
    BRUTE,
    GENERATOR,
    ONE,
    RIGHT,
    WRONG,
    call,
    careful,
    fenced,
    results,
    solve,
    sum_package,
    turns,
)

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.run.options import RunOptions
from medalist.agent.run.run_plan import settings_for
from medalist.agent.steps.run_settings import RunSettings

pytestmark = pytest.mark.local


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return sum_package(tmp_path)


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
    assert "2 tool calls" in shown
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
