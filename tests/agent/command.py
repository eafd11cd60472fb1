"""Runs the `medalist` command as a user does: its own process with a clean environment."""

from __future__ import annotations

import atexit
import functools
import itertools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

_KEPT = (
    "PATH", "HOME", "LANG", "TMPDIR", "MEDALIST_SHARED", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
    "DOCKER_HOST",
)  # fmt: skip
# With these, which are read when a command runs, it may be forked. Others Python reads when it
# starts, or tests look for them in the environment that the system shows of a process.
_FORKED_WITH = frozenset({
    "HF_ENDPOINT", "MEDALIST_BOX", "MEDALIST_FIRST_WAIT_S", "MEDALIST_PATIENCE_S",
    "OPENAI_API_KEY", "OPENAI_BASE_URL", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
})  # fmt: skip
_ROOT = Path(__file__).parents[2]
_LONGEST_PACKET = 1 << 16


def environment(**extra: str) -> dict[str, str]:
    """The environment of a user who configured nothing but `extra`."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return (
        kept | {"MEDALIST_BOX": "local", "COLUMNS": "200", "MEDALIST_FIRST_WAIT_S": "0.001"} | extra
    )


class Command:
    """A running `medalist`, with those methods of `subprocess.Popen` that tests need."""

    def __init__(self, args: Sequence[str], pid: int, out: int, err: int, status: int) -> None:
        self.args = list(args)
        self.pid = pid
        self.stdout: IO[str] = os.fdopen(out, encoding="utf-8")
        self.stderr: IO[str] = os.fdopen(err, encoding="utf-8")
        self.returncode: int | None = None
        self._status = status
        self._said: dict[str, str] = {}

    def poll(self) -> int | None:
        """The exit code (negative: the signal), None while it runs."""
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self._end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: It takes longer than `timeout` seconds.
        """
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self._end()
        assert self.returncode is not None
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Read all that it says until it ends; once more gives the same again.

        Raises:
            subprocess.TimeoutExpired: It takes longer than `timeout` seconds.
        """
        said = self._said
        if said:
            self.wait(timeout)
            return said["out"], said["err"]
        began = time.monotonic()
        readers = [
            threading.Thread(target=_read, args=(said, name, stream), daemon=True)
            for name, stream in (("out", self.stdout), ("err", self.stderr))
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            left = None if timeout is None else max(0.0, timeout - (time.monotonic() - began))
            reader.join(left)
            if reader.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
        left = None if timeout is None else max(0.0, timeout - (time.monotonic() - began))
        self.wait(left)
        return said["out"], said["err"]

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _end(self) -> None:
        self.returncode = int(_line(self._status))
        os.close(self._status)


def _line(fd: int) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        more = os.read(fd, 1)
        assert more, "the process that starts commands has ended"
        line += more
    return line


def _read(said: dict[str, str], name: str, stream: IO[str]) -> None:
    with stream:
        said[name] = stream.read()


Running = Command | subprocess.Popen[str]


class _Server:
    """A process that forks commands (`forked.py`)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.agent.forked", str(theirs.fileno())],
                cwd=_ROOT,
                env=environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        atexit.register(self.close)

    def start(self, args: list[str], cwd: Path, env: dict[str, str]) -> Command | None:
        """Fork a command; None if it is too long to be asked for."""
        packet = json.dumps({"args": args, "cwd": str(cwd), "env": env}).encode()
        if len(packet) > _LONGEST_PACKET:
            return None
        out, out_end = os.pipe()
        err, err_end = os.pipe()
        status, status_end = os.pipe()
        ends = [out_end, err_end, status_end]
        with self._lock:
            socket.send_fds(self._control, [packet], ends)
        for end in ends:
            os.close(end)
        return Command(["medalist", *args], int(_line(status)), out, err, status)

    def close(self) -> None:
        """End it; commands that still run continue."""
        self._control.close()
        self._process.wait()


@functools.cache
def _servers() -> Callable[[], _Server]:
    # Two: each has another seed of Python's hashes, so an order that hangs on it shows.
    both = itertools.cycle([_Server(), _Server()])
    return lambda: next(both)


def start(*args: str | Path, cwd: Path, **extra: str) -> Running:
    """Start `medalist ARGS`."""
    words = [str(arg) for arg in args]
    env = environment(**extra)
    if extra.keys() <= _FORKED_WITH:
        forked = _servers()().start(words, cwd, env)
        if forked is not None:
            return forked
    return _spawned(words, cwd, env)


def _spawned(args: list[str], cwd: Path, env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "medalist", *args],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def medalist(*args: str | Path, cwd: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run `medalist ARGS` to its end."""
    process = start(*args, cwd=cwd, **extra)
    out, err = process.communicate(timeout=300)
    assert process.returncode is not None
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
