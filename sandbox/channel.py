"""Streams to a runner: over a Unix socket, or over the stdin and stdout of a far container."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol, Self

from medalist.errors import EngineError
from medalist.sandbox.wire import FRAME_MAX, HEADER, MAX_FDS, BoxBroken, Frame

PIECE = 64 << 10
_ENGINE_HEADER = struct.Struct(">BxxxI")


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


def _shut(sock: socket.socket) -> None:
    """End a connection on both sides; who waits for it wakes up, as after `close` nobody does."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class Channel(Protocol):
    """A stream to one runner."""

    def send(self, frames: Iterable[Frame]) -> None:
        """Send frames in order; raises `BoxBroken`."""
        ...

    def receive(self, timeout_s: float) -> tuple[int, memoryview]:
        """Return type and payload of the next frame.

        Raises `BoxBroken`, also when nothing comes in time.
        """
        ...

    def content(self, size: int) -> bytes:
        """Return the next large content that belongs to the last frame."""
        ...

    def drop_contents(self) -> None:
        """Forget the contents of frames that nobody wants any more."""
        ...

    def interrupt(self) -> None:
        """End the runner although another thread waits for it, which gets `BoxBroken` at once."""
        ...

    def close(self) -> None:
        """End the runner."""
        ...


class _Buffer:
    """Bytes received and not yet used."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def __iadd__(self, more: bytes) -> Self:
        self._bytes += more
        return self

    def next_frame(self) -> tuple[int, memoryview] | None:
        """Take the next frame, if it is complete."""
        if len(self._bytes) < HEADER.size:
            return None
        size, kind = HEADER.unpack_from(self._bytes)
        end = HEADER.size + size
        if len(self._bytes) < end:
            return None
        payload = memoryview(bytes(self._bytes[HEADER.size : end]))
        del self._bytes[:end]
        return kind, payload


class SocketChannel:
    """A stream over a Unix socket: large contents travel as descriptors."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = _Buffer()
        self._fds: deque[int] = deque()

    def send(self, frames: Iterable[Frame]) -> None:
        """See `Channel`."""
        waiting = bytearray()
        for frame in frames:
            waiting += HEADER.pack(len(frame.body), frame.kind[0]) + frame.body
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
            raise BoxBroken(f"the runner has exited ({error.strerror})") from error
        finally:
            for fd in made:
                os.close(fd)

    def receive(self, timeout_s: float) -> tuple[int, memoryview]:
        """See `Channel`."""
        while (frame := self._buffer.next_frame()) is None:
            self._fill(timeout_s)
        return frame

    def _fill(self, timeout_s: float) -> None:
        try:
            self._sock.settimeout(timeout_s)
            content, fds, _, _ = socket.recv_fds(self._sock, FRAME_MAX, MAX_FDS)
        except TimeoutError as error:
            raise BoxBroken(f"the runner did not answer for {timeout_s:.0f} s") from error
        except OSError as error:
            raise BoxBroken(f"the runner has exited ({error.strerror})") from error
        self._fds += fds
        if not content:
            raise BoxBroken("the runner has exited")
        self._buffer += content

    def content(self, size: int) -> bytes:
        """See `Channel`."""
        fd = self._fds.popleft()
        try:
            return os.pread(fd, size, 0)
        finally:
            os.close(fd)

    def drop_contents(self) -> None:
        """See `Channel`."""
        while self._fds:
            os.close(self._fds.popleft())

    def interrupt(self) -> None:
        """See `Channel`."""
        _shut(self._sock)

    def close(self) -> None:
        """See `Channel`."""
        self._sock.close()
        self.drop_contents()


class StdioChannel:
    """A stream over the attached stdin and stdout of a container on another machine.

    The engine wraps what the container writes: u8 stream (1 stdout, 2 stderr), three zero
    bytes, u32 size (big endian), content. Large contents travel in pieces before their frame.
    """

    def __init__(self, attached: Any) -> None:
        self._attached = attached
        # The engine's client hands out a file, which knows no timeouts, over the socket.
        self._sock: socket.socket = getattr(attached, "_sock", attached)
        self._raw = bytearray()
        self._said = b""
        self._buffer = _Buffer()
        self._piece = bytearray()
        self._contents: deque[bytes] = deque()

    def send(self, frames: Iterable[Frame]) -> None:
        """See `Channel`."""
        waiting = bytearray()
        for frame in frames:
            if frame.fds:
                raise EngineError(
                    "far-pair",
                    "interactive problems need an engine on this machine",
                    hint="unset DOCKER_HOST, or use the local box",
                )
            for blob in frame.blobs:
                for at in range(0, max(len(blob), 1), PIECE):
                    piece = blob[at : at + PIECE]
                    last = at + PIECE >= len(blob)
                    waiting += HEADER.pack(len(piece) + 1, ord("B")) + bytes([last]) + piece
            waiting += HEADER.pack(len(frame.body), frame.kind[0]) + frame.body
        try:
            self._sock.settimeout(None)
            self._sock.sendall(waiting)
        except OSError as error:
            raise BoxBroken(f"the runner has exited ({error.strerror})") from error

    def receive(self, timeout_s: float) -> tuple[int, memoryview]:
        """See `Channel`."""
        while True:
            frame = self._buffer.next_frame()
            if frame is None:
                self._fill(timeout_s)
            elif frame[0] != ord("B"):
                return frame
            else:
                self._piece += frame[1][1:]
                if frame[1][0]:
                    self._contents.append(bytes(self._piece))
                    self._piece.clear()

    def _fill(self, timeout_s: float) -> None:
        try:
            self._sock.settimeout(timeout_s)
            more = self._sock.recv(FRAME_MAX)
        except TimeoutError as error:
            raise BoxBroken(f"the runner did not answer for {timeout_s:.0f} s") from error
        except OSError as error:
            raise BoxBroken(f"the runner has exited ({error.strerror})") from error
        if not more:
            raise BoxBroken(f"the runner has exited {self._said.decode(errors='replace')}".rstrip())
        self._raw += more
        while len(self._raw) >= _ENGINE_HEADER.size:
            stream, size = _ENGINE_HEADER.unpack_from(self._raw)
            end = _ENGINE_HEADER.size + size
            if len(self._raw) < end:
                break
            content = bytes(self._raw[_ENGINE_HEADER.size : end])
            del self._raw[:end]
            if stream == 1:
                self._buffer += content
            else:
                self._said = content[-200:]

    def content(self, size: int) -> bytes:
        """See `Channel`."""
        content = self._contents.popleft()
        if len(content) != size:
            raise BoxBroken("a content has the wrong size")
        return content

    def drop_contents(self) -> None:
        """See `Channel`."""
        self._contents.clear()

    def interrupt(self) -> None:
        """See `Channel`."""
        _shut(self._sock)

    def close(self) -> None:
        """See `Channel`."""
        self._attached.close()
        self._sock.close()
