"""A participant that is an external program: it calls, and gets what the rules show.

What it submits is played again when the run continues or is replayed: its submissions are in the
contest's events with their times, and its programs in its own journal.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from medalist.agent.contest.events import ContestEvent, SubmissionMade
from medalist.agent.contest.file import ParticipantEntry
from medalist.agent.contest.scoreboard import ContestProblem
from medalist.agent.contest.setup import ContestSetup
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import Journal
from medalist.agent.steps.submitting import record_submission
from medalist.agent.types import Feedback, JudgedSubmission, Program, Submission
from medalist.problems.model import PublicProblem
from medalist.problems.verdict import Verdict

_REASON = "submitted over MCP"


class Refused(Exception):
    """A submission that is not taken: nothing was counted. The message says why."""


@dataclass
class _Call:
    """A submission that somebody waits for."""

    problem: RemoteProblem
    program: Program
    done: threading.Event = field(default_factory=threading.Event)
    feedback: Feedback | None = None
    refusal: str = ""

    def refuse(self, why: str) -> None:
        self.refusal = why
        self.done.set()


@dataclass
class RemoteProblem:
    """One problem of a remote participant.

    Attributes:
        public: What it may see of the problem.
        shown: What the scoreboard knows of it.
        limit: Most submissions, None for no limit.
        counts_compile_errors: Whether a submission that does not compile counts.
        waiting: Whether a submission is being judged.
        next_at_s: When the rules let submit again.
        used: Submissions that count.
        history: All of them.
    """

    public: PublicProblem
    shown: ContestProblem
    limit: int | None
    counts_compile_errors: bool = False
    waiting: bool = False
    next_at_s: float = 0.0
    used: int = 0
    history: list[JudgedSubmission] = field(default_factory=list)
    _programs: dict[str, Program] = field(default_factory=dict)
    _call: _Call | None = None

    def program(self, program_id: str) -> Program:
        """Return a program by its id."""
        return self._programs[program_id]

    def take(self, program: Program, call: _Call | None) -> Submission:
        """Make a submission of a program, for a call or from the record."""
        self._programs[program.program_id] = program
        self._call = call
        return Submission(program.program_id, _REASON)

    def learn(self, submission: Submission, feedback: Feedback) -> None:
        """Receive a verdict and wake up those that wait for it."""
        self.history.append((submission, feedback))
        self.used += feedback.verdict is not Verdict.CE or self.counts_compile_errors
        self.waiting = False
        call, self._call = self._call, None
        if call is not None:
            call.feedback = feedback
            call.done.set()

    def refusal(self, at_s: float) -> str:
        """Say why nothing may be submitted now; empty where it may."""
        if self.waiting:
            return "the last submission to this problem is still being judged"
        if self.limit is not None and self.used >= self.limit:
            return f"no submission left: {self.limit} were allowed"
        if at_s < self.next_at_s:
            return (
                f"the next submission to this problem may be made in {self.next_at_s - at_s:.0f} s"
            )
        return ""


class RemotePlayer:
    """Plays for one entry of the contest file by the calls that arrive.

    Args:
        entry: The entry.
        setup: The contest.
        journal: Its own, for programs and verdicts.
        recorded: What happened in the contest already.
    """

    def __init__(
        self,
        entry: ParticipantEntry,
        setup: ContestSetup,
        journal: Journal,
        recorded: Iterable[ContestEvent],
    ) -> None:
        self.entry = entry
        self.setup = setup
        self._journal = journal
        rules = setup.contest.rules
        limits = [limit for limit in (entry.submissions, rules.submissions) if limit is not None]
        self.problems = {
            ready.problem_id: RemoteProblem(
                ready.problem.public,
                ready.shown,
                min(limits, default=None),
                rules.feedback.counts_compile_errors,
            )
            for ready in setup.problems
            if ready.problem is not None
        }
        self._recorded = deque(
            (event.at_s, event.problem_id, self._program(event))
            for event in recorded
            if isinstance(event, SubmissionMade) and event.participant_id == entry.id
        )
        self._calls: deque[_Call] = deque()
        self._wake: Callable[[], None] | None = None
        self._clock: Callable[[], float] = lambda: 0.0
        self._over = False

    @property
    def now_s(self) -> float:
        """The contest's time."""
        return min(self._clock(), self.setup.contest.duration_s)

    @property
    def over(self) -> bool:
        """Whether nothing can be submitted any more."""
        return self._over or self.now_s >= self.setup.contest.duration_s

    def listen(self, wake: Callable[[], None], clock: Callable[[], float]) -> None:
        """Play from now on: `wake` lets the contest look at calls, `clock` says its time."""
        self._clock = clock
        self._wake = wake
        if self._calls:
            wake()

    def close(self) -> None:
        """Refuse all further calls; the contest has stopped."""
        self._over = True
        for problem in self.problems.values():
            if problem._call is not None:
                problem._call.refuse("the contest is no longer played")
        while self._calls:
            self._calls.popleft().refuse("the contest is over")

    def submit(self, problem: RemoteProblem, language: str, source: str) -> Feedback:
        """Submit a program and wait for the verdict. For any thread.

        Raises:
            Refused: The rules do not allow it now.
        """
        program = Program(program_id(language, source), language, source, ("mcp",))
        call = _Call(problem, program)
        if self.over:
            raise Refused("the contest is over")
        self._calls.append(call)
        if self._wake is not None:
            self._wake()
        while not call.done.wait(1.0):
            if self._over and call in self._calls:
                raise Refused("the contest is over")
        if call.feedback is None:
            raise Refused(call.refusal)
        return call.feedback

    def recorded_times(self) -> Sequence[float]:
        """Return when it submitted, as far as that is recorded."""
        return [when_s for when_s, _, _ in self._recorded]

    def to_submit(self, at_s: float) -> list[tuple[RemoteProblem, Submission]]:
        """Return what is submitted now: what is recorded of this time, else what was called for."""
        made = []
        while self._recorded and self._recorded[0][0] <= at_s:
            _, problem_id, program = self._recorded.popleft()
            problem = self.problems[problem_id]
            made.append((problem, problem.take(program, None)))
        asked = {id(problem) for problem, _ in made}
        while self._calls:
            call = self._calls.popleft()
            why = call.problem.refusal(at_s)
            if why or id(call.problem) in asked:
                call.refuse(why or "another submission to this problem came first")
                continue
            asked.add(id(call.problem))
            made.append((call.problem, call.problem.take(call.program, call)))
        return made

    def keep_source(self, program: Program) -> str:
        """Return the digest of a program's source in its journal."""
        return self._journal.put_blob(program.source)

    def record(
        self, problem_id: str, number: int, submission: Submission, feedback: Feedback
    ) -> None:
        """Put a verdict into its journal."""
        record_submission(self._journal, problem_id, number, (submission, feedback))

    def _program(self, event: SubmissionMade) -> Program:
        assert event.program is not None
        assert event.language is not None
        source = self._journal.blob(event.program).decode()
        return Program(program_id(event.language, source), event.language, source, ("mcp",))
