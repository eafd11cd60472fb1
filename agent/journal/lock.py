"""One writer at a time, held by the kernel: the lock of a killed process is free at once."""

from __future__ import annotations

import fcntl
import os
import socket
import sys
from pathlib import Path

from medalist.errors import JournalFailure


class WriterLock:
    """An exclusive lock on a run directory, whose file names its holder.

    Raises:
        JournalFailure: Another process (or another journal in this one) writes there, or the
            directory cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise JournalFailure(f"cannot write to {path.parent}: {error.strerror}") from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._fd, 500, 0).decode(errors="replace").strip()
            os.close(self._fd)
            raise JournalFailure(
                f"{path.parent} is being written by {holder or 'another process'}",
                hint="wait for it, stop it, or choose another run directory",
            ) from error
        except OSError as error:
            os.close(self._fd)
            raise JournalFailure(f"cannot lock {path}: {error.strerror}") from error
        name = Path(sys.argv[0]).name or "python"
        try:
            os.ftruncate(self._fd, 0)
            os.pwrite(
                self._fd, f"{name}, process {os.getpid()} on {socket.gethostname()}\n".encode(), 0
            )
        except OSError as error:
            os.close(self._fd)
            raise JournalFailure(f"cannot write to {path}: {error.strerror}") from error

    def release(self) -> None:
        """Give the lock up; the file stays, since removing it would race with the next writer."""
        os.close(self._fd)
