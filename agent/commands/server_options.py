"""Options of the commands that serve: the address, further host names, tokens."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from medalist.errors import BadInput

HOST = typer.Option("--host", help="Address to listen on.")
PORT = typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")
NAME = typer.Option(
    "--name",
    help="Another host name that it is reached by, such as a proxy's; repeatable.",
    show_default=False,
)
_LONGEST_NAME = 253
_SHORTEST_TOKEN = 12


def host_name(text: str) -> str:
    """Read a `--name`.

    Raises:
        BadInput: It is not a host name, as with a scheme or a port.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?", text) or len(text) > _LONGEST_NAME:
        raise BadInput(
            f"{text!r} is not a host name", field="--name", hint="as in contest.example.org"
        )
    return text.rstrip(".")


def checked_token(token: str, *, field: str = "--token", file: Path | None = None) -> str:
    """Return a token that is hard to guess.

    Raises:
        BadInput: It is too short.
    """
    if len(token) < _SHORTEST_TOKEN:
        raise BadInput(f"needs {_SHORTEST_TOKEN} characters or more", field=field, file=file)
    return token
