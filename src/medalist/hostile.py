"""Text of strangers on a terminal. Imports nothing: every command loads it."""

from __future__ import annotations

import unicodedata

_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def printable(text: str) -> str:
    """Show control characters instead of obeying them.

    Escape sequences, carriage returns, backspaces, and signs that turn the direction of text or
    are invisible become `\\x1b`, `\\u202e` and so on; line ends and tabs stay.
    """
    return "".join(
        char
        if char in "\n\t" or unicodedata.category(char) not in _CONTROL
        else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )
