"""What every command shares: data on stdout, progress on stderr, one line for an error."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import Any

from rich.console import Console
from rich.text import Text

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)


def printable(text: str) -> str:
    """Show control and format characters instead of obeying them (statements and programs are
    hostile text: an escape sequence could rewrite what the terminal shows)."""
    return "".join(
        char
        if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"}
        else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def say(text: str, *, style: str = "") -> None:
    """Print a line of progress or explanation on stderr."""
    err.print(Text(printable(text), style=style))


def data(text: str) -> None:
    """Print a line of data on stdout."""
    out.print(Text(printable(text)))


def json_line(value: Any) -> None:
    """Print one JSON object on one line of stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()
