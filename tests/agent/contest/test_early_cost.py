"""What a rejection costs whoever could wait for more answers, by each contest's own arithmetic."""

from __future__ import annotations

import pytest

from medalist.agent.contest.kinds import KINDS
from medalist.agent.contest.kinds.codeforces import Codeforces
from medalist.agent.contest.scoreboard import ContestProblem

PROBLEM = ContestProblem(problem_id="P", title="P", label="A", points=500.0)
HOURS = 5 * 3600.0


def chance_that_pays(kind: str, wait_min: float, at_min: float = 30) -> float:
    """Return from which chance on submitting now is worth it: chance > cost * (1 - chance)."""
    rules = KINDS[kind]()  # type: ignore[call-arg]
    cost = rules.early_cost(PROBLEM, 60 * at_min, 60 * wait_min, HOURS)
    return cost / (1 + cost)


@pytest.mark.parametrize(
    ("kind", "wait_min", "chance"),
    [
        # A rejection is 20 minutes of penalty, waiting w minutes costs w: 20 / (20 + w).
        ("icpc", 20, 0.5),
        ("icpc", 60, 0.25),
        # At AtCoder it is 5 minutes.
        ("atcoder", 20, 0.2),
        ("atcoder", 5, 0.5),
        # At Codeforces 50 points of what is left after half an hour (440), while a minute costs 2.
        ("codeforces", 25, 0.5),
        ("codeforces", 75, 0.25),
        # At the IOI nothing: there the number of submissions is limited.
        ("ioi", 20, 0.0),
    ],
)
def test_a_submission_pays_where_the_time_saved_outweighs_the_penalty(
    kind: str, wait_min: float, chance: float
) -> None:
    assert chance_that_pays(kind, wait_min) == pytest.approx(chance, abs=0.01)


def test_who_hardly_waits_submits_what_is_likelier_right_than_not() -> None:
    for kind in ("icpc", "atcoder", "codeforces"):
        assert chance_that_pays(kind, 0.0) == chance_that_pays(kind, 0.1) == 0.5


def test_part_of_a_minute_costs_its_part() -> None:
    rules = Codeforces()
    whole, half = (rules.wait_cost(PROBLEM, 1800, wait, HOURS) for wait in (60.0, 30.0))
    assert half == pytest.approx(whole / 2)
    assert whole == pytest.approx(2 / 440)
