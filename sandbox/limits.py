"""The limits of one run."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one run; a run that exceeds one is stopped and its `Outcome.status` says so.

    Attributes:
        cpu_s: CPU time, seconds.
        wall_s: Wall time, seconds, not counting time in which the program was ready to run and
            others had the core; None means three times `cpu_s` and 2 s, a loose backstop that
            only catches programs that sleep.
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
