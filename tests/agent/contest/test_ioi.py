"""IOI rules: scenarios from official rules and rows of real results; each test says which.

APIO means the organisers' `rules.md` and `results.tsv` of APIO 2021 (ia-toki/apio-2021-web), which
repeat the IOI's rules; PO the rules of the Swedish olympiad's final on Kattis
(https://pofinal24.kattis.com/contests/pofinal24/rules).
"""

from __future__ import annotations

import pytest

from medalist.agent.contest.clock import Agenda, whole_ms
from medalist.agent.contest.kinds import Ioi
from medalist.agent.contest.scoreboard import BoardRow
from tests.agent.contest.board import board, row


def of(points: list[float], story: str) -> BoardRow:
    return row(Ioi(), {"A": points}, story)


def test_apio_example() -> None:
    # APIO: 30 and 10 points with the first submission, 0 and 40 with the second: 70 points.
    assert of([30, 70], "A 1 30/10, A 2 0/40").total == 70


def test_po_example() -> None:
    # PO: T1 worth 40 with submission 1, T2 worth 60 with submission 2: 100 points.
    assert of([40, 60], "A 1 40/0, A 2 0/60").total == 100


def test_both_halves_solve_the_task() -> None:
    # PO: dark and full green mean the maximum score, however it was put together.
    assert of([40, 60], "A 1 40/0, A 2 0/60").cells[0].solved


def test_a_later_worse_submission_takes_nothing() -> None:
    # APIO: "the final score for each subtask is the maximum ... across all submissions".
    assert of([30, 70], "A 1 30/70, A 2 0/0").total == 100


def test_the_score_of_a_task_is_the_sum_of_its_subtasks() -> None:
    # APIO: "the final score for each task is the sum of the scores for its subtasks".
    assert of([10, 20, 30, 40], "A 1 10/0/30/0").total == 40


def test_a_rejected_submission_costs_nothing() -> None:
    # APIO: only scores count; there are no penalties.
    actual = of([50, 50], "A 1 0/0, A 2 0/0, A 3 50/0")
    assert (actual.total, actual.penalty) == (50, 0)


def test_time_does_not_count() -> None:
    # APIO results.tsv, rank 3: equal totals share a rank whenever they were got.
    actual = board(Ioi(), {"A": 100}, {"x": "A 1 AC", "y": "A 299 AC"})
    assert [line.rank for line in actual.rows] == [1, 1]


def test_scores_have_two_decimals() -> None:
    # APIO: test scores are "rounded to the nearest 2 decimal places"; IOI 2026's rule, as CMS has
    # it (https://github.com/cms-dev/cms/pull/1690): each subtask is rounded, then summed.
    assert of([33.0, 67.0], "A 1 3.333/6.666").total == pytest.approx(3.33 + 6.67)


def test_partial_subtasks_count_at_their_best() -> None:
    # APIO: minimum over the tests of a subtask, maximum over submissions: 12.5, then 17 of 40.
    assert of([60, 40], "A 1 60/12.5, A 2 0/17, A 3 0/3").total == 77


def test_the_total_is_the_sum_over_tasks() -> None:
    # APIO results.tsv, rank 1: 66, 100 and 100 points: 266.
    points: dict[str, float | list[float]] = {"A": [66, 34], "B": 100, "C": 100}
    assert row(Ioi(), points, "A 10 66/0, B 20 AC, C 30 AC").total == 266


def test_an_unjudged_submission_holds_nothing_yet() -> None:
    # APIO: the grading system reports the scores once it has evaluated the submission.
    cell = of([100], "A 1 -").cells[0]
    assert (cell.points, cell.pending) == (0, 1)


def test_fifty_submissions() -> None:
    # APIO: "up to 50 submissions for each task"; so the IOI paper of o1-ioi.
    assert Ioi().submissions == 50


def test_one_submission_a_minute() -> None:
    # APIO: "at most once per minute", not "within 15 minutes before the end".
    rules = Ioi()
    assert rules.next_at(1000, 18000) == 1060
    assert rules.next_at(17090, 18000) == 17100
    assert rules.next_at(17500, 18000) == 17500


def test_a_submission_that_does_not_compile_scores_nothing() -> None:
    # APIO: a submission is graded by the tests it passes.
    assert of([100], "A 1 CE").total == 0


# APIO 2021, results.tsv: ranks and points on the three tasks.
@pytest.mark.parametrize(
    ("rank", "a", "b", "c", "total"),
    [(2, 47, 100, 100, 247), (3, 36, 100, 100, 236), (7, 41, 81, 100, 222), (24, 30, 100, 73, 203)],
)
def test_real_rows(rank: int, a: float, b: float, c: float, total: float) -> None:
    held = {"A": a, "B": b, "C": c}
    points = {label: [part, 100.0 - part] if part < 100 else 100.0 for label, part in held.items()}
    story = ", ".join(
        f"{label} 1 {f'{part}/0' if part < 100 else 'AC'}" for label, part in held.items()
    )
    assert row(Ioi(), points, story).total == total, rank


@pytest.mark.parametrize("at_s", [61.151, 1.134, 121.134, 17159.999, 0.001])
def test_a_turn_after_the_gap_comes_when_the_rules_let_submit_again(at_s: float) -> None:
    # 61.151 + 60 is a hair more than 121.151, which is what the agenda says.
    agenda = Agenda()
    told: list[float] = []
    free_from = whole_ms(Ioi().next_at(at_s, 18000.0))
    agenda.at(free_from, told.append)
    agenda.run()
    assert told == [free_from]
