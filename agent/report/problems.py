"""What the journal of a run holds of each of its problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from medalist.agent.choose.recorded import RecordedChoice, choices
from medalist.agent.choose.replay import gains
from medalist.agent.evidence.table import Table
from medalist.agent.journal import Event, Journal
from medalist.agent.report.account import account
from medalist.agent.report.calls import Calls, calls_by_problem
from medalist.agent.words import Behaviour
from medalist.errors import BadInput
from medalist.problems.model import Equality

State = Literal["solved", "partial", "rejected", "not judged", "no program", "unfinished", "failed"]

NO_PROGRAM, NO_BUILD, NOT_JUDGED = "no program", "does not compile", "not judged"
"""What became of a candidate without a verdict."""


@dataclass(frozen=True)
class ProblemFacts:
    """One problem of a run.

    Attributes:
        name: Its id, with the run's name before it where runs share ids.
        about: What the run noted of it: `title`, `difficulty`, `kind`, `source`, `license` ...
        state: How it ended; `not judged` means that nothing was submitted, `failed` that
            medalist itself could not go on, and `failure` says why.
        gained: Share of its points held at the end.
        verdicts: The verdict on each submission.
        candidates: How many completions it got.
        fates: What became of them: a verdict of the judge, or why there is none.
        calls: What its model calls used.
        stages: Seconds in each stage, all sessions together.
        evidence_cpu_s: CPU seconds of its programs on samples and evidence inputs.
        failed_runs: Kind of failure to the programs that failed so on some such input.
        choice: What was recorded for choosing; None where it never came so far.
        account: See `account`; None where it never came so far.
    """

    name: str
    problem_id: str
    about: Mapping[str, Any]
    state: State
    gained: float
    verdicts: tuple[str, ...]
    candidates: int
    fates: Counter[str]
    calls: Calls
    stages: Mapping[str, float]
    evidence_cpu_s: float
    failed_runs: Counter[str]
    choice: RecordedChoice | None
    account: Mapping[str, Any] | None
    failure: str | None

    @property
    def title(self) -> str:
        """Its title, else its id."""
        return self.about.get("title") or self.problem_id

    @property
    def right(self) -> int:
        """How many candidates the judge accepted (or would: it accepted an equal program)."""
        return self.fates["AC"]

    @property
    def unknown(self) -> int:
        """How many candidates hold a program that was never judged."""
        return self.fates[NOT_JUDGED]


@dataclass(frozen=True)
class RunFacts:
    """A run: its directory's name, its problems, its plan, and when it went on (UTC)."""

    name: str
    plan: Mapping[str, Any]
    problems: tuple[ProblemFacts, ...]
    other_calls: Calls
    began: datetime
    ended: datetime


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
        views = {event.key: event for event in journal.events("view")}
        chosen = {one.problem_id: one for one in choices(journal)} if views else {}
        names = list(dict.fromkeys([*_planned(plan), *about, *candidates, *chosen]))
        if not names:
            raise BadInput("holds no problem", file=run, hint="a run of `medalist solve`")
        calls = calls_by_problem(journal, names)
        finished = {event.key: event for event in journal.events("stages")}
        ends = [*views.values(), *finished.values()]
        settled: dict[str, int] = {}
        for event in ends:
            settled[event.key] = max(event.seq, settled.get(event.key, 0))
        stages = _stages(journal)
        failures = _failed(journal)
        problems = tuple(
            _problem(
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
        )
        began = next(event.at for event in journal.events())
        return RunFacts(
            name=run.resolve().name,
            plan={
                name: value for one in journal.events("plan") for name, value in one.body.items()
            },
            problems=problems,
            other_calls=calls.get(None, Calls()),
            began=datetime.fromtimestamp(began, UTC),
            ended=datetime.fromtimestamp(max((one.at for one in ends), default=began), UTC),
        )


def _plan(journal: Journal) -> dict[str, Any]:
    """What was asked for; the settings of the loop stand beside the rest."""
    found: dict[str, Any] = {}
    for event in journal.events("plan"):
        found.update(event.body)
    return found | found.get("settings", {})


def _planned(plan: Mapping[str, Any]) -> list[str]:
    return [str(one["id"]) for one in plan.get("problems", ())]


def _failed(journal: Journal) -> dict[str, str]:
    """Why medalist could not go on, of problems that it did not finish later."""
    found: dict[str, str] = {}
    solved_at = {event.key: event.seq for event in journal.events("solution")}
    for event in journal.events("failure"):
        if event.seq > solved_at.get(event.key, 0):
            found[event.key] = f"{event.body['error']}: {event.body['message']}"
    return found


def _candidates(journal: Journal) -> dict[str, list[Event]]:
    newest = {event.key: event for event in journal.events("candidate")}
    found: dict[str, list[Event]] = {}
    for event in newest.values():
        found.setdefault(str(event.body["problem"]), []).append(event)
    return found


def _stages(journal: Journal) -> dict[str, Counter[str]]:
    """Seconds by problem and stage, sessions added up."""
    found: dict[str, Counter[str]] = {}
    for event in journal.events("stages"):
        seconds: dict[str, Any] = event.body
        found.setdefault(event.key, Counter()).update(seconds)
    return found


def _problem(
    journal: Journal,
    name: str,
    *,
    about: Mapping[str, Any],
    candidates: Sequence[Event],
    settled: int,
    choice: RecordedChoice | None,
    calls: Calls,
    stages: Mapping[str, float],
    failure: str | None,
) -> ProblemFacts:
    table = None if choice is None else Table(choice.suite, Equality(), journal)
    rows = [] if table is None else [table.behaviour(one) for one in table.programs]
    held = [] if choice is None else gains(choice.history, choice.rules)
    return ProblemFacts(
        name=name,
        problem_id=name,
        about=about,
        state="failed" if failure else _state(choice, held),
        gained=held[-1] if held else 0.0,
        verdicts=() if choice is None else tuple(one.verdict for _, one in choice.history),
        candidates=len(candidates),
        fates=_fates(candidates, choice, settled),
        calls=calls,
        stages=stages,
        evidence_cpu_s=sum(sum(row.cpu_s) for row in rows),
        failed_runs=Counter(kind for row in rows for kind in _failures(row)),
        choice=choice,
        account=None if choice is None or table is None else account(choice, table),
        failure=failure,
    )


def _state(choice: RecordedChoice | None, held: Sequence[float]) -> State:
    if choice is None:
        return "unfinished"
    if not choice.history:
        return "not judged" if choice.view.programs else "no program"
    if any(feedback.solved for _, feedback in choice.history):
        return "solved"
    return "partial" if held[-1] > 0 else "rejected"


def _fates(
    candidates: Sequence[Event], choice: RecordedChoice | None, settled: int
) -> Counter[str]:
    """What became of each candidate.

    One whose program was compiled, but is not among those chosen from, did not compile.
    `settled` is the number of the event by which all candidates before it were compiled.
    """
    program_of = {
        candidate: one.program_id
        for one in (choice.view.programs if choice else ())
        for candidate in one.candidates
    }
    labels = choice.labels if choice else {}
    fates: Counter[str] = Counter()
    for event in candidates:
        program = program_of.get(event.key)
        if program in labels:
            fates[labels[program].verdict] += 1
        elif event.body["source"] is None:
            fates[NO_PROGRAM] += 1
        elif program is None and event.seq < settled:
            fates[NO_BUILD] += 1
        else:
            fates[NOT_JUDGED] += 1
    return fates


def _failures(row: Behaviour) -> set[str]:
    return {key[1:] for key in row.keys if key is not None and key.startswith("!")}
