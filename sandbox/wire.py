"""The Python end of a runner's stream; `runner/wire.c` is the other.

Frames are u32 size, u8 type, payload, little endian. Small blobs travel inside frames; large
ones as sealed memfds over a Unix socket, or in pieces where no descriptor can be passed.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
from collections.abc import Iterable, Mapping
from typing import Protocol

from medalist.sandbox.box import Run
from medalist.sandbox.limits import Limits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.session import WORK_DIR, Command

PROTOCOL_VERSION = 1
FRAME_MAX = 256 << 10
INLINE_MAX = 16 << 10
INLINE_TOTAL = 64 << 10
PIECE = 64 << 10
MAX_FDS = 120

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": WORK_DIR, "TMPDIR": WORK_DIR, "LANG": "C.UTF-8"}
_STATUS = (
    Status.OK,
    Status.RUNTIME,
    Status.OUTPUT,
    Status.IDLE,
    Status.TIME,
    Status.MEMORY,
)
_U32 = struct.Struct("<I")
_HEADER = struct.Struct("<IB")
_OUTCOME = struct.Struct("<BBIQQQQ")
HELLO = struct.Struct("<IBB")
"""Protocol version, whether the box has a single user, cgroup version (0: none readable)."""
_CONTENT = struct.Struct("<BQ")


class BoxBroken(Exception):
    """The runner is gone or says that it cannot go on."""


class Frame:
    """A request under construction: bytes, and the blobs too large to be inside."""

    def __init__(self, kind: bytes) -> None:
        self.body = bytearray()
        self.kind = kind
        self.blobs: list[bytes] = []
        self.fds: list[int] = []

    def string(self, text: str) -> None:
        """Append a string, zero-terminated so that C can use it where it lies."""
        raw = os.fsencode(text)
        self.body += _U32.pack(len(raw)) + raw + b"\0"

    def strings(self, texts: Iterable[str]) -> None:
        """Append a list of strings."""
        texts = tuple(texts)
        self.body += _U32.pack(len(texts))
        for text in texts:
            self.string(text)

    def blob(self, content: bytes) -> None:
        """Append content, inside the frame if it is small."""
        if len(content) <= INLINE_MAX and len(self.body) + len(content) <= INLINE_TOTAL:
            self.body += b"\0" + _U32.pack(len(content)) + content
        else:
            self.body += b"\1"
            self.blobs.append(content)

    def files(self, files: Mapping[str, bytes]) -> None:
        """Append named contents."""
        self.body += _U32.pack(len(files))
        for name, content in files.items():
            self.string(name)
            self.blob(content)


def program_frame(command: Command, limits: Limits, stop_on_failure: bool) -> Frame:
    """Say what the following runs execute, and under which limits."""
    frame = Frame(b"P")
    frame.body += struct.pack(
        "<QQQQQIBB",
        round(limits.cpu_s * 1e6),
        round((limits.wall_s or 0) * 1e6),
        limits.memory_bytes,
        limits.output_bytes,
        limits.stderr_bytes,
        limits.processes,
        stop_on_failure,
        command.binary is not None,
    )
    if command.binary is not None:
        frame.blobs.append(command.binary)
    frame.strings(command.argv)
    environment = {**_ENVIRONMENT, **command.env}
    frame.strings(f"{name}={value}" for name, value in environment.items())
    frame.files(command.files)
    return frame


def run_frame(run: Run, pipes: tuple[int, int] | None = None) -> Frame:
    """Ask for one run; with `pipes` (stdin, stdout) it talks to somebody instead."""
    frame = Frame(b"R")
    if pipes is None:
        frame.body += b"\0"
        frame.blob(run.stdin)
    else:
        frame.body += b"\1"
        frame.fds += pipes
    frame.strings(run.args)
    frame.files(run.files)
    frame.strings(run.collect)
    return frame


def sealed_memfd(content: bytes) -> int:
    """Make a descriptor whose content nobody can change any more; the caller closes it."""
    fd = os.memfd_create("medalist", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(fd, view) :]
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
    except BaseException:
        os.close(fd)
        raise
    return fd


class Channel(Protocol):
    """A stream to one runner."""

    def send(self, frames: Iterable[Frame]) -> None:
        """Send frames in order; raises `BoxBroken`."""
        ...

    def receive(self, timeout_s: float) -> tuple[int, memoryview, list[int]]:
        """Return type and payload of the next frame and the descriptors (owned by the caller)
        of its large contents; raises `BoxBroken`, also when nothing comes in time."""
        ...

    def close(self) -> None:
        """End the runner."""
        ...


class SocketChannel:
    """A stream over a Unix socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()
        self._fds: list[int] = []

    def send(self, frames: Iterable[Frame]) -> None:
        """See `Channel`."""
        waiting = bytearray()
        for frame in frames:
            waiting += _HEADER.pack(len(frame.body), frame.kind[0]) + frame.body
            if frame.blobs or frame.fds:
                self._send(waiting, frame)
                waiting = bytearray()
        if waiting:
            self._send(waiting, None)

    def _send(self, content: bytearray, frame: Frame | None) -> None:
        made: list[int] = []
        try:
            if frame is not None:
                if len(frame.fds) + len(frame.blobs) > MAX_FDS:
                    raise ValueError(f"more than {MAX_FDS} large files for one run")
                made.extend(sealed_memfd(blob) for blob in frame.blobs)
                sent = socket.send_fds(self._sock, [content], [*frame.fds, *made])
                content = content[sent:]
            self._sock.sendall(content)
        except OSError as error:
            raise BoxBroken(f"the runner is gone ({error.strerror})") from error
        finally:
            for fd in made:
                os.close(fd)

    def receive(self, timeout_s: float) -> tuple[int, memoryview, list[int]]:
        """See `Channel`."""
        while True:
            if len(self._buffer) >= _HEADER.size:
                size, kind = _HEADER.unpack_from(self._buffer)
                end = _HEADER.size + size
                if len(self._buffer) >= end:
                    payload = memoryview(bytes(self._buffer[_HEADER.size : end]))
                    del self._buffer[:end]
                    return kind, payload, self._fds
            self._fill(timeout_s)

    def _fill(self, timeout_s: float) -> None:
        try:
            self._sock.settimeout(timeout_s)
            content, fds, _, _ = socket.recv_fds(self._sock, FRAME_MAX, MAX_FDS)
        except TimeoutError as error:
            raise BoxBroken(f"the runner was silent for {timeout_s:.0f} s") from error
        except OSError as error:
            raise BoxBroken(f"the runner is gone ({error.strerror})") from error
        self._fds += fds
        if not content:
            raise BoxBroken("the runner is gone")
        self._buffer += content

    def close(self) -> None:
        """See `Channel`."""
        self._sock.close()
        for fd in self._fds:
            os.close(fd)
        self._fds.clear()


