"""One completion of the several turns of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from medalist.agent.llm.contract import Completion
from medalist.agent.types import Usage

_BYTES_A_TOKEN = 4  # of an answer, where the endpoint does not count


def whole_of(request_id: str, turns: Sequence[Completion]) -> Completion:
    """Return the last of an answer's turns, with the tokens, the cost and the time of all."""
    return replace(
        turns[-1],
        request_id=request_id,
        reasoning="\n".join(filter(None, (turn.reasoning for turn in turns))),
        usage=_sum([turn.usage for turn in turns]),
        latency_s=sum(turn.latency_s for turn in turns),
        cost_usd=_total([turn.cost_usd for turn in turns]),
        calls=(),
        kept="",
    )


def tokens_written(completion: Completion) -> int:
    """Return how many tokens a model wrote."""
    if completion.usage.completion_tokens is not None:
        return completion.usage.completion_tokens
    texts = [completion.text, completion.reasoning, *(call.arguments for call in completion.calls)]
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) // _BYTES_A_TOKEN


def _sum(usages: list[Usage]) -> Usage:
    return Usage(
        prompt_tokens=_count([usage.prompt_tokens for usage in usages]),
        cached_tokens=_count([usage.cached_tokens for usage in usages]),
        completion_tokens=_count([usage.completion_tokens for usage in usages]),
        reasoning_tokens=_count([usage.reasoning_tokens for usage in usages]),
    )


def _count(numbers: list[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _total(costs: list[float | None]) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None
