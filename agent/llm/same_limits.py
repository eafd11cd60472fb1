"""The limits of a backend that asks through an endpoint."""

from __future__ import annotations

from medalist.agent.llm.contract import Request
from medalist.agent.llm.endpoint import Endpoint


class SameLimits:
    """The limits of a backend that asks through an endpoint."""

    wants_equals = 1
    _endpoint: Endpoint

    async def prepare(self) -> None:
        """Learn what limits there are."""
        await self._endpoint.prepare()

    def recall(self, *, thinks: bool) -> None:
        """Set whether the model thinks."""
        self._endpoint.recall(thinks=thinks)

    def resolved(self, request: Request) -> Request:
        """Return the request with the limit that it is sent with now."""
        return self._endpoint.resolved(request)

    def token_limit(self, request: Request) -> int:
        """Return the most tokens that an answer may have, thinking included."""
        return self._endpoint.token_limit(request)

    def news(self) -> list[str]:
        """Return, once, what was changed for the server."""
        return self._endpoint.news()

    def chosen(self) -> str | None:
        """Say how the model is asked, and why so."""
        return self._endpoint.chosen()
