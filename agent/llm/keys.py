"""Keys as people paste them: cleaned or refused where they are read, and hidden everywhere else."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from medalist.errors import BadInput

_AROUND = " \t\r\n\v\f\"'`“”„‘’«»\ufeff\u200b\u200c\u200d\u2060\u00a0"
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SECRET_NAME = re.compile(
    r"auth|key|token|secret|passw|cookie|signature|\bsig\b|credential|\bcode\b", re.IGNORECASE
)
SHORTEST_SECRET = 6
"""A shorter key (`k`, `none`) is none that is kept secret, and hiding it would spoil texts."""


def cleaned(key: str, source: str) -> str | None:
    """Return a key without blanks, line ends and quotation marks around it; None if it is empty.

    Args:
        key: As it was read.
        source: Where it was read, for the message.

    Raises:
        BadInput: It holds a character that no header can carry. The message does not show it.
    """
    key = key.strip(_AROUND)
    bad = next((n for n, sign in enumerate(key) if not "!" <= sign <= "~"), None)
    if bad is not None:
        raise BadInput(
            f"the key has an invalid character at position {bad + 1} of {len(key)} (a blank, a "
            f"line end, a typographic quotation mark)",
            field=source,
            hint="copy it again",
        )
    return key or None


def header(name: str, value: str) -> str:
    """Return a header's value without blanks and line ends around it.

    Raises:
        ValueError: No header can be sent so. The message does not show the value.
    """
    if not _HEADER_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a header")
    value = value.strip()
    bad = next(
        (n for n, sign in enumerate(value) if not (" " <= sign <= "~" or sign == "\t")), None
    )
    if bad is not None:
        raise ValueError(
            f"the header {name} has an invalid character at position {bad + 1} of {len(value)}"
        )
    return value


def secrets_of(
    base_url: str,
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Return all that must not be shown of how an endpoint is asked, in every form.

    The key; headers and parameters whose names say that they are secret; the user's name and
    password in the address.
    """
    named = [*(headers or {}).items(), *(query or {}).items(), *parse_qsl(urlsplit(base_url).query)]
    secrets = [key or "", *(value for name, value in named if _SECRET_NAME.search(name))]
    secrets += [secret.partition(" ")[2] for secret in secrets if " " in secret]  # `Bearer ...`
    user, _, password = urlsplit(base_url).netloc.rpartition("@")[0].partition(":")
    if password:
        both = f"{unquote(user)}:{unquote(password)}"
        secrets += [unquote(password), base64.b64encode(both.encode()).decode()]
    secrets += [quote(secret, safe="") for secret in secrets]
    long = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}
    return tuple(sorted(long, key=len, reverse=True))


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Return a text without secrets."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
