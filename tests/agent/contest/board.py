"""Builds small contests for tests: what was submitted when, and the scoreboard of it.

A story is written as `"A 12 WA, A 46:30 AC, B 50 -"`: problem, minute (or minute:second), verdict;
`-` is not judged yet, `AC>WA` passed the pretests and failed the system tests, `WA#1` failed on
the first test, `30/10` are the points of subtasks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from medalist.agent.contest.events import (
    Contest,
    ContestEvent,
    ContestOpened,
    Froze,
    Judged,
    SubmissionMade,
)
from medalist.agent.contest.kinds import Rules
from medalist.agent.contest.scoreboard import BoardRow, ContestProblem, Participant, Standings
from medalist.agent.contest.standings import standings

MINUTE = 60


def problems(points: Mapping[str, float | Sequence[float]]) -> tuple[ContestProblem, ...]:
    """Problems by label: their points, or the points of their subtasks."""
    return tuple(
        ContestProblem(problem_id=label, label=label, points=worth)
        if isinstance(worth, (int, float))
        else ContestProblem(
            problem_id=label,
            label=label,
            points=sum(worth),
            subtasks={str(number): part for number, part in enumerate(worth, 1)},
        )
        for label, worth in points.items()
    )


def play(
    rules: Rules,
    points: Mapping[str, float | Sequence[float]],
    stories: Mapping[str, str],
    *,
    freeze_min: float | None = None,
    duration_min: float = 300,
) -> tuple[Contest, list[ContestEvent]]:
    """A contest and all its events, judged at once, in order of time."""
    freeze_s = None if freeze_min is None else freeze_min * MINUTE
    opened = ContestOpened(
        contest_id="test", name="Test", rules=rules, duration_s=duration_min * 60, freeze_s=freeze_s
    )
    known = problems(points)
    people = tuple(Participant(participant_id=name, name=name) for name in stories)
    events: list[ContestEvent] = [] if freeze_s is None else [Froze(at_s=freeze_s)]
    for name, story in stories.items():
        for number, line in enumerate(filter(None, map(str.strip, story.split(",")))):
            events += _submission(known, name, f"{name}{number}", line)
    events.sort(key=lambda event: event.at_s)
    return Contest(opened, known, people), events


def board(
    rules: Rules, points: Mapping[str, float | Sequence[float]], stories: Mapping[str, str]
) -> Standings:
    """The final scoreboard."""
    contest, events = play(rules, points, stories)
    return standings(contest, events)


def row(rules: Rules, points: Mapping[str, float | Sequence[float]], story: str) -> BoardRow:
    """The only row of a contest with one participant."""
    return board(rules, points, {"one": story}).rows[0]


def _submission(
    known: Sequence[ContestProblem], name: str, submission_id: str, line: str
) -> list[ContestEvent]:
    label, time, verdict = line.split()
    minutes, _, seconds = time.partition(":")
    at_s = int(minutes) * MINUTE + int(seconds or 0)
    problem = next(item for item in known if item.label == label)
    made = SubmissionMade(
        at_s=at_s, submission_id=submission_id, participant_id=name, problem_id=problem.problem_id
    )
    if verdict == "-":
        return [made]
    first, _, final = verdict.partition(">")
    events: list[ContestEvent] = [made, _judged(problem, at_s, submission_id, first)]
    if final:
        judged = Judged(at_s=at_s, submission_id=submission_id, verdict=final, phase="final")
        events.append(judged)
    return events


def _judged(problem: ContestProblem, at_s: float, submission_id: str, verdict: str) -> Judged:
    if "/" in verdict:
        parts = [float(part) for part in verdict.split("/")]
        full = list(problem.subtasks.values())
        shares = {str(n): part / full[n - 1] for n, part in enumerate(parts, 1)}
        word = "AC" if parts == full else "PAC" if any(parts) else "WA"
        return Judged(
            at_s=at_s,
            submission_id=submission_id,
            verdict=word,
            score=sum(parts),
            subtasks=shares,
        )
    word, _, test = verdict.partition("#")
    return Judged(at_s=at_s, submission_id=submission_id, verdict=word, failing_test=test or None)
