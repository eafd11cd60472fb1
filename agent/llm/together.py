"""Several answers a request: equal questions of one moment are joined, their answers shared out.

A server that is asked once for several answers (`n`) computes the prompt once. What it took is
shared over the answers, each of which is journalled and charged like any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any

from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.contract import Completion, Request

WAIT_S = 0.5
"""So long a question waits for the next one that is equal."""

Results = list[AttemptAnswer | AttemptFailed]


def with_equals(
    requests: Iterable[Request], most: int, answered: Callable[[str], Completion | None]
) -> Iterator[Request]:
    """Yield requests, each knowing how many equal ones are beside it, `most` at most.

    Those that are `answered` already are passed on as they are. No more than `most` are drawn
    ahead.
    """
    if most <= 1:
        yield from requests
        return
    for (known, _), equal in groupby(
        requests, key=lambda one: (bool(answered(one.request_id)), question_of(one))
    ):
        while part := list(islice(equal, most)):
            yield from part if known else (replace(item, along=len(part)) for item in part)


def question_of(request: Request) -> Request:
    """Return what a request asks, without what makes it one of several equal ones."""
    return replace(request, request_id="", seed=None, along=1)


@dataclass
class _Group:
    members: list[tuple[Request, asyncio.Future[AttemptAnswer]]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    full: bool = False

    @property
    def waiting(self) -> list[tuple[Request, asyncio.Future[AttemptAnswer]]]:
        return [member for member in self.members if not member[1].done()]


class Joined:
    """Joins equal questions to one request. Used from one event loop."""

    def __init__(self, ask: Callable[[Request], Awaitable[Results]]) -> None:
        """`ask` asks for as many answers as the request has `along`; fewer may come."""
        self._ask = ask
        self._open: dict[Request, _Group] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def answer(self, request: Request, most: int) -> AttemptAnswer:
        """Wait for the answer to a request, together with up to `most` equal ones.

        Raises:
            AttemptFailed: There was no usable answer.
        """
        question = question_of(request)
        group = self._open.get(question)
        if group is None:
            group = self._open[question] = _Group()
            group.task = asyncio.create_task(self._run(question, group))
            self._tasks.add(group.task)
            group.task.add_done_callback(self._tasks.discard)
        future: asyncio.Future[AttemptAnswer] = asyncio.get_running_loop().create_future()
        group.members.append((request, future))
        group.full = len(group.members) >= min(most, request.along)
        if group.full:
            del self._open[question]
        group.arrived.set()
        try:
            return await future
        finally:
            # Who is cancelled just when trouble came does not hear of it: it counts as heard.
            if not future.cancel() and not future.cancelled():
                future.exception()
            if not group.waiting and group.task is not None:
                group.task.cancel()  # nobody waits any more
                if self._open.get(question) is group:
                    del self._open[question]

    async def aclose(self) -> None:
        """Give up what is on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, question: Request, group: _Group) -> None:
        while not group.full:
            group.arrived.clear()
            try:
                await asyncio.wait_for(group.arrived.wait(), WAIT_S)
            except TimeoutError:
                group.full = True
                if self._open.get(question) is group:
                    del self._open[question]
        try:
            while waiting := group.waiting:
                await self._once(waiting)
        except Exception as error:  # whatever it is, who waits must hear of it
            for _, future in group.waiting:
                future.set_exception(error)

    async def _once(self, waiting: list[tuple[Request, asyncio.Future[AttemptAnswer]]]) -> None:
        """Ask once, and hand out what came; who got nothing waits for the next time."""
        try:
            results = await self._ask(replace(waiting[0][0], along=len(waiting)))
        except AttemptFailed as error:
            results = [error, *(_beside(error) for _ in waiting[1:])]
        for (_, future), result in zip(waiting, results, strict=False):
            if future.done():
                continue
            if isinstance(result, AttemptFailed):
                future.set_exception(result)
            else:
                future.set_result(result)


def _beside(error: AttemptFailed) -> AttemptFailed:
    """Return a request's failure for whoever went along: it says nothing more of the endpoint."""
    beside = AttemptFailed(
        error.message,
        hint=error.hint,
        tries=error.tries,
        fatal=error.fatal,
        charged=error.charged,
        busy=True,
        retry_after_s=error.retry_after_s,
        outage=error.outage,
        loading=error.loading,
        status=error.status,
        tools_refused=error.tools_refused,
    )
    beside.refusal = error.refusal
    return beside
