"""A store of events: one SQLite file, append-only, large contents by their hash.

In the run directory::

    journal.sqlite       the record (SQLite in WAL mode, beside it -wal and -shm while open)
    journal.lock         held by the one writer, names it

An event is durable when `append` returns, unless it was appended with `durable=False`; such
events wait in memory for the next durable one, `flush()`, or until there are many.
What could not be written (disk full) stays waiting, so that nothing is lost if room is made.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
import zlib
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import JsonValue

from medalist.agent.journal.database import (
    FILE_NAME,
    clear_failures,
    open_for_reading,
    open_for_writing,
)
from medalist.agent.journal.lock import WriterLock
from medalist.agent.journal.records import (
    Event,
    Row,
    event_of,
    pack_body,
    past,
    unpack_content,
)
from medalist.errors import BadInput, JournalFailure

_BATCH = 1000
_BATCH_BYTES = 16 << 20  # of contents
_PAGE = 500


class EventStore:
    """Events of any kind, their bodies as JSON. Thread-safe; one writer, any number of readers.

    What kinds of events a run has, and what each holds, is declared above this (see `Journal`).
    Every method raises `JournalFailure`, in one clear line, when the file cannot be read or
    written.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        """Wrap an open database; use `open`."""
        self.path = path
        self._connection = connection
        self._writer = lock
        self._guard = threading.RLock()
        self._waiting: list[Row] = []
        self._waiting_blobs: dict[str, bytes] = {}
        self._waiting_bytes = 0
        self._closed = False
        self._next = 1 + int(
            connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0]
        )

    @classmethod
    def open(cls, run_dir: Path, *, readonly: bool = False) -> Self:
        """Open the journal of a run directory; a writer creates what is missing and migrates.

        Raises:
            BadInput: `readonly`, and there is no journal.
            JournalFailure: Locked by another writer, unreadable, unwritable, damaged, or
                written by a newer medalist.
        """
        path = run_dir / FILE_NAME
        if readonly:
            if not path.is_file():
                raise BadInput("no journal here: not a run directory", file=run_dir)
            with clear_failures(path):
                return cls(path, open_for_reading(path), None)
        try:
            run_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalFailure(f"cannot make {run_dir}: {error.strerror}") from error
        lock = WriterLock(run_dir / "journal.lock")
        try:
            with clear_failures(path):
                return cls(path, open_for_writing(path), lock)
        except BaseException:
            lock.release()
            raise

    def append_raw(
        self,
        kind: str,
        key: str,
        body: Mapping[str, JsonValue],
        *,
        durable: bool = True,
        at: float | None = None,
    ) -> int:
        """Add an event and return its number; see the module about `durable`.

        `at` is when it happened (Unix time), for what comes from another journal; else now.
        """
        packed = pack_body(body)
        with self._guard:
            self._check_writable()
            seq = self._next
            self._next += 1
            happened = time.time() if at is None else at
            self._waiting.append((seq, happened, kind, key, packed))
            if durable or len(self._waiting) >= _BATCH:
                self.flush()
            return seq

    def newest_raw(self, kind: str, key: str) -> Event | None:
        """Return the newest event of that kind and key, if there is one.

        Events that wait to be written continue waiting: what is only noted if it is new, as most
        things are, must not cost a commit each.
        """
        query = (
            "SELECT seq, at, kind, key, body FROM events INDEXED BY events_by_key "
            "WHERE kind = ? AND key = ? ORDER BY seq DESC LIMIT 1"
        )
        with self._guard:
            waiting = (row for row in reversed(self._waiting) if row[2:4] == (kind, key))
            row = next(waiting, None)
            if row is None:
                with clear_failures(self.path):
                    row = self._connection.execute(query, (kind, key)).fetchone()
        return event_of(row) if row else None

    def last_raw(self) -> Event | None:
        """Return the event that was appended last, if there is one."""
        query = "SELECT seq, at, kind, key, body FROM events ORDER BY seq DESC LIMIT 1"
        rows = self._select(query, ())
        return event_of(rows[0]) if rows else None

    def raw_events(
        self, kind: str | None = None, key_prefix: str = "", *, after: int = 0
    ) -> Iterator[Event]:
        """Yield events in order, those appended meanwhile included.

        With a kind and a prefix only the events that are asked for are looked at; with `after`
        only those behind that number.
        """
        if kind is not None and key_prefix:
            return self._events_by_key(kind, key_prefix, after)
        return self._events_in_order(kind, key_prefix, after)

    def _events_in_order(self, kind: str | None, key_prefix: str, last: int) -> Iterator[Event]:
        index, where = "", ""
        values: tuple[str | int, ...] = ()
        if kind is not None:
            index, where, values = "INDEXED BY events_by_kind", "AND kind = ?", (kind,)
        elif key_prefix:
            where, values = "AND substr(key, 1, ?) = ?", (len(key_prefix), key_prefix)
        query = (
            f"SELECT seq, at, kind, key, body FROM events {index} "  # noqa: S608
            f"WHERE seq > ? {where} ORDER BY seq LIMIT {_PAGE}"
        )
        while True:
            rows = self._select(query, (last, *values))
            for row in rows:
                yield event_of(row)
            if len(rows) < _PAGE:
                return
            last = rows[-1][0]

    def _events_by_key(self, kind: str, key_prefix: str, last: int) -> Iterator[Event]:
        """The index gives keys in their order: the numbers are sorted first, then looked up."""
        where = "kind = ? AND key >= ?"
        bounds: tuple[str, ...] = (kind, key_prefix)
        after = past(key_prefix)
        if after is not None:
            where += " AND key < ?"
            bounds += (after,)
        numbers = (
            "SELECT seq FROM events INDEXED BY events_by_key "  # noqa: S608
            f"WHERE {where} AND seq > ? ORDER BY seq"
        )
        while places := array("q", (row[0] for row in self._select(numbers, (*bounds, last)))):
            for start in range(0, len(places), _PAGE):
                page = places[start : start + _PAGE]
                query = (
                    "SELECT seq, at, kind, key, body FROM events "  # noqa: S608
                    f"WHERE seq IN ({','.join('?' * len(page))}) ORDER BY seq"
                )
                for row in self._select(query, tuple(page)):
                    yield event_of(row)
            last = places[-1]

    def put_blob(self, content: bytes | str) -> str:
        """Store a content once and return its SHA-256 (hex).

        It becomes durable with the next durable event at the latest.
        """
        raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        digest = hashlib.sha256(raw).hexdigest()
        with self._guard:
            self._check_writable()
            if digest not in self._waiting_blobs and not self._has_blob(digest):
                packed = zlib.compress(raw)
                self._waiting_blobs[digest] = packed
                self._waiting_bytes += len(packed)
                if self._waiting_bytes >= _BATCH_BYTES:
                    self.flush()
        return digest

    def blob(self, digest: str) -> bytes:
        """Return a stored content by its digest, or by the first 16 digits of it or more.

        Raises:
            JournalFailure: It is missing or damaged.
        """
        # "g" sorts behind every hexadecimal digit.
        query = "SELECT content FROM blobs WHERE digest >= ? AND digest < ? LIMIT 1"
        rows = self._select(query, (digest, f"{digest}g"))
        if not rows:
            raise JournalFailure(f"{self.path} holds no content {digest[:12]}")
        return unpack_content(self.path, digest, rows[0][0])

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Yield every stored content after its digest, in the order of digests.

        Raises:
            JournalFailure: One is damaged.
        """
        query = "SELECT digest, content FROM blobs WHERE digest > ? ORDER BY digest LIMIT 50"
        digest = ""
        while rows := self._select(query, (digest,)):
            for digest, packed in rows:
                yield digest, unpack_content(self.path, digest, packed)

    def flush(self) -> None:
        """Make everything appended so far durable."""
        with self._guard:
            if not self._waiting and not self._waiting_blobs:
                return
            with clear_failures(self.path):
                try:
                    self._connection.execute("BEGIN IMMEDIATE")
                    self._connection.executemany(
                        "INSERT OR IGNORE INTO blobs VALUES (?, ?)", self._waiting_blobs.items()
                    )
                    # Ctrl-C may come between the commit and the clearing below; what is in the
                    # file already, by its number, is not written again.
                    self._connection.executemany(
                        "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)", self._waiting
                    )
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            self._waiting.clear()
            self._waiting_blobs.clear()
            self._waiting_bytes = 0

    def close(self) -> None:
        """Flush and release the lock; idempotent. The lock is released even if flushing fails."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            try:
                self.flush()
            finally:
                self._connection.close()
                if self._writer is not None:
                    self._writer.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_writable(self) -> None:
        if self._writer is None or self._closed:
            state = "is closed" if self._closed else "was opened for reading only"
            raise JournalFailure(f"{self.path} {state}")

    def _has_blob(self, digest: str) -> bool:
        with clear_failures(self.path):
            row = self._connection.execute("SELECT 1 FROM blobs WHERE digest = ?", (digest,))
            return row.fetchone() is not None

    def _select(self, query: str, values: tuple[int | str, ...]) -> list[Any]:
        with self._guard:
            self.flush()
            with clear_failures(self.path):
                return self._connection.execute(query, values).fetchall()
