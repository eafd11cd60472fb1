"""What every command shares: data on stdout, progress on stderr, one line for an error."""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from medalist.hostile import printable

if TYPE_CHECKING:
    from rich.console import Console

    err: Console
    out: Console

__all__ = ["data", "err", "json_line", "out", "printable", "say"]


def __getattr__(name: str) -> Any:
    """Make `err` and `out` when they are first asked for: rich is slow to load."""
    if name in ("err", "out"):
        return _console(name == "err")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _console(stderr: bool) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def say(text: str, *, style: str = "") -> None:
    """Print a line of progress or explanation on stderr."""
    from rich.text import Text

    _console(True).print(Text(printable(text), style=style))


def data(text: str) -> None:
    """Print a line of data on stdout."""
    from rich.text import Text

    _console(False).print(Text(printable(text)))


def json_line(value: Any) -> None:
    """Print one JSON object on one line of stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()
