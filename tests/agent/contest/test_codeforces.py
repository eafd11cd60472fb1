"""Codeforces rules: scenarios from the official texts and real standings; each test says which.

CF456 is https://codeforces.com/blog/entry/456, CF604A the problem about the scoring of round 334
(https://codeforces.com/problemset/problem/604/A). CF4088 is https://codeforces.com/blog/entry/4088,
the formal rules; what is said to be from there was not read again while this was written.
"""

from __future__ import annotations

import pytest

from medalist.agent.contest.events import Bonus
from medalist.agent.contest.kinds import Codeforces
from medalist.agent.contest.standings import standings
from tests.agent.contest.board import board, play, row

FIVE = {"A": 500.0, "B": 1000.0, "C": 1500.0, "D": 2000.0, "E": 2500.0}
EDU = Codeforces(educational=True, hacks_h=12)


def points(story: str, worth: dict[str, float] | None = None) -> float:
    return row(Codeforces(), worth or FIVE, story).total


def test_solved_after_ten_minutes() -> None:
    # CF456: B after 10 minutes is worth 1000 - 4 * 10 = 960.
    assert points("B 10 AC") == 960


def test_solved_with_the_third_attempt() -> None:
    # CF456: B after 10 minutes with the third attempt: 1000 - 4 * 10 - 2 * 50 = 860.
    assert points("B 3 WA#2, B 5 TLE#4, B 10 AC") == 860


# CF456's table: loss per minute, score at the contest's end (minute 120), minimum.
@pytest.mark.parametrize(
    ("problem", "loss", "at_the_end", "least"),
    [("A", 2, 260, 150), ("B", 4, 520, 300), ("C", 6, 780, 450), ("D", 8, 1040, 600),
     ("E", 10, 1300, 750)],
)  # fmt: skip
def test_table_of_losses(problem: str, loss: float, at_the_end: float, least: float) -> None:
    assert FIVE[problem] - points(f"{problem} 1 AC") == loss
    assert points(f"{problem} 120 AC") == at_the_end
    many = ", ".join(f"{problem} 50 WA#2" for _ in range(60))
    assert points(f"{many}, {problem} 60 AC") == least


def test_604a_first_sample() -> None:
    # CF604A: minutes 20 40 60 80 100, wrong 0 1 2 3 4, one hack: 4900.
    minutes, wrong = (20, 40, 60, 80, 100), (0, 1, 2, 3, 4)
    assert _with_hacks(minutes, wrong, 1, 0) == 4900


def test_604a_second_sample() -> None:
    # CF604A: minute 119 five times, no wrong ones, ten hacks: 4930.
    assert _with_hacks((119,) * 5, (0,) * 5, 10, 0) == 4930


def test_an_unsuccessful_hack() -> None:
    # Real standings: Codeforces Round 220 (contest 374), first place: 4902 points with 11
    # successful hacks, one failed; minutes of 4174, 4583, 3751 and 1430 seconds.
    wrong = "A 1 WA#2, B 1 WA#2, B 2 WA#2"
    story = f"{wrong}, A 69:34 AC, B 76:23 AC, C 62:31 AC, D 23:50 AC"
    assert _and_hacks(story, 11, 1) == 4902


# Real standings: Codeforces Round 696 (Div. 2), contest 1474, rank 36 with 4126 points, and Round
# 978 (Div. 2), contest 2022, problem A of 750 points: seconds, rejected, points.
@pytest.mark.parametrize(
    ("worth", "seconds", "rejected", "wanted"),
    [(500, 284, 0, 492), (1000, 642, 2, 860), (1500, 1622, 0, 1338), (2000, 3502, 2, 1436),
     (750, 5439, 0, 480)],
)  # fmt: skip
def test_real_cells(worth: float, seconds: int, rejected: int, wanted: float) -> None:
    wrong = "".join("A 1 WA#2, " for _ in range(rejected))
    story = f"{wrong}A {seconds // 60}:{seconds % 60} AC"
    assert points(story, {"A": worth}) == wanted


def test_a_solution_that_fails_the_system_tests_is_worth_nothing() -> None:
    # CF456: pretests say only that a solution is reasonable; the system tests decide.
    assert points("A 10 AC>WA") == 0


def test_it_counts_until_the_system_tests() -> None:
    # CF456: during the contest the pretests decide.
    contest, events = play(Codeforces(), FIVE, {"x": "A 10 AC"})
    assert standings(contest, events).rows[0].total == 480


def test_of_two_that_pass_the_pretests_the_last_counts() -> None:
    # CF4088: a resubmission makes the former one wrong.
    assert points("A 10 AC>AC, A 20 AC>AC") == 500 - 40 - 50


def test_a_resubmission_that_fails_the_pretests_leaves_the_former_one() -> None:
    # CF4088: the last submission that passed the pretests is the one that is tested.
    assert points("A 10 AC>AC, A 20 WA#3") == 480


def test_compile_errors_are_free() -> None:
    # CF4088: compilation errors are not attempts.
    assert points("A 5 CE, A 10 AC") == 480


def test_failing_on_the_first_test_is_free() -> None:
    # CF4088, and https://codeforces.com/blog/entry/105575: "WA on test 1 doesn't count".
    assert points("A 5 WA#1, A 10 AC") == 480


def test_equal_points_share_a_rank() -> None:
    # Contest 1349's standings as used for its rating changes: equals share a place.
    actual = board(Codeforces(), FIVE, {"x": "A 10 AC", "y": "A 10:59 AC", "z": "A 11 AC"})
    assert [line.rank for line in actual.rows] == [1, 1, 3]


def test_educational_rounds_count_problems_and_ten_minutes() -> None:
    # https://codeforces.com/topic/63495: "the penalty for each incorrect submission until the
    # submission with a full solution is 10 minutes".
    actual = row(EDU, FIVE, "A 5 WA#2, A 20 AC, E 100 AC")
    assert (actual.total, actual.penalty) == (2, 20 + 10 + 100)


def test_educational_first_test_is_free() -> None:
    # https://codeforces.com/blog/entry/105575: WA on test 1 doesn't count towards penalty.
    assert row(EDU, FIVE, "A 5 WA#1, A 20 AC").penalty == 20


def test_open_hacks_take_a_solution_away() -> None:
    # https://codeforces.com/topic/107458: solutions are judged on preliminary tests, then "a
    # 12-hour phase of open hacks" follows.
    actual = row(EDU, FIVE, "A 10 AC>WA, B 20 AC>AC")
    assert (actual.total, actual.penalty) == (1, 20)


def test_after_a_hack_an_earlier_wrong_one_stays_wrong() -> None:
    # Same: the hacked submission is an incorrect one from then on.
    actual = row(EDU, FIVE, "A 10 AC>WA, A 30 AC>AC")
    assert (actual.total, actual.penalty) == (1, 30 + 10)


def _with_hacks(minutes: tuple[int, ...], wrong: tuple[int, ...], hacks: int, failed: int) -> float:
    lines = []
    for label, minute, count in zip("ABCDE", minutes, wrong, strict=True):
        lines += [f"{label} {minute} WA#2"] * count + [f"{label} {minute} AC"]
    return _and_hacks(", ".join(lines), hacks, failed)


def _and_hacks(story: str, hacks: int, failed: int) -> float:
    contest, events = play(Codeforces(), FIVE, {"x": story})
    bonus = Bonus(at_s=9000, participant_id="x", points=100 * hacks - 50 * failed)
    return standings(contest, [*events, bonus]).rows[0].total
