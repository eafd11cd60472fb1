"""The limits of one run."""

from __future__ import annotations

from dataclasses import dataclass

from medalist.sandbox.outcome import Outcome, Status

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Limits of one run; a run that exceeds one is stopped and its `Outcome.status` says so.

    Attributes:
        cpu_s: CPU time, seconds.
        wall_s: Idle limit: wall time in which no process of the run has a core or waits for one,
            seconds; None means three times `cpu_s` and 2 s, a loose backstop that only catches
            programs that sleep. A run that has not ended after ten times as much, waiting or not,
            is given up: that is the machine's failure.
        memory_bytes: Memory, bytes; the stack is bounded by it and by nothing else.
        output_bytes: Bytes of stdout, and of any file written.
        stderr_bytes: Bytes of stderr that are kept; more is thrown away, and a flood beyond
            `output_bytes` stops the run.
        processes: Processes and threads together.
    """

    cpu_s: float = 2.0
    wall_s: float | None = None
    memory_bytes: int = 1024 * MIB
    output_bytes: int = 64 * MIB
    stderr_bytes: int = 8192
    processes: int = 16

    @property
    def idle_s(self) -> float:
        """The idle limit in force, seconds."""
        return self.wall_s or 3 * self.cpu_s + 2

    def that_ended(self, outcome: Outcome) -> str:
        """Name the limit that ended a run, with its figures; empty where none did."""
        match outcome.status:
            case Status.TIME:
                return f"CPU limit of {self.cpu_s:g} s"
            case Status.IDLE:
                return (
                    f"idle limit of {self.idle_s:g} s (CPU {outcome.cpu_s:.1f} s, "
                    f"waiting for a core {outcome.queued_s:.1f} s)"
                )
            case Status.MEMORY:
                return f"memory limit of {self.memory_bytes // MIB} MiB"
            case Status.OUTPUT:
                return f"output limit of {self.output_bytes // MIB} MiB"
            case _:
                return ""
