"""Runs the web application on a socket until it is told to stop."""

from __future__ import annotations

import socket

import uvicorn

from medalist.agent.web.guard import Secrets
from medalist.agent.web.hub import Hub
from medalist.agent.web.server import application
from medalist.errors import BadInput

_LINGER_S = 1
"""How long open streams may take to end when the server stops; they resume with the next one."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one.

    Raises:
        BadInput: The address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family, backlog=1024)
    except OSError as error:
        raise BadInput(
            f"cannot listen on {host} port {port}: {error.strerror or error}",
            field="--port",
            hint="give another --port or --host",
        ) from error


def run_server(hub: Hub, sock: socket.socket, *, host: str, given: Secrets) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        KeyboardInterrupt: It was SIGINT.
        JournalFailure: The run's journal can no longer be read.
    """
    config = uvicorn.Config(
        application(hub, host=host, given=given),
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LINGER_S,
    )
    server = uvicorn.Server(config)
    hub.on_failure = lambda: setattr(server, "should_exit", True)
    server.run(sockets=[sock])
    if hub.failure is not None:
        raise hub.failure
