"""Work of many clients on few boxes: fair shares, bounds, and nothing that is lost unsaid.

Start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996) by the seconds that a client's work
took: the client with the least so far is next. A client that comes back starts at the share of
those at work, so that idling saves nothing up. Everything here lives in one event loop; the work
itself runs in threads, as many as there are boxes.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")

_FIRST_GUESS_S = 0.05
_SMOOTHING = 0.05
_LONGEST_RETRY_S = 60


class Overloaded(Exception):
    """There is no room for more work now; ask again after `retry_s` seconds."""

    def __init__(self, message: str, retry_s: int) -> None:
        super().__init__(message)
        self.retry_s = retry_s


class Stopping(Exception):
    """The service stops: the work was not done."""


@dataclass(frozen=True)
class QueueBounds:
    """How much may wait.

    Attributes:
        client_jobs: Pieces of work of one client; of all clients together, eight times as many.
        client_bytes: Bytes of requests of one client whose work waits or runs; of all together,
            four times as many.
    """

    client_jobs: int
    client_bytes: int

    @property
    def all_jobs(self) -> int:
        """Of all clients together."""
        return 8 * self.client_jobs

    @property
    def all_bytes(self) -> int:
        """Of all clients together."""
        return 4 * self.client_bytes


@dataclass
class QueueCounts:
    """What has become of the work so far."""

    done: int = 0
    failed: int = 0
    refused: int = 0
    given_up: int = 0
    stopped: int = 0
    seconds: float = 0.0


@dataclass(eq=False)
class QueuedJob(Generic[_T]):
    """A piece of work and the future of its result."""

    client: _Share
    work: Callable[[], _T]
    size: int
    future: asyncio.Future[_T]
    started: bool = False


@dataclass(eq=False)
class _Share:
    name: str
    spent_s: float
    waiting: deque[QueuedJob[Any]] = field(default_factory=deque)
    running: int = 0
    waiting_jobs: int = 0
    held_bytes: int = 0


class FairQueue:
    """Runs work in `workers` threads, in turns that are fair to clients."""

    def __init__(self, workers: int, bounds: QueueBounds) -> None:
        self.workers = workers
        self.bounds = bounds
        self.counts = QueueCounts()
        self.running = 0
        self.waiting = 0
        self.held_bytes = 0
        self._shares: dict[str, _Share] = {}
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="judge")
        self._usual_s = _FIRST_GUESS_S
        self._now_s = 0.0
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def stopping(self) -> bool:
        """Whether no more work is taken."""
        return self._stopping

    def submit(self, client: str, work: Callable[[], _T], size: int = 0) -> QueuedJob[_T]:
        """Queue a piece of work.

        A waiting job whose future is cancelled is not run; one that runs ends all the same.

        Args:
            client: Whose it is.
            work: Called in a thread; what it raises is the future's exception.
            size: Bytes that it keeps in memory.

        Raises:
            Overloaded: The client has, or all clients together have, too much waiting.
            Stopping: The service stops.
        """
        if self._stopping:
            self.counts.stopped += 1
            raise Stopping("the service is stopping")
        share = self._shares.get(client) or _Share(client, self._now_s)
        self._refuse_excess(share, size)
        self._shares[client] = share
        if not share.waiting_jobs and not share.running:
            share.spent_s = max(share.spent_s, self._now_s)
        job = QueuedJob(share, work, size, asyncio.get_running_loop().create_future())
        share.waiting.append(job)
        share.waiting_jobs += 1
        share.held_bytes += size
        self.waiting += 1
        self.held_bytes += size
        self._idle.clear()
        job.future.add_done_callback(lambda _: self._forget_waiting(job))
        self._start()
        return job

    async def stop(self, grace_s: float) -> int:
        """Accept no more work, fail what waits, wait for what runs; return how many jobs were cut
        off."""
        self._stopping = True
        for share in list(self._shares.values()):
            for job in list(share.waiting):
                if not job.future.done():
                    self.counts.stopped += 1
                    job.future.set_exception(
                        Stopping("the service is stopping: this was not judged")
                    )
        try:
            await asyncio.wait_for(self._idle.wait(), grace_s)
        except TimeoutError:
            return self.running
        return 0

    def close(self) -> None:
        """Let the threads end; those at work are not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def retry_s(self) -> int:
        """Return after how many seconds it may be worth asking again."""
        seconds = (self.waiting + self.running) * self._usual_s / self.workers
        return max(1, min(_LONGEST_RETRY_S, math.ceil(seconds)))

    def _refuse_excess(self, share: _Share, size: int) -> None:
        bounds = self.bounds
        reason = ""
        if share.waiting_jobs >= bounds.client_jobs:
            reason = f"{share.waiting_jobs} judgements of this client are waiting already"
        elif self.waiting >= bounds.all_jobs:
            reason = f"{self.waiting} judgements are waiting already"
        elif share.held_bytes + size > bounds.client_bytes and share.held_bytes:
            reason = f"requests of {share.held_bytes >> 20} MiB of this client are waiting already"
        elif self.held_bytes + size > bounds.all_bytes and self.held_bytes:
            reason = f"requests of {self.held_bytes >> 20} MiB are waiting already"
        if reason:
            self.counts.refused += 1
            raise Overloaded(reason, self.retry_s())

    def _forget_waiting(self, job: QueuedJob[Any]) -> None:
        """Account for a job that was given up, or stopped, before it was started."""
        # A look at the error: where nobody waits for it any more, that is not a fault to report.
        if job.future.cancelled() or job.future.exception() is None:
            if job.started:
                return
            self.counts.given_up += 1
        elif job.started:
            return
        share = job.client
        share.waiting.remove(job)
        share.waiting_jobs -= 1
        self.waiting -= 1
        self._release(job)

    def _release(self, job: QueuedJob[Any]) -> None:
        share = job.client
        share.held_bytes -= job.size
        self.held_bytes -= job.size
        if not share.waiting_jobs and not share.running:
            self._shares.pop(share.name, None)
        if not self.waiting and not self.running:
            self._idle.set()

    def _start(self) -> None:
        while self.running < self.workers and self.waiting:
            share = min(
                (share for share in self._shares.values() if share.waiting_jobs),
                key=lambda share: share.spent_s,
            )
            job = share.waiting.popleft()
            share.waiting_jobs -= 1
            self.waiting -= 1
            job.started = True
            if job.future.done():  # given up in this very step of the loop
                self.counts.given_up += 1
                self._release(job)
                continue
            self._now_s = max(self._now_s, share.spent_s)
            share.running += 1
            self.running += 1
            self._run(job)

    def _run(self, job: QueuedJob[Any]) -> None:
        share, guess = job.client, self._usual_s
        share.spent_s += guess
        begun = time.monotonic()
        loop = asyncio.get_running_loop()

        def ended(result: asyncio.Future[Any]) -> None:
            took = time.monotonic() - begun
            share.spent_s += took - guess
            share.running -= 1
            self.running -= 1
            self._usual_s += _SMOOTHING * (took - self._usual_s)
            self.counts.seconds += took
            self._settle(job, result)
            self._release(job)
            self._start()

        loop.run_in_executor(self._threads, job.work).add_done_callback(ended)

    def _settle(self, job: QueuedJob[Any], result: asyncio.Future[Any]) -> None:
        error = (
            result.exception() if not result.cancelled() else Stopping("the service is stopping")
        )
        if error is None:
            self.counts.done += 1
        else:
            self.counts.failed += 1
        if job.future.done():
            return
        if error is None:
            job.future.set_result(result.result())
        else:
            job.future.set_exception(error)
