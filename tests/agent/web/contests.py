"""Writes contests for the tests: made up by a seed, through the same event log as real ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from medalist.agent.contest.events import (
    Bonus,
    ContestEvent,
    ContestOpened,
    Ended,
    EventLog,
    Finalized,
    Froze,
    Judged,
    ParticipantJoined,
    ProblemAdded,
    SubmissionMade,
    Unfroze,
    Worked,
)
from medalist.agent.contest.kinds import AtCoder, Codeforces, Icpc, Ioi, Rules
from medalist.agent.contest.scoreboard import ContestProblem, Participant
from medalist.agent.journal import Journal

RULES: dict[str, Rules] = {
    "icpc": Icpc(),
    "ioi": Ioi(),
    "codeforces": Codeforces(),
    "educational": Codeforces(educational=True),
    "atcoder": AtCoder(),
}
DURATION_S = 18000.0
FREEZE_S = 14400.0

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "\u202egnp.exe \x1b[31m\x07",
    "'\"><svg/onload=alert(3)>",
    "Z\u0351\u0306a\u0357\u0300l\u0314g\u0312o" + "\u0315" * 200,
    "x" * 5000,
    "=cmd|' /C calc'!A0",
)


def setting(
    kind: str = "icpc",
    participants: Sequence[str] = ("Alpha", "Beta", "Gamma", "Delta"),
    problems: Sequence[str] = ("Apples", "Bridges", "Cranes"),
    *,
    freeze: bool = True,
) -> list[ContestEvent]:
    """The first events: the contest, its problems and its participants."""
    rules = RULES[kind]
    points = 1.0 if kind in ("icpc", "educational") else 100.0
    subtasks = {"1": 30.0, "2": 70.0} if kind == "ioi" else {}
    return [
        ContestOpened(
            contest_id=f"test-{kind}",
            name=f"Test round, {kind}",
            rules=rules,
            duration_s=DURATION_S,
            freeze_s=FREEZE_S if freeze else None,
            start="2026-11-22T10:00:00+00:00",
        ),
        *(
            ProblemAdded(
                problem=ContestProblem(
                    problem_id=f"p{number}",
                    label=chr(ord("A") + number),
                    title=title,
                    points=points,
                    subtasks=subtasks,
                )
            )
            for number, title in enumerate(problems)
        ),
        *(
            ParticipantJoined(
                participant=Participant(
                    participant_id=f"t{number}",
                    name=name,
                    kind="human" if number % 2 else "medalist",
                    organization=f"{name} University" if number % 2 else None,
                    country="SWE" if number % 2 else None,
                    model=None if number % 2 else "tiny",
                )
            )
            for number, name in enumerate(participants)
        ),
    ]


def submit(
    number: int, p: int, q: int, at_s: float, verdict: str, *, score: float | None = None
) -> list[ContestEvent]:
    """A submission and, ten seconds later, its verdict."""
    submission_id = f"s{number}"
    shares = {} if score is None else {"1": min(1.0, score / 30), "2": max(0.0, (score - 30) / 70)}
    return [
        SubmissionMade(
            at_s=at_s,
            submission_id=submission_id,
            participant_id=f"t{p}",
            problem_id=f"p{q}",
            language="cpp",
            reason="largest cluster",
        ),
        Judged(
            at_s=at_s + 10,
            submission_id=submission_id,
            verdict=verdict,
            score=score,
            subtasks=shares,
        ),
    ]


def frozen_contest() -> list[ContestEvent]:
    """Alpha leads; in the freeze Beta solves two more, Gamma one after a rejection."""
    return [
        *setting(),
        *submit(1, 0, 0, 600, "AC"),
        *submit(2, 1, 0, 1200, "AC"),
        *submit(3, 0, 1, 1800, "AC"),
        Froze(at_s=FREEZE_S),
        *submit(4, 2, 0, FREEZE_S + 100, "WA"),
        *submit(5, 1, 1, FREEZE_S + 200, "AC"),
        *submit(6, 2, 0, FREEZE_S + 300, "AC"),
        *submit(7, 1, 2, FREEZE_S + 400, "AC"),
        *submit(8, 3, 2, FREEZE_S + 500, "WA"),
    ]


def happenings(
    kind: str, seed: int, *, people: int, columns: int, count: int, freeze: bool = True
) -> Iterator[ContestEvent]:
    """Random work, submissions and verdicts, then the end, in the order of time."""
    chance = random.Random(seed)
    events: list[ContestEvent] = []
    for number in range(count):
        p, q = chance.randrange(people), chance.randrange(columns)
        at_s = float(chance.randrange(0, int(DURATION_S), 10))
        verdict = chance.choice(("AC", "WA", "TLE", "CE", "RTE", "AC"))
        score = None
        if kind in ("ioi", "atcoder"):
            score = chance.choice((0.0, 30.0, 55.5, 100.0))
            verdict = "AC" if score == 100 else "PAC" if score else "WA"
        made = submit(number, p, q, at_s, verdict, score=score)
        if kind == "codeforces" and verdict == "AC" and chance.random() < 0.3:
            made.append(
                Judged(
                    at_s=DURATION_S + 60, submission_id=f"s{number}", verdict="WA", phase="final"
                )
            )
        events += made
        if number % 5 == 0:
            work = (2, 2, 1, 1)
            events.append(_worked(p, q, max(0.0, at_s - 100), at_s, work))
    if kind == "codeforces":
        events.append(Bonus(at_s=9000.0, participant_id="t1", points=150.0, reason="a hack"))
    if freeze:
        events += [Froze(at_s=FREEZE_S), Unfroze(at_s=DURATION_S + 30)]
    events += [Ended(at_s=DURATION_S), Finalized(at_s=DURATION_S + 100)]
    yield from sorted(events, key=lambda event: event.at_s)


def _worked(
    p: int, q: int, from_s: float, at_s: float, counts: tuple[int, int, int, int]
) -> Worked:
    answers, programs, passing, clusters = counts
    return Worked(
        at_s=at_s,
        participant_id=f"t{p}",
        problem_id=f"p{q}",
        from_s=from_s,
        answers=answers,
        programs=programs,
        passing=passing,
        clusters=clusters,
    )


def write(run: Path, events: Sequence[ContestEvent]) -> None:
    """Write events into the journal of a run, after those that are there."""
    with Journal.open(run) as journal:
        log = EventLog(journal)
        for event in events:
            log.append(event)
