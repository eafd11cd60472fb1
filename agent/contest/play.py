"""Plays a contest in virtual time: the loop over problems and participants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from medalist.agent.contest.clock import Agenda, JudgeQueue, Pace, whole_ms
from medalist.agent.contest.events import (
    ContestEvent,
    Ended,
    EventLog,
    Finalized,
    Froze,
    Judged,
    SubmissionMade,
    Unfroze,
    Worked,
)
from medalist.agent.contest.player import Player
from medalist.agent.contest.problem_state import ProblemState
from medalist.agent.contest.remote import RemotePlayer, RemoteProblem
from medalist.agent.contest.rulings import RecordedRulings, Ruling
from medalist.agent.contest.setup import ContestSetup
from medalist.agent.types import Submission

Watcher = Callable[[ContestEvent], None]


@dataclass(frozen=True)
class Recorder:
    """Where the events of a contest go: to `log`, and then to `watch`."""

    log: EventLog
    watch: Watcher = lambda _: None


Entrant: TypeAlias = Player | RemotePlayer
Desk: TypeAlias = ProblemState | RemoteProblem


@dataclass(frozen=True)
class _Pending:
    """A submission that waits for its verdict, and whose it is."""

    entrant: Entrant
    desk: Desk
    submission: Submission
    made: SubmissionMade


def play(
    stage: ContestSetup,
    entrants: Sequence[Entrant],
    bench: RecordedRulings,
    record: Recorder,
    *,
    pace: Pace | None = None,
) -> None:
    """Play a contest from its opening to its end; every event is recorded.

    Args:
        stage: The contest.
        entrants: Those who play here.
        bench: Who judges them.
        record: The record.
        pace: Real time; None lets virtual time leap.

    Raises:
        ModelFailure, SandboxFailure, JournalFailure: Something failed; the same contest in the
            same directory continues where it stopped.
    """
    _Play(stage, entrants, bench, record, pace).run()


class _Play:
    def __init__(
        self,
        stage: ContestSetup,
        entrants: Sequence[Entrant],
        bench: RecordedRulings,
        record: Recorder,
        pace: Pace | None,
    ) -> None:
        self._stage = stage
        self._entrants = entrants
        self._bench = bench
        self._record_of = record
        self._agenda = Agenda(pace)
        self._paced = pace is not None
        self._queue = JudgeQueue(stage.contest.opened.judges)
        self._duration_s = stage.contest.duration_s
        self._made = 0
        self._passed: list[tuple[SubmissionMade, Ruling]] = []

    def run(self) -> None:
        for event in self._stage.opening():
            self._emit(event)
        for event in self._stage.human_events:
            self._at(event.at_s, partial(self._record_human, event))
        freeze_s = self._stage.contest.opened.freeze_s
        if freeze_s is not None:
            self._at(freeze_s, lambda at_s: self._emit(Froze(at_s=at_s)))
        for entrant in self._entrants:
            if isinstance(entrant, RemotePlayer):
                self._follow(entrant)
            else:
                self._at(0.0, partial(self._turn, entrant))
        self._at(self._duration_s, self._end)
        self._agenda.run()

    def _follow(self, remote: RemotePlayer) -> None:
        """Let a participant play again what is recorded of it, and whatever it calls for."""
        turn = partial(self._turn, remote)
        for when_s in remote.recorded_times():
            self._at(when_s, turn)
        if self._paced:
            remote.listen(lambda: self._agenda.call(turn), lambda: self._agenda.now_s)

    def _at(self, when_s: float, action: Callable[[float], None]) -> None:
        self._agenda.at(when_s, action)

    def _emit(self, event: ContestEvent, *, durable: bool = True) -> None:
        self._record_of.log.append(event, durable=durable)
        self._record_of.watch(event)

    def _record(self, event: ContestEvent, _: float) -> None:
        self._emit(event)

    def _record_human(self, event: ContestEvent, _: float) -> None:
        # It can be read again: unless somebody watches, it need not be on the disk at once.
        self._emit(event, durable=self._paced)

    def _turn(self, entrant: Entrant, at_s: float) -> None:
        """Let a participant do what it thinks best at this moment."""
        if at_s >= self._duration_s:
            return
        for desk, submission in entrant.to_submit(at_s):
            self._submit(entrant, desk, submission, at_s)
        if isinstance(entrant, RemotePlayer) or entrant.busy_with is not None:
            return
        chosen = entrant.to_work_on(at_s)
        if chosen is not None:
            entrant.busy_with = chosen
            event = entrant.work(chosen, at_s)
            self._at(event.at_s, partial(self._worked, entrant, event))

    def _worked(self, entrant: Player, event: Worked, at_s: float) -> None:
        entrant.busy_with = None
        if at_s < self._duration_s:
            self._emit(event)
            self._turn(entrant, at_s)

    def _submit(self, entrant: Entrant, desk: Desk, submission: Submission, at_s: float) -> None:
        program = desk.program(submission.program_id)
        self._made += 1
        made = SubmissionMade(
            at_s=at_s,
            submission_id=f"s{self._made}",
            participant_id=entrant.entry.id,
            problem_id=desk.shown.problem_id,
            language=program.language,
            program=entrant.keep_source(program),
            reason=submission.reason,
        )
        self._emit(made)
        desk.waiting = True
        desk.next_at_s = whole_ms(self._stage.contest.rules.next_at(at_s, self._duration_s))
        if desk.next_at_s > at_s:
            self._at(desk.next_at_s, partial(self._turn, entrant))
        ruling = self._bench.rule(desk.shown.problem_id, program)
        done_at = self._queue.done_at(at_s, ruling.cpu_s)
        self._at(done_at, partial(self._judged, _Pending(entrant, desk, submission, made), ruling))

    def _judged(self, pending: _Pending, ruling: Ruling, at_s: float) -> None:
        shown = ruling.feedback
        self._emit(
            Judged(
                at_s=at_s,
                submission_id=pending.made.submission_id,
                verdict=shown.verdict,
                score=shown.score,
                subtasks=dict(shown.subtasks),
                failing_test=shown.failing_test,
                cpu_s=ruling.cpu_s,
            )
        )
        if shown.solved:
            self._passed.append((pending.made, ruling))
        desk = pending.desk
        number = len(desk.history) + 1
        pending.entrant.record(desk.shown.problem_id, number, pending.submission, shown)
        desk.learn(pending.submission, shown)
        self._turn(pending.entrant, at_s)

    def _end(self, at_s: float) -> None:
        self._emit(Ended(at_s=at_s))
        # Verdicts of the last submissions may still be to come.
        self._at(max(at_s, self._queue.idle_at), self._close)

    def _close(self, at_s: float) -> None:
        """System tests (or what open hacks would find), then everything is public."""
        after_s = self._stage.contest.rules.final_after_s
        if after_s is not None:
            at_s += after_s
            pretested = {problem.problem_id for problem in self._stage.problems if problem.pretests}
            for made, ruling in self._passed:
                if made.problem_id in pretested:
                    at_s = self._queue.done_at(at_s, ruling.cpu_s)
                    final = Judged(
                        at_s=at_s,
                        submission_id=made.submission_id,
                        verdict=ruling.final,
                        phase="final",
                        cpu_s=ruling.cpu_s,
                    )
                    self._at(at_s, partial(self._record, final))
        if self._stage.contest.opened.freeze_s is not None:
            self._at(at_s, lambda now: self._emit(Unfroze(at_s=now)))
        self._at(at_s, lambda now: self._emit(Finalized(at_s=now)))
