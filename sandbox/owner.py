"""Who a box belongs to, and what dead owners have left behind.

A runner ends when its owner's end of the stream closes, so that a killed medalist leaves
nothing running; what may be left are containers that were made and never started, folders of
sockets, and empty cgroups. All carry their owner's name.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from medalist.sandbox.cgroup import leftovers

LABEL = "io.medalist.owner"
_NAME = re.compile(r"medalist-(\w+)-(\d+)-(\d+)-")


def start_time(pid: int) -> int | None:
    """Return when a process started (clock ticks since boot), or None if there is none.

    Together with its id this names a process for ever: ids are used again.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(text[text.rindex(")") + 2 :].split()[19])


def _machine() -> str:
    """Name the running kernel and process namespace, in which process ids mean something."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().replace("-", "")[:12]
    return f"{boot}{os.stat('/proc/self/ns/pid').st_ino}"


def owner_prefix() -> str:
    """Return `medalist-<machine>-<pid>-<start>-`, which begins the name of all we make."""
    pid = os.getpid()
    return f"medalist-{_machine()}-{pid}-{start_time(pid)}-"


def is_orphan(name: str) -> bool:
    """Whether `name` begins like `owner_prefix` of a process of this machine that is dead."""
    match = _NAME.match(name)
    if match is None or match[1] != _machine():
        return False
    return start_time(int(match[2])) != int(match[3])


def remove_orphaned_folders() -> list[str]:
    """Remove socket folders and cgroups of dead owners; return their paths."""
    removed = []
    for folder in Path(tempfile.gettempdir()).glob("medalist-*"):
        if is_orphan(folder.name) and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(f"folder {folder}")
    for group in leftovers():
        if is_orphan(group.name):
            with suppress(OSError):
                group.rmdir()
                removed.append(f"cgroup {group}")
    return removed
