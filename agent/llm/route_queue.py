"""Waiting for a route that a request may be sent on: pauses, quotas and outages."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence

from medalist.agent.llm.contract import Request
from medalist.agent.llm.gate import Gate
from medalist.agent.llm.route import Route, choose
from medalist.errors import BudgetExhausted

LONGEST_WAIT_S = 3600.0  # a longer pause ends the session; the run resumes later


class RouteQueue:
    """Finds routes for requests. Used from one event loop."""

    def __init__(self, name: str, routes: Sequence[Route], gate: Gate) -> None:
        """`name` is the model's; the gate says how long there is time to wait."""
        self._name, self._routes, self._gate = name, routes, gate
        self._ended = asyncio.Event()

    def attempt_ended(self) -> None:
        """Wake up those that wait for the end of another attempt."""
        self._ended.set()
        self._ended = asyncio.Event()

    async def find(self, request: Request, not_before: float) -> tuple[Route, int | None]:
        """Wait for a route; count the request in its load and, with a ticket, in its quotas."""
        while True:
            now = asyncio.get_running_loop().time()
            if not_before > now:
                route, ready_at = None, not_before
            else:
                route, ready_at = choose(self._routes, now)
            if route is not None:
                ticket, wait = None, 0.0
                if route.quota is not None:
                    ticket, wait = route.quota.take(route.claim(request).tokens)
                if wait == 0.0:
                    route.in_flight += 1
                    return route, ticket
                route.quiet_until = max(route.quiet_until, now + wait)
                continue
            await self._pause(ready_at - now)

    async def _pause(self, wait: float) -> None:
        """Wait this long, or until an attempt has ended if the duration is unknown."""
        if math.isinf(wait):
            await self._ended.wait()
            return
        left = self._gate.seconds_left()
        if wait > LONGEST_WAIT_S or (left is not None and wait > left):
            until = time.strftime("%Y-%m-%d %H:%M", time.localtime(time.time() + wait))
            raise BudgetExhausted(
                f"{self._name} cannot be asked for another {wait:.0f} s (until {until}), "
                "because of its quotas or of pauses it asks for"
            )
        await asyncio.sleep(wait)
