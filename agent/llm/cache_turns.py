"""Questions that share a marked prompt: the first goes ahead, so that the others find it cached.

A prompt that is being written to a cache is not read from it yet: asked all at once, each question
would pay for the writing (Anthropic's documentation of prompt caching).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from medalist.agent.llm.contract import Request
from medalist.agent.llm.messages_api import marks
from medalist.agent.llm.together import question_of

MARKED = 8
"""So many equal questions are looked for at most: two are worth a mark."""

AHEAD_S = 10.0
"""The others wait no longer than this: a prompt is cached as soon as its answer begins."""

WARM_S = 240.0
"""A cached prompt that nobody reads is dropped after five minutes."""


class CacheTurns:
    """Lets the first of equal questions go ahead. Used from one event loop."""

    def __init__(self) -> None:
        self._warm: dict[Request, float] = {}
        self._ahead: dict[Request, asyncio.Event] = {}

    @asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[None]:
        """Wait for the request's turn; the body of the context sends it."""
        question = question_of(request)
        if not marks(request) or self._warm.get(question, -WARM_S) > time.monotonic() - WARM_S:
            yield
            return
        first = self._ahead.get(question)
        if first is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(first.wait(), AHEAD_S)
            yield
            return
        self._ahead[question] = asyncio.Event()
        try:
            yield
            self._warm[question] = time.monotonic()
        finally:
            self._ahead.pop(question).set()
