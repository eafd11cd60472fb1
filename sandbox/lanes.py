"""Boxes of one role, one a core, handed out one at a time."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager

from medalist.errors import SandboxFailure
from medalist.sandbox.box import (
    CompileResult,
    Executable,
    Run,
    Source,
)
from medalist.sandbox.compile import Compiler
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.runner_session import RunnerBackend, RunnerSession
from medalist.sandbox.session import Role
from medalist.sandbox.virtual_machines import StartCosts

_CLOSE_S = 20.0
"""How long a pool that is being closed waits for threads that still use it."""


class PoolBox:
    """A box of a pool (see `Box`)."""

    def __init__(
        self,
        backend: RunnerBackend,
        session: RunnerSession,
        compiler: Compiler,
        starts: StartCosts,
    ) -> None:
        self.session = session
        self._backend = backend
        self._compiler = compiler
        self._starts = starts

    @property
    def name(self) -> str:
        """See `Box`."""
        return self._backend.name

    @property
    def lost(self) -> tuple[str, ...]:
        """See `Box`."""
        return self._backend.lost

    def compile(self, source: Source) -> CompileResult:
        """See `Box`."""
        return self._compiler.compile(source)

    def run_many(
        self,
        executable: Executable,
        runs: Iterable[Run],
        limits: RunLimits,
        *,
        stop_on_failure: bool = False,
    ) -> Generator[Outcome, None, None]:
        """See `Box`."""
        terms = self._starts.terms(executable.language, limits, self.session)
        command = terms.command(executable)
        return terms.outcomes(
            self.session.run(command, runs, terms.limits, stop_on_failure=stop_on_failure)
        )

    def close(self) -> None:
        """See `Box`."""
        self.session.close()


class Lanes:
    """The sessions of one role, one a core; a lease takes whichever is free."""

    def __init__(self, backend: RunnerBackend, role: Role, cores: Sequence[int]) -> None:
        self._free = [RunnerSession(backend, role, core) for core in reversed(cores)]
        self._all = list(self._free)
        self._changed = threading.Condition()
        self._holders: dict[RunnerSession, int] = {}
        self._closed = False

    @contextmanager
    def lease(self) -> Iterator[RunnerSession]:
        """Lease a session, waiting until one is free."""
        with self._changed:
            self._changed.wait_for(lambda: self._free or self._closed)
            if self._closed:
                raise SandboxFailure("the sandbox was closed")
            session = self._free.pop()
            self._holders[session] = threading.get_ident()
        try:
            yield session
        finally:
            with self._changed:
                del self._holders[session]
                self._free.append(session)
                self._changed.notify_all()

    def close(self) -> None:
        """Stop the sessions; those that other threads use fail, and are waited for."""
        me = threading.get_ident()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for session in self._holders:
                session.end()
            self._changed.wait_for(lambda: set(self._holders.values()) <= {me}, _CLOSE_S)
        for session in self._all:
            session.close()
