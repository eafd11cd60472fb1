"""Makes a contest of its file: loads the problems and says with which events it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from medalist.agent.contest.events import (
    Contest,
    ContestEvent,
    ContestOpened,
    ParticipantJoined,
    ProblemAdded,
)
from medalist.agent.contest.file import ContestFile, ParticipantEntry, ProblemEntry
from medalist.agent.contest.humans import admit, read_humans
from medalist.agent.contest.kinds import Rules
from medalist.agent.contest.scoreboard import ContestProblem, Participant
from medalist.errors import BadInput
from medalist.problems.formats import load, resolve
from medalist.problems.secret import Problem


@dataclass(frozen=True)
class ReadyContest:
    """A problem of a contest: its package, and what the scoreboard knows of it.

    `problem` is None where only the standings of people know it.
    """

    problem: Problem | None
    shown: ContestProblem
    pretests: int | None

    @property
    def problem_id(self) -> str:
        """The problem's id."""
        return self.shown.problem_id


@dataclass(frozen=True)
class ContestSetup:
    """All that is needed to play; `humans` is what people did."""

    contest: Contest
    problems: tuple[ReadyContest, ...]
    entries: tuple[ParticipantEntry, ...]
    human_events: tuple[ContestEvent, ...] = ()

    def opening(self) -> list[ContestEvent]:
        """Return the events with which the contest begins."""
        return [
            self.contest.opened,
            *(ProblemAdded(problem=problem) for problem in self.contest.problems),
            *(
                ParticipantJoined(participant=participant)
                for participant in self.contest.participants
            ),
        ]


def set_stage(file: ContestFile, base: Path) -> ContestSetup:
    """Load problems and standings of people, and put the contest together.

    Args:
        file: The contest.
        base: The folder that its paths are relative to.

    Raises:
        BadInput: A problem or a standings file cannot be read, or something is named twice.
    """
    _check_start(file)
    problems = load_problems(file, base)
    shown = tuple(problem.shown for problem in problems)
    tables = [read_humans(base / name) for name in file.humans]
    names = {entry.id for entry in file.participants}
    humans = admit(tables, shown, file.duration, taken=names)
    contest = Contest(
        ContestOpened(
            contest_id=file.id,
            name=file.name,
            rules=file.rules,
            duration_s=file.duration,
            freeze_s=None if file.freeze is None else file.duration - file.freeze,
            start=file.start,
            seed=file.seed,
            judges=file.judges,
            medals=file.medals,
        ),
        shown,
        (*(_participant(entry) for entry in file.participants), *humans.participants),
    )
    return ContestSetup(contest, problems, file.participants, humans.events)


def load_problems(file: ContestFile, base: Path) -> tuple[ReadyContest, ...]:
    """Load the problems of a contest file.

    Raises:
        BadInput: One cannot be read, or an id or a label is repeated.
    """
    staged = tuple(
        _staged(entry, number, file.rules, base) for number, entry in enumerate(file.problems)
    )
    for what in ("problem_id", "label"):
        seen: set[str] = set()
        for item in staged:
            name = getattr(item.shown, what)
            if name in seen:
                raise BadInput(f"duplicate {name!r}", field=f"problems: {what}")
            seen.add(name)
    return staged


def _staged(entry: ProblemEntry, number: int, rules: Rules, base: Path) -> ReadyContest:
    label = entry.label or _letters(number)
    if entry.path is None:
        points = entry.points or rules.default_points(number, 0.0)
        shown = ContestProblem(problem_id=label, label=label, title=entry.title, points=points)
        return ReadyContest(None, shown, None)
    beside = base / entry.path
    problem = load(beside if beside.exists() else resolve(entry.path))
    public = problem.public
    own = sum(subtask.points for subtask in public.subtasks)
    points = entry.points or rules.default_points(number, public.full_score or own)
    scale = points / own if own else 0.0
    return ReadyContest(
        problem,
        ContestProblem(
            problem_id=public.problem_id,
            label=label,
            title=public.title,
            points=points,
            subtasks={subtask.subtask_id: subtask.points * scale for subtask in public.subtasks},
            color=entry.color,
        ),
        entry.pretests,
    )


def _letters(number: int) -> str:
    """`A` ... `Z`, `AA`, ..."""
    name = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def _participant(entry: ParticipantEntry) -> Participant:
    if entry.mcp:
        return Participant(
            participant_id=entry.id,
            name=entry.name or entry.id,
            organization=entry.organization,
            settings="an agent, over MCP",
        )
    entry = entry.filled()
    named = f"effort {entry.effort}" if entry.effort is not None else ""
    counted = f"{entry.candidates} candidates" if entry.candidates is not None else ""
    settings = ", ".join(filter(None, (named, counted, f"policy {entry.policy}")))
    if entry.prompts:
        settings += f", prompts {entry.prompts}"
    return Participant(
        participant_id=entry.id,
        name=entry.name or entry.id,
        organization=entry.organization,
        model=entry.model,
        settings=settings,
    )


def _check_start(file: ContestFile) -> None:
    try:
        start = datetime.fromisoformat(file.start)
    except ValueError as error:
        raise BadInput("not a time in ISO 8601", field="start") from error
    if start.tzinfo is None:
        raise BadInput("has no offset from UTC", field="start", hint=f"{file.start}Z")
