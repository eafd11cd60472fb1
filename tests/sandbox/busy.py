"""Busy loops on the core on which a test's boxes run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# It ends with its parent's pipe, so that a killed test leaves none behind.
_LOOP = """
import os, threading
threading.Thread(target=lambda: (os.read(0, 1), os._exit(0)), daemon=True).start()
while True: pass
"""


def first_core() -> int:
    return min(os.sched_getaffinity(0))


@contextmanager
def busy_loops(count: int, core: int) -> Iterator[None]:
    """So many processes that want all of one core."""
    command = ["taskset", "--cpu-list", str(core), sys.executable, "-c", _LOOP]
    loops = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.communicate()


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """This thread, and all that it starts, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
