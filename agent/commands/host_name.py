"""Host names that a server is asked under, as `--name` gives them."""

from __future__ import annotations

import re

from medalist.errors import BadInput

_LONGEST_NAME = 253


def host_name(text: str) -> str:
    """Read a `--name`.

    Raises:
        BadInput: It is no host name, as with a scheme or a port.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?", text) or len(text) > _LONGEST_NAME:
        raise BadInput(
            f"{text!r} is not a host name", field="--name", hint="as in contest.example.org"
        )
    return text.rstrip(".")
