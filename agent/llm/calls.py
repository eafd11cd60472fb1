"""The model that the rest of medalist sees: gate, journal, retries and concurrency in one place.

Each attempt goes: room in the gate, intent in the journal, sending, answer (or failure) in the
journal, settled in the gate. The event loop runs in a thread of its own; `complete` is an
ordinary iterator.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

from medalist.agent.journal import Journal
from medalist.agent.llm.attempt import AttemptFailed, Backend
from medalist.agent.llm.gate import NOTHING, Gate, charge, claim_for
from medalist.agent.llm.ledger import Ledger
from medalist.agent.llm.prices import Price
from medalist.agent.llm.types import Budget, Completion, Request, Spent
from medalist.errors import BadInput, BudgetExhausted, ModelFailure

log = logging.getLogger(__name__)

LONGEST_BACKOFF_S = 60.0
LONGEST_OBEYED_WAIT_S = 3600.0
_T = TypeVar("_T")


class Calls:
    """A `Model` on top of a backend."""

    def __init__(
        self,
        backend: Backend,
        *,
        price: Price | None,
        journal: Journal | None,
        budget: Budget,
        first_wait_s: float = 1.0,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        """`first_wait_s` is the wait before the first repetition; it doubles each time.
        `on_close` stops what was started for the backend (the embedded server).

        Raises:
            BadInput: A cap on dollars, and no known price.
        """
        if price is None and budget.usd is not None:
            raise BadInput(
                f"a cap in dollars needs a price, and none is known for {backend.name!r}",
                hint="add it to prices.toml in medalist's config directory, or cap tokens",
            )
        self.name = backend.name
        self._backend = backend
        self._price = price
        self._ledger = Ledger(journal)
        self._gate = Gate(budget, self._ledger.open())
        self._width = min(backend.concurrency, budget.concurrency or backend.concurrency)
        self._first_wait_s = first_wait_s
        self._fatal: ModelFailure | None = None
        self._quiet_until = 0.0
        self._running: set[asyncio.Task[Any]] = set()
        self._on_close = on_close
        self._closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="llm", daemon=True)
        self._thread.start()

    @property
    def spent(self) -> Spent:
        """What the run has used so far."""
        return self._gate.spent

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """See `Model.complete`.

        A request that fails for good while others succeed is left out and logged; if none
        succeeds, its failure is raised.
        """
        waiting: set[Future[Completion]] = set()
        finished: queue.SimpleQueue[Future[Completion]] = queue.SimpleQueue()
        source = iter(requests)
        trouble: ModelFailure | BudgetExhausted | None = None
        succeeded = drained = False
        try:
            while True:
                while len(waiting) < self._width and not drained:
                    request = next(source, None)
                    if request is None:
                        drained = True
                    elif (known := self._ledger.answered(request.request_id)) is not None:
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
                except ModelFailure as error:
                    log.warning("a request was given up: %s", error)
                    if not isinstance(trouble, BudgetExhausted):
                        trouble = error
                    drained = drained or self._fatal is not None
                else:
                    succeeded = True
                    yield completion
        finally:
            for future in waiting:
                future.cancel()
            while waiting:
                waiting.discard(finished.get())
        fatal = isinstance(trouble, BudgetExhausted) or self._fatal is not None
        if trouble is not None and (fatal or not succeeded):
            raise trouble

    def close(self) -> None:
        """Close connections and stop what was started. Idempotent."""
        if self._closed:
            return
        self._closed = True
        try:
            self._submit(self._stop()).result()
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._on_close()

    async def _stop(self) -> None:
        for call in self._running:
            # A call that is being cancelled closes its connection: it is not disturbed in that.
            if not call.cancelling():
                call.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._backend.aclose()
        await asyncio.sleep(0)  # closed connections are released in the loop's next turn

    def _submit(self, coroutine: Coroutine[Any, Any, _T]) -> Future[_T]:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def _call(self, request: Request) -> Completion:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            return await self._answer(request)
        finally:
            self._running.discard(task)

    async def _answer(self, request: Request) -> Completion:
        """Try a request until it is answered or there is no sense in trying."""
        attempt, not_before = 0, 0.0
        while True:
            attempt += 1
            await self._wait(not_before)
            if self._fatal is not None:
                raise self._fatal
            try:
                return await self._attempt(request, attempt)
            except AttemptFailed as error:
                failure = ModelFailure(error.message, hint=error.hint, retryable=error.tries > 1)
                if error.fatal:
                    self._fatal = failure
                wait = error.retry_after_s or 0.0
                if attempt >= error.tries or wait > LONGEST_OBEYED_WAIT_S:
                    raise failure from error
                # Everybody obeys the endpoint's wait; each adds its own, so that they spread.
                self._quiet_until = max(self._quiet_until, self._loop.time() + wait)
                backoff = min(self._first_wait_s * 2 ** (attempt - 1), LONGEST_BACKOFF_S)
                not_before = self._loop.time() + wait + random.uniform(0.5, 1.0) * backoff

    async def _wait(self, not_before: float) -> None:
        """Wait until that moment, and until the endpoint wants to be asked again."""
        while (wait := max(not_before, self._quiet_until) - self._loop.time()) > 0:
            left = self._gate.seconds_left()
            if left is not None and left < wait:
                raise BudgetExhausted(
                    f"{self.name} wants a pause of {wait:.0f} s, and {max(left, 0):.0f} s are left"
                )
            await asyncio.sleep(wait)

    async def _attempt(self, request: Request, attempt: int) -> Completion:
        claim = claim_for(request, self._price)
        await self._gate.admit(claim)
        used = NOTHING
        try:
            await self._ledger.intent(request, self.name, attempt, claim)
            used = claim
            try:
                started = time.monotonic()
                async with asyncio.timeout(self._gate.seconds_left()):
                    answer = await self._backend.answer(request)
            except AttemptFailed as error:
                used = claim if error.charged else NOTHING
                await self._ledger.failed(request.request_id, error.message, used)
                raise
            except (asyncio.CancelledError, TimeoutError) as error:
                self._ledger.unknown(request.request_id, claim)
                if isinstance(error, TimeoutError):
                    raise BudgetExhausted(self._gate.time_is_over()) from error
                raise
            used = charge(answer, self._price, claim)
            completion = Completion(
                request_id=request.request_id,
                text=answer.text,
                reasoning=answer.reasoning,
                finish=answer.finish,
                usage=answer.usage,
                model=answer.model,
                latency_s=answer.latency_s if answer.recorded else time.monotonic() - started,
                cost_usd=used.usd,
            )
            await self._ledger.done(completion, used)
            return completion
        finally:
            self._gate.settle(claim, used)
