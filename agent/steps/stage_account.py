"""What each stage that asks a model has used of a run: calls, tokens, dollars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import AnswerRecord, attempts_ended
from medalist.agent.llm.gate import Reservation
from medalist.agent.propose.tool_answer import UNASKED
from medalist.agent.steps.tool_records import TOOL_CALLED

STAGES = (
    *("sampling", "tools", "writing", "predicting", "checking", "separating", "reviewing"),
    "dueling",
)
"""In the order in which a run comes to them."""

_WRITING = ("generator", "validator")
_STAGE_OF = {
    "tests": "predicting",
    "checker": "checking",
    "pair": "separating",
    "duel": "dueling",
}


@dataclass(frozen=True)
class StageAccount:
    """What a stage has used.

    Attributes:
        calls: Questions that were answered.
        tokens: Tokens that count for the budget, those of failed calls included.
        cost_usd: Dollars, the same included; null where a price is not known.
        tool_calls: Of the stage `tools`, whose questions are further turns of an answer: calls of
            tools that were carried out.
    """

    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0
    tool_calls: int = 0

    def plus(self, other: StageAccount) -> StageAccount:
        """Return the sum of both."""
        unpriced = self.cost_usd is None or other.cost_usd is None
        return StageAccount(
            self.calls + other.calls,
            self.tokens + other.tokens,
            None if unpriced else (self.cost_usd or 0.0) + (other.cost_usd or 0.0),
            self.tool_calls + other.tool_calls,
        )

    @classmethod
    def of(cls, attempt: Reservation) -> StageAccount:
        """Return what one attempt has used."""
        return cls(isinstance(attempt, AnswerRecord), attempt.tokens, attempt.usd)


Accounts: TypeAlias = Mapping[str, StageAccount]
"""By stage, in the order of `STAGES`; stages that asked nothing are left out."""


def stage_of(request_id: str, problem_id: str) -> str | None:
    """Return which stage asked a question; None if it is not about the problem.

    An id is `<problem>[:<subtask>]/<prompt>/...`; one about an answer is that answer's, followed
    by `>` and the prompt.
    """
    rest = request_id.removeprefix(problem_id)
    if rest == request_id or rest[:1] not in (":", "/"):
        return None
    if rest.rpartition(">")[2].startswith("review/"):
        return "reviewing"
    if rest.rpartition(">")[2].startswith("tool/"):
        return "tools"
    kind = (*rest.split("/"), "")[1]
    if kind in _STAGE_OF:
        return _STAGE_OF[kind]
    return "writing" if kind in _WRITING else "sampling"


def stage_accounts(journal: Journal, problem_id: str) -> Accounts:
    """Return what each stage has used for a problem."""
    accounts = [
        {stage: StageAccount.of(ended.value)}
        for mark in ":/"
        for ended in attempts_ended(journal, f"{problem_id}{mark}")
        if (stage := stage_of(ended.key, problem_id)) is not None
    ]
    calls = sum(
        not entry.key.endswith(UNASKED)
        for mark in ":/"
        for entry in journal.events(TOOL_CALLED, f"{problem_id}{mark}")
    )
    if calls:
        accounts.append({"tools": StageAccount(tool_calls=calls)})
    return summed(accounts)


def summed(accounts: Iterable[Accounts]) -> Accounts:
    """Return the sum of several accounts, stage by stage."""
    totals: dict[str, StageAccount] = {}
    for account in accounts:
        for stage, used in account.items():
            totals[stage] = totals.get(stage, StageAccount()).plus(used)
    return {stage: totals[stage] for stage in STAGES if stage in totals}
