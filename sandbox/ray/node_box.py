"""The node's side of a pool on Ray: an actor that holds a box, and a look at what a node has.

Nothing here knows a journal, a model or a key. What fails on a node comes back as text: a
deliberate error is not thrown through Ray, which could not always build it again.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import ray

from medalist import __version__
from medalist.errors import BadInput, MedalistError
from medalist.sandbox.box import CompileResult, Executable, PairOutcome, PairSide, Run, Source
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import Kind, open_pool
from medalist.sandbox.ray.recent import Recent

CHUNK_BYTES = 32 * MIB
"""No more is sent to a box, or brought back, by one call; one run may be larger."""
_KEPT_BYTES = 64 * MIB


@dataclass(frozen=True, slots=True)
class StagedFiles:
    """A program or an input in the cluster's object store: it travels to a node once.

    Attributes:
        digest: Its SHA-256, by which a box remembers it.
        ref: Where it is.
    """

    digest: str
    ref: Any


Content = bytes | StagedFiles


@dataclass(frozen=True, slots=True)
class Order:
    """A `Run` as it travels: small contents in it, large ones staged."""

    stdin: Content
    args: tuple[str, ...]
    files: Mapping[str, Content]
    collect: tuple[str, ...]


RemoteSide = tuple[StagedFiles, Order, RunLimits]
"""A `PairSide` as it travels."""


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """Outcomes of the first runs of a call, in order; `trouble` says what broke after them.

    Where the outputs were large there are fewer outcomes than runs, and no trouble. `of_input`:
    what was asked for is at fault, and not the box.
    """

    outcomes: list[Outcome]
    trouble: str | None = None
    of_input: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """The box, not the program, failed: what it said; or (`of_input`) what it was asked for is
    at fault, and would be in any other box."""

    message: str
    of_input: bool = False


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What a node has."""

    host: str
    version: str
    box: str
    toolchain: str
    lost: tuple[str, ...]
    cores: tuple[int, ...]


def look(kind: Kind) -> NodeFacts | Trouble:
    """Say what boxes this node can have, or why none; runs on the node."""
    try:
        with open_pool(kind) as pool:
            return NodeFacts(
                platform.node(), __version__, pool.name, pool.toolchain, pool.lost, pool.cores
            )
    except MedalistError as error:
        return Trouble(str(error))


class BoxActor:
    """One core's boxes: for programs, for those that may see answers, and for compilers.

    Calls of the three kinds run side by side, one of each; they are concurrency groups of the
    actor.
    """

    def __init__(self, kind: Kind, core: int) -> None:
        self._pool = open_pool(kind, cores=[core])
        self._kept: Recent[Any] = Recent(_KEPT_BYTES)

    def ready(self) -> None:
        """Answer that the box is there."""

    @ray.method(concurrency_group="compile")
    def compile(self, source: Source) -> CompileResult | Trouble:
        """See `Pool.compile`."""
        try:
            return self._pool.compile(source)
        except MedalistError as error:
            return Trouble(str(error), isinstance(error, BadInput))

    @ray.method(concurrency_group="programs")
    def run(
        self,
        program: StagedFiles,
        orders: Sequence[Order],
        limits: RunLimits,
        stop_on_failure: bool,
    ) -> RemoteAnswer:
        """See `Box.run_many`."""
        return self._run_all(program, orders, limits, stop_on_failure, secret=False)

    @ray.method(concurrency_group="secret")
    def run_secret(
        self,
        program: StagedFiles,
        orders: Sequence[Order],
        limits: RunLimits,
        stop_on_failure: bool,
    ) -> RemoteAnswer:
        """See `Box.run_many`, for a program that may see answers."""
        return self._run_all(program, orders, limits, stop_on_failure, secret=True)

    @ray.method(concurrency_group="programs")
    def run_pair(self, program: RemoteSide, interactor: RemoteSide) -> PairOutcome | Trouble:
        """See `Pool.run_pair`."""
        try:
            return self._pool.run_pair(self._side(program), self._side(interactor))
        except MedalistError as error:
            return Trouble(str(error), isinstance(error, BadInput))

    def close(self) -> None:
        """Stop the boxes."""
        self._pool.close()

    def _run_all(
        self,
        program: StagedFiles,
        orders: Sequence[Order],
        limits: RunLimits,
        stop_on_failure: bool,
        *,
        secret: bool,
    ) -> RemoteAnswer:
        outcomes: list[Outcome] = []
        size = 0
        try:
            with (
                self._pool.box(secret=secret) as box,
                closing(
                    box.run_many(
                        self._executable(program),
                        map(self._run, orders),
                        limits,
                        stop_on_failure=stop_on_failure,
                    )
                ) as stream,
            ):
                for outcome in stream:
                    outcomes.append(outcome)
                    size += len(outcome.stdout) + sum(map(len, outcome.files.values()))
                    if size > CHUNK_BYTES:
                        break
        except MedalistError as error:
            return RemoteAnswer(outcomes, str(error), isinstance(error, BadInput))
        return RemoteAnswer(outcomes)

    def _side(self, side: RemoteSide) -> PairSide:
        program, order, limits = side
        return PairSide(self._executable(program), limits, self._run(order))

    def _run(self, order: Order) -> Run:
        files = {name: self._content(content) for name, content in order.files.items()}
        return Run(self._content(order.stdin), order.args, files, order.collect)

    def _content(self, content: Content) -> bytes:
        if isinstance(content, bytes):
            return content
        known: bytes | None = self._kept.get(content.digest)
        if known is None:
            known = bytes(ray.get(content.ref))
            self._kept.put(content.digest, known, len(known))
        return known

    def _executable(self, program: StagedFiles) -> Executable:
        known: Executable | None = self._kept.get(program.digest)
        if known is None:
            known = ray.get(program.ref)
            assert known is not None
            self._kept.put(program.digest, known, size_of(known))
        return known


def size_of(executable: Executable) -> int:
    """Return the bytes of an executable."""
    return sum(map(len, executable.files.values()))
