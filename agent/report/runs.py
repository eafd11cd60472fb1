"""What the journal of a run holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from medalist.agent.choose.recorded_choice import choices
from medalist.agent.journal import Event, Journal
from medalist.agent.report.call_summary import CallSummary, calls_by_problem
from medalist.agent.report.problem_facts import ProblemFacts, problem_facts
from medalist.errors import BadInput


@dataclass(frozen=True)
class RunFacts:
    """A run.

    Attributes:
        name: The name of its directory.
        plan: What was asked for.
        problems: Its problems, also those that it did not come to.
        other_calls: Model calls that were about no single problem.
        began: When it was begun (UTC).
        ended: When it last chose for a problem (UTC).
        wall_s: Seconds that its sessions took; 0 where they did not note it.
    """

    name: str
    plan: Mapping[str, Any]
    problems: tuple[ProblemFacts, ...]
    other_calls: CallSummary
    began: datetime
    ended: datetime
    wall_s: float


def read_run(run: Path) -> RunFacts:
    """Read a run's journal.

    Raises:
        BadInput: No run, or one that holds no problem.
        JournalFailure: The journal cannot be read.
    """
    if not run.is_dir():
        raise BadInput("no such run", file=run, hint="a run is a directory")
    with Journal.open(run, readonly=True) as journal:
        plan = _plan(journal)
        about = {event.key: event.body for event in journal.events("problem")}
        candidates = _candidates(journal)
        views = list(journal.events("view"))
        chosen = {one.problem_id: one for one in choices(journal)} if views else {}
        planned = [str(one["id"]) for one in plan.get("problems", ())]
        names = list(dict.fromkeys([*planned, *about, *candidates, *chosen]))
        if not names:
            raise BadInput("holds no problem", file=run, hint="a run of `medalist solve`")
        calls = calls_by_problem(journal, names)
        sessions = list(journal.events("stages"))
        settled = _settled([*views, *sessions])
        stages = _seconds(sessions)
        failures = _failures(journal)
        times = [event.at for event in (*views, *sessions)]
        began = next(event.at for event in journal.events())
        return RunFacts(
            name=run.resolve().name,
            plan=plan,
            problems=tuple(
                problem_facts(
                    journal,
                    name,
                    about=about.get(name, {}),
                    candidates=candidates.get(name, ()),
                    settled=settled.get(name, 0),
                    choice=chosen.get(name),
                    calls=calls[name],
                    stages=stages.get(name, {}),
                    failure=failures.get(name),
                )
                for name in names
            ),
            other_calls=calls.get(None, CallSummary()),
            began=datetime.fromtimestamp(began, UTC),
            ended=datetime.fromtimestamp(max(times, default=began), UTC),
            wall_s=_wall_s(journal),
        )


def _plan(journal: Journal) -> dict[str, Any]:
    """What was asked for; the settings of the loop stand beside the rest."""
    found: dict[str, Any] = {}
    for event in journal.events("plan"):
        found.update(event.body)
    settings: dict[str, Any] = found.get("settings", {})
    return found | settings


def _candidates(journal: Journal) -> dict[str, list[Event]]:
    newest = {event.key: event for event in journal.events("candidate")}
    found: dict[str, list[Event]] = {}
    for event in newest.values():
        found.setdefault(str(event.body["problem"]), []).append(event)
    return found


def _settled(events: Iterable[Event]) -> dict[str, int]:
    """By problem the number of the last event that ended a look at all its candidates."""
    found: dict[str, int] = {}
    for event in events:
        found[event.key] = max(event.seq, found.get(event.key, 0))
    return found


def _seconds(sessions: Iterable[Event]) -> dict[str, Counter[str]]:
    """Seconds by problem and stage, sessions added up."""
    found: dict[str, Counter[str]] = {}
    for event in sessions:
        seconds: dict[str, Any] = event.body
        found.setdefault(event.key, Counter()).update(seconds)
    return found


def _failures(journal: Journal) -> dict[str, str]:
    """Why medalist could not go on, of problems that it did not finish later."""
    found: dict[str, str] = {}
    finished = {event.key: event.seq for event in journal.events("solution")}
    for event in journal.events("failure"):
        if event.seq > finished.get(event.key, 0):
            found[event.key] = f"{event.body['error']}: {event.body['message']}"
    return found


def _wall_s(journal: Journal) -> float:
    total = 0.0
    for event in journal.events("session"):
        body: dict[str, Any] = event.body
        total += body["seconds"]
    return total
