"""One or several runs, as one report sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import Policy
from medalist.agent.report.call_summary import CallSummary
from medalist.agent.report.estimates import IntervalEstimate
from medalist.agent.report.problem_facts import ProblemFacts
from medalist.agent.report.runs import RunFacts, read_run
from medalist.agent.report.scaling import (
    Curve,
    choice_curves,
    numbers_of_candidates,
    pass_curve,
    solved_from_all,
)

SUBMISSIONS = (1, 3, 10, 50)
"""Numbers of submissions that curves and tables compare."""

_COMPARED = ("random", "largest-cluster")


@dataclass(frozen=True)
class ReportFacts:
    """What a report is made from.

    Attributes:
        runs: The runs.
        problems: Their problems; names are unique.
    """

    runs: tuple[RunFacts, ...]
    problems: tuple[ProblemFacts, ...]

    @cached_property
    def calls(self) -> CallSummary:
        """All model calls."""
        total = CallSummary()
        for run in self.runs:
            total = total.plus(run.other_calls)
            for problem in run.problems:
                total = total.plus(problem.calls)
        return total

    @cached_property
    def chosen(self) -> tuple[ProblemFacts, ...]:
        """The problems that came as far as choosing, with at least one candidate."""
        return tuple(
            problem
            for problem in self.problems
            if problem.choice is not None and problem.candidates
        )

    @cached_property
    def counts(self) -> list[int]:
        """Numbers of candidates that the curves show; empty where nothing was chosen."""
        return numbers_of_candidates(self.chosen) if self.chosen else []

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """pass@k, then n@k for growing n, by the policy of the run."""
        if not self.chosen:
            return ()
        numbers = [n for n in SUBMISSIONS if n < self.counts[-1]] or [1]
        curves = choice_curves(self.chosen, self.counts, numbers, _own_policy)
        return (pass_curve(self.chosen, self.counts), *(curves[n] for n in numbers))

    @cached_property
    def from_all(self) -> dict[str, dict[int, IntervalEstimate]]:
        """Policy to number of submissions to the share solved, choosing from all candidates."""
        if not self.chosen:
            return {}
        rows = {
            name: solved_from_all(self.chosen, SUBMISSIONS, partial(_named_policy, name))
            for name in _COMPARED
        }
        own = Counter(
            problem.choice.policy for problem in self.chosen if problem.choice
        ).most_common(1)[0][0]
        rows[own] = solved_from_all(self.chosen, SUBMISSIONS, _own_policy)
        return rows

    @property
    def complete(self) -> bool:
        """Whether every candidate's verdict is known."""
        return not any(problem.unknown for problem in self.chosen)


def _named_policy(name: str, _: ProblemFacts) -> Policy:
    return POLICIES[name]()


def _own_policy(problem: ProblemFacts) -> Policy:
    """The policy of the run; where a user's file held it, medalist's own."""
    assert problem.choice is not None
    return POLICIES.get(problem.choice.policy, POLICIES["medalist"])()


def read_facts(runs: Sequence[Path]) -> ReportFacts:
    """Read runs; a problem that several runs share is named after its run, too.

    Raises:
        BadInput: See `read_run`.
        JournalFailure: The same.
    """
    runs_facts = tuple(read_run(run) for run in dict.fromkeys(path.resolve() for path in runs))
    uses = Counter(problem.problem_id for run in runs_facts for problem in run.problems)
    labels = Counter(run.name for run in runs_facts)
    problems = [
        replace(
            problem,
            name=problem.problem_id if uses[problem.problem_id] == 1 else f"{label}/{problem.name}",
        )
        for number, run in enumerate(runs_facts, 1)
        for label in [run.name if labels[run.name] == 1 else f"{run.name} ({number})"]
        for problem in run.problems
    ]
    return ReportFacts(runs_facts, tuple(problems))
