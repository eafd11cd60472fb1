"""What one run of a program can be: output, or the way it failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """How a run ended; where several are true of one run, the first in this order wins.

    The order is memory > time > idle > output > run-time error: a program killed for memory
    also dies by a signal, and one that floods its output often runs out of time as well.
    """

    MEMORY = "memory"
    TIME = "time"
    IDLE = "idle"
    OUTPUT = "output"
    RUNTIME = "runtime"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The facts of one run.

    Attributes:
        status: How it ended; `OK` means exit code 0 within all limits.
        exit_code: Exit code, or None if a signal ended it.
        signal: Signal number that ended it, or None.
        cpu_s: User plus system CPU time of all its processes, seconds.
        wall_s: Wall time, seconds.
        memory_bytes: Peak memory, bytes.
        stdout: What it wrote, cut at the output limit.
        stderr: The first kilobytes of what it wrote there: hostile text, never to be parsed.
        files: Contents of the files asked for by `Run.collect` that existed as regular files.
        trusted: False where the box could not hold every promise (see `Box.lost`).
        idle_s: Wall time in which none of its processes ran or waited for a core, seconds, as
            sampled every 10 ms. What is left of the wall time was in queues, behind others.
    """

    status: Status
    exit_code: int | None
    signal: int | None
    cpu_s: float
    wall_s: float
    memory_bytes: int
    stdout: bytes
    stderr: bytes = b""
    files: Mapping[str, bytes] = field(default_factory=dict)
    trusted: bool = True
    idle_s: float = 0.0

    @property
    def queued_s(self) -> float:
        """Wall time in which it waited for a core that others had, seconds."""
        return max(0.0, self.wall_s - self.idle_s - self.cpu_s)

    @property
    def ok(self) -> bool:
        """Whether it exited with code 0 within all limits."""
        return self.status is Status.OK