def _content(payload: memoryview, at: int, fds: list[int]) -> tuple[bytes, int]:
    outside, size = _CONTENT.unpack_from(payload, at)
    at += _CONTENT.size
    if not outside:
        return bytes(payload[at : at + size]), at + size
    fd = fds.pop(0)
    try:
        return os.pread(fd, size, 0), at
    finally:
        os.close(fd)


def parse_outcome(
    payload: memoryview, fds: list[int], run: Run, trusted: bool
) -> tuple[Outcome, int]:
    """Return the outcome of `run` and when it ended (monotonic, nanoseconds)."""
    status, signalled, code, cpu_us, wall_us, end_ns, peak = _OUTCOME.unpack_from(payload)
    stdout, at = _content(payload, _OUTCOME.size, fds)
    stderr, at = _content(payload, at, fds)
    (count,) = _U32.unpack_from(payload, at)
    at += _U32.size
    files = {}
    for _ in range(count):
        (index,) = _U32.unpack_from(payload, at)
        files[run.collect[index]], at = _content(payload, at + _U32.size, fds)
    outcome = Outcome(
        status=_STATUS[status],
        exit_code=None if signalled else code,
        signal=code if signalled else None,
        cpu_s=cpu_us / 1e6,
        wall_s=wall_us / 1e6,
        memory_bytes=peak,
        stdout=stdout,
        stderr=stderr,
        files=files,
        trusted=trusted,
    )
    return outcome, end_ns
