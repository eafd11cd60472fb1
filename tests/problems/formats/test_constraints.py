from __future__ import annotations

from pathlib import Path

import pytest

from medalist.problems.constraints import find_constraints, number, subtasks_of
from medalist.problems.formats import load


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10^5", 100000),
        ("2\\cdot 10^{5}", 200000),
        ("2*10^5", 200000),
        ("5\\,000", 5000),
        ("5{,}000", 5000),
        ("2^{31}-1", 2147483647),
        ("-10^9", -1000000000),
        ("0.5", 0.5),
        ("10^{-3}", 0.001),
        ("n", None),
        ("10^{999999}", None),
    ],
)
def test_numbers(text: str, value: float | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("$1 \\le N \\le 10^5$", ["1 <= N <= 100000"]),
        ("1 <= n, m <= 2*10^5", ["1 <= n <= 200000", "1 <= m <= 200000"]),
        (
            "$1 \\leq n, m \\leq 2\\,000$, $1 \\leq w \\leq 100$",
            ["1 <= n <= 2000", "1 <= m <= 2000", "1 <= w <= 100"],
        ),
        ("$N = M = 1$, and more", ["1 <= N <= 1", "1 <= M <= 1"]),
        ("$N \\leq 2^7 = 128$", ["N <= 128"]),
        ("$n<100$ and $|a_i| \\le 10^9$", ["n <= 99", "|a_i| <= 1000000000"]),
        ("$0 \\le a_i < 2^{31}$", ["0 <= a_i <= 2147483647"]),
        ("对于 30% 的数据，$n≤1000$", ["n <= 1000"]),
        ("$1\\leq b \\leq a \\leq 50$", ["1 <= b <= 50", "1 <= a <= 50"]),
        ("$K \\geq 0$ for all $K$.", ["0 <= K"]),
        ("$N, K, S \\leq 5$, $A = 0$", ["N <= 5", "K <= 5", "S <= 5", "0 <= A <= 0"]),
        ("No additional constraints.", []),
        ("$a_i \\leq a_{i+1}$", []),
    ],
)
def test_bounds(text: str, bounds: list[str]) -> None:
    assert [str(actual) for actual in find_constraints(text)] == bounds


TABLE = """\
| Group | Points | Constraints |
| --- | --- | --- |
| $1$ | $20$ | $N \\leq 100$ |
| $2$ | $80$ | No additional constraints. |
"""
LISTED = "- Subtask 1 (20 points): N <= 100\n- Subtask 2 (80 points): nothing more\n"
CHINESE = """\
| 子任务 | 分值 | $n\\le$ |
| :-: | :-: | :-: |
| 1 | 20 | 100 |
| 2 | 80 | 1000 |
"""


@pytest.mark.parametrize("text", [TABLE, LISTED, CHINESE])
def test_subtasks_of_a_statement(tmp_path: Path, text: str) -> None:
    subtasks = subtasks_of(text)
    assert [(s.subtask_id, s.points) for s in subtasks] == [("1", 20.0), ("2", 80.0)]
    path = tmp_path / "p.md"
    path.write_text(f"# P\n\n{text}")
    public = load(path).public
    assert public.subtasks == subtasks
    assert public.full_score == 100.0


def test_bounds_come_from_tables() -> None:
    assert [str(c) for c in subtasks_of(TABLE)[0].constraints] == ["N <= 100"]
    assert [str(c) for c in subtasks_of(LISTED)[0].constraints] == ["N <= 100"]
    assert subtasks_of("| a | b |\n| --- | --- |\n| 1 | 2 |\n") == ()


def test_subtasks_of_shared_archives_have_their_bounds(shared: Path) -> None:
    public = load(shared / "archives/swedish-olympiad-2025/danska").public
    bounds = [[str(c) for c in subtask.constraints] for subtask in public.subtasks]
    assert bounds == [
        ["0 <= M <= 0"],
        ["N <= 3", "M <= 10"],
        ["1 <= M <= 1"],
        ["N <= 50", "M <= 50"],
        [],
    ]
