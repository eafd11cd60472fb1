"""Trouble of the event loop that nobody waits for any more."""

from __future__ import annotations

import asyncio
from typing import Any

from medalist.errors import MedalistError


def unheard(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handle what a loop reports (see `asyncio.loop.set_exception_handler`).

    A run that ends by an error of medalist gives up its other questions, and the same error may
    reach some of these just when they are cancelled. It is said once, where it ended the run, and
    not once more with a traceback for each of them.
    """
    if not isinstance(context.get("exception"), MedalistError):
        loop.default_exception_handler(context)
