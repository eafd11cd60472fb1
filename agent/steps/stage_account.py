"""What each stage that asks a model has used of a run: calls, tokens, dollars."""

from __future__ import annotations

from dataclasses import dataclass, replace

from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import AnswerRecord, attempts_ended

STAGES = ("sampling", "writing", "reviewing", "dueling")
"""In the order in which a run comes to them."""

_WRITING = ("generator", "validator")


@dataclass(frozen=True)
class StageAccount:
    """What a stage has used.

    Attributes:
        calls: Questions that were answered.
        tokens: Tokens that count for the budget, those of failed calls included.
        cost_usd: Dollars, the same included; null where a price is not known.
    """

    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0


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
    kind = (*rest.split("/"), "")[1]
    if kind == "duel":
        return "dueling"
    return "writing" if kind in _WRITING else "sampling"


def stage_accounts(journal: Journal, problem_id: str) -> dict[str, StageAccount]:
    """Return what each stage has used for a problem; stages that asked nothing are left out."""
    found: dict[str, StageAccount] = {}
    for ended in attempts_ended(journal):
        stage = stage_of(ended.key, problem_id)
        if stage is None:
            continue
        before, attempt = found.get(stage, StageAccount()), ended.value
        unpriced = before.cost_usd is None or attempt.usd is None
        found[stage] = replace(
            before,
            calls=before.calls + isinstance(attempt, AnswerRecord),
            tokens=before.tokens + attempt.tokens,
            cost_usd=None if unpriced else (before.cost_usd or 0.0) + (attempt.usd or 0.0),
        )
    return {stage: found[stage] for stage in STAGES if stage in found}
