"""`--tools native` where the endpoint takes no functions: calls are text, said and journalled."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.agent.command import medalist
from tests.agent.tool_package import ONE, RIGHT, careful, fenced

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.steps.tool_records import TOOLS_REFUSED

pytestmark = pytest.mark.local

SUM = (
    "# Sum\n\nPrint the sum of n integers.\n\n## Input\n\nThe first line holds n "
    "(1 <= n <= 1000). The second line holds n integers.\n\n"
    "## Sample Input 1\n\n3\n1 5 2\n\n## Sample Output 1\n\n8\n"
)

# The words of vLLM, Ollama, a strict server, SGLang, and an error in a body of status 200.
REFUSALS = {
    "vllm": Reply(
        '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        status=400,
    ),
    "ollama": Reply("registry.ollama.ai/library/gemma:2b does not support tools", status=400),
    "strict": Reply("Unrecognized request argument supplied: tools", status=400),
    "extra field": Reply("body.tools: Extra inputs are not permitted", status=422),
    "in the body": Reply(
        raw=b'{"error": {"message": "tools is not supported by this model", "code": 400}}'
    ),
}


def without_functions(refusal: Reply) -> Callable[[SeenRequest], Reply]:
    """A server that refuses functions, with a model that calls tools in text."""
    return lambda seen: refusal if "tools" in seen.body else careful(seen)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sum.md").write_text(SUM)
    return tmp_path


@pytest.mark.parametrize("kind", REFUSALS)
def test_calls_are_text_from_the_first_refusal_on(kind: str, folder: Path) -> None:
    with ScriptedEndpoint(without_functions(REFUSALS[kind])) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.base_url}
        command = ["solve", "sum.md", *ONE, "--tools", "native"]
        done = medalist(*command, cwd=folder, **env)
        assert done.returncode == 0, done.stderr
        assert sum("tools" in seen.body for seen in endpoint.log) == 1
        assert "its calls of tools are text from now on" in done.stderr
        result = json.loads(done.stdout)
        assert result["stages"]["tools"]["tool_calls"] == 2
        asked = len(endpoint.log)
        again = json.loads(medalist(*command, cwd=folder, **env).stdout)
        assert len(endpoint.log) == asked, "the same command asks nothing again"
    assert again["stages"] == result["stages"]
    with Journal.open(folder / "run", readonly=True) as journal:
        (event,) = journal.events(TOOLS_REFUSED)
        assert event.key == "writer"
    replay = ["solve", "sum.md", *ONE[:-2], "--model", "recorded:run", "--out", "replayed"]
    told = json.loads(medalist(*replay, cwd=folder).stdout)
    assert told["programs"] == result["programs"]
    assert told["stages"]["tools"]["tool_calls"] == 2


def test_an_endpoint_that_stops_taking_functions_is_gone_on_with_in_text(folder: Path) -> None:
    def script(seen: SeenRequest) -> Reply:
        refusal = REFUSALS["strict"]
        return careful(seen) if seen.index == 0 or "tools" not in seen.body else refusal

    with ScriptedEndpoint(script) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.base_url}
        done = medalist("solve", "sum.md", *ONE, "--tools", "native", cwd=folder, **env)
        assert done.returncode == 0, done.stderr
        last = endpoint.log[-1].body["messages"]
    assert {row["role"] for row in last} <= {"system", "user", "assistant"}
    assert all("tool_calls" not in item for item in last)
    assert "Result of `test_samples`" in json.dumps(last)
    assert json.loads(done.stdout)["stages"]["tools"]["tool_calls"] == 2


def test_what_model_check_found_out_counts(folder: Path) -> None:
    home = folder / "config"
    (home / "medalist").mkdir(parents=True)
    (home / "medalist/profiles.toml").write_text(
        '[[profile]]\nmatch = ["writer"]\nsource = "medalist model check"\ntools = false\n'
    )
    with ScriptedEndpoint(careful) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.base_url, "XDG_CONFIG_HOME": str(home)}
        done = medalist("solve", "sum.md", *ONE, "--tools", "native", cwd=folder, **env)
        assert done.returncode == 0, done.stderr
        assert not any("tools" in seen.body for seen in endpoint.log)
    assert "is known to take no functions" in done.stderr
    assert json.loads(done.stdout)["stages"]["tools"]["tool_calls"] == 2


def test_a_refusal_of_something_else_does_not_change_the_calls(folder: Path) -> None:
    def script(seen: SeenRequest) -> Reply:
        if "seed" in seen.body:
            return Reply("Unsupported parameter: 'seed'", status=400)
        return careful(seen) if "tools" in seen.body else Reply(fenced(RIGHT))

    with ScriptedEndpoint(script) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.base_url}
        done = medalist("solve", "sum.md", *ONE, "--tools", "native", cwd=folder, **env)
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stages"]["tools"]["tool_calls"] == 2
    assert "are text" not in done.stderr
