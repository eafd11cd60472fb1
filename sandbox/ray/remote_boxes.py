"""The driver's side of a pool on Ray: what looks like a box here is on some node."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Self

import ray

from medalist.errors import SandboxFailure
from medalist.sandbox.box import CompileResult, Executable, PairOutcome, PairSide, Run, Source
from medalist.sandbox.compile import KeyedLocks, identify
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.ray.box_place import Alone, BoxPlace
from medalist.sandbox.ray.node_box import (
    CHUNK_BYTES,
    Content,
    Order,
    RemoteAnswer,
    RemoteSide,
    StagedFiles,
    size_of,
)
from medalist.sandbox.ray.nodes import Nodes
from medalist.sandbox.ray.recent import Recent

_STAGED_FROM = 64 << 10  # bytes; smaller contents travel in the call
_STAGED_BYTES = 1024 * MIB
_COMPILED_BYTES = 512 * MIB
_FIRST_CHUNK, _LARGEST_CHUNK = 2, 32
_CHUNK_S = 2.0
"""Runs of about so long make a call: what a lost node costs a box. A call costs the driver some
3 ms of CPU time, so that 64 boxes of one-second calls would take a fifth of its core."""


class RayPool:
    """The boxes of a cluster (see `Pool`). Nodes may come and go."""

    name = "ray"

    def __init__(self, nodes: Nodes, disconnect: Callable[[], None]) -> None:
        self._nodes = nodes
        self._disconnect = disconnect
        self._shelf = _Shelf()
        self._alone = Alone()
        self._compiling = KeyedLocks()
        self._compiled: Recent[CompileResult] = Recent(_COMPILED_BYTES)

    @property
    def note(self) -> str:
        """See `Pool`."""
        facts = self._nodes.facts()
        kinds = " and ".join(sorted({fact.box for fact in facts}))
        boxes = f"{self.size} {kinds} box" + "es" * (self.size != 1)
        nodes = f"{len(facts)} node" + "s" * (len(facts) != 1)
        note = f"sandbox: {boxes} on {nodes} of a Ray cluster"
        if self.lost:
            note += f"; lost: {'; '.join(self.lost)}"
        if left_out := self._nodes.left_out():
            note += f"; left out: {'; '.join(left_out)}"
        return note

    @property
    def lost(self) -> tuple[str, ...]:
        """See `Pool`."""
        return tuple(dict.fromkeys(loss for fact in self._nodes.facts() for loss in fact.lost))

    @property
    def size(self) -> int:
        """See `Pool`; it changes as nodes come and go."""
        return max(1, len(self._nodes.book.hosts))

    @property
    def repeated(self) -> int:
        """How many runs were asked for again because a node or a box was lost."""
        return self._nodes.book.repeated

    @contextmanager
    def box(self, *, secret: bool = False) -> Iterator[RayBox]:
        """See `Pool`."""
        with BoxPlace(self._nodes, "secret" if secret else "programs", self._alone) as place:
            yield RayBox(self, place)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See `Pool`: the other boxes of one node are kept idle, those of other nodes work on."""
        self._alone.node = self._nodes.book.reserve()
        try:
            yield
        finally:
            node, self._alone.node = self._alone.node, None
            if node is not None:
                self._nodes.book.unreserve(node)

    def compile(self, source: Source) -> CompileResult:
        """See `Pool`. What compiled is remembered here, what did not by the nodes."""
        _, digest = identify(self._nodes.toolchain, source)
        with self._compiling.hold(digest):
            known = self._compiled.get(digest)
            if known is not None:
                return replace(known, cached=True)
            with BoxPlace(self._nodes, "compile", self._alone) as place:
                result: CompileResult = place.ask("compile", source, runs=0)
            if result.executable is not None:
                self._compiled.put(digest, result, size_of(result.executable))
            return result

    def run_pair(self, program: PairSide, interactor: PairSide) -> PairOutcome:
        """See `Pool`; both boxes are on one node."""
        with BoxPlace(self._nodes, "programs", self._alone) as place:
            sides = (self._shelf.side(program), self._shelf.side(interactor))
            pair: PairOutcome = place.ask("run_pair", *sides)
            return pair

    def run_many(
        self,
        place: BoxPlace,
        executable: Executable,
        runs: Iterable[Run],
        limits: RunLimits,
        *,
        stop_on_failure: bool,
    ) -> Generator[Outcome, None, None]:
        """See `Box`; a call takes as many runs as are done in about two seconds."""
        program = self._shelf.program(executable)
        feed = iter(runs)
        waiting: list[Order] = []
        count = _FIRST_CHUNK
        while True:
            waiting += self._take(feed, count - len(waiting))
            if not waiting:
                return
            started = time.monotonic()
            answer: RemoteAnswer = place.ask(
                "run_secret" if place.role == "secret" else "run",
                program,
                waiting,
                limits,
                stop_on_failure,
                runs=len(waiting),
            )
            done = len(answer.outcomes)
            if not done:
                raise SandboxFailure("a box of the Ray cluster gave no outcome")
            each_s = (time.monotonic() - started) / done
            yield from answer.outcomes
            if stop_on_failure and not answer.outcomes[-1].ok:
                return
            del waiting[:done]
            count = max(1, min(2 * count, _LARGEST_CHUNK, int(_CHUNK_S / each_s)))

    def close(self) -> None:
        """See `Pool`."""
        self._nodes.close()
        self._disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take(self, feed: Iterator[Run], count: int) -> list[Order]:
        orders: list[Order] = []
        size = 0
        while len(orders) < count and size < CHUNK_BYTES:
            run = next(feed, None)
            if run is None:
                break
            size += len(run.stdin) + sum(map(len, run.files.values()))
            orders.append(self._shelf.order(run))
        return orders


