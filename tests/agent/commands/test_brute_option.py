"""`--brute N`: programs that are surely right, beside the candidates."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.scripted.scripted_answers import prompt_of, question_of

STATEMENT = """# Pairs

Print how many pairs of the $n$ numbers are equal.

## Input

The first line holds $n$ ($1 \\le n \\le 2000$). The second holds $n$ integers from 1 to 9.

## Output

The number of pairs.
"""
FAST = "n = int(input())\na = input().split()\n"
FAST += "print(sum(a.count(x) * (a.count(x) - 1) // 2 for x in set(a)))\n"
SLOW = "n = int(input())\na = input().split()\nr = 0\n"
SLOW += "for i in range(n):\n    for j in range(i):\n        r += a[i] == a[j]\nprint(r)\n"
# Counts neighbours: right on the samples.
WRONG = "n = int(input())\na = input().split()\nprint(sum(x == y for x, y in zip(a, a[1:])))\n"
SLOW_TOO = SLOW.replace("range(i)", "range(i + 1, n)")
BASE = ["solve", "pairs", "--model", "writer", "--json", "--lang", "python", "--prompts", "direct"]
BASE += ["-n", "4", "--search", "once", "--generators", "0", "--tests", "0", "--evidence", "12"]
BASE += ["--pair-generators", "0", "--out", "run"]

pytestmark = pytest.mark.local


@dataclass
class Player:
    """Answers with these programs in turn, and with others where brute force is asked for."""

    programs: tuple[str, ...]
    brute: tuple[str, ...]
    asked: Counter[str | None] = field(default_factory=Counter)

    def __call__(self, seen: SeenRequest) -> Reply:
        kind = question_of(prompt_of(seen))
        number = self.asked[kind]
        self.asked[kind] += 1
        programs = self.brute if kind == "brute" else self.programs
        return Reply(f"```python\n{programs[number % len(programs)]}```")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "problem.yaml": "name: Pairs\nlicense: cc0\nlimits:\n  time_limit: 2\n  memory: 256\n",
        "problem_statement/problem.en.md": STATEMENT,
        "data/sample/1.in": "3\n1 1 2\n",
        "data/sample/1.ans": "1\n",
        "data/secret/1.in": "5\n1 2 1 2 1\n",
        "data/secret/1.ans": "4\n",
    }
    for name, content in files.items():
        path = tmp_path / "pairs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


def solve(folder: Path, player: Player, *options: str) -> dict[str, Any]:
    with ScriptedEndpoint(player) as endpoint:
        done = medalist(*BASE, *options, cwd=folder, OPENAI_BASE_URL=endpoint.base_url)
        assert done.stdout, done.stderr
        before = len(endpoint.log)
        again = medalist(*BASE, *options, cwd=folder, OPENAI_BASE_URL=endpoint.base_url)
        assert len(endpoint.log) == before, "the same command asks nothing again"
    result: dict[str, Any] = json.loads(done.stdout)
    assert json.loads(again.stdout)["source"] == result["source"]
    return result


def test_what_brute_force_agrees_on_is_chosen_and_the_fast_program_delivered(folder: Path) -> None:
    player = Player((WRONG, WRONG.replace("x == y", "y == x"), WRONG, FAST), (SLOW, SLOW_TOO))
    result = solve(folder, player, "--brute", "2")
    assert player.asked["brute"] == 2
    assert result["candidates"] == 4, "brute force is no candidate"
    assert result["stages"]["sampling"]["calls"] == 6
    assert (folder / "run/solution.py").read_text().strip() == FAST.strip()
    text = medalist("explain", "run", cwd=folder).stdout
    assert "brute force: agrees on " in text


def test_without_brute_force_the_many_wrong_ones_win(folder: Path) -> None:
    player = Player((WRONG, WRONG.replace("x == y", "y == x"), WRONG, FAST), (SLOW, SLOW_TOO))
    solve(folder, player)
    assert player.asked["brute"] == 0, "it is off at medium"
    assert (folder / "run/solution.py").read_text().strip() != FAST.strip()
    assert "brute force" not in medalist("explain", "run", cwd=folder).stdout


def test_brute_force_that_is_alone_in_being_right_is_submitted(folder: Path) -> None:
    player = Player((WRONG,), (SLOW, SLOW_TOO))
    solve(folder, player, "--brute", "2")
    assert "for j in range(" in (folder / "run/solution.py").read_text()


def test_a_dry_run_counts_it_where_one_output_is_right(folder: Path) -> None:
    for problem, calls in (("pairs", 7), ("pairup", 4)):
        options = ["solve", problem, "-n", "4", "--brute", "3", "--dry-run", "--json"]
        where = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
        done = medalist(*options, "--model", "writer", cwd=folder, **where)
        assert json.loads(done.stdout)["stages"]["sampling"][1] == calls
