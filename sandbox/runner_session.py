"""A session over any runner: what the Docker box and the local box have in common.

Requests are sent ahead of the answers, so that Python is not on the path of a run; a runner
that fails is replaced and asked again for what it had not answered.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Generator, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from medalist.errors import SandboxFailure
from medalist.sandbox.box import Command, Run
from medalist.sandbox.channel import Channel
from medalist.sandbox.cpu_share import CpuGroup
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.session import Role
from medalist.sandbox.wire import (
    HELLO,
    INLINE_TOTAL,
    PROTOCOL_VERSION,
    BoxBroken,
    Frame,
    Times,
    check_places,
    parse_outcome,
    program_frame,
    run_frame,
)

WINDOW = 32
"""Runs sent ahead. What they need stays below the socket's buffer (bytes) and the runner's table
of descriptors (blobs), so that neither side ever waits for the other to read."""
WINDOW_BLOBS = 64
WINDOW_BLOB_BYTES = 32 * MIB
ATTEMPTS = 3
START_TIMEOUT_S = 60.0
SLACK_S = 60.0
WALL_MAX = 10
"""A run ends within so many times its idle limit, however busy the machine is (see run.c)."""
Pipes = tuple[int, int]
BOX_OVERHEAD: dict[Role, int] = {"run": 384 * MIB, "secret": 1280 * MIB, "compile": 1280 * MIB}
"""Memory of a box beyond the limit of a run: files, outputs, the kernel's own."""


class Started(Protocol):
    """A started runner: its stream, and how to make sure that it is gone."""

    channel: Channel

    def reserve(self, memory_bytes: int) -> None:
        """Let the box as a whole use that much; raises `BoxBroken`."""
        ...

    def stop(self) -> None:
        """Kill and remove it; never raises."""
        ...


class RunnerBackend(Protocol):
    """What starts runners on this machine."""

    name: str
    title: str
    lost: tuple[str, ...]
    toolchain: str
    install: str
    cores: Sequence[int]
    headers: Path | None

    def start(self, role: Role, core: int, memory_bytes: int) -> Started:
        """Start a runner pinned to `core`; raises `BoxBroken` or `EngineError`."""
        ...

    def cpu_group(self) -> CpuGroup | None:
        """Return the CPU group that all boxes share; None where they do not, or far away."""
        ...

    def close(self) -> None:
        """Release what runners share."""
        ...


def _deadline(limits: RunLimits) -> float:
    """Seconds after which a runner that has not answered is broken (see `supervise`, run.c)."""
    return SLACK_S + WALL_MAX * limits.idle_s


class _Batch:
    """The runs of one call: those that wait for their answer, and the feed of the others."""

    def __init__(self, program: Frame, taken: Collection[str], runs: Iterable[Run]) -> None:
        self.program = program
        self._taken = taken
        self.waiting: deque[tuple[Run, Frame]] = deque()
        self._feed = iter(runs)
        self._held: tuple[Run, Frame] | None = None
        self._body_bytes = 0

    def _fits(self, frame: Frame) -> bool:
        """Whether `frame` may be sent before anything that waits is answered."""
        if self._body_bytes + len(frame.body) > INLINE_TOTAL:
            return False
        if not frame.blobs:
            return True
        blobs = [blob for _, other in self.waiting for blob in other.blobs] + frame.blobs
        return len(blobs) <= WINDOW_BLOBS and sum(map(len, blobs)) <= WINDOW_BLOB_BYTES

    def refill(self) -> list[Frame]:
        """Take as many runs from the feed as may be sent now."""
        fresh: list[Frame] = []
        if len(self.waiting) > WINDOW // 2:  # fewer and larger messages cost less
            return fresh
        while len(self.waiting) < WINDOW:
            if self._held is None:
                run = next(self._feed, None)
                if run is None:
                    break
                if run.files:
                    check_places(run.files, self._taken)
                self._held = (run, run_frame(run))
            if self.waiting and not self._fits(self._held[1]):
                break
            self.waiting.append(self._held)
            self._body_bytes += len(self._held[1].body)
            fresh.append(self._held[1])
            self._held = None
        return fresh

    def answered(self) -> None:
        """Forget the run that has waited longest."""
        _, frame = self.waiting.popleft()
        self._body_bytes -= len(frame.body)

    def again(self) -> list[Frame]:
        """Return everything that a new runner must be told."""
        return [self.program, *(frame for _, frame in self.waiting)]


