"""The model that the rest of medalist sees: gate, journal, retries and concurrency in one place.

Each attempt goes: room in the gate, intent in the journal, sending, answer (or failure) in the
journal, settled in the gate. The event loop runs in its own thread; `complete` is an
ordinary iterator.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import random
import threading
from collections import Counter
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from medalist.agent.llm.attempt import AttemptFailed, MoreRoom
from medalist.agent.llm.attempts import Attempts, Turn
from medalist.agent.llm.contract import Completion, Request, Spent, ToolsRefused
from medalist.agent.llm.gate import Gate
from medalist.agent.llm.lease import CoreLease
from medalist.agent.llm.ledger import Ledger
from medalist.agent.llm.opening import Opening
from medalist.agent.llm.resources import AskingSettings, ModelResources
from medalist.agent.llm.route import Route, doubled
from medalist.agent.llm.route_queue import RouteQueue
from medalist.agent.llm.together import with_equals
from medalist.agent.llm.unheard import unheard
from medalist.errors import BadInput, BudgetExhausted, ModelFailure

log = logging.getLogger(__name__)

LONGEST_BACKOFF_S = 60.0
_T = TypeVar("_T")


class JournalledModel:
    """A `Model` on top of one or several routes."""

    def __init__(
        self,
        routes: Sequence[Route],
        resources: ModelResources = ModelResources(),  # noqa: B008 - frozen
        asking: AskingSettings = AskingSettings(),  # noqa: B008 - frozen
        *,
        beside: JournalledModel | None = None,
    ) -> None:
        """Open the gate, with what earlier sessions of the run have used.

        Args:
            routes: Ways to an answer.
            resources: Where calls are kept and counted.
            asking: How the model is asked.
            beside: Another model of the same run, whose gate and journal this one passes too;
                it is closed after this one.

        Raises:
            BadInput: A cap on dollars, and a route without a known price.
        """
        self.traits = asking.traits
        self.name = "+".join(route.backend.name for route in routes)
        for route in routes:
            if route.price is None and resources.capped_in_dollars:
                raise BadInput(
                    f"a cap in dollars needs a price, and none is known for {route.backend.name!r}",
                    hint="give it with --price IN,OUT (dollars per million tokens) or in "
                    "prices.toml "
                    "in medalist's config directory, or cap tokens with --max-run-tokens",
                )
        self._routes = routes
        self._opening = Opening() if asking.opening else None
        self._prepared: asyncio.Task[None] | None = None
        self._beside = beside
        if beside is None:
            self._ledger = Ledger(resources.journal)
            asked = {request_id for route in routes for request_id in route.backend.asked}
            self._gate = Gate(resources.budget, self._ledger.open(asked), resources.shared)
            self._loop = asyncio.new_event_loop()
            self._loop.set_exception_handler(unheard)
            self._thread = threading.Thread(target=self._loop.run_forever, name="llm", daemon=True)
            self._thread.start()
        else:
            self._ledger, self._gate = beside._ledger, beside._gate
            self._loop, self._thread = beside._loop, beside._thread
        for route in routes:
            thinks = self._ledger.thinks.get(route.backend.name)
            if thinks is not None:
                route.backend.recall(thinks=thinks)
        self._width = sum(route.backend.concurrency for route in routes)
        # Any number of threads may ask; together they have no more in flight than one would.
        self._room = asyncio.Semaphore(self._width)
        self._first_wait_s = asking.first_wait_s
        lease = resources.lease or CoreLease(shared=True)
        self._attempts = Attempts(self._gate, self._ledger, lease)
        self._running: set[asyncio.Task[Any]] = set()
        self._queue = RouteQueue(self.name, routes, self._gate)
        self._closing = threading.Lock()
        self._closed = False

    @property
    def spent(self) -> Spent:
        """What the run has used so far."""
        return self._gate.spent

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """See `Model.complete`.

        A request that fails permanently while others succeed is left out and logged; if none
        succeeds, its failure is raised.
        """
        waiting: set[Future[Completion]] = set()
        finished: queue.SimpleQueue[Future[Completion]] = queue.SimpleQueue()
        together = max(route.backend.wants_equals for route in self._routes)
        source = with_equals(requests, together, self._ledger.answered)
        trouble: ModelFailure | BudgetExhausted | None = None
        succeeded = drained = False
        given_up: Counter[str] = Counter()
        try:
            while True:
                # Equal questions go together: for all of them there must be room.
                fill = len(waiting) + min(together, self._width) <= self._width
                while fill and len(waiting) < self._width and not drained:
                    request = next(source, None)
                    if request is None:
                        drained = True
                    elif (known := self._ledger.answered(request.request_id)) is not None:
                        if self._opening is not None:
                            self._opening.note(known)
                        yield known
                    else:
                        future = self._submit(self._call(request))
                        waiting.add(future)
                        future.add_done_callback(finished.put)
                if not waiting:
                    break
                future = finished.get()
                waiting.discard(future)
                try:
                    completion = future.result()
                except BudgetExhausted as error:
                    trouble, drained = error, True
                except ToolsRefused as error:
                    trouble = trouble or error  # who asked asks otherwise
                except ModelFailure as error:
                    given_up[str(error)] += 1
                    if given_up[str(error)] == 1:
                        log.warning("a request was given up: %s", error)
                    if not isinstance(trouble, BudgetExhausted):
                        trouble = error
                    drained = drained or self._dead()
                else:
                    succeeded = True
                    yield completion
        finally:
            # Ctrl-C may have come between a future's end and its being taken out of `waiting`:
            # nothing is waited for here, `close` does that.
            for future in waiting:
                future.cancel()
            for why, count in given_up.items():
                if count > 1:
                    log.warning("%d requests in all were given up so: %s", count, why)
        ended = isinstance(trouble, BudgetExhausted) or self._dead()
        if trouble is not None and (ended or not succeeded):
            raise trouble

    def close(self) -> None:
        """Close connections and stop what was started. Idempotent."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            stopped = asyncio.run_coroutine_threadsafe(self._stop(), self._loop)
        try:
            stopped.result()
        finally:
            if self._beside is None:
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._thread.join()
                self._loop.close()
            self._ledger.flush()

    async def _stop(self) -> None:
        for call in self._running:
            # A call that is being cancelled closes its connection: it is not disturbed in that.
            if not call.cancelling():
                call.cancel()
        if self._prepared is not None:
            self._prepared.cancel()
            await asyncio.gather(self._prepared, return_exceptions=True)
        await asyncio.gather(*self._running, return_exceptions=True)
        for route in self._routes:
            await route.backend.aclose()
            if route.quota is not None:
                route.quota.close()
        await asyncio.sleep(0)  # closed connections are released in the loop's next turn

    def _dead(self) -> bool:
        return all(route.dead is not None for route in self._routes)

    def _submit(self, coroutine: Coroutine[Any, Any, _T]) -> Future[_T]:
        """Start a coroutine; one that comes before the end is cancelled, and none comes after."""
        with self._closing:
            if not self._closed:
                return asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        coroutine.close()
        raise ModelFailure("the model was closed")

    async def _call(self, request: Request) -> Completion:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            async with self._room:
                await self._prepare()
                if self._opening is None:
                    return (await self._answer(request))[0]
                return await self._opened(request, self._opening)
        finally:
            self._running.discard(task)

    async def _prepare(self) -> None:
        """Let the routes learn what limits there are, once, before anything is asked."""
        if self._prepared is None:
            self._prepared = asyncio.create_task(self._learn())
        await asyncio.shield(self._prepared)

    async def _learn(self) -> None:
        learning = asyncio.gather(*(route.backend.prepare() for route in self._routes))
        with contextlib.suppress(TimeoutError):  # the gate says that the time is over
            await asyncio.wait_for(learning, self._gate.seconds_left())
        for line in filter(None, (route.backend.chosen() for route in self._routes)):
            log.warning("%s", line)

    async def _opened(self, request: Request, opening: Opening) -> Completion:
        """Answer a request; the first ones go ahead of the others."""
        await opening.enter(
            lambda: any(
                route.backend.cautious(request) for route in self._routes if route.dead is None
            )
        )
        completion, limit = None, 0
        try:
            completion, limit = await self._answer(request)
            return completion
        finally:
            opening.leave(completion, limit)

    async def _answer(self, request: Request) -> tuple[Completion, int]:
        """Retry a request until it is answered or retrying is pointless.

        Returns the answer and the limit that it had.
        """
        attempt, failures, not_before, again = 0, 0, 0.0, False
        while True:
            attempt += 1
            route, ticket = await self._queue.find(request, not_before)
            started = self._loop.time()
            sent = route.resolved(request)
            try:
                answer = await self._attempts.once(
                    route, request, sent, Turn(attempt, ticket, again)
                )
                return answer, sent.max_tokens or 0
            except MoreRoom:
                attempt, again = attempt - 1, True
            except AttemptFailed as error:
                route.failed(error, started, self._loop.time())
                if route.waits(error, self._loop.time()):
                    continue
                failures += 1
                elsewhere = error.fatal and not self._dead()
                if failures >= error.tries and not elsewhere:
                    kind = ToolsRefused if error.tools_refused else ModelFailure
                    raise kind(error.message, hint=error.hint) from error
                backoff = min(self._first_wait_s * doubled(failures - 1), LONGEST_BACKOFF_S)
                # Spread, so that those who failed together do not return together.
                not_before = self._loop.time() + random.uniform(0.5, 1.0) * backoff
            finally:
                route.in_flight -= 1
                for line in route.news():
                    log.warning("%s", line)
                self._queue.attempt_ended()
