"""`--tools`: a model that runs programs while it answers, over loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.errors import EngineError
from medalist.sandbox.local import LocalBackend

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
ONE += ["--model", "writer", "--generators", "0", "--validators", "0", "--json", "--out", "run"]


@pytest.fixture(scope="module", autouse=True)
def _sandbox() -> None:
    try:
        LocalBackend().close()
    except EngineError as error:
        pytest.skip(f"no local sandbox: {error}")


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
