"""What answers took, in the words of each API; and shared among the answers to one request."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from medalist.agent.types import Usage

_MOST_TOKENS = 10**9
"""A count beyond this is not one."""


def read_usage(usage: object) -> Usage:
    """Read an endpoint's `usage`, in the words of either API; what is missing stays None."""

    def count(*path: str) -> int | None:
        value = usage
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return int(value) if 0 <= value <= _MOST_TOKENS else None

    def first(*counts: int | None) -> int | None:
        return next((number for number in counts if number is not None), None)

    prompt = first(count("prompt_tokens"), count("input_tokens"))
    completion = first(count("completion_tokens"), count("output_tokens"))
    cached = first(
        count("prompt_tokens_details", "cached_tokens"),
        count("input_tokens_details", "cached_tokens"),
        count("prompt_cache_hit_tokens"),  # DeepSeek
        count("cached_tokens"),  # Moonshot
    )
    if cached is None and (read := count("cache_read_input_tokens")) is not None:
        # Anthropic's own sense: what was read from the cache and written to it is counted apart.
        cached = read
        if count("prompt_tokens") is None:
            prompt = (prompt or 0) + read + (count("cache_creation_input_tokens") or 0)
    written = first(
        count("cache_creation_input_tokens"),
        count("prompt_tokens_details", "cache_write_tokens"),  # OpenRouter
    )
    reasoning = first(
        count("completion_tokens_details", "reasoning_tokens"),
        count("output_tokens_details", "reasoning_tokens"),
        count("output_tokens_details", "thinking_tokens"),  # Anthropic
        count("reasoning_tokens"),  # SGLang
    )
    total = count("total_tokens")
    if total is not None and prompt is not None and total - prompt > (completion or 0):
        # Gemini leaves what was thought out of the answer's tokens, not out of the sum.
        if completion and reasoning is None:
            reasoning = total - prompt - completion
        completion = total - prompt
    return Usage(
        prompt_tokens=prompt or None,  # no prompt has no tokens
        cached_tokens=cached,
        completion_tokens=completion,
        reasoning_tokens=reasoning,
        cache_written_tokens=written,
    )


def read_cost(usage: object) -> float | None:
    """Read what an endpoint says that an answer costs (OpenRouter), in dollars."""
    cost = usage.get("cost") if isinstance(usage, dict) else None
    known = isinstance(cost, int | float) and not isinstance(cost, bool) and 0 <= cost < math.inf
    return float(cost) if known else None  # type: ignore[arg-type]


def shared(usage: Usage, weights: Sequence[tuple[int, int]], limit: int) -> list[Usage]:
    """Share the usage of a request over its answers, so that the sum stays what it is.

    Tokens of the prompt, which was computed once, are shared evenly; those of answers and thoughts
    by their lengths, without giving one more than the limit while others have less.

    Args:
        usage: Of the whole request.
        weights: For each answer, the bytes of all that was written and of its thoughts.
        limit: The most tokens of one answer.
    """
    even = [1] * len(weights)
    completion = _parts(usage.completion_tokens, [one for one, _ in weights], limit)
    reasoning = _parts(usage.reasoning_tokens, [one for _, one in weights], limit)
    prompt, cached = _parts(usage.prompt_tokens, even), _parts(usage.cached_tokens, even)
    written = _parts(usage.cache_written_tokens, even)
    return [
        replace(
            usage,
            prompt_tokens=prompt[place],
            cached_tokens=cached[place],
            cache_written_tokens=written[place],
            completion_tokens=completion[place],
            reasoning_tokens=reasoning[place],
        )
        for place in range(len(weights))
    ]


def _parts(
    total: int | None, weights: Sequence[int], most: int | None = None
) -> list[int] | list[None]:
    """Cut a number into whole parts by weight, none above `most` if they fit below it."""
    if total is None:
        return [None] * len(weights)
    if not sum(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    if most is not None and total <= most * len(parts):
        parts = [min(part, most) for part in parts]
    left = total - sum(parts)
    for place in sorted(range(len(parts)), key=lambda one: -weights[one]):
        room = left if most is None or total > most * len(parts) else most - parts[place]
        more = min(left, room) if most is not None else min(left, 1)
        parts[place] += more
        left -= more
    return parts
