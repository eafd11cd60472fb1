"""What boxes take from this machine: cores, user ids, folders."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import platformdirs

USERS_PER_BOX = 4
BOXES_PER_PROCESS = 64
FIRST_USER = 1 << 30


def usable_cores() -> list[int]:
    """Return the cores this process may use."""
    return sorted(os.sched_getaffinity(0))


_numbers = itertools.count(1)


def number_of_box() -> int:
    """Return a number that no other box of this process has, whichever pool it belongs to."""
    return next(_numbers)


def users_of_box(number: int) -> tuple[int, int]:
    """Return first user id and how many belong to box `number` of this process.

    Process limits are counted per user over the whole machine, so no two live boxes share one:
    the range follows from the process id (at most 2**22 on Linux).
    """
    block = os.getpid() * BOXES_PER_PROCESS + number % BOXES_PER_PROCESS
    return FIRST_USER + block * USERS_PER_BOX, USERS_PER_BOX


def cache_dir() -> Path:
    """Return the user's cache folder of medalist, made if it was not there."""
    path = Path(platformdirs.user_cache_dir("medalist"))
    path.mkdir(parents=True, exist_ok=True)
    return path


def headers_dir(toolchain: str) -> Path:
    """Return the folder of precompiled headers of a toolchain, made if it was not there."""
    path = cache_dir() / "headers" / toolchain.removeprefix("sha256:")[:16]
    path.mkdir(parents=True, exist_ok=True)
    return path
