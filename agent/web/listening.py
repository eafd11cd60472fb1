"""The socket that a server of ours listens on, and its address."""

from __future__ import annotations

import os
import socket

from medalist.errors import BadInput


def listen(host: str, port: int, option: str = "--port") -> socket.socket:
    """Return a listening socket; port 0 takes a free one.

    Args:
        host: The address.
        port: The port.
        option: Where the port came from, to be named in a message.

    Raises:
        BadInput: The address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family, backlog=1024)
    except OSError as error:
        raise BadInput(
            f"cannot listen on {host} port {port}: "
            f"{os.strerror(error.errno) if error.errno and error.errno > 0 else error}",
            field=option,
            hint=f"give another {option}",
        ) from error


def base_url(host: str, sock: socket.socket) -> str:
    """Return the address of a server, as `http://127.0.0.1:8080`."""
    name = host.strip("[]")
    return f"http://{f'[{name}]' if ':' in name else name}:{sock.getsockname()[1]}"
