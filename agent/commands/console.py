"""What every command shares: data on stdout, progress on stderr, one line for an error."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from medalist.agent.propose.quote import printable

__all__ = ["data", "err", "json_line", "out", "printable", "say"]

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)


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
