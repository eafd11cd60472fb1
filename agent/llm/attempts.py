"""One attempt at a request: room in the gate, intent in the journal, sending, recording."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import NamedTuple

from medalist.agent.llm.attempt import AttemptFailed, MoreRoom
from medalist.agent.llm.contract import Completion, Request
from medalist.agent.llm.gate import NOTHING, Gate, Reservation, charge
from medalist.agent.llm.lease import CoreLease
from medalist.agent.llm.ledger import Ledger
from medalist.agent.llm.route import Route
from medalist.errors import BudgetExhausted

log = logging.getLogger(__name__)


class Turn(NamedTuple):
    """Which attempt at a request it is.

    Attributes:
        attempt: Its number, from 1.
        ticket: Of the route's quotas, if it has any.
        again: It is asked again because the answer before was cut while thinking.
    """

    attempt: int
    ticket: int | None = None
    again: bool = False


class Attempts:
    """Sends requests, each once, and accounts for them. Used from one event loop."""

    def __init__(self, gate: Gate, ledger: Ledger, lease: CoreLease) -> None:
        """`lease` is held while a request is in flight, where the model runs on this machine."""
        self._gate, self._ledger, self._lease = gate, ledger, lease

    async def once(
        self, route: Route, request: Request, resolved: Request, turn: Turn
    ) -> Completion:
        """Send a request once, as it is `resolved`.

        Raises:
            AttemptFailed: There was no usable answer.
            MoreRoom: It was cut while thinking, and the limit has been raised meanwhile; not if
                it was asked again for that.
        """
        attempt, ticket, again = turn
        claim = route.claim(resolved)
        used, sent, away, along = NOTHING, False, route.is_away, False
        try:
            await self._gate.admit(claim, request.leave)
            try:
                await self._ledger.intent(request, route.backend.name, attempt, claim)
                used, sent = claim, True
                completion, used, along = await self._send(route, resolved, claim)
                limit, now = resolved.max_tokens or 0, route.resolved(request).max_tokens or 0
                if completion.cut_while_thinking and limit < now and not again:
                    why = f"cut while thinking after {limit} tokens, retried with {now}"
                    await self._ledger.failed(request.request_id, why, used, thinks=True)
                    raise MoreRoom(why)
                await self._ledger.done(completion, used, along=along)
                return completion
            except AttemptFailed as error:
                # One that was away before, and still is, has done no work.
                used = claim if error.charged and not (away and error.outage) else NOTHING
                await self._ledger.failed(request.request_id, error.message, used)
                if used.tokens:
                    error.message += f" ({used} counted)"
                raise
            finally:
                self._gate.settle(claim, used, along=along)
                for line in route.backend.news():
                    self._ledger.adapted(route.backend.name, line)
                    log.warning("%s", line)
        finally:
            if route.quota is not None and ticket is not None:
                route.quota.settle(ticket, used.tokens, sent=sent, along=along)

    async def _send(
        self, route: Route, request: Request, claim: Reservation
    ) -> tuple[Completion, Reservation, bool]:
        try:
            async with asyncio.timeout(self._gate.seconds_left()):
                async with self._lease.hold_async("model"):
                    started = time.monotonic()
                    answer = await route.backend.answer(request)
        except (asyncio.CancelledError, TimeoutError) as error:
            if request.request_id not in route.backend.asked:
                self._ledger.unknown(request.request_id, claim)
            if isinstance(error, TimeoutError):
                raise BudgetExhausted(self._gate.time_is_over()) from error
            raise
        used = charge(answer, route.price, claim)
        route.succeeded(request, answer, claim, used)
        if route.dead is not None:
            log.warning("%s", route.dead)
        completion = Completion(
            request_id=request.request_id,
            text=answer.text,
            reasoning=answer.reasoning,
            finish=answer.finish,
            usage=answer.usage,
            model=answer.model,
            latency_s=answer.latency_s if answer.recorded else time.monotonic() - started,
            cost_usd=used.usd,
            calls=answer.calls,
            kept=answer.kept,
            logprobs=answer.logprobs,
        )
        return completion, used, answer.along
