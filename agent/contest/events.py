"""What happens in a contest, one event after another, in the order of virtual time.

The record is the journal of the contest's run directory (`RUN/journal.sqlite`), events of kind
`CONTEST`. Everything that a scoreboard shows is a function of these events; see
`standings.standings`. Each participant's own work is in its own journal,
`RUN/participants/<participant id>/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from medalist.agent.contest.kinds import Rules
from medalist.agent.contest.scoreboard import ContestProblem, Medals, Participant, Strict
from medalist.agent.journal import EventKind, Journal
from medalist.errors import BadInput


class _Event(Strict):
    at_s: float = 0.0


class ContestOpened(_Event):
    """The first event: everything about the contest but problems and participants.

    Attributes:
        start: ISO 8601 with an offset: when virtual second 0 is said to have been.
        freeze_s: From when on verdicts are hidden in the public standings; None for never.
        judges: How many submissions are judged at a time.
        medals: Cut-offs; None leaves them to the kind of contest.
        speed: Virtual seconds a second in real-time mode; None where time is only virtual. How
            fast a contest was played is not part of what happened: see `canonical`.
    """

    type: Literal["contest"] = "contest"
    contest_id: str
    name: str
    rules: Rules
    duration_s: float = Field(gt=0)
    freeze_s: float | None = Field(default=None, ge=0)
    start: str = "2000-01-01T00:00:00+00:00"
    seed: int = 0
    judges: int = Field(default=1, ge=1)
    medals: Medals | None = None
    speed: float | None = None


class ProblemAdded(_Event):
    """A problem, in the order of the scoreboard's columns."""

    type: Literal["problem"] = "problem"
    problem: ContestProblem


class ParticipantJoined(_Event):
    """A participant."""

    type: Literal["participant"] = "participant"
    participant: Participant


class Worked(_Event):
    """A participant spent time on a problem, from `from_s` to `at_s`.

    `answers`, `programs`, `passing` and `clusters` count what is known on the problem since the
    start: answers of the model, distinct programs that compile, those that pass the samples, and
    their behaviours.
    """

    type: Literal["work"] = "work"
    participant_id: str
    problem_id: str
    from_s: float
    answers: int
    programs: int
    passing: int
    clusters: int


class SubmissionMade(_Event):
    """A submission. `program` is the digest of its source in the participant's journal.

    `summary` marks one that stands for what a standings file only counts: its time is that of
    the cell, not its own.
    """

    type: Literal["submission"] = "submission"
    submission_id: str
    participant_id: str
    problem_id: str
    language: str | None = None
    program: str | None = None
    reason: str = ""
    summary: bool = False


class Judged(_Event):
    """The verdict on a submission, when it became known.

    Attributes:
        phase: `contest`, or `final` after the system tests or open hacks.
        score: Points on the problem's scale, where the judge gives points.
        subtasks: Subtask id to the share (0 to 1) of its points.
        cpu_s: CPU time of all tests together, in whole seconds (how long a judge was busy).
    """

    type: Literal["judgement"] = "judgement"
    submission_id: str
    verdict: str
    phase: Literal["contest", "final"] = "contest"
    score: float | None = None
    subtasks: dict[str, float] = Field(default_factory=dict)
    failing_test: str | None = None
    cpu_s: float = 0.0


class Bonus(_Event):
    """Points that belong to no problem (hacks)."""

    type: Literal["bonus"] = "bonus"
    participant_id: str
    points: float
    reason: str = ""


class Froze(_Event):
    """From now on verdicts on new submissions are hidden in the public standings."""

    type: Literal["freeze"] = "freeze"


class Ended(_Event):
    """Submissions are no longer taken; those in the queue are still judged."""

    type: Literal["end"] = "end"


class Unfroze(_Event):
    """All verdicts are public."""

    type: Literal["unfreeze"] = "unfreeze"


class Finalized(_Event):
    """The last event: nothing changes any more."""

    type: Literal["finalized"] = "finalized"


ContestEvent: TypeAlias = Annotated[
    ContestOpened
    | ProblemAdded
    | ParticipantJoined
    | Worked
    | SubmissionMade
    | Judged
    | Bonus
    | Froze
    | Ended
    | Unfroze
    | Finalized,
    Field(discriminator="type"),
]
CONTEST: EventKind[ContestEvent] = EventKind(
    "contest",
    ContestEvent,  # type: ignore[arg-type]
    key="<the event's number in the contest, from 1, in eight digits>",
    doc="An event of a contest; `type` is its kind.",
)


@dataclass(frozen=True)
class Contest:
    """A contest with its problems and participants, in order."""

    opened: ContestOpened
    problems: tuple[ContestProblem, ...]
    participants: tuple[Participant, ...] = field(default=())

    @property
    def rules(self) -> Rules:
        """The scoring rules."""
        return self.opened.rules

    @property
    def duration_s(self) -> float:
        """Length in virtual seconds."""
        return self.opened.duration_s

    def problem(self, problem_id: str) -> ContestProblem:
        """Return a problem by its id."""
        return next(problem for problem in self.problems if problem.problem_id == problem_id)

    def participant(self, participant_id: str) -> Participant:
        """Return a participant by id."""
        return next(
            participant
            for participant in self.participants
            if participant.participant_id == participant_id
        )


def contest_of(events: Iterable[ContestEvent]) -> Contest:
    """Put a contest together from its events.

    Raises:
        BadInput: There is no `contest` event: not a contest run.
    """
    opened: ContestOpened | None = None
    problems: list[ContestProblem] = []
    participants: list[Participant] = []
    for event in events:
        match event:
            case ContestOpened():
                opened = event
            case ProblemAdded():
                problems.append(event.problem)
            case ParticipantJoined():
                participants.append(event.participant)
            case _:
                pass
    if opened is None:
        raise BadInput("no contest was opened here", hint="see `medalist contest run`")
    return Contest(opened, tuple(problems), tuple(participants))


def read_events(journal: Journal, after: int = 0) -> Iterator[tuple[int, ContestEvent]]:
    """Yield every event after number `after` of the journal with its number there, in order.

    Numbers grow, and others than contest events may stand between. What a writer appends
    meanwhile is yielded too; the end of the iteration is the end of what is there now.

    Raises:
        JournalFailure: An event cannot be understood.
    """
    for entry in journal.events(CONTEST, after=after):
        yield entry.seq, entry.value


class EventLog:
    """Appends contest events to a journal.

    A contest that is run again in the same directory happens again exactly as it did: what is
    recorded already is compared and not appended twice.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._recorded = [event for _, event in read_events(journal)]
        self._made = 0

    @property
    def reached_s(self) -> float:
        """The virtual time that an earlier session came to."""
        return self._recorded[-1].at_s if self._recorded else 0.0

    def append(self, event: ContestEvent, *, durable: bool = True) -> None:
        """Append an event, durable at once or with the next that is.

        Raises:
            BadInput: The run that is in this directory went otherwise.
        """
        number, self._made = self._made, self._made + 1
        if number < len(self._recorded):
            if canonical([self._recorded[number]]) != canonical([event]):
                raise BadInput(
                    f"the contest in this directory differs (event {number + 1})",
                    file=self._journal.path.parent,
                    hint="give the same file and options, or a different --out",
                )
            return
        self._journal.append(CONTEST, f"{number + 1:08d}", event, durable=durable)


def canonical(events: Iterable[ContestEvent]) -> bytes:
    """Return events as JSON lines that are equal byte for byte for equal contests."""
    lines = (event.model_dump(mode="json", exclude={"speed"}) for event in events)
    return "".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines).encode()
