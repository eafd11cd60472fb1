"""The public standings, kept up to date one contest event at a time.

`standings.standings` says what the scoreboard shows; computing it again for each of ten thousand
submissions would cost a second each time in a large contest. Here an event touches one cell and
one row, by the same rules; a test holds that both agree after every event.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from medalist.agent.contest.events import (
    Bonus,
    ContestEvent,
    ContestOpened,
    Ended,
    Finalized,
    Froze,
    Judged,
    ParticipantJoined,
    ProblemAdded,
    SubmissionMade,
    Unfroze,
    Worked,
)
from medalist.agent.contest.scoreboard import BoardCell, BoardRow, ContestProblem, Participant, Try
from medalist.agent.contest.standings import row_of
from medalist.errors import JournalFailure

Phase = Literal["running", "frozen", "ended", "open", "final"]


@dataclass(eq=False)
class SubmissionState:
    """A submission with what its judges said; `hidden` while the freeze hides that."""

    event: SubmissionMade
    verdict: Judged | None = None
    final: Judged | None = None
    hidden: bool = False

    @property
    def shown(self) -> Judged | None:
        """The newest judgement that is public."""
        return None if self.hidden else self.final or self.verdict

    def as_try(self) -> Try:
        """What the public knows of it, for the scoring rules."""
        shown = self.shown
        if shown is None or self.verdict is None:
            return Try(self.event.submission_id, self.event.at_s, None)
        return Try(
            self.event.submission_id,
            self.event.at_s,
            self.verdict.verdict,
            final=None if self.final is None else self.final.verdict,
            score=shown.score,
            subtasks=shown.subtasks,
            failing_test=self.verdict.failing_test,
        )


@dataclass(frozen=True)
class Change:
    """Something that the public sees happen at a virtual time.

    `type` is one of

    - `phase`: the contest entered `phase`;
    - `submission`: `made` holds a new one;
    - `judgement`: `made` holds those whose verdict is now known (none where only who was first
      to solve the problem changed);
    - `reveal`: the same, by the resolver;
    - `settled`: the resolver is done with the participant;
    - `work`, `bonus`: see `event`.

    `p` and `q` are the places of the participant and of the problem in the contest.
    """

    at_s: float
    type: Literal["phase", "submission", "judgement", "reveal", "settled", "work", "bonus"]
    p: int = -1
    q: int = -1
    made: tuple[SubmissionState, ...] = ()
    phase: Phase | None = None
    event: Worked | Bonus | None = None


@dataclass(eq=False)
class PublicState:
    """What the public knows.

    Attributes:
        hold_freeze: Whether verdicts that the freeze hid stay hidden after `unfreeze` too, for
            the resolver to reveal.
        rows: A line for each participant, in the order of `participants` and without ranks.
        keys: What each row is ranked by: the smaller the better, equal for equals.
        phases: When the contest entered its phases so far.
        made: Every submission by its id.
        at_s: Virtual time of the newest event.
    """

    hold_freeze: bool = False
    opened: ContestOpened | None = None
    problems: list[ContestProblem] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    rows: list[BoardRow] = field(default_factory=list)
    keys: list[tuple[float, ...]] = field(default_factory=list)
    phases: dict[Phase, float] = field(default_factory=dict)
    made: dict[str, SubmissionState] = field(default_factory=dict)
    at_s: float = 0.0

    def __post_init__(self) -> None:
        self._participant: dict[str, int] = {}
        self._problem: dict[str, int] = {}
        self._tries: dict[tuple[int, int], list[SubmissionState]] = {}
        self._first: list[float] = []
        self._frozen = False

    @property
    def contest(self) -> ContestOpened:
        """The opening event."""
        if self.opened is None:
            raise JournalFailure("the journal's first contest event does not open a contest")
        return self.opened

    def add(self, event: ContestEvent) -> Iterator[Change]:
        """Take in the next event and yield what the public sees of it."""
        self.at_s = max(self.at_s, event.at_s)
        match event:
            case ContestOpened():
                self.opened = event
                yield self._enter(event.at_s, "running")
            case ProblemAdded():
                self._problem[event.problem.problem_id] = len(self.problems)
                self.problems.append(event.problem)
                self._first.append(math.inf)
            case ParticipantJoined():
                self._participant[event.participant.participant_id] = len(self.participants)
                self.participants.append(event.participant)
                cells = [BoardCell(problem.problem_id) for problem in self.problems]
                row = row_of(self.contest.rules, event.participant.participant_id, cells, 0.0)
                self.rows.append(row)
                self.keys.append(self.contest.rules.order(row))
            case Worked():
                p, q = self._place(event.participant_id, event.problem_id)
                yield Change(event.at_s, "work", p, q, event=event)
            case Bonus():
                p = self._participant[event.participant_id]
                self._set_row(p, self.rows[p].cells, self.rows[p].bonus + event.points)
                yield Change(event.at_s, "bonus", p, event=event)
            case SubmissionMade():
                yield from self._submitted(event)
            case Judged():
                yield from self._judged(event)
            case Froze():
                self._frozen = True
                yield self._enter(event.at_s, "frozen")
                yield from self._hide(event.at_s)
            case Ended():
                yield self._enter(event.at_s, "ended")
            case Unfroze():
                if not self.hold_freeze:
                    yield from self.reveal(event.at_s)
                    yield self._enter(event.at_s, "open")
            case Finalized():
                if not (self.hold_freeze and self._frozen):
                    yield self._enter(event.at_s, "final")

    def reveal(self, at_s: float) -> Iterator[Change]:
        """Reveal what the freeze hid, from the last place to the first, and end the freeze."""
        # The row being resolved moves up when a reveal gains something; whoever takes its place
        # is next. What is below is settled.
        waiting = sorted(range(len(self.rows)), key=self._place_key)
        while waiting:
            p = waiting.pop()
            q = self._leftmost_hidden(p)
            if q is None:
                yield Change(at_s, "settled", p)
                continue
            shown = tuple(made for made in self._tries[p, q] if made.hidden)
            for made in shown:
                made.hidden = False
            yield from self._rescore(at_s, "reveal", p, q, shown)
            insort(waiting, p, key=self._place_key)
        self._frozen = False

    def _enter(self, at_s: float, phase: Phase) -> Change:
        self.phases[phase] = at_s
        return Change(at_s, "phase", phase=phase)

    def _place(self, participant_id: str, problem_id: str) -> tuple[int, int]:
        try:
            return self._participant[participant_id], self._problem[problem_id]
        except KeyError as error:
            raise JournalFailure(f"the contest's events name an unknown {error}") from None

    def _submitted(self, event: SubmissionMade) -> Iterator[Change]:
        p, q = self._place(event.participant_id, event.problem_id)
        made = SubmissionState(event, hidden=self._in_freeze(event.at_s))
        self.made[event.submission_id] = made
        self._tries.setdefault((p, q), []).append(made)
        yield from self._rescore(event.at_s, "submission", p, q, (made,))

    def _judged(self, event: Judged) -> Iterator[Change]:
        made = self.made.get(event.submission_id)
        if made is None:
            raise JournalFailure(f"submission {event.submission_id!r} was judged but never made")
        if event.phase == "final":
            made.final = event
        else:
            made.verdict = event
        if not made.hidden:
            p, q = self._place(made.event.participant_id, made.event.problem_id)
            yield from self._rescore(event.at_s, "judgement", p, q, (made,))

    def _hide(self, at_s: float) -> Iterator[Change]:
        """Hide what was submitted in the very moment of the freeze, but recorded before it."""
        for (p, q), tries in self._tries.items():
            late = tuple(attempt for attempt in tries if self._in_freeze(attempt.event.at_s))
            for made in late:
                made.hidden = True
            if late:
                yield from self._rescore(at_s, "judgement", p, q, ())

    def _in_freeze(self, at_s: float) -> bool:
        freeze_s = self.contest.freeze_s
        return self._frozen and freeze_s is not None and at_s >= freeze_s

    def _rescore(
        self,
        at_s: float,
        kind: Literal["submission", "judgement", "reveal"],
        p: int,
        q: int,
        made: tuple[SubmissionState, ...],
    ) -> Iterator[Change]:
        """Score a cell again; where it changes who was first, the other cells follow."""
        before = self.rows[p].cells[q]
        tries = [attempt.as_try() for attempt in self._tries[p, q]]
        cell = self.contest.rules.cell(self.problems[q], tries)
        first = self._first[q]
        self._set_cell(p, q, replace(cell, first=_solved_at(cell) == first < math.inf))
        if _solved_at(cell) < first or (before.first and _solved_at(cell) != first):
            moved = self._find_first(q)
            yield Change(at_s, kind, p, q, made)
            for other in moved - {p}:
                yield Change(at_s, "judgement", other, q)
        else:
            yield Change(at_s, kind, p, q, made)

    def _find_first(self, q: int) -> set[int]:
        """Mark again who solved a problem first; returns whose cells changed."""
        self._first[q] = min(_solved_at(row.cells[q]) for row in self.rows)
        moved = set()
        for p, row in enumerate(self.rows):
            cell = row.cells[q]
            first = _solved_at(cell) == self._first[q] < math.inf
            if first != cell.first:
                self._set_cell(p, q, replace(cell, first=first))
                moved.add(p)
        return moved

    def _set_cell(self, p: int, q: int, cell: BoardCell) -> None:
        cells = self.rows[p].cells
        self._set_row(p, (*cells[:q], cell, *cells[q + 1 :]), self.rows[p].bonus)

    def _set_row(self, p: int, cells: Sequence[BoardCell], bonus: float) -> None:
        rules = self.contest.rules
        self.rows[p] = row_of(rules, self.participants[p].participant_id, cells, bonus)
        self.keys[p] = rules.order(self.rows[p])

    def _place_key(self, p: int) -> tuple[tuple[float, ...], str]:
        return self.keys[p], self.participants[p].name.casefold()

    def _leftmost_hidden(self, p: int) -> int | None:
        for q in range(len(self.problems)):
            if any(made.hidden for made in self._tries.get((p, q), ())):
                return q
        return None


def ranks(keys: Sequence[tuple[float, ...]]) -> list[int]:
    """Return the rank from 1 of each key; equals share one."""
    place: dict[tuple[float, ...], int] = {}
    for number, key in enumerate(sorted(keys), 1):
        place.setdefault(key, number)
    return [place[key] for key in keys]


def _solved_at(cell: BoardCell) -> float:
    return cell.time_s if cell.solved and cell.time_s is not None else math.inf
