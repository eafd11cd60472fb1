"""What asking would cost, before anything is asked (`--dry-run`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from medalist.agent.llm.attempt import SMALL_TOKENS
from medalist.agent.llm.contract import Request
from medalist.agent.llm.prices import Price

# Tokenisers of current models take 2 bytes (dense mathematics, Chinese) to 6 bytes (plain
# English) a token; a chat template adds 5 to 40 tokens.
_BYTES_A_TOKEN = (6.0, 2.0)
_TEMPLATE_TOKENS = (5, 40)
# 315 recorded answers of the embedded model have 24 to 600 tokens.
_SHORTEST_ANSWER = 20


@dataclass(frozen=True)
class CostEstimate:
    """From how many to how many calls, tokens and dollars; no repetition is counted in.

    `usd` is None where no price is known.
    """

    calls: tuple[int, int]
    tokens: tuple[int, int]
    usd: tuple[float, float] | None

    def __str__(self) -> str:
        """Say it in one line."""
        money = "price unknown"
        if self.usd is not None:
            money = "{:.4f} to {:.4f} dollars".format(*self.usd)
        return f"{span(self.calls)} calls, {span(self.tokens)} tokens, {money}"

    def __add__(self, other: CostEstimate) -> CostEstimate:
        """Estimate both, one after the other."""
        usd = None
        if self.usd is not None and other.usd is not None:
            usd = (self.usd[0] + other.usd[0], self.usd[1] + other.usd[1])
        return CostEstimate(
            (self.calls[0] + other.calls[0], self.calls[1] + other.calls[1]),
            (self.tokens[0] + other.tokens[0], self.tokens[1] + other.tokens[1]),
            usd,
        )

    def __or__(self, other: CostEstimate) -> CostEstimate:
        """Estimate either, when nobody knows which (several endpoints share the requests)."""
        usd = None
        if self.usd is not None and other.usd is not None:
            usd = (min(self.usd[0], other.usd[0]), max(self.usd[1], other.usd[1]))
        return CostEstimate(
            (min(self.calls[0], other.calls[0]), max(self.calls[1], other.calls[1])),
            (min(self.tokens[0], other.tokens[0]), max(self.tokens[1], other.tokens[1])),
            usd,
        )


def span(ends: tuple[int, int]) -> str:
    """Say from where to where, or how much where both ends are equal."""
    low, high = ends
    return f"{low}" if low == high else f"{low} to {high}"


def estimate(
    requests: Sequence[Request],
    price: Price | None,
    *,
    limit: Callable[[Request], int] | None = None,
    surely: int | None = None,
) -> CostEstimate:
    """Estimate what the answers to these requests take.

    Args:
        requests: What would be asked; nothing is sent.
        price: The model's price, None if it is not known.
        limit: Says the most tokens that the answer to a request may have, thinking included;
            None takes each request's own limit.
        surely: How many of them, from the first, are asked in any case; None for all.
    """
    limit = limit or (lambda request: request.max_tokens or SMALL_TOKENS)
    least = len(requests) if surely is None else surely
    prompt, answer = [0.0, 0.0], [0, 0]
    for number, request in enumerate(requests):
        size = request.prompt_bytes
        for end in (0, 1) if number < least else (1,):
            prompt[end] += size / _BYTES_A_TOKEN[end] + _TEMPLATE_TOKENS[end]
        if number < least:
            answer[0] += min(_SHORTEST_ANSWER, limit(request))
        answer[1] += limit(request)
    calls = (least, len(requests))
    tokens = (round(prompt[0] + answer[0]), round(prompt[1] + answer[1]))
    if price is None:
        return CostEstimate(calls, tokens, None)
    # At best all of the prompt comes from a cache.
    low = (prompt[0] * min(price.cached, price.prompt) + answer[0] * price.completion) / 1e6
    return CostEstimate(calls, tokens, (low, price.at_most(round(prompt[1]), answer[1])))
