"""Runs the web application on a socket until it is told to stop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from types import FrameType

import uvicorn

from medalist.agent.web import stream
from medalist.agent.web.guard import Secrets
from medalist.agent.web.hub import Hub
from medalist.agent.web.server import application

_LINGER_S = stream.FAREWELL_S + 1
"""How long requests may take to end when the server stops."""


class _Server(uvicorn.Server):
    """Ends the open streams first when it is told to stop: uvicorn waits for them."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # A signal may come while a stream is between its look at `closed` and its wait: the loop
        # closes the hub between two steps instead.
        asyncio.get_running_loop().call_soon_threadsafe(self._hub.close)
        super().handle_exit(sig, frame)


def run_server(hub: Hub, sock: socket.socket, *, hosts: Sequence[str], given: Secrets) -> None:
    """Serve until SIGINT or SIGTERM.

    `hosts` are the address that is listened on, and the names of a proxy before it.

    Raises:
        KeyboardInterrupt: It was SIGINT.
        JournalFailure: The run's journal cannot be read any more.
    """
    config = uvicorn.Config(
        application(hub, hosts=hosts, given=given),
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LINGER_S,
    )
    server = _Server(config, hub)
    hub.on_failure = lambda: setattr(server, "should_exit", True)
    server.run(sockets=[sock])
    if hub.failure is not None:
        raise hub.failure
