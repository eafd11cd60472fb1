"""Where a participant came among people: place, percentile, medal, performance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from medalist.agent.contest.events import Contest
from medalist.agent.contest.kinds import Rules
from medalist.agent.contest.ratings import Outing, performance
from medalist.agent.contest.scoreboard import BoardRow, Medals, Standings

Medal = Literal["gold", "silver", "bronze"]


@dataclass(frozen=True)
class Placing:
    """A participant's result among the people of a contest.

    Attributes:
        place: One more than the number of people who did better.
        people: How many people took part (guests not counted).
        percentile: The share of them, in percent, who did worse, equals counted half.
        medal: As the cut-offs have it, None for no medal or no cut-offs.
        performance: The rating that would expect this place among those people whose rating is
            known; None where it is known of nobody. Infinite where nobody was better.
        rated: Of how many people the rating is known.
    """

    participant_id: str
    place: int
    people: int
    percentile: float
    medal: Medal | None
    performance: float | None
    rated: int


def place(contest: Contest, table: Standings, participant_id: str) -> Placing:
    """Place one participant among the people of a contest, as if nobody else had taken part."""
    known = {participant.participant_id: participant for participant in contest.participants}
    people = [
        row
        for row in table.rows
        if (one := known[row.participant_id]).kind == "human"
        and one.official
        and row.participant_id != participant_id
    ]
    mine = table.row(participant_id)
    better, equal = _compared(contest.rules, mine, people)
    outing = outing_of(contest, table, participant_id)
    medals = contest.opened.medals or contest.rules.medals
    worse = len(people) - better - equal
    return Placing(
        participant_id=participant_id,
        place=better + 1,
        people=len(people),
        percentile=100 * (worse + equal / 2) / len(people) if people else math.nan,
        medal=None if medals is None else medal(contest.rules, mine, people, medals),
        performance=performance(outing) if outing.others else None,
        rated=len(outing.others),
    )


def outing_of(contest: Contest, table: Standings, participant_id: str) -> Outing:
    """Return a participant's place among the people of known rating."""
    ratings = {
        participant.participant_id: participant.rating
        for participant in contest.participants
        if participant.kind == "human" and participant.official and participant.rating is not None
    }
    rows = [
        row
        for row in table.rows
        if row.participant_id in ratings and row.participant_id != participant_id
    ]
    better, equal = _compared(contest.rules, table.row(participant_id), rows)
    others = tuple(ratings[row.participant_id] or 0.0 for row in rows)
    return Outing(others, better + 1 + equal / 2)


def medal(rules: Rules, mine: BoardRow, people: Sequence[BoardRow], medals: Medals) -> Medal | None:
    """Return the medal of a row among people.

    By share: gold and silver go to whoever has at least what the last of that share has; bronze to
    whoever has so much that no more than its share has as much.
    """
    better, equal = _compared(rules, mine, people)
    kinds: tuple[Medal, ...] = ("gold", "silver", "bronze")
    for kind in kinds:
        cutoff: float = getattr(medals, kind)
        match medals.by:
            case "points":
                won = mine.total >= cutoff
            case "place":
                won = better < cutoff
            case "share" if kind == "bronze":
                won = better + equal <= cutoff * len(people)
            case "share":
                won = better < math.ceil(cutoff * len(people))
        if won:
            return kind
    return None


def _compared(rules: Rules, mine: BoardRow, rows: Sequence[BoardRow]) -> tuple[int, int]:
    """Return how many rows are better, and how many equal."""
    key = rules.order(mine)
    keys = [rules.order(row) for row in rows]
    return sum(other < key for other in keys), sum(other == key for other in keys)


def placings(contest: Contest, table: Standings) -> list[Placing]:
    """Place every participant who played here, if there are people to be placed among."""
    if not any(
        participant.kind == "human" and participant.official for participant in contest.participants
    ):
        return []
    ours = [
        participant.participant_id
        for participant in contest.participants
        if participant.kind == "medalist"
    ]
    return [place(contest, table, participant_id) for participant_id in ours]
