"""The scoreboard's own bookkeeping agrees with the standings of the contest room."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

import pytest
from tests.agent.web.contests import RULES, happenings, setting

from medalist.agent.contest.events import ContestEvent, contest_of
from medalist.agent.contest.scoreboard import BoardRow
from medalist.agent.contest.standings import standings
from medalist.agent.web.state import PublicState, ranks


def _everything(kind: str, seed: int, *, freeze: bool) -> list[ContestEvent]:
    names = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
    opening = setting(kind, names, freeze=freeze)
    return [*opening, *happenings(kind, seed, people=5, columns=3, count=60, freeze=freeze)]


def _ranked(state: PublicState) -> dict[str, BoardRow]:
    ranked = zip(state.rows, ranks(state.keys), strict=True)
    return {row.participant_id: replace(row, rank=rank) for row, rank in ranked}


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("freeze", [True, False])
def test_agrees_with_the_standings_at_every_moment(kind: str, freeze: bool) -> None:
    for seed in range(3):
        events = _everything(kind, seed, freeze=freeze)
        contest = contest_of(events)
        state = PublicState()
        done = 0
        for at_s, same_time in groupby(events, key=lambda event: event.at_s):
            for event in same_time:
                list(state.add(event))
                done += 1
            shown = standings(contest, events[:done])
            assert _ranked(state) == {row.participant_id: row for row in shown.rows}, (seed, at_s)
