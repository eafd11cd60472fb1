"""One attempt at one request: what a backend returns, and how an attempt can fail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import KW_ONLY, dataclass, field
from typing import Protocol

from medalist.agent.llm.contract import Finish, Request, TokenLogprob, ToolCall
from medalist.agent.types import Usage

SMALL_TOKENS = 1024
"""The limit of an embedded model's answer where a request leaves it open."""


@dataclass(frozen=True)
class AttemptAnswer:
    """What a backend got for a request.

    One that came `along` with another answer to the same request is not a request of its own.

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
    calls: tuple[ToolCall, ...] = ()
    kept: str = ""
    along: bool = False
    logprobs: tuple[TokenLogprob, ...] | None = None


@dataclass(eq=False)
class AttemptFailed(Exception):
    """An attempt that brought no answer.

    Attributes:
        message: One line for the user, naming the endpoint.
        hint: How to fix it.
        tries: How many times in all a request is tried that fails like this.
        fatal: No request can succeed at this endpoint (wrong key, wrong address, no such model).
        charged: The endpoint may have done (and billed) the work: the attempt counts at its
            maximum.
        busy: The endpoint is well, and only has too much to do.
        retry_after_s: How long the endpoint asked everybody to wait.
        outage: The endpoint is away for now (a gateway's error, a lost connection): one that has
            answered before is waited for.
        loading: It says that it will be there soon: it is waited for in any case.
        status: The HTTP status, where there was one.
        tools_refused: It takes no functions, and was asked with some.
    """

    message: str
    _: KW_ONLY
    hint: str | None = None
    tries: int = 1
    fatal: bool = False
    charged: bool = False
    busy: bool = False
    retry_after_s: float | None = None
    outage: bool = False
    loading: bool = False
    status: int | None = None
    tools_refused: bool = False
    refusal: tuple[int, object] | None = field(default=None, init=False)
    """The status and the body of an error that stood in an answer of status 200."""

    def __post_init__(self) -> None:
        """One that is loading is away."""
        self.outage = self.outage or self.loading

    def __str__(self) -> str:
        """Return the message."""
        return self.message


class MoreRoom(Exception):
    """An answer was cut while thinking, and its model has more room by now."""


class FixedLimits:
    """The part of a backend whose limits are those of the requests."""

    wants_equals = 1

    async def prepare(self) -> None:
        """There is nothing to learn."""

    def recall(self, *, thinks: bool) -> None:
        """It makes no difference."""

    def cautious(self, request: Request) -> bool:
        """No answer changes a limit."""
        del request
        return False

    def resolved(self, request: Request) -> Request:
        """The limit is in the request."""
        return request

    def token_limit(self, request: Request) -> int:
        """Return the most tokens that an answer may have."""
        return request.max_tokens or SMALL_TOKENS

    def news(self) -> list[str]:
        """Nothing changes."""
        return []

    def chosen(self) -> str | None:
        """There was nothing to choose."""
        return None


class ModelBackend(Protocol):
    """Where answers come from: an endpoint, or a recording. Used from one event loop only."""

    name: str
    concurrency: int

    @property
    def wants_equals(self) -> int:
        """How many equal requests it is told of at once (`Request.along`)."""
        ...

    @property
    def asked(self) -> Collection[str]:
        """Ids of requests that continue at the endpoint when this process ends.

        Asked for again, they get the answer to the first asking, and are not paid for twice.
        """
        ...

    async def prepare(self) -> None:
        """Learn what limits there are; called once before the first request, and never fails."""
        ...

    def recall(self, *, thinks: bool) -> None:
        """Take over from an earlier session whether the model thinks."""
        ...

    def cautious(self, request: Request) -> bool:
        """Whether the first answers may show that others need more room than this request has."""
        ...

    def resolved(self, request: Request) -> Request:
        """Return the request with the limit that it is sent with now."""
        ...

    def token_limit(self, request: Request) -> int:
        """Return the most tokens that an answer to a resolved request may have, in all."""
        ...

    def news(self) -> list[str]:
        """Return, once, what was changed because the server wanted it so: lines for the user."""
        ...

    def chosen(self) -> str | None:
        """Say in one line how the model is asked and why so; None where there is no choice."""
        ...

    async def answer(self, request: Request) -> AttemptAnswer:
        """Try once.

        Raises:
            AttemptFailed: There was no usable answer.
        """
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...
