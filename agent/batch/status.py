"""How a run stands, read from its journal; from another process, while it runs."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from medalist.agent.batch.plan import planned
from medalist.agent.journal import Journal
from medalist.errors import BadInput

_CALLS = ("call.done", "call.failed", "call.unknown")


@dataclass
class RunStatus:
    """How a run stands.

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
        return sum(one == state for one in self.problems.values())

    @property
    def quiet_s(self) -> float:
        """Seconds since anything was recorded."""
        return max(0.0, time.time() - self.last)


def status(journal: Journal) -> RunStatus:
    """Read how a run stands.

    Raises:
        BadInput: Nothing was planned in it: no run of `batch` or `solve`.
    """
    found = RunStatus(problems=dict.fromkeys(_problems(journal), "waiting"))
    newest = journal.newest()
    found.last = newest.at if newest else 0.0
    for event in journal.events("call.intent"):
        found.sent[_owner(event.key)] += 1
    for kind in _CALLS:
        for event in journal.events(kind):
            body: dict[str, Any] = event.body
            found.answered[_owner(event.key)] += kind == "call.done"
            found.tokens += body["tokens"]
            if found.cost_usd is not None:
                found.cost_usd = None if body["usd"] is None else found.cost_usd + body["usd"]
    for state, kind in (("started", "problem"), ("failed", "failure"), ("done", "solution")):
        for event in journal.events(kind):
            if event.key not in found.problems:
                continue
            found.problems[event.key] = state
            if kind == "failure":
                found.failures[event.key] = f"{event.body['error']}: {event.body['message']}"
    for name, state in found.problems.items():
        if state == "done":
            found.failures.pop(name, None)
            solution = journal.get("solution", name)
            assert solution is not None
            found.solved += bool(solution.body["solved"])
            found.verdicts[str(solution.body["verdict"] or "none")] += 1
    return found


def _problems(journal: Journal) -> list[str]:
    batch = planned(journal)
    if batch is not None:
        return [one.problem_id for one in batch]
    alone = journal.get("plan", "solve")
    if alone is None:
        raise BadInput("no plan: not a run of `medalist batch`", file=journal.path.parent)
    return [str(alone.body["problem"])]


def _owner(request_id: str) -> str:
    """Return the problem of a request."""
    return request_id.partition("/")[0].partition(":")[0]
