"""Who may use the cores: the embedded model or the judge.

The embedded model and the sandbox would slow each other down (`docs/embedded-model.md` has the
figures), and a judged program must not lose its cores to anybody. So they alternate: either any
number of requests, or any number of runs. Who waits is let in before newcomers of the other side.
With a remote model the lease is `shared`, and nobody waits.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from typing import Literal

Side = Literal["model", "judge"]


class CoreLease:
    """Lets one side in at a time, as many of it as come. Thread-safe, not re-entrant."""

    def __init__(self, *, shared: bool = False) -> None:
        """With `shared`, both sides are always let in."""
        self._shared = shared
        self._changed = threading.Condition()
        self._inside: Counter[Side] = Counter()
        self._waiting: Counter[Side] = Counter()
        self._turn: Side = "model"

    @contextmanager
    def hold(self, side: Side) -> Iterator[None]:
        """Wait for the cores and hold them for the duration of the block."""
        self.acquire(side)
        try:
            yield
        finally:
            self.release(side)

    def acquire(self, side: Side) -> None:
        """Wait until the other side is out, and has had its turn if it was waiting."""
        if self._shared:
            return
        other = _other(side)
        with self._changed:
            self._waiting[side] += 1
            self._changed.wait_for(
                lambda: not self._inside[other] and (self._turn == side or not self._waiting[other])
            )
            self._waiting[side] -= 1
            self._inside[side] += 1
            if not self._waiting[side]:
                # All who waited are in: whoever comes now waits for the other side's turn.
                self._turn = other
            self._changed.notify_all()

    @asynccontextmanager
    async def hold_async(self, side: Side) -> AsyncIterator[None]:
        """As `hold`, in an event loop: who waits does so in its own thread."""
        if self._shared:
            yield
            return
        acquired: Future[None] = Future()

        def wait() -> None:
            self.acquire(side)
            # Whoever waited for it may have been cancelled meanwhile.
            if not acquired.set_running_or_notify_cancel():
                self.release(side)
                return
            acquired.set_result(None)

        threading.Thread(target=wait, daemon=True, name="core-lease").start()
        await asyncio.wrap_future(acquired)
        try:
            yield
        finally:
            self.release(side)

    def waiting(self, side: Side) -> int:
        """Return how many of a side wait."""
        with self._changed:
            return self._waiting[side]

    def release(self, side: Side) -> None:
        """Leave."""
        if self._shared:
            return
        with self._changed:
            self._inside[side] -= 1
            self._changed.notify_all()


def _other(side: Side) -> Side:
    return "judge" if side == "model" else "model"
