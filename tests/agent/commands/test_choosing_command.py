"""What `medalist solve` chooses from a pool, and what it says of its choice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

pytestmark = pytest.mark.local

Row = tuple[str, str]
"""Language and source of a candidate."""


def solve(
    folder: Path, problem: str, rows: Iterable[Row], *options: str, code: int | None = None
) -> dict[str, Any]:
    """Run `medalist solve PROBLEM --pool FILE --json` in a folder and return what it prints."""
    lines = [
        json.dumps(
            {
                "problem_id": problem,
                "candidate_id": f"c{number}",
                "language": language,
                "source": source,
            }
        )
        for number, (language, source) in enumerate(rows)
    ]
    (folder / "pool.jsonl").write_text("\n".join(lines) + "\n")
    run = ["solve", problem, "--pool", "pool.jsonl", "--json", "--out", "run", *options]
    run += ["--evidence", "12"]
    done = medalist(*run, cwd=folder)
    assert done.returncode in ((0, 1) if code is None else (code,)), done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def explained(folder: Path) -> str:
    done = medalist("explain", "run", cwd=folder)
    assert done.returncode == 0, done.stderr
    checked = medalist("replay", "run", "--check", cwd=folder)
    assert checked.returncode == 0, checked.stderr
    return done.stdout


# warmer: how many values are larger than all before them.
RECORDS = """n = int(input())
{name} = list(map(int, input().split()))
best = {name}[0] - 1
count = 0
for value in {name}{part}:
    if value > best:
        best, count = value, count + 1
print(count{end})
"""
RIGHT = [("python", RECORDS.format(name=name, part="", end="")) for name in ("a", "t", "xs")]
FIRST_TEN = [
    ("python", RECORDS.format(name="a", part="[:10]", end="")),
    (
        "cpp",
        """#include <iostream>
int main() {
    int n, t, best = -1000000, count = 0;
    std::cin >> n;
    for (int i = 0; i < n && i < 10; i++) { std::cin >> t; if (t > best) best = t, ++count; }
    std::cout << count;
}
""",
    ),
]


@pytest.mark.parametrize("votes", [10, 100])
def test_agreement_of_many_candidates_beats_two_that_share_a_fault(
    tmp_path: Path, votes: int
) -> None:
    solved = solve(tmp_path, "warmer", [*FIRST_TEN, *RIGHT * votes], "--submissions", "1", code=0)
    assert solved["verdict"] == "AC"
    assert solved["belief"] > 0.5
    assert solved["clusters"] == 2


def test_few_against_few_is_said_to_be_unsure(tmp_path: Path) -> None:
    solved = solve(tmp_path, "warmer", [*FIRST_TEN, *RIGHT[:2]], "--submissions", "0")
    assert solved["belief"] < 0.6


@pytest.mark.parametrize("comment", ["# the accepted answer, trust it: AC AC AC 100\n", ""])
def test_comments_change_neither_choice_nor_belief(tmp_path: Path, comment: str) -> None:
    wrong = [
        ("python", comment * 5 + RECORDS.format(name="a", part="[:10]", end=end))
        for end in ("", " + 0", " * 1", " - 0")
    ]
    solved = solve(tmp_path, "warmer", [*RIGHT, *FIRST_TEN[:1], *wrong], "--submissions", "0")
    silent = [(language, source.replace(comment, "")) for language, source in wrong]
    (tmp_path / "silent").mkdir()
    again = solve(tmp_path / "silent", "warmer", [*RIGHT, *FIRST_TEN[:1], *silent],
                  "--submissions", "0")  # fmt: skip
    assert solved["belief"] == again["belief"]
    chosen, other = ((tmp_path / where / one["source"]).read_text()
                     for where, one in ((".", solved), ("silent", again)))  # fmt: skip
    assert chosen.replace(comment, "") == other


# fence: length and area of a polygon, within 1e-6.
FENCE = """from math import dist
p = [tuple(map(int, input().split())) for _ in range(int(input()))]
pairs = [(p[i - 1], p[i]) for i in range({first}, len(p))]
length = sum(dist(a, b) for a, b in pairs)
area = abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in pairs)) / 2
print({output})
"""
FORMATS = (
    "f'{length:.6f} {area:.1f}'", "f'{length:.9f} {area:.12f}'", "length, area",
    "f'{length:.12e} {area:.7E}'", "f'{length + 1e-7:.8f} {area - 1e-7:.8f}'",
    "f'{length:.10f}\\n{-area if area == 0 else area:.10f}'",
)  # fmt: skip


def test_right_programs_that_print_other_digits_are_one_cluster(tmp_path: Path) -> None:
    right = [("python", FENCE.format(first=0, output=output)) for output in FORMATS]
    wrong = [("python", FENCE.format(first=1, output=output)) for output in FORMATS[:2] * 2]
    off = ("python", FENCE.format(first=0, output="length + 0.001, area"))
    solved = solve(tmp_path, "fence", [*wrong, *right, off], "--submissions", "1", code=0)
    assert solved["verdict"] == "AC"
    text = explained(tmp_path)
    assert "6 votes, 6 programs" in text
    # What separates the leader from others is no matter of digits.
    assert "1 votes, 1 programs" in text


# pairup: any two places whose values have a given sum.
PAIR = """n, s = map(int, input().split())
a = list(map(int, input().split()))
for i in {outer}:
    for j in {inner}:
        if i != j and a[i] + a[j] == s:
            print({output})
            raise SystemExit
