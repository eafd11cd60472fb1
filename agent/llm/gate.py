"""The gate that every model call passes: nothing is sent that the caps could not pay for.

A call is admitted with a `Reservation`, the most it can use. Until it is settled with what it
really used, the reservation counts as spent; so at no moment is more committed than the caps allow,
whatever the endpoint does, as long as it honours its own token limit.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace

from medalist.agent.llm.attempt import AttemptAnswer
from medalist.agent.llm.contract import Budget, Request, Spent
from medalist.agent.llm.prices import Price
from medalist.agent.llm.shared_cap import SharedCap
from medalist.errors import BudgetExhausted

# Chat templates put a few tokens around each message, and some add a default system message.
_TOKENS_AROUND_MESSAGE = 16
_TOKENS_AROUND_PROMPT = 64


@dataclass(frozen=True)
class Reservation:
    """What one call can use at most, or has used.

    Attributes:
        tokens: Tokens, of prompt and answer together.
        usd: Dollars; None without a known price.
    """

    tokens: int
    usd: float | None

    def __str__(self) -> str:
        """Say it for people."""
        return f"{self.tokens} tokens" + (f", {self.usd:.4f} dollars" if self.usd else "")


NOTHING = Reservation(0, 0.0)


def claim_for(request: Request, price: Price | None, token_limit: int) -> Reservation:
    """Return the most a request can use, if the answer has at most `token_limit` tokens.

    No tokeniser is needed: a token stands for at least one byte of UTF-8.
    """
    parts = len(request.messages) + len(request.tools)
    parts += sum(len(message.calls) for message in request.messages)
    prompt = _TOKENS_AROUND_PROMPT + _TOKENS_AROUND_MESSAGE * parts + request.prompt_bytes
    usd = None if price is None else price.at_most(prompt, token_limit)
    return Reservation(prompt + token_limit, usd)


def charge(answer: AttemptAnswer, price: Price | None, claim: Reservation) -> Reservation:
    """Return what an answer counts for; where its tokens are not known, the whole claim."""
    usage = answer.usage
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        tokens, usd = claim.tokens, claim.usd
    else:
        tokens = usage.prompt_tokens + usage.completion_tokens
        usd = None if price is None else price.of(usage)
    if answer.recorded or price is None:
        usd = answer.cost_usd  # what it cost then, or what the endpoint says itself
    return Reservation(tokens, usd)


class Gate:
    """Counts what a run has used and what is in flight. Used from one event loop."""

    def __init__(self, budget: Budget, earlier: Spent, shared: SharedCap | None = None) -> None:
        """Open the gate.

        Args:
            budget: Caps of the run.
            earlier: What past sessions of the run have used.
            shared: A cap on this run and others together.
        """
        self._shared = shared
        if shared is not None:
            shared.join(self)
        self.budget = budget
        self._deadline = None if budget.seconds is None else time.monotonic() + budget.seconds
        self.spent = earlier
        self.tokens_in_flight = 0
        self._settled = asyncio.Event()

    async def admit(self, claim: Reservation, leave: float = 0.0) -> None:
        """Wait until the claim fits beside what is in flight, and count it.

        Args:
            claim: The most that the call can use.
            leave: The share of every cap that this call leaves to others.

        Raises:
            BudgetExhausted: It does not fit, and nothing in flight can make room for it.
        """
        while (why := self._obstacle(claim, leave)) is not None:
            if self.spent.in_flight == 0 or self._late(leave):
                raise BudgetExhausted(why)
            await self._settled.wait()
        self.tokens_in_flight += claim.tokens
        self.spent = replace(
            self.spent,
            requests=self.spent.requests + 1,
            in_flight=self.spent.in_flight + 1,
            in_flight_usd=self.spent.in_flight_usd + (claim.usd or 0.0),
        )

    def settle(self, claim: Reservation, used: Reservation, *, along: bool = False) -> None:
        """Replace an admitted claim by what the call really used.

        An answer that came `along` with another one was no request of its own.
        """
        self.tokens_in_flight -= claim.tokens
        in_flight = self.spent.in_flight - 1
        known = self.spent.usd is not None and used.usd is not None
        self.spent = replace(
            self.spent,
            usd=(self.spent.usd or 0.0) + (used.usd or 0.0) if known else None,
            tokens=self.spent.tokens + used.tokens,
            requests=self.spent.requests - along,
            in_flight=in_flight,
            # With nothing in flight the sum is exactly nothing, whatever rounding has left.
            in_flight_usd=self.spent.in_flight_usd - (claim.usd or 0.0) if in_flight else 0.0,
        )
        self._settled.set()
        self._settled = asyncio.Event()

    def seconds_left(self) -> float | None:
        """Return the time left, None without a cap on it."""
        return None if self._deadline is None else self._deadline - time.monotonic()

    def time_is_over(self) -> str:
        """Say that the time is over."""
        return f"the time of {self.budget.seconds:g} s is over"

    def _late(self, leave: float) -> bool:
        left = self.seconds_left()
        return left is not None and left <= leave * (self.budget.seconds or 0.0)

    def _obstacle(self, claim: Reservation, leave: float) -> str | None:
        """Return which cap the claim would break, in words."""
        why = self._too_much(claim, leave)
        return why if why is None or not leave else f"{why} ({leave:.0%} is left to later stages)"

    def _too_much(self, claim: Reservation, leave: float) -> str | None:
        cap, spent = self.budget, self.spent
        if self._late(leave):
            return self.time_is_over()
        why = _too_much(_left(cap, leave), spent, self.tokens_in_flight, claim)
        if why is None and self._shared is not None:
            shared = _left(self._shared.budget, leave)
            why = _too_much(shared, *self._shared.used(), claim)
        return why


def _left(cap: Budget, leave: float) -> Budget:
    """Return the caps without the share that is left to others."""
    if not leave:
        return cap
    share = 1 - leave
    return replace(
        cap,
        usd=None if cap.usd is None else share * cap.usd,
        tokens=None if cap.tokens is None else int(share * cap.tokens),
        requests=None if cap.requests is None else int(share * cap.requests),
    )


def _too_much(cap: Budget, spent: Spent, tokens_in_flight: int, claim: Reservation) -> str | None:
    """Return which cap on requests, tokens or dollars a claim would break, in words."""
    if cap.requests is not None and spent.requests >= cap.requests:
        return f"the cap of {cap.requests} requests is reached"
    tokens = spent.tokens + tokens_in_flight
    if cap.tokens is not None and tokens + claim.tokens > cap.tokens:
        return (
            f"the cap of {cap.tokens} tokens is reached: {spent.tokens} used, "
            f"the next request may take {claim.tokens}"
        )
    if cap.usd is not None and spent.usd is not None and claim.usd is not None:
        usd = spent.usd + spent.in_flight_usd
        if usd + claim.usd > cap.usd:
            return (
                f"the cap of {cap.usd:.2f} dollars is reached: {spent.usd:.4f} spent, "
                f"the next request may cost {claim.usd:.4f}"
            )
    return None
