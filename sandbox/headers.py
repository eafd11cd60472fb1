"""Precompiled headers, made when a preamble has been seen often enough to pay for one.

On disk, a folder a header::

    <headers>/<key>/prefix.h       the preamble as a header file
                    prefix.h.gch   what the compiler made of it (30 to 100 MB)
                    hidden         for a lean header: the names that it does not declare
                    seen           a byte for each time it would have been of use
                    failed         the compiler refused it: never tried again

The compiler is given `-include prefix.h` before the program, whose own `#include` lines then
find every header already read. The code it generates is the same, byte for byte, as without
(`benchmarks/compile.py` and the tests compare). A program that fails to compile with a
precompiled header is compiled again without, so a compile error never rests on one.

**Lean headers.** `bits/stdc++.h` makes the compiler instantiate templates for library parts
that hardly any program uses. A lean header leaves those parts out and lists every name that the
library declares with them and not without; it is used only by programs in which none of these
names occurs, not even in a comment.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from medalist.sandbox.box import Command, Run, Source
from medalist.sandbox.language import Language
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.preamble import EVERYTHING, Preamble, names_in, preamble_of
from medalist.sandbox.session import HEADERS_DIR, Session

log = logging.getLogger(__name__)

LIMITS = RunLimits(cpu_s=60.0, memory_bytes=2048 * MIB, output_bytes=512 * MIB, processes=32)
PAYS_AFTER = 3
"""Making a header costs about as much CPU time as three programs save by it."""
BOUND_BYTES = 3 << 30

_PREFIX = "prefix.h"
_COMPILED = "prefix.h.gch"
_LEFT_OUT = ("_GLIBCXX_FILESYSTEM", "_GLIBCXX_FUTURE", "_GLIBCXX_REGEX")
"""Include guards of the parts that cost most for those who do not use them."""
_STRING = re.compile(rb'"(?:[^"\\\n]|\\.)*"')
_NAME = re.compile(rb"(?<![\w.])[A-Za-z_]\w*")


@dataclass(frozen=True)
class _Header:
    """One precompiled header: its parts, and its path."""

    root: Path
    language: Language
    preamble: Preamble
    lean: bool

    @property
    def text(self) -> str:
        # A guard that is defined already makes the library skip that part.
        guards = "".join(f"#define {guard} 1\n" for guard in _LEFT_OUT) if self.lean else ""
        return guards + self.preamble.text

    @property
    def flags(self) -> tuple[str, ...]:
        argv = self.language.compile
        return argv[: argv.index("{sources}")]

    @property
    def folder(self) -> Path:
        key = hashlib.sha256("\0".join((*self.flags, self.text)).encode()).hexdigest()
        return self.root / key[:32]

    @property
    def failed(self) -> bool:
        return (self.folder / "failed").exists()

    @property
    def ready(self) -> bool:
        return (self.folder / _COMPILED).exists()

    def seen(self) -> int:
        """Count one more program that would have used it; return how many there were."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "seen").open("ab") as file:
            file.write(b".")
            return file.tell()

    def serves(self, source: Source) -> bool:
        if not self.lean:
            return True
        names = names_in(source.files.values())
        hidden = set((self.folder / "hidden").read_bytes().split())
        return names is not None and names.isdisjoint(hidden)


class Headers:
    """The precompiled headers of one toolchain; safe to share between threads and processes."""

    def __init__(self, *, pays_after: int = PAYS_AFTER, bound_bytes: int = BOUND_BYTES) -> None:
        self._pays_after = pays_after
        self._bound_bytes = bound_bytes
        self._lock = threading.Lock()

    def options(self, session: Session, language: Language, source: Source) -> tuple[str, ...]:
        """Return the compiler options by which `source` gains; makes a header if it is time.

        Empty if there is no header for it (yet), or none can be kept.

        Raises:
            SandboxFailure: The box failed.
        """
        try:
            for header in _headers_for(session, language, source):
                if not header.ready and not header.failed:
                    if header.seen() < self._pays_after:
                        return ()
                    self._make(session, header)
                if header.ready and header.serves(source):
                    os.utime(header.folder / _COMPILED)  # used just now: the last to be trimmed
                    return ("-include", f"{HEADERS_DIR}/{header.folder.name}/{_PREFIX}")
        except OSError as error:
            log.warning("precompiled headers cannot be kept: %s", error)
        return ()

    def _make(self, session: Session, header: _Header) -> None:
        with self._lock:
            if header.ready or header.failed:  # another thread was faster
                return
            if header.lean:
                exact = _Header(header.root, header.language, header.preamble, lean=False)
                hidden = _names_declared(session, exact) - _names_declared(session, header)
                hidden.update(guard.encode() for guard in _LEFT_OUT)
                _write(header.folder / "hidden", b"\n".join(sorted(hidden)))
            flags = ("-x", "c++-header", f"./{_PREFIX}", "-o", _COMPILED)
            outcome = _compile(session, header, flags, (_COMPILED,))
            if outcome.status is Status.IDLE:
                return  # the machine's fault, so that it may do better next time
            compiled = outcome.files.get(_COMPILED)
            _write(header.folder / _PREFIX, header.text.encode())
            if compiled is None:
                _write(header.folder / "failed", b"")
                return
            _write(header.folder / _COMPILED, compiled)
            self._trim(header)

    def _trim(self, newest: _Header) -> None:
        """Remove the least recently used, of all toolchains, until the rest fits the bound.

        `prefix.h` stays: a compiler that was about to use a removed one reads that instead.
        """
        entries = []
        for path in newest.root.parent.glob(f"*/*/{_COMPILED}"):
            stat = path.stat()
            entries.append((stat.st_mtime, stat.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self._bound_bytes or path.parent == newest.folder:
                break
            path.unlink(missing_ok=True)
            (path.parent / "seen").unlink(missing_ok=True)
            total -= size


def _headers_for(session: Session, language: Language, source: Source) -> Iterator[_Header]:
    """Yield what could serve `source`, the best first."""
    if session.headers is None or language.forced != "c++" or len(language.sources(source)) > 1:
        return
    preamble = preamble_of(source.files[source.main])
    if preamble is None:
        return
    if EVERYTHING in preamble.headers:
        yield _Header(session.headers, language, preamble, lean=True)
    yield _Header(session.headers, language, preamble, lean=False)


def _names_declared(session: Session, header: _Header) -> set[bytes]:
    """Return every name in the library's text as the compiler reads it, macros included."""
    text = _compile(session, header, ("-E", "-dD", "-P", f"./{_PREFIX}"), ()).stdout
    return set(_NAME.findall(_STRING.sub(b" ", text)))


def _compile(
    session: Session, header: _Header, flags: tuple[str, ...], collect: tuple[str, ...]
) -> Outcome:
    command = Command((*header.flags, *flags), files={_PREFIX: header.text.encode()})
    return next(iter(session.run(command, [Run(collect=collect)], LIMITS)))


def _write(path: Path, content: bytes) -> None:
    """Write a file that appears complete or not at all, readable by the boxes' users."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
