"""What separates the chosen program from its rival is shown by an input that a person can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.commands.explain import explain
from medalist.agent.evidence.grammar import read_grammar
from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import PoolModel
from medalist.agent.solve import ProblemRun, RunSettings, Tools, solve
from medalist.agent.types import Candidate
from medalist.problems.model import PublicProblem, Sample
from medalist.sandbox.pool import Pool

STATEMENT = """Print the sum of the numbers.

## Input

The first line holds $n$ ($1 \\le n \\le 100$). The second holds $a_1, \\dots, a_n$
($-1000 \\le a_i \\le 1000$).
"""
PUBLIC = PublicProblem(
    problem_id="sum",
    statements={"en": STATEMENT},
    samples=(Sample(input="3\n4 5 6\n", output="15\n"), Sample(input="1\n3\n", output="3\n")),
)
RIGHT = "input()\nprint(sum(map(int, input().split())))\n"
WRONG = "input()\nprint(sum(min(int(word), 6) for word in input().split()))\n"


def run(folder: Path, pool: Pool, public: PublicProblem = PUBLIC) -> None:
    given = tuple(
        Candidate(f"c/{number}", f"```python\n{source}```", language="python")
        for number, source in enumerate((RIGHT, RIGHT, WRONG))
    )
    with Journal.open(folder) as journal:
        tools = Tools(PoolModel(""), pool, journal, ExpectedGain(), given=given)
        solution = solve(ProblemRun.of(public, tools, RunSettings(3)))
        assert solution.program is not None
        journal.append_raw("submission", "sum/1/x", {
            "problem": "sum", "program": solution.program.program_id, "reason": "", "verdict": "AC",
        })  # fmt: skip


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    explain(folder, as_json=True)
    account = json.loads(capsys.readouterr().out)
    result: dict[str, str] = account["submissions"][0]["rival"]["separated_by"]
    return result


def test_the_input_is_shrunk_within_the_format(
    pool: Pool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, pool)
    actual = told(tmp_path, capsys)
    grammar = read_grammar(PUBLIC)
    assert grammar is not None
    assert grammar.allowed(actual["input"].encode())
    assert actual == {"input": "1\n7\n", "first": "7", "second": "6"}
    with Journal.open(tmp_path, readonly=True) as journal:
        assert len(list(journal.raw_events("separator"))) == 1
    run(tmp_path, pool)
    with Journal.open(tmp_path, readonly=True) as journal:
        assert len(list(journal.raw_events("separator"))) == 1
