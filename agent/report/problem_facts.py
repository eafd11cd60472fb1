"""What the journal of a run holds of one problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from medalist.agent.choose.policy_replay import gains
from medalist.agent.choose.recorded_choice import RecordedChoice
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.journal import Entry, Journal
from medalist.agent.propose.candidate_file import CandidateRecord
from medalist.agent.report.account import account
from medalist.agent.report.call_summary import CallSummary
from medalist.agent.steps.allocating import AllocationRecord, allocated
from medalist.agent.steps.timing import ProblemRecord
from medalist.agent.types import Behaviour
from medalist.problems.model import Equality

State = Literal["solved", "partial", "rejected", "not judged", "no program", "unfinished", "failed"]

NO_PROGRAM, NO_BUILD, NOT_JUDGED = "no program", "does not compile", "not judged"
"""What became of a candidate without a verdict."""


@dataclass(frozen=True)
class ProblemFacts:
    """One problem of a run.

    Attributes:
        name: Its id, with the run's name before it where runs share ids.
        about: What the run noted of it.
        state: How it ended; `not judged` means that nothing was submitted, `failed` that
            medalist itself could not continue, and `failure` says why.
        gained: Share of its points held at the end.
        verdicts: The verdict on each submission.
        candidates: How many completions it got.
        fates: Their outcome: a verdict of the judge, or why there is none.
        calls: What its model calls used.
        stages: Seconds in each stage, all sessions together.
        evidence_cpu_s: CPU seconds of its programs on samples and evidence inputs.
        failed_runs: Kind of failure to the programs that failed so on some such input.
        choice: What was recorded for choosing; None where it never came so far.
        account: See `account`; None where it never came so far.
        allocation: What an allocation decided on it, in order.
    """

    name: str
    problem_id: str
    about: ProblemRecord
    state: State
    gained: float
    verdicts: tuple[str, ...]
    candidates: int
    fates: Counter[str]
    calls: CallSummary
    stages: Mapping[str, float]
    evidence_cpu_s: float
    failed_runs: Counter[str]
    choice: RecordedChoice | None
    account: Mapping[str, Any] | None
    failure: str | None
    allocation: tuple[AllocationRecord, ...] = ()

    @property
    def title(self) -> str:
        """Its title, else its id."""
        return self.about.title or self.problem_id

    @property
    def right(self) -> int:
        """How many candidates the judge accepted (or would: it accepted an equal program)."""
        return self.fates["AC"]

    @property
    def unknown(self) -> int:
        """How many candidates hold a program that was never judged."""
        return self.fates[NOT_JUDGED]


@dataclass(frozen=True)
class ProblemEvents:
    """What a journal holds of one problem, before it is summed up.

    Attributes:
        about, choice, calls, stages, failure: See `ProblemFacts`.
        candidates: What is recorded of each candidate.
        settled: The number of the last event that was written once all candidates before it
            were compiled and run.
    """

    about: ProblemRecord
    candidates: Sequence[Entry[CandidateRecord]]
    settled: int
    choice: RecordedChoice | None
    calls: CallSummary
    stages: Mapping[str, float]
    failure: str | None


def problem_facts(journal: Journal, name: str, seen: ProblemEvents) -> ProblemFacts:
    """Sum up what is recorded of a problem.

    Args:
        journal: For the outcomes of its programs.
        name: Its id.
        seen: What is recorded of it.
    """
    choice = seen.choice
    table = None if choice is None else BehaviourTable(choice.suite, Equality(), journal)
    rows = [] if table is None else [table.behaviour(program) for program in table.programs]
    held = [] if choice is None else gains(choice.history, choice.rules)
    return ProblemFacts(
        name=name,
        problem_id=name,
        about=seen.about,
        state=_state(choice, held, seen.failure),
        gained=held[-1] if held else 0.0,
        verdicts=() if choice is None else tuple(one.verdict for _, one in choice.history),
        candidates=len(seen.candidates),
        fates=_fates(seen.candidates, choice, seen.settled),
        calls=seen.calls,
        stages=seen.stages,
        evidence_cpu_s=sum(sum(row.cpu_s) for row in rows),
        failed_runs=Counter(kind for row in rows for kind in _failures(row)),
        choice=choice,
        account=None if choice is None or table is None else account(choice, table),
        failure=seen.failure,
        allocation=tuple(allocated(journal, name)),
    )


def _state(choice: RecordedChoice | None, held: Sequence[float], failure: str | None) -> State:
    if choice and any(feedback.solved for _, feedback in choice.history):
        return "solved"
    if failure:
        return "failed"
    if choice is None:
        return "unfinished"
    if not choice.history:
        return "not judged" if choice.view.programs else "no program"
    return "partial" if held[-1] > 0 else "rejected"


def _fates(
    candidates: Sequence[Entry[CandidateRecord]], choice: RecordedChoice | None, settled: int
) -> Counter[str]:
    """What became of each candidate.

    One whose program was compiled, but is not among those chosen from, did not compile.
    """
    program_of = {
        name: program.program_id
        for program in (choice.view.programs if choice else ())
        for name in program.candidates
    }
    labels = choice.labels if choice else {}
    fates: Counter[str] = Counter()
    for candidate in candidates:
        program = program_of.get(candidate.key)
        if program is not None and program in labels:
            fates[labels[program].verdict] += 1
        elif candidate.value.source is None:
            fates[NO_PROGRAM] += 1
        elif program is None and candidate.seq < settled:
            fates[NO_BUILD] += 1
        else:
            fates[NOT_JUDGED] += 1
    return fates


def _failures(row: Behaviour) -> set[str]:
    return {key.failure for key in row.keys if key is not None and key.failure is not None}
