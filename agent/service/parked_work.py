"""Work whose client was told to ask again: kept, so that asking again costs nothing."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from medalist.agent.service.fair_queue import QueuedJob

_KEPT_S = 120.0
_MOST_KEPT = 10_000


class ParkedWork:
    """Jobs by what was asked, for a while."""

    def __init__(self) -> None:
        self._jobs: dict[bytes, tuple[float, QueuedJob[Any]]] = {}

    @staticmethod
    def key(client: str, asked: str) -> bytes:
        """Return what a request is known by: nobody gets what another client asked for."""
        return hashlib.sha256(f"{client}\0{asked}".encode()).digest()

    def take(self, key: bytes) -> QueuedJob[Any] | None:
        """Return the job that was parked under a key, if it is still worth something."""
        self._expire()
        _, job = self._jobs.pop(key, (0.0, None))
        if job is None or (job.future.done() and _failed(job)):
            return None
        return job

    def park(self, key: bytes, job: QueuedJob[Any]) -> None:
        """Keep a job for a repeated request."""
        self._expire()
        self._jobs[key] = time.monotonic(), job

    def _expire(self) -> None:
        """Give up what nobody came back for, the oldest first."""
        oldest = time.monotonic() - _KEPT_S
        while self._jobs:
            key, (since, job) = next(iter(self._jobs.items()))
            if since > oldest and len(self._jobs) <= _MOST_KEPT:
                return
            del self._jobs[key]
            job.future.cancel()


def _failed(job: QueuedJob[Any]) -> bool:
    return job.future.cancelled() or job.future.exception() is not None
