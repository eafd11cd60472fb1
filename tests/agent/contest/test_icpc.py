"""ICPC rules: scenarios from official rules and rows of real standings; each test says which."""

from __future__ import annotations

import pytest

from medalist.agent.contest.kinds import Icpc
from medalist.agent.contest.scoreboard import BoardRow
from medalist.agent.contest.standings import standings
from tests.agent.contest.board import board, play, row

KATTIS = "https://open.kattis.com/contests/zdkyvb/rules"
ABC = dict.fromkeys("ABC", 1.0)
ALL = dict.fromkeys("ABCDEFGHIJKLMNO", 1.0)


def of(story: str) -> BoardRow:
    return row(Icpc(), ALL, story)


def from_readme(cells: str) -> str:
    """A story from cells `wrong tries/minute` (`2/-`: never solved), as team NoName writes them."""
    lines = []
    for label, cell in zip("ABCDEFGHIJKLMNO", cells.split(), strict=False):
        wrong, _, minute = cell.partition("/")
        if wrong != "-":
            at = "1" if minute == "-" else minute
            lines += [f"{label} {at} WA"] * int(wrong)
        if minute and minute != "-":
            lines.append(f"{label} {minute} AC")
    return ", ".join(lines)


def test_kattis_example() -> None:
    # "two incorrect submissions to problem A before solving it 30 minutes into the contest, three
    # to B without ever solving it, one to C before solving it 45 minutes in": 2 hours 15 minutes.
    actual = of("A 5 WA, A 10 TLE, A 30 AC, B 11 WA, B 12 WA, B 13 RTE, C 40 WA, C 45 AC")
    assert (actual.total, actual.penalty) == (2, 2 * 60 + 15), KATTIS


def test_times_are_rounded_down_to_minutes() -> None:
    # Kattis: "the time of submission is rounded down to minutes".
    assert of("A 30:59 AC").penalty == 30


def test_compile_and_judge_errors_cost_nothing() -> None:
    # Kattis: "penalty is given for all judgements except Accepted, Compile Error and Judge Error".
    actual = of("A 1 CE, A 2 JE, A 10 AC")
    assert actual.penalty == 10
    assert actual.cells[0].tries == 1


def test_the_number_of_tries_of_a_solved_problem_counts_the_accepted_one() -> None:
    # Kattis: green circles count "up to and including your first accepted submission".
    assert of("A 1 WA, A 2 WA, A 3 AC, A 4 WA").cells[0].tries == 3


def test_the_number_of_tries_of_an_unsolved_problem_leaves_out_free_ones() -> None:
    # Kattis: for red circles "the number of rejected submissions that give you a penalty".
    assert of("A 1 WA, A 2 CE, A 3 RTE").cells[0].tries == 2


def test_a_submission_that_is_not_judged_is_pending() -> None:
    # Kattis: grey means "the result (accept or reject) is pending".
    cell = of("A 1 WA, A 3 -").cells[0]
    assert (cell.pending, cell.solved) == (1, False)


def test_the_last_accepted_submission_breaks_ties() -> None:
    # Kattis: "if A and B both have total time 674, but A submitted her last accepted submission
    # before B, then A places before B".
    actual = board(Icpc(), ABC, {"B": "A 300 AC, B 374 AC", "A": "A 337 AC, B 337 AC"})
    assert [(line.participant_id, line.rank, line.penalty) for line in actual.rows] == [
        ("A", 1, 674),
        ("B", 2, 674),
    ]


def test_acm_example() -> None:
    # Worked example of the ACM ICPC rule (https://www.coursehero.com/file/6136539/P3/): A rejected
    # at 100, B rejected at 140 and accepted at 150, C accepted at 160: (150 + 20) + 160 = 330.
    actual = of("A 100 WA, B 140 WA, B 150 AC, C 160 AC")
    assert (actual.total, actual.penalty) == (2, 330)


