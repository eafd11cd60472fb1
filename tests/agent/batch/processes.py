"""What is left of processes that a test started, and waiting until something holds."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PATIENCE_S = 240.0


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def marked(mark: str) -> list[str]:
    """Processes that were started with `mark` in their environment, this one left out."""
    result = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                result.append(f"{folder.name} {command}")
        except OSError:
            continue
    return result


def end(mark: str) -> None:
    """Kill whatever was started with `mark` in its environment, until nothing of it is left."""

    def ended() -> bool:
        left = marked(mark)
        for process in left:  # some start others while they are killed, so once is not enough
            with suppress(ProcessLookupError):
                os.kill(int(process.split()[0]), signal.SIGKILL)
        return not left

    assert eventually(ended), marked(mark)
