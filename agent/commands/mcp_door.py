"""How agents connect: over stdin and stdout, or over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from medalist.agent.commands.server_options import checked_token
from medalist.agent.contest.run import Doors
from medalist.errors import MissingPrerequisite

_HINT = "pip install 'medalist[mcp]'"


def stdio_door() -> Doors:
    """Return the door of one agent over this process's stdin and stdout.

    Raises:
        MissingPrerequisite: The `mcp` package is not installed.
    """
    try:
        from medalist.agent.web.mcp_doors import StdioDoor
    except ImportError as error:
        raise MissingPrerequisite(f"this needs {error.name}", hint=_HINT) from error
    return StdioDoor()


def http_door(
    host: str,
    port: int,
    tokens: Mapping[str, str],
    said: Callable[[str, str, str], None],
    option: str = "--port",
) -> Doors:
    """Return the door of agents over HTTP; it listens already.

    Args:
        host: The address to listen on.
        port: The port; 0 takes a free one.
        tokens: By participant, those that are given.
        said: Told each participant, its address, and its token.
        option: Where the port came from.

    Raises:
        MissingPrerequisite: The `mcp` package is not installed.
        BadInput: The address cannot be listened on, or a token is too short.
    """
    try:
        from medalist.agent.web.listening import listen
        from medalist.agent.web.mcp_doors import HttpDoor
    except ImportError as error:
        raise MissingPrerequisite(f"this needs {error.name}", hint=_HINT) from error
    for token in tokens.values():
        checked_token(token)
    return HttpDoor(listen(host, port, option), host, said, tokens)


def address_line(name: str, address: str, token: str) -> str:
    """Print the address that a participant connects to."""
    return f"{name}: {address}  (Authorization: Bearer {token})"
