"""The state of a run, read from its journal; from another process, while it runs."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from medalist.agent.batch.driver import FAILURE
from medalist.agent.batch.plan import planned
from medalist.agent.journal import Journal
from medalist.agent.journal.plans import SOLVE, SOLVE_PLAN
from medalist.agent.llm.call_records import INTENT, AnswerRecord, attempts_ended
from medalist.agent.steps.solution_output import SOLUTION
from medalist.agent.steps.timing import PROBLEM
from medalist.errors import BadInput


@dataclass
class RunStatus:
    """The state of a run.

    Attributes:
        problems: Problem id to `done`, `failed`, `started` or `waiting`, in the plan's order.
        solved: How many of those that are done are solved.
        verdicts: Verdict of the handed-in program to number of problems, `none` included.
        failures: What broke: problem id to one line.
        sent, answered: Requests sent, and answers that came, by problem.
        candidates, tokens, cost_usd: So far; the cost is None where a price is not known.
        last: Unix time of the newest event.
    """

    problems: dict[str, str] = field(default_factory=dict)
    solved: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    cost_usd: float | None = 0.0
    last: float = 0.0

    def count(self, state: str) -> int:
        """Return how many problems are in a state."""
        return sum(problem == state for problem in self.problems.values())

    @property
    def quiet_s(self) -> float:
        """Seconds since anything was recorded."""
        return max(0.0, time.time() - self.last)


def status(journal: Journal) -> RunStatus:
    """Read the state of a run.

    Raises:
        BadInput: Nothing was planned in it: no run of `batch` or `solve`.
    """
    run_status = RunStatus(problems=dict.fromkeys(_problems(journal), "waiting"))
    newest = journal.last_raw()
    run_status.last = newest.at if newest else 0.0
    for intent in journal.events(INTENT):
        run_status.sent[_owner(intent.key)] += 1
    for end in attempts_ended(journal):
        run_status.answered[_owner(end.key)] += isinstance(end.value, AnswerRecord)
        run_status.tokens += end.value.tokens
        if run_status.cost_usd is not None:
            usd = end.value.usd
            run_status.cost_usd = None if usd is None else run_status.cost_usd + usd
    failures = {entry.key: str(entry.value) for entry in journal.events(FAILURE)}
    solutions = {entry.key: entry.value for entry in journal.events(SOLUTION)}
    for entry in journal.events(PROBLEM):
        if entry.key in run_status.problems:
            run_status.problems[entry.key] = "started"
    for name in run_status.problems:
        if name in solutions:
            run_status.problems[name] = "done"
            run_status.solved += solutions[name].solved
            run_status.verdicts[str(solutions[name].verdict or "none")] += 1
        elif name in failures:
            run_status.problems[name] = "failed"
            run_status.failures[name] = failures[name]
    return run_status


def _problems(journal: Journal) -> list[str]:
    batch = planned(journal)
    if batch is not None:
        return [problem.problem_id for problem in batch]
    alone = journal.get(SOLVE_PLAN, SOLVE)
    if alone is None or alone.problem is None:
        raise BadInput("no plan: not a run of `medalist batch`", file=journal.path.parent)
    return [alone.problem]


def _owner(request_id: str) -> str:
    """Return the problem of a request."""
    return request_id.partition("/")[0].partition(":")[0]
