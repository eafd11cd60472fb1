"""AtCoder rules: scenarios from the official texts; each test says which.

ABC075 is https://abc075.contest.atcoder.jp: "Competitors are ranked first by total scores, then by
penalties. The penalties are computed as (the time you spend to get your current score) + (5
minutes) * (the number of incorrect attempts)." ABC151C is the problem about penalties,
https://atcoder.jp/contests/abc151/tasks/abc151_c.
"""

from __future__ import annotations

import pytest

from medalist.agent.contest.kinds import AtCoder
from medalist.agent.contest.scoreboard import BoardRow
from tests.agent.contest.board import board, row

ABC = {"A": 100.0, "B": 200.0, "C": 300.0, "D": 400.0}
FIVE_MINUTES = 5 * 60


def of(story: str) -> BoardRow:
    return row(AtCoder(), ABC, story)


def test_total_score_ranks_first() -> None:
    # ABC075: ranked first by total scores.
    actual = board(AtCoder(), ABC, {"fast": "C 1 AC", "slow": "D 80 WA, D 90 AC"})
    assert [line.participant_id for line in actual.rows] == ["slow", "fast"]


def test_then_penalties() -> None:
    # ABC075: then by penalties.
    actual = board(AtCoder(), ABC, {"slow": "A 30 AC", "fast": "A 10 AC"})
    assert [(line.participant_id, line.rank) for line in actual.rows] == [("fast", 1), ("slow", 2)]


def test_the_time_is_that_of_the_last_gain() -> None:
    # ABC075: the time to get the current score, not the sum over problems.
    assert of("A 3 AC, B 8 AC, C 40:30 AC").penalty == 40 * 60 + 30


def test_five_minutes_for_each_incorrect_attempt() -> None:
    # ABC075.
    assert of("A 2 WA, A 3 TLE, A 10 AC").penalty == 10 * 60 + 2 * FIVE_MINUTES


def test_penalties_of_all_solved_problems_add_up() -> None:
    # ABC075: the number of incorrect attempts, over all problems of the current score.
    actual = of("A 1 WA, A 2 AC, B 3 WA, B 4 WA, B 20 AC")
    assert actual.penalty == 20 * 60 + 3 * FIVE_MINUTES


def test_incorrect_attempts_on_unsolved_problems_do_not_count() -> None:
    # ABC151C: penalties are those of problems with at least one AC.
    assert of("A 2 AC, D 10 WA, D 50 WA").penalty == 2 * 60


def test_incorrect_attempts_after_the_accepted_one_do_not_count() -> None:
    # ABC151C: WAs "received before receiving an AC for the first time".
    assert of("A 2 AC, A 3 WA, A 4 WA").penalty == 2 * 60


def test_a_second_accepted_submission_changes_nothing() -> None:
    # ABC151C, sample 2: three times AC is one correct answer without penalties.
    actual = of("A 2 AC, A 3 AC, A 4 AC")
    assert (actual.total, actual.penalty, actual.cells[0].tries) == (100, 120, 1)


def test_151c_first_sample() -> None:
    # ABC151C, sample 1: WA AC on one problem, WA AC WA on the other: 2 correct, 2 penalties.
    actual = of("A 1 WA, A 2 AC, B 3 WA, B 4 AC, B 5 WA")
    assert actual.solved == 2
    assert sum(cell.rejected for cell in actual.cells) == 2
    assert actual.penalty == 4 * 60 + 2 * FIVE_MINUTES


def test_151c_third_sample() -> None:
    # ABC151C, sample 3: no submission, nothing.
    actual = of("")
    assert (actual.total, actual.penalty) == (0, 0)


def test_a_wrong_answer_later_than_the_last_gain_does_not_move_the_time() -> None:
    # ABC075: the time of the current score.
    assert of("A 7 AC, B 60 WA").penalty == 7 * 60


def test_compile_errors_are_no_attempts() -> None:
    # Not in those texts: as AtCoder's standings count, and Kattis's rules say.
    assert of("A 1 CE, A 2 AC").penalty == 120


def test_judging_errors_are_no_attempts() -> None:
    # Not in those texts either: IE is the judge's own fault.
    assert of("A 1 JE, A 2 AC").penalty == 120


def test_time_is_in_seconds() -> None:
    # ABC075: the time you spend; standings show minutes and seconds.
    actual = board(AtCoder(), ABC, {"x": "A 5:01 AC", "y": "A 5:00 AC"})
    assert [line.participant_id for line in actual.rows] == ["y", "x"]


def test_equal_scores_and_penalties_share_a_rank() -> None:
    # ABC075: nothing else ranks.
    actual = board(AtCoder(), ABC, {"x": "A 10 AC", "y": "A 4 WA, A 5 AC"})
    assert [line.rank for line in actual.rows] == [1, 1]


@pytest.mark.parametrize(
    ("story", "total"), [("A 1 AC", 100), ("A 1 AC, C 2 AC", 400), ("A 1 WA, D 9 AC", 400)]
)
def test_a_solved_problem_gives_its_score(story: str, total: float) -> None:
    # ABC075: "when you solve a problem, you get a score assigned to it".
    assert of(story).total == total


def test_a_partial_score_counts_with_its_own_time() -> None:
    # ABC075's sentence where a problem has partial points: the time and the attempts of what gave
    # the current score.
    points = {"A": [300.0, 700.0]}
    actual = row(AtCoder(), points, "A 1 0/0, A 20 300/0, A 30 0/0")
    assert (actual.total, actual.penalty) == (300, 20 * 60 + FIVE_MINUTES)
