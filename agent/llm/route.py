"""A backend with all that is kept for it: price, load, pauses and the circuit breaker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed, ModelBackend
from medalist.agent.llm.contract import Request
from medalist.agent.llm.gate import Reservation, claim_for
from medalist.agent.llm.prices import Price
from medalist.agent.llm.quota import Quota
from medalist.errors import ModelFailure

FAILURES_TO_TRIP = 5
TRIPS_TO_DIE = 3
PATIENCE_S = 600.0
"""How long an endpoint that is away is waited for."""
LONGEST_REST = 7.5
"""An outage's longest rest between two looks whether it is over, in first rests after a trip."""


def doubled(times: int) -> float:
    """Return 2 to a power without overflow: an outage may last for a thousand tries."""
    return 2.0 ** min(times, 60)


@dataclass(frozen=True)
class RouteUse:
    """How a route is used.

    Attributes:
        weight: Its share of the requests, where there are several.
        rest_s: The rest after its breaker has tripped for the first time.
        patience_s: How long it is waited for while it is away.
    """

    weight: float = 1.0
    rest_s: float = 4.0
    patience_s: float = PATIENCE_S


class Route:
    """One way to an answer. Used from one event loop.

    The breaker trips when several attempts in a row fail: then the route rests, twice as long
    each time, and afterwards one request alone tries it. Tripped three times without an answer
    in between, or found useless (wrong key, ignored token limit), it is dead.

    An endpoint that has answered and then is away (see `AttemptFailed.outage`) is waited for,
    up to `patience_s`: meanwhile one request at a time tries it, and none is given up.
    """

    def __init__(
        self,
        backend: ModelBackend,
        *,
        price: Price | None,
        quota: Quota | None = None,
        use: RouteUse = RouteUse(),
    ) -> None:
        """Make one that nothing has been sent on."""
        self.backend = backend
        self.price = price
        self.quota = quota
        self.in_flight = 0
        self.quiet_until = 0.0
        self.dead: ModelFailure | None = None
        self._weight = use.weight
        self._rest_s = use.rest_s
        self._failures = 0
        self._trips = 0
        self._tripped_at = -math.inf
        self._patience_s = use.patience_s
        self._worked = False
        self._away_since: float | None = None
        self._news: list[str] = []

    def news(self) -> list[str]:
        """Return, once, that an outage began or ended."""
        news, self._news = self._news, []
        return news

    def waits(self, error: AttemptFailed, now: float) -> bool:
        """Whether a request that failed like this waits until the endpoint is there again."""
        return (
            self.dead is None
            and error.outage
            and self._away_since is not None
            and now - self._away_since < self._patience_s
        )

    def claim(self, request: Request) -> Reservation:
        """Return the most that a request can use here."""
        return claim_for(request, self.price, self.backend.token_limit(request))

    def resolved(self, request: Request) -> Request:
        """Return the request with the limit that it would be sent with now."""
        return self.backend.resolved(request)

    def ready_at(self) -> float:
        """Return the time from which a request may be sent here, if nothing else is tried."""
        testing = self._trips > 0 and self.in_flight > 0
        return math.inf if testing else self.quiet_until

    def load(self) -> tuple[bool, float]:
        """Return a key by which the least loaded of several routes comes first."""
        full = self.in_flight >= self.backend.concurrency
        return full, (self.in_flight + 1) / self._weight

    def succeeded(
        self, request: Request, answer: AttemptAnswer, claim: Reservation, used: Reservation
    ) -> None:
        """Note an answer; one beyond the token limit is the last that is asked for."""
        self._failures = self._trips = 0
        self._worked = True
        if self._away_since is not None:
            self._away_since = None
            self._news.append(f"{self.address} answers again")
        limit = self.backend.token_limit(request)
        tokens = answer.usage.completion_tokens
        if tokens is not None and tokens > limit and not answer.recorded:
            beyond = max(0.0, (used.usd or 0.0) - (claim.usd or 0.0))
            self.dead = ModelFailure(
                f"{self.backend.name} ignored its token limit: {tokens} tokens where {limit} were "
                f"allowed, {beyond:.2f} dollars more than were set aside",
                hint="no more requests are sent to it",
            )

    def failed(self, error: AttemptFailed, started: float, now: float) -> None:
        """Note that an attempt failed `now` which was started at that time."""
        failure = ModelFailure(error.message, hint=error.hint)
        if error.fatal:
            self.dead = failure
        # Everybody obeys when the endpoint says when it wants to be asked again.
        self.quiet_until = max(self.quiet_until, now + (error.retry_after_s or 0.0))
        if error.outage and not error.fatal and (self._worked or error.loading):
            self._away(error, started, now)
            return
        # What was sent before the trip and fails after it says nothing new.
        if error.busy or started < self._tripped_at:
            return
        self._failures += 1
        if self._trips or self._failures >= FAILURES_TO_TRIP:
            self._failures = 0
            self._trips += 1
            self._tripped_at = now
            self.quiet_until = max(self.quiet_until, now + self._rest_s * doubled(self._trips - 1))
        if self._trips >= TRIPS_TO_DIE and self.dead is None:
            self.dead = failure

    @property
    def is_away(self) -> bool:
        """Whether the endpoint was away when it was last asked."""
        return self._away_since is not None

    @property
    def address(self) -> str:
        """How the route is named to the user."""
        return str(getattr(self.backend, "where", self.backend.name))

    def _away(self, error: AttemptFailed, started: float, now: float) -> None:
        """Rest, longer each time, until the endpoint is there again or the patience is over."""
        if self._away_since is None:
            self._away_since = now
            self._news.append(
                f"{error.message}: waiting until it is available again, up to "
                f"{self._patience_s:g} s "
                "(--patience)"
            )
        if now - self._away_since >= self._patience_s:
            self.dead = ModelFailure(error.message, hint=error.hint)
        elif started >= self._tripped_at:
            rest = self._rest_s * min(doubled(self._trips) / 4, LONGEST_REST)
            self._trips += 1
            self._tripped_at = now
            left = self._away_since + self._patience_s - now
            self.quiet_until = max(self.quiet_until, now + min(rest, left))


def choose(routes: Sequence[Route], now: float) -> tuple[Route | None, float]:
    """Return the least loaded route that may be used now; or None and until when to wait.

    Raises:
        ModelFailure: All are dead.
    """
    alive = [route for route in routes if route.dead is None]
    if not alive:
        dead = routes[0].dead
        assert dead is not None
        raise ModelFailure(dead.message, hint=dead.hint)
    ready = [route for route in alive if route.ready_at() <= now]
    if ready:
        return min(ready, key=Route.load), now
    return None, min(route.ready_at() for route in alive)
