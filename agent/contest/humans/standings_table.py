"""What a standings file says, and how it becomes part of a contest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from medalist.agent.contest.events import Bonus, ContestEvent, Judged, SubmissionMade
from medalist.agent.contest.scoreboard import ContestProblem, Participant
from medalist.errors import BadInput
from medalist.problems.formats.text import problem_id as clean_id


@dataclass(frozen=True)
class HumanCell:
    """What a file says about a participant and a problem.

    Attributes:
        rejected: Rejected submissions (before the accepted one, if there is one).
        time_s: When the problem was solved or the points were got; None where it is not said.
        solved: Whether it was solved; for points, whether the file says it was full.
        points: Points, where the file gives them and the rules do not work them out.
    """

    rejected: int = 0
    time_s: float | None = None
    solved: bool = False
    points: float | None = None


@dataclass(frozen=True)
class HumanRow:
    """A participant with cells by problem label, and `place` and `total` as the file says."""

    participant: Participant
    cells: Mapping[str, HumanCell] = field(default_factory=dict)
    bonus: float = 0.0
    total: float | None = None


@dataclass(frozen=True)
class HumanTable:
    """A standings file.

    Attributes:
        source: The file's name.
        problems: Its columns, in order.
        rows: Its participants, in order.
        events: Submissions and judgements where the file has them one by one; then the rows have
            no cells.
        duration_s, freeze_s: Length of the contest and when it froze, where the file says.
        name: The contest's name, where the file says.
    """

    source: str
    problems: tuple[ContestProblem, ...]
    rows: tuple[HumanRow, ...]
    events: tuple[ContestEvent, ...] = ()
    duration_s: float | None = None
    freeze_s: float | None = None
    name: str = ""


@dataclass(frozen=True)
class Humans:
    """Human participants of a contest, and what they did, in order of time."""

    participants: tuple[Participant, ...]
    events: tuple[ContestEvent, ...]


def admit(
    tables: Sequence[HumanTable],
    problems: Sequence[ContestProblem],
    duration_s: float,
    *,
    taken: Collection[str] = (),
) -> Humans:
    """Let the participants of standings files take part in a contest.

    Columns are matched with the contest's problems by id, label or title. What a file only
    counts becomes submissions at the time of the cell; where it has no times, at the end. Ids that
    are `taken` get a number.

    Raises:
        BadInput: A column is none of the contest's problems, or a time is after the end.
    """
    participants: list[Participant] = []
    events: list[ContestEvent] = []
    known = set(taken)
    number = 0
    for index, table in enumerate(tables):
        place = {
            problem.label: _match(problem, problems, table.source) for problem in table.problems
        }
        own = {problem.problem_id: place[problem.label].problem_id for problem in table.problems}
        new_id: dict[str, str] = {}
        for row in table.rows:
            name = _unique(row.participant.participant_id, known)
            new_id[row.participant.participant_id] = name
            participants.append(row.participant.model_copy(update={"participant_id": name}))
            for label, cell in row.cells.items():
                if cell.time_s is not None and cell.time_s > duration_s:
                    raise BadInput(
                        f"{row.participant.name!r} has {label} only after the end of the contest",
                        file=table.source,
                        hint="guests of later days do not belong into these standings",
                    )
                made = _events(name, place[label], cell, duration_s, number)
                number += len(made) // 2
                events += made
            if row.bonus:
                events.append(
                    Bonus(at_s=duration_s, participant_id=name, points=row.bonus, reason="hacks")
                )
        prefix = f"{index}-" if index else ""
        events += [_moved(event, prefix, new_id, own) for event in table.events]
    events.sort(key=lambda event: event.at_s)
    return Humans(tuple(participants), tuple(events))


def human(person: Participant, source: str) -> Participant:
    """Return a person of a standings file as a participant; any text will do as an id."""
    return person.model_copy(
        update={
            "participant_id": clean_id(person.participant_id),
            "kind": "human",
            "settings": f"from {source}",
        }
    )


def _match(
    column: ContestProblem, problems: Sequence[ContestProblem], source: str
) -> ContestProblem:
    for key in ("problem_id", "label", "title"):
        for problem in problems:
            if getattr(column, key) and getattr(problem, key) == getattr(column, key):
                return problem
    raise BadInput(
        f"the column {column.label!r} is not a problem of this contest",
        file=source,
        hint="a problem that cannot be played here needs a label and no path",
    )


def _unique(name: str, known: set[str]) -> str:
    candidate, number = name, 1
    while candidate in known:
        number += 1
        candidate = f"{name}-{number}"
    known.add(candidate)
    return candidate


def _events(
    name: str, problem: ContestProblem, cell: HumanCell, duration_s: float, number: int
) -> list[ContestEvent]:
    """Return submissions and judgements that come to what a cell says."""
    at_s = duration_s if cell.time_s is None else cell.time_s
    verdicts: list[tuple[str, float | None]] = [("WA", None)] * cell.rejected
    if cell.solved:
        verdicts.append(("AC", cell.points))
    elif cell.points:
        verdicts.append(("PAC", cell.points))
    events: list[ContestEvent] = []
    for place, (verdict, score) in enumerate(verdicts, 1):
        submission_id = f"h{number + place}"
        events.append(
            SubmissionMade(
                at_s=at_s,
                submission_id=submission_id,
                participant_id=name,
                problem_id=problem.problem_id,
                summary=True,
            )
        )
        events.append(Judged(at_s=at_s, submission_id=submission_id, verdict=verdict, score=score))
    return events


def _moved(
    event: ContestEvent,
    prefix: str,
    participants: Mapping[str, str],
    problems: Mapping[str, str],
) -> ContestEvent:
    """Give an event of a file the ids that everything has in the contest."""
    if not isinstance(event, (SubmissionMade, Judged)):
        return event
    changes = {"submission_id": f"{prefix}{event.submission_id}"}
    if isinstance(event, SubmissionMade):
        changes["participant_id"] = participants[event.participant_id]
        changes["problem_id"] = problems[event.problem_id]
    return event.model_copy(update=changes)
