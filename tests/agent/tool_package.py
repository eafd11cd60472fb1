"""A small problem, and what tests of tools share: scripts of models that call, and the command."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from tests.agent.command import medalist

WRONG = "n = int(input())\na = list(map(int, input().split()))\nprint(a[0] + a[-1])\n"
RIGHT = "n = int(input())\na = list(map(int, input().split()))\nprint(sum(a))\n"
BRUTE = "input()\nt = 0\nfor x in input().split():\n    t += int(x)\nprint(t)\n"
GENERATOR = (
    "import random\nrandom.seed(int(input()))\nn = random.randint(1, 5)\nprint(n)\n"
    "print(*[random.randint(1, 9) for _ in range(n)])\n"
)
LOOP = "n = int(input())\nwhile True:\n    n += 1\n"
FLOOD = "while True:\n    print('x' * 1000)\n"
SECRET = {"data/secret/1.in": "4\n1 2 3 40404\n", "data/secret/1.ans": "40410\n"}
ONE = ["-n", "1", "--search", "once", "--lang", "python", "--prompts", "direct"]
ONE += ["--model", "writer", "--effort", "low", "--evidence", "4", "--json", "--out", "run"]


def sum_package(folder: Path) -> Path:
    """Write a package into a folder: print the sum of n integers."""
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
        path = folder / "sum" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder / "sum"


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


def results(seen: SeenRequest) -> list[str]:
    return [str(turn["content"]) for turn in turns(seen) if turn["role"] in ("tool", "user")]


def careful(seen: SeenRequest) -> Reply:
    """Answers right only where the tools told it what they should."""
    shown = results(seen)
    if not shown:
        return call(seen, ("test_samples", {"program": WRONG}), text="I try this:")
    if len(shown) == 1:
        told = "0 of 1 samples" in shown[0] and "3" in shown[0] and "8" in shown[0]
        given = {"program": RIGHT, "input": "4\n1 2 3 4\n"}
        return call(seen, ("run", given)) if told else Reply(fenced(WRONG))
    told = re.search(r"\b10\b", shown[1]) is not None
    return Reply(fenced(RIGHT if told else WRONG))


class Several:
    """A script for each answer of a run; its turns are told by their seed."""

    def __init__(self, *scripts: Callable[[SeenRequest], Reply]) -> None:
        self.scripts = scripts
        self.of: dict[int, Callable[[SeenRequest], Reply]] = {}

    def __call__(self, seen: SeenRequest) -> Reply:
        seed = seen.body["seed"]
        return self.of.setdefault(seed, self.scripts[len(self.of) % len(self.scripts)])(seen)
