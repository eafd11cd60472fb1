"""How much of the machine all Docker boxes together get beside other work.

An engine puts its containers into one CPU group. The kernel shares cores out between groups and
processes of one level by weight, so that however many boxes work, they get what one process gets
(on a core that others want as well). Nothing is misjudged by it, since CPU time decides and a queue
is nobody's idleness; it only takes longer.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from medalist.sandbox.cgroup import ROOT

if TYPE_CHECKING:  # commands that need no engine load none
    from docker import DockerClient

CGROUP_PARENT = "MEDALIST_CGROUP_PARENT"
"""Environment variable: the CPU group into which the engine puts medalist's boxes."""
_USUAL = {"shares": 1024, "weight": 100}


def cgroup_parent() -> str | None:
    """Return the group that the user wants the boxes to be in, None for the engine's own."""
    return os.environ.get(CGROUP_PARENT) or None


@dataclass(frozen=True)
class CpuGroup:
    """The CPU group of all boxes.

    Attributes:
        path: Its path below the root of the hierarchy.
        file: Where its weight stands: `cpu.shares` (cgroup version 1) or `cpu.weight` (2).
        weight: The weight, None where it cannot be read (before the first box, usually).
    """

    path: str
    file: str
    weight: int | None

    @property
    def processes(self) -> float:
        """As how many usual processes it counts."""
        usual = _USUAL[self.file.removeprefix("cpu.")]
        return (self.weight or usual) / usual

    def __str__(self) -> str:
        """Say it to a user."""
        return (
            f"all boxes are one CPU group ({self.path}, {self.file} "
            f"{self.weight or 'not set'}): on a core that others want they get the share of "
            f"{self.processes:g} process{'es' if self.processes != 1 else ''} (docs/sandbox.md, "
            '"CPU share", says how to raise it)'
        )


def cpu_group(client: DockerClient) -> CpuGroup:
    """Return the group that an engine of this kernel puts the boxes into."""
    info = client.info()
    parent = cgroup_parent() or (
        "/docker" if info.get("CgroupDriver") == "cgroupfs" else "system.slice"
    )
    second = str(info.get("CgroupVersion", "1")) == "2"
    file = "cpu.weight" if second else "cpu.shares"
    root = ROOT if second else ROOT / "cpu"
    path = _slices(parent) if parent.endswith(".slice") else parent
    weight = None
    with suppress(OSError, ValueError):
        weight = int((root / path.lstrip("/") / file).read_text())
    return CpuGroup(path, file, weight)


def _slices(name: str) -> str:
    """Return the folder of a systemd slice: `a-b.slice` is in `a.slice`."""
    words = PurePosixPath(name).name.removesuffix(".slice").split("-")
    return "/" + "/".join(f"{'-'.join(words[: n + 1])}.slice" for n in range(len(words)))
