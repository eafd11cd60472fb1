"""Waiting for an endpoint that says that it is there soon, outside of a run's own queue."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from medalist.agent.llm.attempt import AttemptFailed

log = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
"""The longest rest between two questions, in first waits."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Patience:
    """How long an endpoint is waited for.

    Attributes:
        seconds: In all; 0 does not wait.
        first_wait_s: Before it is asked for the second time; the rests double.
    """

    seconds: float = 0.0
    first_wait_s: float = 1.0


async def patiently(
    ask: Callable[[], Awaitable[_T]],
    patience: Patience,
    waits: Callable[[AttemptFailed], bool] = lambda error: error.loading,
) -> _T:
    """Ask, and ask again while the endpoint says that it is there soon; waiting is said, once.

    Args:
        ask: Asks once.
        patience: For how long.
        waits: Whether a failure is worth waiting; by default, if a model is being loaded.

    Raises:
        AttemptFailed: It failed otherwise, or the patience is over.
    """
    until = time.monotonic() + patience.seconds
    rest, said = patience.first_wait_s, False
    while True:
        try:
            return await ask()
        except AttemptFailed as error:
            wait = max(rest, error.retry_after_s or 0.0)
            if not waits(error) or time.monotonic() + wait > until:
                raise
            if not said:
                log.warning(
                    "%s: waiting until it is available, up to %g s (--patience)",
                    error.message,
                    patience.seconds,
                )
            said = True
            rest = min(2 * rest, LONGEST_WAIT * patience.first_wait_s)
            await asyncio.sleep(wait)
