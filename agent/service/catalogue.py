"""The problems that the service judges on: found once, read when they are first asked for."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.formats import PackageEntry, load_archive
from medalist.problems.judging.calibrate import Calibration, calibrate
from medalist.problems.judging.from_samples import with_samples
from medalist.problems.secret import Problem
from medalist.sandbox.compile import KeyedLocks
from medalist.sandbox.pool import Pool

_MOST_READ = 256
_MOST_GIVEN_BYTES = 256 << 20


class ProblemCatalogue:
    """Problems by id, and those whose tests came with a request; safe to share between threads.

    A request names a problem by its id, never by a path.
    """

    def __init__(self, folders: Iterable[Path], pool: Pool) -> None:
        """Find the problems of folders, archives and data sets.

        Raises:
            BadInput: A path cannot be read or holds no problem, or two problems share an id.
        """
        self._pool = pool
        self._entries: dict[str, PackageEntry] = {}
        for folder in folders:
            self._add(folder)
        self._busy = KeyedLocks()
        self._guard = threading.Lock()
        self._read: OrderedDict[str, tuple[Problem, Calibration]] = OrderedDict()
        self._given: OrderedDict[str, tuple[Problem, int]] = OrderedDict()
        self._given_bytes = 0

    @property
    def ids(self) -> list[str]:
        """The ids of the problems, sorted."""
        return sorted(self._entries)

    def knows(self, problem_id: str) -> bool:
        """Whether there is a problem of that id."""
        return problem_id in self._entries

    def get(self, problem_id: str) -> tuple[Problem, Calibration]:
        """Return a problem and its limits; the first time it is read, and perhaps measured.

        Raises:
            BadInput: There is none of that id, or its package is faulty.
            SandboxFailure: The sandbox failed.
        """
        if problem_id not in self._entries:
            raise BadInput(f"no problem {problem_id[:100]!r} is served", hint="GET /v1/problems")
        with self._busy.hold(problem_id):
            with self._guard:
                if problem_id in self._read:
                    self._read.move_to_end(problem_id)
                    return self._read[problem_id]
            problem = with_samples(self._entries[problem_id].load(), problem_id)
            pair = problem, calibrate(problem, self._pool, jobs=self._pool.size)
            with self._guard:
                self._read[problem_id] = pair
                while len(self._read) > _MOST_READ:
                    self._read.popitem(last=False)
            return pair

    def given(self, text: bytes, make: Callable[[], Problem]) -> Problem:
        """Return the problem that `make` makes of a request's tests; of equal ones, the same.

        Args:
            text: All that it is made of, to know it again by.
            make: Reads it.
        """
        digest = hashlib.sha256(text).hexdigest()
        with self._busy.hold(digest):
            with self._guard:
                if digest in self._given:
                    self._given.move_to_end(digest)
                    return self._given[digest][0]
            problem = make()
            with self._guard:
                self._given[digest] = problem, len(text)
                self._given_bytes += len(text)
                while self._given_bytes > _MOST_GIVEN_BYTES and len(self._given) > 1:
                    _, (_, size) = self._given.popitem(last=False)
                    self._given_bytes -= size
            return problem

    def _add(self, folder: Path) -> None:
        before = len(self._entries)
        for entry in load_archive(folder):
            if entry.problem_id in self._entries:
                raise BadInput(
                    f"a second problem {entry.problem_id!r}",
                    file=entry.path,
                    hint=f"the first is {self._entries[entry.problem_id].path}",
                )
            self._entries[entry.problem_id] = entry
        if len(self._entries) == before:
            raise BadInput("holds no problem", file=folder)