class RayBox:
    """A box of a `RayPool` (see `Box`)."""

    name = "ray"

    def __init__(self, pool: RayPool, place: BoxPlace) -> None:
        self._pool = pool
        self._place = place

    @property
    def lost(self) -> tuple[str, ...]:
        """See `Box`."""
        return self._pool.lost

    def compile(self, source: Source) -> CompileResult:
        """See `Box`."""
        return self._pool.compile(source)

    def run_many(
        self,
        executable: Executable,
        runs: Iterable[Run],
        limits: RunLimits,
        *,
        stop_on_failure: bool = False,
    ) -> Generator[Outcome, None, None]:
        """See `Box`."""
        return self._pool.run_many(
            self._place,
            executable,
            runs,
            limits,
            stop_on_failure=stop_on_failure,
        )

    def close(self) -> None:
        """See `Box`: it is the pool that ends its boxes."""


class _Shelf:
    """What was put into the cluster's object store lately."""

    def __init__(self) -> None:
        self._staged: Recent[StagedFiles] = Recent(_STAGED_BYTES)

    def program(self, executable: Executable) -> StagedFiles:
        """Put a program there, once."""
        return self._stage(executable.digest, executable, size_of(executable))

    def order(self, run: Run) -> Order:
        """Make a run ready to travel."""
        files = {name: self._content(content) for name, content in run.files.items()}
        return Order(self._content(run.stdin), run.args, files, run.collect)

    def side(self, side: PairSide) -> RemoteSide:
        """Make one side of a pair ready to travel."""
        return self.program(side.executable), self.order(side.run), side.limits

    def _content(self, content: bytes) -> Content:
        if len(content) < _STAGED_FROM:
            return content
        return self._stage(sha256(content).hexdigest(), content, len(content))

    def _stage(self, digest: str, value: Executable | bytes, size: int) -> StagedFiles:
        staged = self._staged.get(digest)
        if staged is None:
            staged = StagedFiles(digest, ray.put(value))
            self._staged.put(digest, staged, size)
        return staged
