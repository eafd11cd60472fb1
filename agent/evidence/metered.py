"""Boxes with a budget of seconds: runs end when it is used up."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from medalist.sandbox.box import Box, CompileResult, Executable, Run, Source
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import Pool

_SHORTEST_S = 0.1


class SecondsOver(Exception):
    """All seconds were used: nothing more is run."""


class MeteredBoxes:
    """Boxes of a pool for one piece of work with a budget of seconds.

    Seconds are those in which something ran or slept, compilers among them; waiting for a box or
    for a core that others had costs nothing.

    Attributes:
        used_s: Seconds so far.
    """

    size = 1

    def __init__(self, pool: Pool, seconds: float) -> None:
        """Take the pool, and how many seconds there are."""
        self._pool = pool
        self._seconds = seconds
        self.used_s = 0.0

    @property
    def left_s(self) -> float:
        """Seconds that are left."""
        return self._seconds - self.used_s

    @contextmanager
    def box(self) -> Iterator[Box]:
        """Lease a box, waiting until one is free."""
        with self._pool.box() as box:
            yield _MeteredBox(self, box)

    def compile(self, source: Source) -> CompileResult:
        """Compile; what was compiled before costs nothing.

        Raises:
            SecondsOver: There is no time left.
        """
        if self.left_s <= 0:
            raise SecondsOver
        result = self._pool.compile(source)
        if not result.cached:
            self.used_s += result.cpu_s
        return result


class _MeteredBox:
    """A box whose runs count."""

    def __init__(self, meter: MeteredBoxes, box: Box) -> None:
        self._meter = meter
        self._box = box

    @property
    def name(self) -> str:
        """See `Box`."""
        return self._box.name

    @property
    def lost(self) -> tuple[str, ...]:
        """See `Box`."""
        return self._box.lost

    def compile(self, source: Source) -> CompileResult:
        """See `Box`."""
        return self._meter.compile(source)

    def run_many(
        self,
        executable: Executable,
        runs: Iterable[Run],
        limits: RunLimits,
        *,
        stop_on_failure: bool = False,
    ) -> Generator[Outcome, None, None]:
        """See `Box`; each run is given no more than what is left.

        Raises:
            SecondsOver: There is no time left for the next run.
        """
        for run in runs:
            left = self._meter.left_s
            if left <= 0:
                raise SecondsOver
            cpu_s = min(limits.cpu_s, max(left, _SHORTEST_S))
            tight = replace(limits, cpu_s=cpu_s, wall_s=min(limits.idle_s, cpu_s + 1.0))
            with closing(self._box.run_many(executable, [run], tight)) as outcomes:
                for outcome in outcomes:
                    self._meter.used_s += outcome.cpu_s + outcome.idle_s
                    yield outcome
                    if stop_on_failure and not outcome.ok:
                        return

    def close(self) -> None:
        """Leave the box to the pool."""
