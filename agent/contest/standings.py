"""The scoreboard at any moment, as a pure function of what happened."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from medalist.agent.contest.events import (
    Bonus,
    Contest,
    ContestEvent,
    Froze,
    Judged,
    SubmissionMade,
    Unfroze,
)
from medalist.agent.contest.kinds import Rules
from medalist.agent.contest.scoreboard import BoardCell, BoardRow, Standings, Try


def standings(
    contest: Contest,
    events: Iterable[ContestEvent],
    *,
    at: float = math.inf,
    frozen: bool | None = None,
    official_only: bool = False,
) -> Standings:
    """Return the standings at a virtual time.

    Args:
        contest: Problems, participants and rules.
        events: What happened, in order; later events than `at` are not looked at.
        at: Virtual seconds.
        frozen: Whether verdicts on submissions from the freeze on are hidden; None does what the
            events say (after `freeze` until `unfreeze`).

        official_only: Leave out participants who do not count.
    """
    known = _Known(events, at)
    hidden_from = math.inf
    if known.frozen if frozen is None else frozen:
        freeze_s = contest.opened.freeze_s
        hidden_from = math.inf if freeze_s is None else freeze_s
    rows = [
        _row(contest, participant.participant_id, known, hidden_from)
        for participant in contest.participants
        if participant.official or not official_only
    ]
    shown_at = at if math.isfinite(at) else known.last_s
    ranked = _ranked(contest, _with_first(rows))
    return Standings(shown_at, hidden_from < math.inf, ranked)


class _Known:
    """Submissions with their verdicts, by participant and problem, as known at a time."""

    def __init__(self, events: Iterable[ContestEvent], at: float) -> None:
        self.frozen = False
        self.last_s = 0.0
        self.bonus: dict[str, float] = {}
        self.tries: dict[tuple[str, str], list[SubmissionMade]] = {}
        self.verdicts: dict[str, Judged] = {}
        self.finals: dict[str, Judged] = {}
        for event in events:
            if event.at_s > at:
                break
            self.last_s = event.at_s
            match event:
                case SubmissionMade():
                    key = (event.participant_id, event.problem_id)
                    self.tries.setdefault(key, []).append(event)
                case Judged():
                    place = self.finals if event.phase == "final" else self.verdicts
                    place[event.submission_id] = event
                case Bonus():
                    before = self.bonus.get(event.participant_id, 0.0)
                    self.bonus[event.participant_id] = before + event.points
                case Froze():
                    self.frozen = True
                case Unfroze():
                    self.frozen = False
                case _:
                    pass

    def seen(self, key: tuple[str, str], hidden_from: float) -> list[Try]:
        """A participant's submissions to a problem; those from `hidden_from` on are pending."""
        return [self._try(attempt, hidden_from) for attempt in self.tries.get(key, ())]

    def _try(self, made: SubmissionMade, hidden_from: float) -> Try:
        verdict = self.verdicts.get(made.submission_id)
        if verdict is None or made.at_s >= hidden_from:
            return Try(made.submission_id, made.at_s, None)
        final = self.finals.get(made.submission_id)
        newest = final or verdict
        return Try(
            made.submission_id,
            made.at_s,
            verdict.verdict,
            final=None if final is None else final.verdict,
            score=newest.score,
            subtasks=newest.subtasks,
            failing_test=verdict.failing_test,
        )


def _row(
    contest: Contest,
    participant_id: str,
    known: _Known,
    hidden_from: float,
) -> BoardRow:
    cells = []
    for problem in contest.problems:
        key = (participant_id, problem.problem_id)
        tries = known.seen(key, hidden_from)
        cells.append(contest.rules.cell(problem, tries) if tries else BoardCell(problem.problem_id))
    return row_of(contest.rules, participant_id, cells, known.bonus.get(participant_id, 0.0))


def row_of(rules: Rules, participant_id: str, cells: Sequence[BoardCell], bonus: float) -> BoardRow:
    """Return a participant's row, without its rank (0), from its cells."""
    # Sums of points with two decimals must not differ by how they were added up.
    total = round(sum(cell.points for cell in cells) + bonus, 6)
    return BoardRow(
        rank=0,
        participant_id=participant_id,
        total=total,
        penalty=rules.penalty(cells),
        cells=tuple(cells),
        bonus=bonus,
        last_s=max((cell.time_s for cell in cells if cell.time_s is not None), default=0.0),
    )


def _with_first(rows: Sequence[BoardRow]) -> list[BoardRow]:
    """Mark who solved a problem first: the earliest of those that are solved."""
    first: dict[str, float] = {}
    for row in rows:
        for cell in row.cells:
            if cell.solved and cell.time_s is not None:
                known = first.get(cell.problem_id, math.inf)
                first[cell.problem_id] = min(known, cell.time_s)
    return [_marked(row, first) for row in rows]


def _marked(row: BoardRow, first: Mapping[str, float]) -> BoardRow:
    cells = tuple(
        replace(cell, first=True)
        if cell.solved and cell.time_s == first.get(cell.problem_id)
        else cell
        for cell in row.cells
    )
    return replace(row, cells=cells)


def _ranked(contest: Contest, rows: Sequence[BoardRow]) -> tuple[BoardRow, ...]:
    """Best first; equals share a rank and are in the order of their names."""
    names = {participant.participant_id: participant.name for participant in contest.participants}

    inside = sorted(
        rows, key=lambda row: (contest.rules.order(row), names[row.participant_id].casefold())
    )
    ranked: list[BoardRow] = []
    for _, equals in groupby(inside, key=contest.rules.order):
        rank = len(ranked) + 1
        ranked += [replace(row, rank=rank) for row in equals]
    return tuple(ranked)
