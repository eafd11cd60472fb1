"""Pools of boxes, and the one of this machine: a box of each role a core, started when needed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Literal, Protocol, Self

from medalist.errors import EngineError
from medalist.sandbox.box import (
    Box,
    CompileResult,
    PairOutcome,
    PairSide,
    Source,
)
from medalist.sandbox.compile import Compiler, CompilerSettings
from medalist.sandbox.lanes import Lanes, PoolBox
from medalist.sandbox.local import LocalBackend
from medalist.sandbox.pair import run_pair
from medalist.sandbox.runner_session import RunnerBackend
from medalist.sandbox.session import Session
from medalist.sandbox.virtual_machines import StartCosts

Kind = Literal["auto", "docker", "local"]


class Pool(Protocol):
    """Boxes for any number of threads, of this machine (`HostPool`) or of a cluster.

    Three roles never share a box: programs, programs that may see answers (checkers and
    interactors: `secret=True`), and compilers. A thread that holds a box of programs may lease
    a secret one or compile, never the other way round: so threads cannot wait in a circle.
    """

    @property
    def note(self) -> str:
        """One line on what these boxes are, for the user."""
        ...

    @property
    def name(self) -> str:
        """`docker`, `local` or `ray`."""
        ...

    @property
    def lost(self) -> tuple[str, ...]:
        """Promises that these boxes cannot keep."""
        ...

    @property
    def size(self) -> int:
        """How many programs can run at once."""
        ...

    def box(self, *, secret: bool = False) -> AbstractContextManager[Box]:
        """Lease a box, waiting until one is free.

        Args:
            secret: For checkers, interactors and whatever else sees answers.
        """
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Keep all boxes of programs but one idle, for a run that is timed again.

        The thread must hold no box, and leases the one that is left as usual.
        """
        ...

    def compile(self, source: Source) -> CompileResult:
        """Compile as `Box.compile` says, in a box made for it."""
        ...

    def run_pair(self, program: PairSide, interactor: PairSide) -> PairOutcome:
        """Let a program and an interactor talk, in two boxes, over each other's stdin and stdout.

        What they say to each other is not recorded; `Outcome.stdout` is empty for both.

        Raises:
            SandboxFailure: A box failed and could not be rebuilt.
        """
        ...

    def close(self) -> None:
        """Stop all boxes; idempotent."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class HostPool:
    """The boxes of this machine: one of each role a core."""

    def __init__(self, backend: RunnerBackend, cores: Sequence[int], note: str) -> None:
        self.note = note
        self._backend = backend
        self._cores = tuple(cores)
        self._programs = Lanes(backend, "run", cores)
        self._secret = Lanes(backend, "secret", cores)
        self._compilers = Lanes(backend, "compile", cores)
        self._compiler = Compiler(
            backend.toolchain, self.lease_compiler, CompilerSettings(install=backend.install)
        )
        self._starts = StartCosts(self._compiler.compile)
        self._one_alone = threading.Lock()

    @property
    def name(self) -> str:
        """See `Pool`."""
        return self._backend.name

    @property
    def lost(self) -> tuple[str, ...]:
        """See `Pool`."""
        return self._backend.lost

    @property
    def size(self) -> int:
        """See `Pool`."""
        return len(self._cores)

    @property
    def cpu_share(self) -> str:
        """What all boxes together get beside other work, where that is less than it seems."""
        group = self._backend.cpu_group()
        return str(group) if group else ""

    @property
    def cores(self) -> tuple[int, ...]:
        """The cores that programs are pinned to."""
        return self._cores

    @property
    def toolchain(self) -> str:
        """Identifies the compilers and libraries in these boxes."""
        return self._backend.toolchain

    @contextmanager
    def box(self, *, secret: bool = False) -> Iterator[PoolBox]:
        """See `Pool`."""
        with (self._secret if secret else self._programs).lease() as session:
            yield PoolBox(self._backend, session, self._compiler, self._starts)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See `Pool`."""
        with self._one_alone, ExitStack() as held:
            for _ in range(self.size - 1):
                held.enter_context(self._programs.lease())
            yield

    @contextmanager
    def lease_compiler(self) -> Iterator[Session]:
        """Lease a session in which compilers run."""
        with self._compilers.lease() as session:
            yield session

    def compile(self, source: Source) -> CompileResult:
        """See `Pool`."""
        return self._compiler.compile(source)

    def run_pair(self, program: PairSide, interactor: PairSide) -> PairOutcome:
        """See `Pool`."""
        with self._programs.lease() as first, self._secret.lease() as second:
            sides = [
                (self._starts.terms(side.executable.language, side.limits, session), side, session)
                for side, session in ((program, first), (interactor, second))
            ]
            ours, theirs = (
                (session, terms.command(side.executable), side.run, terms.limits)
                for terms, side, session in sides
            )
            pair = run_pair(ours, theirs)
        return replace(
            pair,
            program=sides[0][0].outcome(pair.program),
            interactor=sides[1][0].outcome(pair.interactor),
        )

    def close(self) -> None:
        """See `Pool`."""
        for lanes in (self._programs, self._secret, self._compilers):
            lanes.close()
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_pool(kind: Kind = "auto", *, cores: Sequence[int] | None = None) -> HostPool:
    """Open a pool of boxes; `auto` prefers Docker and takes the local box where it cannot be had.

    The environment variable `MEDALIST_BOX` (`docker` or `local`) decides for `auto`.

    Raises:
        EngineError: No box of that kind can be made here; `auto` names both reasons.
    """
    wanted = os.environ.get("MEDALIST_BOX", "auto") if kind == "auto" else kind
    # Only who opens a pool needs the SDK.
    from medalist.sandbox.docker import DockerBackend

    if wanted == "docker":
        return _pool(DockerBackend(), cores)
    if wanted == "local":
        return _pool(LocalBackend(), cores)
    try:
        return _pool(DockerBackend(), cores)
    except EngineError as error:
        no_docker = error
    try:
        local = LocalBackend()
    except EngineError as no_local:
        raise EngineError(
            no_docker.reason,
            f"no sandbox: {no_docker.message}; {no_local.message}",
            hint=" or ".join(hint for hint in (no_docker.hint, no_local.hint) if hint),
        ) from no_local
    return _pool(local, cores, because=f", because {no_docker.message}")


def _pool(backend: RunnerBackend, cores: Sequence[int] | None, because: str = "") -> HostPool:
    note = f"sandbox: {backend.title}{because}"
    if backend.lost:
        note += f"; lost: {'; '.join(backend.lost)}"
    return HostPool(backend, backend.cores if cores is None else cores, note)
