"""Places among people, performances and ratings, each worked out by hand."""

from __future__ import annotations

import math

import pytest

from medalist.agent.contest.events import Contest, ContestEvent, ContestOpened
from medalist.agent.contest.kinds import Icpc, Ioi, Rules
from medalist.agent.contest.kinds.ioi import IOI_MEDALS
from medalist.agent.contest.placing import medal, place
from medalist.agent.contest.ratings import Outing, expected_place, performance, rating_over
from medalist.agent.contest.scoreboard import BoardRow, Medals, Participant
from medalist.agent.contest.standings import standings
from tests.agent.contest.board import play, problems

ABC = {"A": 100.0, "B": 100.0, "C": 100.0}


def contest(
    rules: Rules, stories: dict[str, str], ratings: dict[str, float] | None = None
) -> tuple[Contest, list[ContestEvent]]:
    """Everybody but `us` is a person; `guest` is not an official one."""
    made, events = play(rules, ABC, stories)
    people = tuple(
        Participant(
            participant_id=name,
            name=name,
            kind="medalist" if name == "us" else "human",
            rating=(ratings or {}).get(name),
            official=name != "guest",
        )
        for name in stories
    )
    return Contest(made.opened, made.problems, people), events


STORIES = {
    "first": "A 10 AC, B 20 AC, C 30 AC",
    "second": "A 10 AC, B 20 AC",
    "us": "A 10 AC, B 25 AC",
    "equal": "A 15 AC, B 20 AC",
    "fifth": "A 10 AC",
    "last": "",
    "guest": "A 1 AC, B 1 AC, C 1 AC",
}


def test_place_counts_those_who_did_better_and_guests_not() -> None:
    made, events = contest(Icpc(last_breaks_ties=False), STORIES)
    actual = place(made, standings(made, events), "us")
    # Better: first (3 problems), second (30 minutes); equal: 35 minutes; worse: fifth, last.
    assert (actual.place, actual.people) == (3, 5)
    assert actual.percentile == 100 * (2 + 0.5) / 5
    assert actual.performance is None


def test_performance_is_the_rating_that_expects_the_place() -> None:
    ratings = {"first": 2400.0, "second": 2000.0, "fifth": 1600.0, "last": 1200.0}
    made, events = contest(Icpc(), STORIES, ratings)
    actual = place(made, standings(made, events), "us")
    # Two of four are better, two worse; the ratings lie evenly about 1800, so that is it: there
    # the chances of those 600 and 200 above and below add up to 1 in pairs.
    assert actual.performance == pytest.approx(1800, abs=0.01)
    assert actual.rated == 4


def test_expected_place_by_hand() -> None:
    # 1 + 10/11 (400 better) + 1/2 (equal) + 1/11 (400 worse) = 2.5.
    assert expected_place(1600, [2000, 1600, 1200]) == pytest.approx(2.5)


def test_performance_by_hand() -> None:
    # One other of rating 1500 and place 1.5 (a tie): 1500. Place 1 + 10/11: 400 below.
    assert performance(Outing((1500,), 1.5)) == pytest.approx(1500, abs=0.01)
    assert performance(Outing((1500,), 1 + 10 / 11)) == pytest.approx(1100, abs=0.01)


def test_nobody_better_or_nobody_worse_has_no_finite_performance() -> None:
    assert performance(Outing((1500, 1600), 1)) == math.inf
    assert performance(Outing((1500, 1600), 3)) == -math.inf


def test_a_place_is_counted_from_one() -> None:
    # Off by one is the commonest fault: second of two even opponents' field is not a loss to both.
    even = (1500.0, 1500.0)
    assert performance(Outing(even, 2)) == pytest.approx(1500, abs=0.01)


def test_rating_over_contests_lies_between_and_has_an_interval() -> None:
    field = tuple(float(rating) for rating in range(1000, 2001, 50))
    played = [Outing(field, place) for place in (5, 8, 11, 14, 17)]
    single = [performance(row) for row in played]
    actual = rating_over(played)
    assert min(single) < actual.rating < max(single)
    # Same field each time: the places add up, so the mean place decides.
    assert actual.rating == pytest.approx(performance(Outing(field, 11)), abs=0.01)
    assert actual.low is not None
    assert actual.high is not None
    assert actual.low < actual.rating < actual.high
    assert rating_over(played[:1]).low is None


def _rows(*totals: float) -> list[BoardRow]:
    return [BoardRow(0, f"p{number}", total, 0, ()) for number, total in enumerate(totals)]


def test_ioi_medals_by_hand() -> None:
    # 24 contestants with 24, 23, ..., 1 points: gold to 2 (a twelfth), gold or silver to 6 (a
    # quarter), a medal to at most 12 (half): cut-offs 23, 19 and 13.
    rows = _rows(*range(24, 0, -1))
    got = [medal(Ioi(), row, rows, IOI_MEDALS) for row in rows]
    assert got == ["gold"] * 2 + ["silver"] * 4 + ["bronze"] * 6 + [None] * 12


def test_ties_get_gold_together_and_bronze_only_within_half() -> None:
    # "At least a twelfth": who equals the last gold gets gold too. "At most half": nobody of a
    # group that reaches beyond half gets bronze.
    rows = _rows(*([10] * 3), 9, 9, 9, *([5] * 12), *([0] * 6))
    got = [medal(Ioi(), row, rows, IOI_MEDALS) for row in rows]
    assert got == ["gold"] * 3 + ["silver"] * 3 + [None] * 18


@pytest.mark.parametrize(
    ("medals", "wanted"),
    [
        (Medals(by="points", gold=359.6, silver=239, bronze=145), ["gold", "silver", None]),
        (Medals(by="place", gold=1, silver=2, bronze=2), ["gold", "silver", None]),
    ],
)
def test_given_cut_offs(medals: Medals, wanted: list[str | None]) -> None:
    # Points as at IOI 2024, where gold began at 359.6 or so and o1-ioi's 362.14 was above it.
    rows = _rows(362.14, 300, 144)
    assert [medal(Ioi(), row, rows, medals) for row in rows] == wanted


def test_unknown_problem_points_do_not_matter_to_places() -> None:
    made = Contest(
        ContestOpened(contest_id="x", name="x", rules=Ioi(), duration_s=60), problems(ABC)
    )
    assert standings(made, []).rows == ()
