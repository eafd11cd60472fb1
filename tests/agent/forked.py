"""A process that has `medalist` loaded already and forks once for each command that is to be run.

Loading takes most of a second of CPU, far more than most commands then do, and the tests run
some hundred commands. A forked command is a process as real as any other: it has its own
environment, folder, output and exit code, can be killed, and ends like `python -m medalist`.
What it shares with the others is the seed of Python's hashes; so tests use several of these.

Started as `python -m tests.agent.forked FD`, where FD is a Unix socket of packets: a packet holds
`{"args": [...], "cwd": "...", "env": {...}}` and three file descriptors: standard output, standard
error, and one to which the process id and then the exit code are written, each on a line. Ends
when the socket is closed.
"""

from __future__ import annotations

import array
import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import socket
import sys
import tempfile
import threading
import time
from contextlib import suppress
from typing import Any

PACKET = 1 << 17
# What commands load when they come to it.
_LATER = (
    "medalist.library",
    "medalist.agent.llm.endpoint",
    "medalist.problems.formats.statement_parser",
    "medalist.sandbox.docker",
    "tree_sitter",
    "tree_sitter_cpp",
    "tree_sitter_python",
)


def serve(control: int) -> dict[str, Any]:
    """Fork for each request until there are no more; returns what is asked for in the child only.

    File descriptors are plain numbers here: nothing may close them a second time in a child.
    """
    running: dict[int, tuple[int, int]] = {}  # by pidfd: the process and where its end is told
    ready = select.poll()
    ready.register(control, select.POLLIN)
    while True:
        for fd, _ in ready.poll():
            if fd in running:
                pid, status = running.pop(fd)
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                ready.unregister(fd)
                os.close(fd)
                with suppress(BrokenPipeError):
                    os.write(status, f"{code}\n".encode())
                os.close(status)
                continue
            packet, fds = _receive(control)
            if not packet:
                sys.exit()
            out, err, status = fds
            pid = os.fork()
            if pid == 0:
                os.dup2(out, 1)
                os.dup2(err, 2)
                os.closerange(3, 1 << 16)
                return dict(json.loads(packet))
            os.write(status, f"{pid}\n".encode())
            os.close(out)
            os.close(err)
            watched = os.pidfd_open(pid)
            running[watched] = pid, status
            ready.register(watched, select.POLLIN)


def _receive(control: int) -> tuple[bytes, list[int]]:
    """One packet and its file descriptors."""
    channel = socket.socket(fileno=control)
    try:
        packet, ancillary, _, _ = channel.recvmsg(PACKET, socket.CMSG_SPACE(3 * 4))
    finally:
        channel.detach()
    fds = array.array("i")
    for _, _, data in ancillary:
        fds.frombytes(data)
    return packet, list(fds)


def become(args: list[str], cwd: str, env: dict[str, str]) -> None:
    """Take the place of `python -m medalist ARGS`, begun in `cwd` with the environment `env`."""
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    time.tzset()
    tempfile.tempdir = None
    sys.path[0] = cwd
    sys.argv = ["medalist", *args]
    try:
        runpy.run_module("medalist", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        # A code that is a text is printed by Python itself, which then ends in its own way.
        if end.code is None or isinstance(end.code, int):
            _end(end.code or 0)
        raise
    _end(0)


def _end(code: int) -> None:
    """End as Python does, but free no memory: that copies all that was loaded before the fork.

    It takes twenty times what the fork does. What could be seen from outside comes first: threads
    that are waited for, what was registered with `atexit`, what is not written yet.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = 120  # as Python does where its output cannot be written
    os._exit(code)


def main() -> None:
    """Load everything, then serve."""
    commands = importlib.import_module("medalist.agent.commands")
    for module in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
        importlib.import_module(module.name)
    for name in _LATER:
        importlib.import_module(name)
    gc.freeze()
    become(**serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
