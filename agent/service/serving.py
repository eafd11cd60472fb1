"""Runs the service on a socket until it is stopped, then ends running work."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from medalist.agent.service.application import application
from medalist.agent.service.desk import ServiceParts
from medalist.agent.service.door_guard import DoorRules

HEAD_S = 20.0
"""How long the head of a request may take to come."""
MOST_CONNECTIONS = 8192
_LINGER_S = 3
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _PatientProtocol(H11Protocol):
    """Closes a connection whose first head does not come."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._patience = self.loop.call_later(HEAD_S, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.cancel()
        super().connection_lost(exc)

    def _give_up(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()


class _JudgeServer(uvicorn.Server):
    """Ends the queue first when it is told to stop, within the time that is given."""

    def __init__(
        self,
        config: uvicorn.Config,
        parts: ServiceParts,
        grace_s: float,
        say: Callable[[str], None],
    ) -> None:
        super().__init__(config)
        self._parts = parts
        self._grace_s = grace_s
        self._say = say
        self._stopping: asyncio.Task[None] | None = None
        self.signals: list[int] = []

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take signals without handing them on afterwards: boxes are still to be closed then."""
        before = {kind: signal.signal(kind, self.handle_exit) for kind in _SIGNALS}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Begin to stop; a second signal stops at once."""
        self.signals.append(sig)
        if len(self.signals) > 1:
            self.force_exit = self.should_exit = True
            return
        asyncio.get_running_loop().call_soon_threadsafe(self._begin_to_stop)

    def _begin_to_stop(self) -> None:
        self._stopping = asyncio.ensure_future(self._stop())

    async def _stop(self) -> None:
        queue = self._parts.queue
        running, waiting = queue.running, queue.waiting
        self._say(f"stopping: {running} running are ended, {waiting} waiting are told to retry")
        cut = await queue.stop(self._grace_s)
        if cut:
            self._say(f"stopping: {cut} did not end within {self._grace_s:g} s and are cut off")
        self.should_exit = True


def serve_judge(
    parts: ServiceParts,
    rules: DoorRules,
    sock: socket.socket,
    *,
    grace_s: float,
    say: Callable[[str], None],
) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        parts: The service.
        rules: Who may ask, and how.
        sock: A listening socket.
        grace_s: How long what runs may take to end.
        say: Is told how stopping goes.

    Raises:
        KeyboardInterrupt: It was SIGINT.
    """
    config = uvicorn.Config(
        application(parts, rules),
        http=_PatientProtocol,
        ws="none",
        log_level="critical",
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_LINGER_S,
        backlog=2048,
    )
    server = _JudgeServer(config, parts, grace_s, say)
    server.run(sockets=[sock])
    parts.queue.close()
    if signal.SIGINT in server.signals:
        raise KeyboardInterrupt
