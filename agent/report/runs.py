"""What the journal of a run holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from medalist.agent.batch.driver import FAILURE
from medalist.agent.batch.session_record import SESSION
from medalist.agent.choose.choice_records import VIEW
from medalist.agent.choose.recorded_choice import choices
from medalist.agent.journal import Entry, Journal
from medalist.agent.journal.plans import BATCH, BATCH_PLAN, SOLVE, SOLVE_PLAN
from medalist.agent.propose.candidate_file import CANDIDATE, CandidateRecord
from medalist.agent.report.call_summary import CallSummary, calls_by_problem
from medalist.agent.report.problem_facts import ProblemEvents, ProblemFacts, problem_facts
from medalist.agent.steps.solution_output import SOLUTION
from medalist.agent.steps.timing import PROBLEM, STAGES, ProblemRecord
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
        about = {entry.key: entry.value for entry in journal.events(PROBLEM)}
        candidates = _candidates(journal)
        views = list(journal.events(VIEW))
        chosen = {choice.problem_id: choice for choice in choices(journal)} if views else {}
        planned = [str(row["id"]) for row in plan.get("problems", ())]
        names = list(dict.fromkeys([*planned, *about, *candidates, *chosen]))
        if not names:
            raise BadInput("holds no problem", file=run, hint="a run of `medalist solve`")
        calls = calls_by_problem(journal, names)
        sessions = list(journal.events(STAGES))
        settled = _settled([*views, *sessions])
        stages = _seconds(sessions)
        failures = _failures(journal)
        times = [*(entry.at for entry in views), *(entry.at for entry in sessions)]
        began = next(event.at for event in journal.raw_events())
        return RunFacts(
            name=run.resolve().name,
            plan=plan,
            problems=tuple(
                problem_facts(
                    journal,
                    name,
                    ProblemEvents(
                        about=about.get(name, ProblemRecord()),
                        candidates=candidates.get(name, ()),
                        settled=settled.get(name, 0),
                        choice=chosen.get(name),
                        calls=calls[name],
                        stages=stages.get(name, {}),
                        failure=failures.get(name),
                    ),
                )
                for name in names
            ),
            other_calls=calls.get(None, CallSummary()),
            began=datetime.fromtimestamp(began, UTC),
            ended=datetime.fromtimestamp(max(times, default=began), UTC),
            wall_s=_wall_s(journal),
        )


def _plan(journal: Journal) -> Mapping[str, Any]:
    """What was asked for; the settings of the loop are beside the rest."""
    alone, batch = journal.get(SOLVE_PLAN, SOLVE), journal.get(BATCH_PLAN, BATCH)
    if batch is not None:
        return {**batch.given(), **batch.settings.given()}
    return {} if alone is None else alone.given()


def _candidates(journal: Journal) -> dict[str, list[Entry[CandidateRecord]]]:
    newest = {entry.key: entry for entry in journal.events(CANDIDATE)}
    candidates: dict[str, list[Entry[CandidateRecord]]] = {}
    for entry in newest.values():
        candidates.setdefault(entry.value.problem, []).append(entry)
    return candidates


def _settled(entries: Iterable[Entry[Any]]) -> dict[str, int]:
    """By problem the number of the last event that ended a look at all its candidates."""
    last: dict[str, int] = {}
    for entry in entries:
        last[entry.key] = max(entry.seq, last.get(entry.key, 0))
    return last


def _seconds(sessions: Iterable[Entry[dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Seconds by problem and stage, sessions added up."""
    totals: dict[str, dict[str, float]] = {}
    for entry in sessions:
        total = totals.setdefault(entry.key, {})
        for stage, seconds in entry.value.items():
            total[stage] = total.get(stage, 0.0) + seconds
    return totals


def _failures(journal: Journal) -> dict[str, str]:
    """Why medalist could not continue, of problems that it did not finish later."""
    finished = {entry.key: entry.seq for entry in journal.events(SOLUTION)}
    return {
        entry.key: str(entry.value)
        for entry in journal.events(FAILURE)
        if entry.seq > finished.get(entry.key, 0)
    }


def _wall_s(journal: Journal) -> float:
    return sum((entry.value.seconds for entry in journal.events(SESSION)), 0.0)
