"""Keys as people paste them: cleaned or refused where they are read, and hidden everywhere else."""

from __future__ import annotations

from medalist.errors import BadInput

_AROUND = " \t\r\n\v\f\"'`“”„‘’«»\ufeff\u200b\u200c\u200d\u2060\u00a0"
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
            f"the key has a character at place {bad + 1} of {len(key)} that no key has (a blank, "
            "a line end, a typographic quotation mark)",
            field=source,
            hint="copy it again",
        )
    return key or None


def hidden(text: str, key: str | None) -> str:
    """Return a text without the key."""
    return text.replace(key, "***") if key and len(key) >= SHORTEST_SECRET else text
