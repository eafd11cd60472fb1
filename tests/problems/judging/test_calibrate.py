"""Time limits that no package states: found in a bounded number of runs, and never in silence."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.problems.judging.calibrate import REFERENCES_LIMIT, RUNS_LIMIT, chosen, later_cap
from medalist.problems.secret import LabelledSubmission
from medalist.problems.verdict import Verdict

RIGHT = "print(sum(map(int, input().split())))"


def solution(number: int, language: str) -> LabelledSubmission:
    return LabelledSubmission(f"{number}", language, {}, "", frozenset({Verdict.AC}))


def test_a_check_says_what_it_does_while_it_finds_the_limit(tmp_path: Path) -> None:
    files = {
        "problem.yaml": "problem_format_version: legacy\nname: Sum\n",
        "problem_statement/problem.en.tex": "Add two numbers.",
        "data/secret/1.in": "5 6\n",
        "data/secret/1.ans": "11\n",
        "submissions/accepted/one.py": RIGHT,
        "submissions/accepted/two.py": RIGHT + "\n",
        "submissions/accepted/not.py": "print(3)",
    }
    for name, text in files.items():
        path = tmp_path / "sum" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    result = CliRunner().invoke(
        app, ["problems", "check", str(tmp_path / "sum"), "--box", "local", "--fresh"]
    )
    said = result.stderr
    assert "sum: validating 1 tests" in said
    assert "sum: time limit: running 3 of 3 accepted solutions on 1 tests" in said
    assert all(f"sum: time limit: {number} of 3: " in said for number in (1, 2, 3))
    assert "not.py WA" in said
    assert "sum: judging 3 labelled submissions" in said
    assert result.stdout.count("ok ") == 2  # what is done is not among the results


def test_the_runs_are_bounded_and_every_language_has_its_turn() -> None:
    many = [solution(n, "cpp17") for n in range(50)] + [solution(n, "python3") for n in range(3)]
    taken = chosen(many, 10)
    assert len(taken) == REFERENCES_LIMIT
    assert sum(item.language == "python3" for item in taken) == 3
    assert len(chosen(many, RUNS_LIMIT // 4)) == 4
    assert {choice.language for choice in chosen(many, RUNS_LIMIT // 2)} == {"cpp17", "python3"}
    assert len(chosen(many, 10 * RUNS_LIMIT)) == 1
    assert chosen(many[:5], 10) == many[:5]


def test_later_solutions_have_a_time_that_the_first_decides() -> None:
    assert [later_cap(seconds) for seconds in (0.0, 0.4, 1.0, 2.5, 50.0)] == [10, 10, 20, 50, 60]
