"""The whole log as one answer: put together and compressed once for all who ask at that time.

A page that loads continues from the last entry that it got, so an answer may be a moment old.
"""

from __future__ import annotations

import asyncio
import gzip
import time

from medalist.agent.web.log import BoardLog

MOST_OFTEN_S = 1.0
"""A log that grows is packed no more often than this."""


class Packed:
    """A log, ready to be sent."""

    def __init__(self, log: BoardLog, tag: str) -> None:
        self._log = log
        self._tag = tag
        self._count = -1
        self._made_at = 0.0
        self._making: asyncio.Task[bytes] | None = None

    def plain(self) -> bytes:
        """The answer as JSON: the log's tag and its entries."""
        entries = b",".join(self._log.entries)
        return b'{"tag":"%s","entries":[%s]}' % (self._tag.encode(), entries)

    async def compressed(self) -> bytes:
        """The answer as gzip, at most `MOST_OFTEN_S` old."""
        grown = len(self._log.entries) != self._count
        if self._making is None or (grown and time.monotonic() - self._made_at > MOST_OFTEN_S):
            self._count = len(self._log.entries)
            self._made_at = time.monotonic()
            # Beside the event loop: compressing a large log takes a tenth of a second.
            self._making = asyncio.create_task(asyncio.to_thread(gzip.compress, self.plain(), 5))
        # One who leaves must not stop it for the others.
        return await asyncio.shield(self._making)