class RunnerSession:
    """A `Session` whose runner is started when it is needed, and again when it breaks."""

    def __init__(self, backend: RunnerBackend, role: Role, core: int) -> None:
        self._backend = backend
        self._role: Role = role
        self._core = core
        self._started: Started | None = None
        self._reserved = 0
        self._ended = False

    @property
    def toolchain(self) -> str:
        """See `Session`."""
        return self._backend.toolchain

    @property
    def headers(self) -> Path | None:
        """See `Session`."""
        return self._backend.headers

    def run(
        self,
        command: Command,
        runs: Iterable[Run],
        limits: RunLimits,
        *,
        stop_on_failure: bool = False,
    ) -> Generator[Outcome, None, None]:
        """See `Session`."""
        batch = _Batch(program_frame(command, limits, stop_on_failure), command.files, runs)
        known_to: Started | None = None
        breaks = 0
        try:
            while True:
                try:
                    started = self._ensure(limits)
                    if started is not known_to:
                        started.channel.send(batch.again())
                        known_to = started
                    if fresh := batch.refill():
                        started.channel.send(fresh)
                    if not batch.waiting:
                        return
                    outcome = self._receive(started, batch.waiting[0][0], limits)
                except BoxBroken as broken:
                    breaks += 1
                    self.after_break(broken, breaks)
                    continue
                batch.answered()
                if outcome is None:  # the stop rule held
                    return
                breaks = 0
                yield outcome
        finally:
            if batch.waiting:
                self._cancel()

    def close(self) -> None:
        """See `Session`."""
        started, self._started = self._started, None
        if started is not None:
            started.stop()

    def end(self) -> None:
        """Make users of this session in other threads fail at once; nothing restarts.

        Who uses it closes it.
        """
        self._ended = True
        started = self._started
        if started is not None:
            started.channel.interrupt()

    def _ensure(self, limits: RunLimits) -> Started:
        """Return a live runner in a box with room for a run under `limits`, and no more.

        The room shrinks again after a larger limit: memory that no process shows (shared pages
        that nobody maps) is held by the box's wall alone.
        """
        memory = limits.memory_bytes + BOX_OVERHEAD[self._role]
        if self._started is None:
            if not self._ended:
                self._started = self._backend.start(self._role, self._core, memory)
            if self._ended or self._started is None:
                self.close()
                raise SandboxFailure("the sandbox was closed")
            started = self._started
            kind, payload = started.channel.receive(START_TIMEOUT_S)
            if kind != ord("H") or HELLO.unpack(payload)[0] != PROTOCOL_VERSION:
                raise BoxBroken("the runner speaks another protocol")
        elif memory != self._reserved:
            self._started.reserve(memory)
        self._reserved = memory
        return self._started

    def start_piped(self, command: Command, run: Run, limits: RunLimits, pipes: Pipes) -> None:
        """Start one run that reads from and writes to `pipes`; raises `BoxBroken`."""
        check_places(run.files, command.files)
        program = program_frame(command, limits, stop_on_failure=False)
        self._ensure(limits).channel.send([program, run_frame(run, pipes)])

    def finish_piped(self, run: Run, limits: RunLimits) -> tuple[Outcome, Times]:
        """Return the outcome of that run and its times; raises `BoxBroken`."""
        started = self._ensure(limits)
        kind, payload = started.channel.receive(_deadline(limits))
        return parse_outcome(self._answer(kind, payload), started.channel, run, self._trusted)

    @property
    def _trusted(self) -> bool:
        return not self._backend.lost

    def _answer(self, kind: int, payload: memoryview) -> memoryview:
        if kind != ord("O"):
            raise BoxBroken(
                bytes(payload).decode(errors="replace") or "an invalid message from the runner"
            )
        return payload

    def _receive(self, started: Started, run: Run, limits: RunLimits) -> Outcome | None:
        """Return the outcome of `run`, or None if the runner has stopped before it."""
        kind, payload = started.channel.receive(_deadline(limits))
        if kind == ord("S"):
            return None
        return parse_outcome(self._answer(kind, payload), started.channel, run, self._trusted)[0]

    def after_break(self, broken: BoxBroken, breaks: int) -> None:
        """Remove the broken runner; give up after `ATTEMPTS` without an answer in between."""
        self.close()
        if breaks >= ATTEMPTS:
            raise SandboxFailure(
                f"the {self._backend.name} box failed {breaks} times: {broken}"
            ) from broken
        time.sleep(0.2 * breaks)

    def _cancel(self) -> None:
        """Make the runner forget what it was asked; if that fails, start over next time."""
        if self._started is None:
            return
        try:
            self._started.channel.send([Frame(b"C")])
            kind = 0
            while kind != ord("E"):
                kind, _ = self._started.channel.receive(SLACK_S)
            self._started.channel.drop_contents()
        except BoxBroken:
            self.close()
