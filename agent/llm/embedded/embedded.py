"""The embedded model: a backend whose server starts when the first request comes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace

from medalist.agent.llm.attempt import SMALL_TOKENS, AttemptAnswer, AttemptFailed, FixedLimits
from medalist.agent.llm.contract import Request
from medalist.agent.llm.embedded.model_files import ModelFile
from medalist.agent.llm.embedded.server_process import SLOTS, Server, require
from medalist.agent.llm.embedded.slots import Slots
from medalist.agent.llm.endpoint import THINKING_TIMEOUT_S, Endpoint
from medalist.agent.llm.settings import EndpointSettings
from medalist.errors import ModelFailure


class EmbeddedModel(FixedLimits):
    """A backend whose endpoint is a server of our own."""

    asked: Collection[str] = frozenset()

    def __init__(self, weights: ModelFile, timeout_s: float | None = None) -> None:
        """Check that all is there; the server starts with the first request.

        Args:
            weights: The model's file.
            timeout_s: Longest time for one answer. Default: an hour, since nobody is paid for
                it, and beside other work a core writes less than a token a second.

        Raises:
            MissingPrerequisite: The library or the file is not there.
        """
        require(weights)
        self.name = weights.name
        self.concurrency = SLOTS
        self._weights = weights
        self._timeout_s = timeout_s or THINKING_TIMEOUT_S
        self._starting = asyncio.Lock()
        self._server: Server | None = None
        self._endpoint: Endpoint | None = None
        self._slots: Slots | None = None

    def resolved(self, request: Request) -> Request:
        """Return the request with a limit."""
        limit = request.max_tokens or SMALL_TOKENS
        return replace(request, max_tokens=min(limit, request.at_most or limit))

    async def answer(self, request: Request) -> AttemptAnswer:
        """Ask the server, which is restarted if it died."""
        async with self._starting:
            if self._server is None or not self._server.alive():
                await self.aclose()
                await self._start()
        assert self._endpoint is not None
        assert self._slots is not None
        async with self._slots.hold(request) as slot:
            return await self._endpoint.answer(request, slot=slot)

    async def aclose(self) -> None:
        """End the server."""
        if self._slots is not None:
            await self._slots.aclose()
        if self._endpoint is not None:
            await self._endpoint.aclose()
        if self._server is not None:
            await asyncio.to_thread(self._server.close)
        self._slots = self._endpoint = self._server = None

    async def _start(self) -> None:
        try:
            server = await asyncio.to_thread(Server, self._weights)
        except ModelFailure as error:
            raise AttemptFailed(error.message, hint=error.hint, fatal=True) from error
        self._server = server
        settings = EndpointSettings(
            model=self.name,
            base_url=server.base_url,
            concurrency=self.concurrency,
            timeout_s=self._timeout_s,
        )
        self._endpoint = Endpoint(settings)
        self._slots = Slots(self._endpoint, server.url, self.concurrency, server.states)
