"""Compiled programs on disk, by content: `<folder>/<first two digits>/<digest>`.

Several processes may share the folder: a file appears complete or not at all, a damaged one
counts as absent, and the least recently used ones go when the folder outgrows its bound.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import threading
from pathlib import Path

from medalist.sandbox.box import CompileResult, Executable
from medalist.sandbox.host import cache_dir

log = logging.getLogger(__name__)

DEFAULT_BOUND_BYTES = 4 << 30


class ExecutableCache:
    """Results of compilations, good and bad, bounded in bytes.

    An entry is one line of JSON, then the files one after the other; the line begins with the
    SHA-256 of all the rest. A cache that cannot be read or written only costs time: it is
    reported once in the log and never fails a compilation.
    """

    def __init__(
        self, folder: Path | None = None, *, bound_bytes: int = DEFAULT_BOUND_BYTES
    ) -> None:
        self.folder = folder if folder is not None else cache_dir() / "executables"
        self.bound_bytes = bound_bytes
        self._lock = threading.Lock()
        # Counting the folder takes a walk through it, so it is done once in a sixteenth of the
        # bound, beginning with the first write.
        self._until_trim = 0

    def get(self, digest: str) -> CompileResult | None:
        """Return what compiling the source of this digest gave, if it is known."""
        path = self._path(digest)
        try:
            content = path.read_bytes()
            os.utime(path)  # used just now: the last to be trimmed
        except OSError:
            return None
        return _decode(digest, content)

    def put(self, digest: str, result: CompileResult) -> None:
        """Keep `result` for every later process."""
        path = self._path(digest)
        content = _encode(result)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                os.replace(name, path)
            except BaseException:
                os.unlink(name)
                raise
        except OSError as error:
            log.warning("compiled programs cannot be kept in %s: %s", self.folder, error)
            return
        with self._lock:
            self._until_trim -= len(content)
            due = self._until_trim <= 0
            if due:
                self._until_trim = self.bound_bytes // 16
        if due:
            self.trim()

    def trim(self) -> None:
        """Remove the least recently used entries until the rest fits the bound."""
        entries = []
        for path in self.folder.glob("*/*"):
            try:
                stat = path.stat()
            except FileNotFoundError:  # trimmed by another process at the same time
                continue
            entries.append((stat.st_mtime, stat.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self.bound_bytes:
                break
            path.unlink(missing_ok=True)
            total -= size

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest


def _encode(result: CompileResult) -> bytes:
    executable = result.executable
    head = {
        "message": result.message,
        "cpu_s": result.cpu_s,
        "language": executable and executable.language,
        "main": executable and executable.main,
        "files": {name: len(content) for name, content in executable.files.items()}
        if executable
        else {},
    }
    rest = json.dumps(head).encode() + b"\n"
    rest += b"".join(executable.files.values()) if executable else b""
    return hashlib.sha256(rest).hexdigest().encode() + b" " + rest


def _decode(digest: str, content: bytes) -> CompileResult | None:
    checksum, _, rest = content.partition(b" ")
    if hashlib.sha256(rest).hexdigest().encode() != checksum:
        return None
    line, _, body = rest.partition(b"\n")
    head = json.loads(line)
    executable = None
    if head["language"] is not None:
        files = {}
        offset = 0
        for name, size in head["files"].items():
            files[name] = body[offset : offset + size]
            offset += size
        executable = Executable(head["language"], digest, files, head["main"])
    return CompileResult(executable, head["message"], head["cpu_s"], cached=True)
