"""Who gets which medal, by the contest's own cut-offs."""

from __future__ import annotations

from medalist.agent.contest.placing import Medal, medal
from medalist.agent.web.state import PublicState


def medals(state: PublicState) -> dict[Medal, list[int]]:
    """Return the places, in `state.participants`, of those who get each medal.

    Cut-offs by share are shares of the people where people took part, of all otherwise.
    """
    rules = state.contest.rules
    cutoffs = state.contest.medals or rules.medals
    won: dict[Medal, list[int]] = {"gold": [], "silver": [], "bronze": []}
    if cutoffs is None:
        return won
    both = list(zip(state.participants, state.rows, strict=True))
    people = [row for one, row in both if one.kind == "human" and one.official] or state.rows
    for place, row in enumerate(state.rows):
        kind = medal(rules, row, people, cutoffs) if row.total > 0 else None
        if kind is not None:
            won[kind].append(place)
    return won
