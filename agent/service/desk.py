"""What every door works with: the queue, the judge and the counts, for one client at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from medalist.agent.service.asked import RewardKind
from medalist.agent.service.catalogue import ProblemCatalogue
from medalist.agent.service.fair_queue import FairQueue, QueuedJob
from medalist.agent.service.parked_work import ParkedWork
from medalist.agent.service.service_judge import ServiceJudge
from medalist.agent.service.service_metrics import ServiceMetrics

_T = TypeVar("_T")


class ClientGone(Exception):
    """The client has closed its connection: nobody waits for the answer."""


@dataclass(frozen=True)
class ServiceParts:
    """What a service is made of."""

    queue: FairQueue
    judge: ServiceJudge
    catalogue: ProblemCatalogue
    metrics: ServiceMetrics
    reward: RewardKind = "binary"
    parked: ParkedWork = field(default_factory=ParkedWork)


class Desk:
    """The service as one request sees it, or one of `shares` equal parts of a request."""

    def __init__(self, parts: ServiceParts, request: Request, shares: int = 1) -> None:
        self.parts = parts
        self._request = request
        self.client: str = request.scope["state"]["client"]
        # As it came: a chunked body has no Content-Length.
        self._size = int(request.scope["state"].get("body_bytes", 0)) // shares

    def split(self, shares: int) -> Desk:
        """Return this for one of several parts of the request, each queued by itself."""
        return Desk(self.parts, self._request, shares)

    def queue(self, work: Callable[[], _T], share: int = 1) -> QueuedJob[_T]:
        """Queue a piece of work of this client; `share` pieces hold the request together.

        Raises:
            Overloaded: Too much is waiting.
            Stopping: The service stops.
        """
        begun = time.monotonic()
        job = self.parts.queue.submit(self.client, work, self._size // share)
        job.future.add_done_callback(lambda _: self.parts.metrics.took(time.monotonic() - begun))
        return job

    def queue_all(self, work: Sequence[Callable[[], _T]]) -> list[QueuedJob[_T]]:
        """Queue several pieces of work, all or none."""
        jobs: list[QueuedJob[_T]] = []
        try:
            for piece in work:
                jobs.append(self.queue(piece, len(work)))  # noqa: PERF401  # see `except`
        except BaseException:
            for job in jobs:
                job.future.cancel()
            raise
        return jobs

    async def result(self, job: QueuedJob[_T], within_s: float | None = None) -> _T:
        """Wait for a piece of work; give it up when the client has gone.

        Raises:
            ClientGone: The client has gone.
            TimeoutError: It has not ended within `within_s` seconds; it continues.
        """
        (value,) = await self.results([job], within_s)
        return value

    async def results(self, jobs: list[QueuedJob[_T]], within_s: float | None = None) -> list[_T]:
        """Wait for several pieces of work as `result` does; the first failure is raised."""
        ended, left, late = asyncio.Event(), len(jobs), False

        def note(future: asyncio.Future[_T]) -> None:
            nonlocal left
            left -= 1
            if not left or future.cancelled() or future.exception() is not None:
                ended.set()

        for job in jobs:
            job.future.add_done_callback(note)
        gone = asyncio.ensure_future(self._gone())
        gone.add_done_callback(lambda _: ended.set())
        try:
            async with asyncio.timeout(within_s):
                await ended.wait()
            known = [job.future.result() for job in jobs if job.future.done()]
            if len(known) < len(jobs):
                raise ClientGone
            return known
        except TimeoutError:
            late = True
            raise
        finally:
            gone.cancel()
            if not late:
                for job in jobs:
                    job.future.cancel()

    async def _gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass


def _desk(request: Request) -> Desk:
    return Desk(request.app.state.parts, request)


AtDesk = Annotated[Desk, Depends(_desk)]
