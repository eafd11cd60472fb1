"""One attempt at one request: what a backend returns, and how an attempt can fail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from medalist.agent.llm.types import Finish, Request
from medalist.agent.words import Usage


@dataclass(frozen=True)
class Answer:
    """What a backend got for a request.

    A `recorded` answer brings its cost and latency along; others the caller prices and times.
    """

    text: str
    reasoning: str
    finish: Finish
    usage: Usage
    model: str
    recorded: bool = False
    cost_usd: float | None = None
    latency_s: float = 0.0


class AttemptFailed(Exception):
    """An attempt that brought no answer.

    Attributes:
        message: One line for the user, naming the endpoint.
        hint: How to mend it.
        tries: How many times in all a request is tried that fails like this.
        fatal: No request can succeed at this endpoint (wrong key, wrong address, no such model).
        charged: The endpoint may have done (and billed) the work: the attempt counts at its
            maximum.
        busy: The endpoint is well, and only has too much to do.
        retry_after_s: How long the endpoint asked everybody to wait.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        tries: int = 1,
        fatal: bool = False,
        charged: bool = False,
        busy: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.tries = tries
        self.fatal = fatal
        self.charged = charged
        self.busy = busy
        self.retry_after_s = retry_after_s


class Backend(Protocol):
    """Where answers come from: an endpoint, or a recording. Used from one event loop only."""

    name: str
    concurrency: int

    @property
    def asked(self) -> Collection[str]:
        """Ids of requests that go on at the endpoint when this process ends.

        Asked for again, they get the answer to the first asking, and are not paid for twice.
        """
        ...

    def token_limit(self, request: Request) -> int:
        """Return the most tokens that an answer may have, reasoning included."""
        ...

    async def answer(self, request: Request) -> Answer:
        """Try once.

        Raises:
            AttemptFailed: There was no usable answer.
        """
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...
