"""What the Batch APIs of all makers have in common: the protocol, and how a batch ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from medalist.agent.llm.contract import Request

TAG = "medalist"
ENDED = ("completed", "failed", "expired", "cancelled")

Line = dict[str, Any]


@dataclass(frozen=True)
class BatchEnd:
    """How a batch ended.

    Attributes:
        status: `completed`, `expired`, `failed`, `cancelled`.
        lines: Its answers by the ids of `custom_id`: each with `response` (`status_code`, `body`)
            or `error` (`message`).
        said: Why it failed, as far as the endpoint says so.
    """

    status: str
    lines: Mapping[str, Line] = field(default_factory=dict)
    said: str = ""


class NotKnownYet(Exception):
    """Whether there is such a batch shows when others have ended."""


class BatchApi(Protocol):
    """One maker's Batch API. What it raises is among `REQUEST_ERRORS`, or `AttemptFailed`."""

    def part(self, requests: Sequence[Request]) -> tuple[Any, int]:
        """Word the first requests, as many as a batch may hold; return them and their number."""
        ...

    async def create(self, tag: str, content: Any, first: Request) -> str:
        """Make a batch of what `part` worded; return its id."""
        ...

    async def find(self, tag: str) -> str | None:
        """Return the id of the batch with this tag, None if there is none.

        Raises:
            NotKnownYet: It may be one of those that still continue.
        """
        ...

    async def end(self, batch_id: str) -> BatchEnd | None:
        """Return how a batch ended, None while it continues."""
        ...