def test_submissions_after_the_accepted_one_are_ignored() -> None:
    # https://discuss.codedrills.io/t/icpc-scoring-system/771: "any extra submissions for a problem
    # after it is solved are ignored".
    assert of("A 10 AC, A 11 WA, A 12 AC").penalty == 10


def test_more_problems_beat_less_time() -> None:
    # https://open.kattis.com/contests/i3wkz6/rules: "more solved problems = higher rank".
    actual = board(Icpc(), ABC, {"slow": "A 200 AC, B 290 AC", "fast": "A 1 AC"})
    assert [line.participant_id for line in actual.rows] == ["slow", "fast"]


def test_equal_results_share_a_rank() -> None:
    # https://challenge.csc.kth.se/rules.php: same problems, same times: "it is a draw".
    actual = board(Icpc(), ABC, {"x": "A 10 AC", "y": "B 10 AC", "z": "A 11 AC"})
    assert [line.rank for line in actual.rows] == [1, 1, 3]


def test_a_team_without_a_solved_problem_has_no_penalty() -> None:
    # https://open.kattis.com/contests/i3wkz6/rules: "wrong submissions on problems that remain
    # unsolved do not add penalty".
    actual = of("A 1 WA, B 2 WA, B 250 TLE")
    assert (actual.total, actual.penalty) == (0, 0)


def test_an_earlier_submission_accepted_by_rejudging_counts() -> None:
    # https://github.com/DOMjudge/domjudge/issues/2883, expected behaviour: no penalty, and the
    # time of submission 1.
    actual = of("A 5 TLE>AC, A 8 TLE, A 20 AC")
    assert (actual.penalty, actual.cells[0].rejected) == (5, 0)


def test_frozen_hour() -> None:
    # https://fkhi.kattis.com/contests/fkhi24/rules: an hour before the end the scoreboard freezes.
    contest, events = play(Icpc(), ABC, {"x": "A 200 AC, B 239 AC, C 240 AC"}, freeze_min=240)
    hidden = standings(contest, events).rows[0]
    assert (hidden.total, hidden.cells[2].pending) == (2, 1)
    assert standings(contest, events, frozen=False).rows[0].total == 3


def test_first_to_solve() -> None:
    # Contest API (https://ccs-specs.icpc.io/2023-06/contest_api#scoreboard): `first_to_solve`.
    actual = board(Icpc(), ABC, {"x": "A 10 AC", "y": "A 9 WA, A 11 AC, B 200 AC"})
    cells = {line.participant_id: [cell.first for cell in line.cells] for line in actual.rows}
    assert cells == {"x": [True, False, False], "y": [False, True, False]}


# Rows of real standings as team NoName of National Taiwan University writes them down
# (https://github.com/ltf0501/NoName): wrong tries/minute for each problem, solved, penalty.
@pytest.mark.parametrize(
    ("contest", "cells", "solved", "penalty"),
    [
        ("NTU 2019", "1/42 0/79 5/198 0/200 0/73 1/58 1/- - 0/110", 7, 900),
        ("TOPC 2019", "0/3 0/9 0/24 0/72 - 2/85 - - 0/171", 6, 404),
        ("Bangkok 2019", "1/49 3/242 - 1/137 - 0/70 0/27 2/291 0/105 0/274 0/93 - 1/127", 10, 1575),
        ("TOPC 2020", "0/7 1/72 1/64 1/71 - - 1/135 1/77 0/3 2/178", 8, 747),
    ],
)
def test_real_rows(contest: str, cells: str, solved: int, penalty: int) -> None:
    actual = of(from_readme(cells))
    assert (actual.total, actual.penalty) == (solved, penalty), contest


def test_the_package_may_set_another_penalty() -> None:
    # Contest package (https://ccs-specs.icpc.io/2023-06/contest_package): `penalty_time`.
    assert row(Icpc(penalty_min=10), ABC, "A 5 WA, A 30 AC").penalty == 40