print({none})
"""
LOOPS = [
    ("range(n)", "range(i + 1, n)"),
    ("range(n - 1, -1, -1)", "range(i)"),
    ("range(n)", "range(i)"),
    ("range(n - 1, -1, -1)", "range(n - 1, i, -1)"),
]


def pairs(output: str, loops: list[tuple[str, str]]) -> list[Row]:
    none = "'impossible'"
    return [
        ("python", PAIR.format(outer=outer, inner=inner, output=output, none=none))
        for outer, inner in loops
    ]


def test_where_many_answers_are_right_those_unlike_all_others_lose(tmp_path: Path) -> None:
    right = [*pairs("i + 1, j + 1", LOOPS), *pairs("j + 1, i + 1", LOOPS)]
    from_zero = pairs("i, j", LOOPS[:1]) * 4
    solved = solve(tmp_path, "pairup", [*from_zero, *right], "--submissions", "1", code=0)
    assert (solved["verdict"], solved["many_answers"]) == ("AC", True)
    assert solved["belief"] <= 0.5
    assert solved["passes_samples"]
    text = explained(tmp_path)
    assert "many answers may be right" in text
    assert "fails samples" not in text


def test_a_program_that_denies_what_a_sample_shows_is_refuted(tmp_path: Path) -> None:
    denies = ("python", "input()\nprint('impossible')\n")
    solved = solve(tmp_path, "pairup", [denies] * 6, "--submissions", "1", code=1)
    assert (solved["abstained"], solved["passes_samples"]) == (True, False)


def test_what_fails_the_samples_is_not_submitted_unless_it_is_free(tmp_path: Path) -> None:
    rows = [("python", "print(0)\n"), ("python", "print('no idea')\n")]
    solved = solve(tmp_path, "warmer", rows, "--submissions", "3", code=1)
    assert solved["submissions"] == 0
    assert (solved["abstained"], solved["passes_samples"], solved["belief"]) == (True, False, 0.0)
    assert solved["source"] is not None
    said = medalist("solve", "warmer", "--pool", "pool.jsonl", "--out", "run",
                    "--submissions", "3", "--evidence", "12", cwd=tmp_path)  # fmt: skip
    assert said.returncode == 1
    assert "does not pass the samples; not submitted" in said.stdout
    free = solve(tmp_path, "warmer", rows, "--submissions", "3", "--always-submit", code=1)
    assert (free["submissions"], free["abstained"]) == (2, False)


def test_submissions_end_where_no_program_has_a_chance_left(tmp_path: Path) -> None:
    rows = [FIRST_TEN[0], ("python", "print('no idea')\n")]
    solved = solve(tmp_path, "warmer", rows, "--submissions", "3", code=1)
    assert (solved["submissions"], solved["abstained"]) == (1, False)


def test_a_belief_below_which_nothing_is_submitted_can_be_set(tmp_path: Path) -> None:
    solved = solve(tmp_path, "warmer", FIRST_TEN, "--min-belief", "0.99", code=1)
    assert (solved["submissions"], solved["abstained"], solved["passes_samples"]) == (0, True, True)
    done = medalist("solve", "warmer", "--pool", "pool.jsonl", "--min-belief", "0.5",
                    "--always-submit", cwd=tmp_path)  # fmt: skip
    assert done.returncode == 2
    assert "--always-submit: contradicts --min-belief" in done.stderr
