"""A cgroup for a local box, where this process may make one (root, usually).

It walls memory and processes in, and lets the runner read CPU time and kills for lack of
memory, at the same paths as in a container.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PARENT = "medalist"
_V1 = ("memory", "cpuacct", "pids")
_V2_CONTROLLERS = "+memory +pids"


class BoxCgroup:
    """One cgroup (version 2) or one in each of three hierarchies (version 1)."""

    def __init__(self, folders: dict[str, Path], version: int) -> None:
        self._folders = folders
        self._version = version

    @classmethod
    def create(cls, name: str, processes: int) -> BoxCgroup | None:
        """Make a cgroup of that name; None where that is not possible."""
        version = 2 if (ROOT / "cgroup.controllers").exists() else 1
        made: dict[str, Path] = {}
        try:
            if version == 2:
                made[""] = _make_v2(name)
            else:
                for controller in _V1:
                    folder = ROOT / controller / PARENT / name
                    folder.mkdir(parents=True)
                    made[controller] = folder
            group = cls(made, version)
            (group._folder("pids") / "pids.max").write_text(str(processes))
            (group._folder("memory") / group._memory_file).read_text()
        except OSError:
            for folder in made.values():
                with suppress(OSError):
                    folder.rmdir()
            return None
        return group

    def _folder(self, controller: str) -> Path:
        return self._folders["" if self._version == 2 else controller]

    @property
    def _memory_file(self) -> str:
        return "memory.max" if self._version == 2 else "memory.limit_in_bytes"

    def limit_memory(self, memory_bytes: int) -> None:
        """Let the box as a whole use that much; raises `OSError`."""
        folder = self._folder("memory")
        swap, value = folder / "memory.swap.max", "0"
        if self._version == 1:  # memory and swap together, which may never be below memory
            swap, value = folder / "memory.memsw.limit_in_bytes", str(memory_bytes)
        for file, text in (
            (swap, value),
            (folder / self._memory_file, str(memory_bytes)),
            (swap, value),
        ):
            try:
                file.write_text(text)
            except OSError:
                if file is not swap:  # a kernel without swap has no such file
                    raise

    def entry(self) -> list[str]:
        """Return a command prefix that moves a process into the cgroup and continues in it."""
        files = [str(folder / "cgroup.procs") for folder in self._folders.values()]
        script = "n=$1; shift; while [ $n -gt 0 ]; do echo 0 >$1 || exit 1; shift; n=$((n-1)); done"
        return ["/bin/sh", "-c", f'{script}; exec "$@"', "sh", str(len(files)), *files]

    def binds(self) -> list[tuple[str, str]]:
        """Return what the runner must see: folder of this machine, path in the box."""
        return [(str(path), str(ROOT / key)) for key, path in self._folders.items()]

    def remove(self) -> None:
        """Remove it once its processes are gone; never raises."""
        for folder in self._folders.values():
            for _ in range(50):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.01)
                else:
                    break


def _make_v2(name: str) -> Path:
    """Make a leaf below the root, with the controllers handed down to it."""
    parent = ROOT / PARENT
    parent.mkdir(exist_ok=True)
    for folder in (ROOT, parent):
        (folder / "cgroup.subtree_control").write_text(_V2_CONTROLLERS)
    leaf = parent / name
    leaf.mkdir()
    return leaf


def leftovers() -> list[Path]:
    """Return all cgroups that medalist processes, alive or dead, have made."""
    parents = [ROOT / PARENT, *(ROOT / controller / PARENT for controller in _V1)]
    return [folder for parent in parents if parent.is_dir() for folder in parent.iterdir()
            if folder.is_dir()]  # fmt: skip
