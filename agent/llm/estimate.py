"""What asking would cost, before anything is asked (`--dry-run`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from medalist.agent.llm.prices import Price, find_price
from medalist.agent.llm.profiles import profile_for
from medalist.agent.llm.types import Request
from medalist.agent.llm.wording import token_limit

# Tokenisers of current models take 2 bytes (dense mathematics, Chinese) to 6 bytes (plain
# English) a token; a chat template adds 5 to 40 tokens.
_BYTES_A_TOKEN = (6.0, 2.0)
_TEMPLATE_TOKENS = (5, 40)
# 146 recorded answers of the embedded model to easy problems have 24 to 600 tokens.
_SHORTEST_ANSWER = 20


@dataclass(frozen=True)
class Estimate:
    """Calls, and from how many to how many tokens and dollars; no repetition is counted in.

    `usd` is None where no price is known.
    """

    calls: int
    tokens: tuple[int, int]
    usd: tuple[float, float] | None

    def __str__(self) -> str:
        """Say it in one line."""
        low, high = self.tokens
        money = (
            "price unknown" if self.usd is None else "{:.4f} to {:.4f} dollars".format(*self.usd)
        )
        return f"{self.calls} calls, {low} to {high} tokens, {money}"


def estimate(requests: Iterable[Request], model: str, price: Price | None = None) -> Estimate:
    """Estimate what the answers of a model to all these requests take.

    Args:
        requests: What would be asked; nothing is sent.
        model: Its name, by which its price and its allowance for reasoning are found.
        price: In the place of the one that is found.
    """
    price = price or find_price(model)
    profile = profile_for(model, {})
    calls = 0
    prompt, answer = [0.0, 0.0], [0, 0]
    for request in requests:
        calls += 1
        size = sum(len(m.content.encode("utf-8", "surrogatepass")) for m in request.messages)
        for end in (0, 1):
            prompt[end] += size / _BYTES_A_TOKEN[end] + _TEMPLATE_TOKENS[end]
        answer[0] += min(_SHORTEST_ANSWER, request.max_tokens)
        answer[1] += token_limit(profile, request)
    tokens = (round(prompt[0] + answer[0]), round(prompt[1] + answer[1]))
    if price is None:
        return Estimate(calls, tokens, None)
    # At best all of the prompt comes from a cache.
    low = (prompt[0] * min(price.cached, price.prompt) + answer[0] * price.completion) / 1e6
    return Estimate(calls, tokens, (low, price.at_most(round(prompt[1]), answer[1])))
