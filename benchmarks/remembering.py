"""Boxes that know what was run before, for benchmarks that play the same programs again and again.

What a program did on an input is kept for the process, or in a file for later ones too. A compiled
program is identified by all that decides how it behaves, so an outcome stays true; its times are
those of the run that was remembered.
"""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from medalist.sandbox.box import Box, CompileResult, Executable, Run, Source
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import HostPool

_CHUNK = 64
"""Runs that are looked up together, and what of them is not known is run together."""


class Memory:
    """Outcomes by program, run and limits; safe to share between threads.

    Args:
        file: Where they are kept for later processes; None keeps them for this one. It is read
            with `pickle`: only a file of one's own.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._known: dict[bytes, Outcome] = {}
        self._lock = threading.Lock()
        self._store: sqlite3.Connection | None = None
        if file is not None:
            self._store = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            self._store.execute("PRAGMA journal_mode=WAL")
            self._store.execute("PRAGMA synchronous=OFF")
            self._store.execute(
                "CREATE TABLE IF NOT EXISTS outcomes (key BLOB PRIMARY KEY, value BLOB)"
            )

    @staticmethod
    def key(executable: Executable, run: Run, limits: RunLimits) -> bytes:
        """Return what identifies a run."""
        files = tuple(sorted((name, bytes(text)) for name, text in run.files.items()))
        asked = (executable.digest, run.stdin, run.args, files, run.collect, limits)
        return hashlib.sha256(repr(asked).encode()).digest()

    def get(self, key: bytes) -> Outcome | None:
        """Return what came of a run; None if it is not known."""
        with self._lock:
            result = self._known.get(key)
            if result is None and self._store is not None:
                row = self._store.execute(
                    "SELECT value FROM outcomes WHERE key = ?", (key,)
                ).fetchone()
                if row is not None:
                    result = self._known[key] = pickle.loads(row[0])
        return result

    def put(self, key: bytes, outcome: Outcome) -> None:
        """Keep what came of a run."""
        with self._lock:
            self._known[key] = outcome
            if self._store is not None:
                self._store.execute(
                    "INSERT OR REPLACE INTO outcomes VALUES (?, ?)", (key, pickle.dumps(outcome))
                )

    def close(self) -> None:
        """Close the file."""
        if self._store is not None:
            self._store.close()


class RememberingBox:
    """A box that knows what was run before."""

    def __init__(self, box: Box, memory: Memory) -> None:
        self._box = box
        self._memory = memory
        self.name, self.lost = box.name, box.lost

    def compile(self, source: Source) -> CompileResult:
        """See `Box`."""
        return self._box.compile(source)

    def run_many(
        self,
        executable: Executable,
        runs: Iterable[Run],
        limits: RunLimits,
        *,
        stop_on_failure: bool = False,
    ) -> Generator[Outcome, None, None]:
        """See `Box`."""
        chunk: list[Run] = []
        for run in runs:
            chunk.append(run)
            if len(chunk) == _CHUNK:
                if (yield from self._chunk(executable, chunk, limits, stop_on_failure)):
                    return
                chunk = []
        yield from self._chunk(executable, chunk, limits, stop_on_failure)

    def _chunk(
        self, executable: Executable, runs: Sequence[Run], limits: RunLimits, stop: bool
    ) -> Generator[Outcome, None, bool]:
        """Yield the outcomes of some runs; returns whether one of them failed and ended all."""
        keys = [Memory.key(executable, run, limits) for run in runs]
        known = [self._memory.get(key) for key in keys]
        if stop:  # nothing behind a failure that is known is run
            ends = [place for place, one in enumerate(known) if one is not None and not one.ok]
            known = known[: ends[0] + 1] if ends else known
        new = [run for run, one in zip(runs, known, strict=False) if one is None]
        made: Generator[Outcome, None, None] | None = None
        if new:
            made = self._box.run_many(executable, new, limits, stop_on_failure=stop)
        try:
            for key, outcome in zip(keys, known, strict=False):
                if outcome is None:
                    assert made is not None
                    outcome = next(made)
                    self._memory.put(key, outcome)
                yield outcome
                if stop and not outcome.ok:
                    return True
        finally:
            if made is not None:
                made.close()
        return False

    def close(self) -> None:
        """See `Box`."""
        self._box.close()


class RememberingPool:
    """A pool whose boxes know what was run before."""

    def __init__(self, pool: HostPool, file: Path | None = None) -> None:
        self._pool = pool
        self._memory = Memory(file)
        self.compile = pool.compile
        self.run_pair = pool.run_pair
        self.alone = pool.alone
        self.note, self.name, self.lost, self.size = pool.note, pool.name, pool.lost, pool.size
        self.toolchain = pool.toolchain

    @contextmanager
    def box(self, *, secret: bool = False) -> Iterator[Box]:
        """See `Pool`."""
        with self._pool.box(secret=secret) as box:
            yield RememberingBox(box, self._memory)

    def close(self) -> None:
        """See `Pool`."""
        self._memory.close()
        self._pool.close()

    def __enter__(self) -> RememberingPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
