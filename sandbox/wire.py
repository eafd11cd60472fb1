"""The Python end of a runner's stream; `runner/wire.c` is the other.

Frames are u32 size, u8 type, payload, little endian. Small blobs travel inside frames; large
ones as sealed memfds over a Unix socket, or in pieces where no descriptor can be passed.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from medalist.errors import BadInput
from medalist.sandbox.box import Command, Run
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.session import WORK_DIR

PROTOCOL_VERSION = 3
FRAME_MAX = 256 << 10
INLINE_MAX = 16 << 10
INLINE_TOTAL = 64 << 10
MAX_FDS = 120
MAX_FILES = 4000
PACK_FROM = 32
"""From so many files on, those too large for the frame travel together behind one descriptor."""

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": WORK_DIR, "TMPDIR": WORK_DIR, "LANG": "C.UTF-8"}
_STATUS = (
    Status.OK,
    Status.RUNTIME,
    Status.OUTPUT,
    Status.IDLE,
    Status.TIME,
    Status.MEMORY,
)
_WALL = len(_STATUS)
"""What the runner says of a run that neither stood still nor came to an end."""
_U32 = struct.Struct("<I")
_SLICE = struct.Struct("<QQ")
_OUTCOME = struct.Struct("<BBIQQQQQQ")
HEADER = struct.Struct("<IB")
HELLO = struct.Struct("<IBB")
"""Protocol version, whether the box has a single user, cgroup version (0: none readable)."""
_CONTENT = struct.Struct("<BQ")


class BoxBroken(Exception):
    """The runner is gone or says that it cannot continue."""


def checked_name(name: str) -> str:
    """Return `name` if it names a file below the working directory (see `files.c`).

    Raises:
        BadInput: It does not.
    """
    if len(os.fsencode(name)) > 255 or any(part in ("", ".", "..") for part in name.split("/")):
        message = "does not stay below the working directory, or is longer than 255 bytes"
        raise BadInput(message, field=f"file name {name[:100]!r}")
    return name


def check_places(names: Iterable[str], taken: Iterable[str] = ()) -> None:
    """See that each file has its own place: no other file, and none where it needs a folder.

    Args:
        names: Names of files that are laid into a working directory, each once.
        taken: Names of those that are there already.

    Raises:
        BadInput: Two of them want the same place.
    """
    files, others = set(names), set(taken)
    for name in files & others:
        raise BadInput("there is a file of that name already", field=f"file {name[:100]!r}")
    for name in files | others:
        for end in (place for place, letter in enumerate(name) if letter == "/"):
            if name[:end] in files or name[:end] in others:
                raise BadInput("is a file and a folder at once", field=f"file {name[:end][:100]!r}")


class Frame:
    """A request under construction: bytes, and the blobs too large to be inside."""

    def __init__(self, kind: bytes) -> None:
        self.body = bytearray()
        self.kind = kind
        self.blobs: list[bytes] = []
        self.fds: list[int] = []

    def string(self, text: str) -> None:
        """Append a string, zero-terminated so that C can use it where it lies.

        Raises:
            BadInput: It holds a zero itself.
        """
        if "\0" in text:
            raise BadInput("an argument or file name cannot hold a NUL", field=repr(text[:100]))
        raw = os.fsencode(text)
        self.body += _U32.pack(len(raw)) + raw + b"\0"

    def strings(self, texts: Iterable[str]) -> None:
        """Append a list of strings."""
        texts = tuple(texts)
        self.body += _U32.pack(len(texts))
        for text in texts:
            self.string(text)

    def _fits(self, content: bytes) -> bool:
        return len(content) <= INLINE_MAX and len(self.body) + len(content) <= INLINE_TOTAL

    def blob(self, content: bytes) -> None:
        """Append content, inside the frame if it is small."""
        if self._fits(content):
            self.body += b"\0" + _U32.pack(len(content)) + content
        else:
            self.body += b"\1"
            self.blobs.append(content)

    def files(self, files: Mapping[str, bytes]) -> None:
        """Append named contents."""
        if len(files) > MAX_FILES:
            raise BadInput(f"more than {MAX_FILES:,} files for one program")
        check_places(files)
        self.body += _U32.pack(len(files))
        pack: list[bytes] = []
        place, offset = len(self.blobs), 0
        for name, content in files.items():
            self.string(checked_name(name))
            if len(files) < PACK_FROM or not content or self._fits(content):
                self.blob(content)
                continue
            if not pack:
                place = len(self.blobs)
                self.blobs.append(b"")
            self.body += b"\2" + _SLICE.pack(offset, len(content))
            pack.append(content)
            offset += len(content)
        if pack:
            self.blobs[place] = b"".join(pack)
        if len(self.body) > FRAME_MAX:
            raise BadInput("a program's arguments and the names of its files are too long")


def program_frame(command: Command, limits: RunLimits, stop_on_failure: bool) -> Frame:
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
    frame.strings(map(checked_name, run.collect))
    return frame


class Contents(Protocol):
    """Where the contents come from that are too large for a frame."""

    def content(self, size: int) -> bytes:
        """Return the next one."""
        ...


def _content(payload: memoryview, at: int, contents: Contents) -> tuple[bytes, int]:
    outside, size = _CONTENT.unpack_from(payload, at)
    at += _CONTENT.size
    if outside:
        return contents.content(size), at
    return bytes(payload[at : at + size]), at + size


@dataclass(frozen=True)
class Times:
    """When a run ended, and when it left the conversation (its output closed, at the latest by its
    end): monotonic, nanoseconds."""

    ended_ns: int
    left_ns: int


def parse_outcome(
    payload: memoryview, contents: Contents, run: Run, trusted: bool
) -> tuple[Outcome, Times]:
    """Return the outcome of `run` and its times.

    Raises:
        BoxBroken: The machine was too busy for the run to end.
    """
    status, signalled, code, cpu_us, wall_us, idle_us, *times, peak = _OUTCOME.unpack_from(payload)
    if status == _WALL:
        raise BoxBroken(
            f"wall limit: after {wall_us / 1e6:.0f} s a run had used {cpu_us / 1e6:.1f} s of CPU "
            f"time and was idle for {idle_us / 1e6:.1f} s (the machine is too busy)"
        )
    stdout, at = _content(payload, _OUTCOME.size, contents)
    stderr, at = _content(payload, at, contents)
    (count,) = _U32.unpack_from(payload, at)
    at += _U32.size
    files = {}
    for _ in range(count):
        (index,) = _U32.unpack_from(payload, at)
        files[run.collect[index]], at = _content(payload, at + _U32.size, contents)
    outcome = Outcome(
        status=_STATUS[status],
        exit_code=None if signalled else code,
        signal=code if signalled else None,
        cpu_s=cpu_us / 1e6,
        wall_s=wall_us / 1e6,
        memory_bytes=peak,
        idle_s=idle_us / 1e6,
        stdout=stdout,
        stderr=stderr,
        files=files,
        trusted=trusted,
    )
    return outcome, Times(*times)
