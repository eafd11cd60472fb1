"""Looking after a journal: is it whole, and can it be smaller."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from medalist.agent.journal.database import (
    FILE_NAME,
    clear_failures,
    open_for_reading,
    open_for_writing,
)
from medalist.agent.journal.lock import WriterLock
from medalist.errors import BadInput


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what is wrong, a line a fault."""

    events: int
    contents: int
    faults: tuple[str, ...]


def copy_journal(source: Path, target: Path) -> None:
    """Copy a run's journal, as it is now, into another run directory that has none yet.

    Raises:
        BadInput: There is no journal in `source`.
        JournalFailure: It cannot be read or written.
    """
    path, copy = _existing(source), target / FILE_NAME
    if copy.exists():
        return
    target.mkdir(parents=True, exist_ok=True)
    with (
        clear_failures(path),
        closing(open_for_reading(path)) as connection,
        closing(sqlite3.connect(copy)) as written,
    ):
        connection.backup(written)


def verify(run_dir: Path) -> Verified:
    """Read everything once: the database's own structure, every event, every content.

    Raises:
        BadInput: There is no journal.
        JournalFailure: It cannot even be opened.
    """
    path = _existing(run_dir)
    with clear_failures(path), closing(open_for_reading(path)) as connection:
        faults = [
            f"database: {row[0]}"
            for row in connection.execute("PRAGMA integrity_check")
            if row[0] != "ok"
        ]
        events, last = 0, 0
        for seq, body in connection.execute("SELECT seq, body FROM events ORDER BY seq"):
            events += 1
            if seq != last + 1:
                faults.append(f"events {last + 1} to {seq - 1} are missing")
            last = seq
            if not _readable(body):
                faults.append(f"event {seq} cannot be read")
        contents = 0
        for digest, packed in connection.execute("SELECT digest, content FROM blobs"):
            contents += 1
            if not _matches(digest, packed):
                faults.append(f"content {digest[:12]} is damaged")
    return Verified(events, contents, tuple(faults))


def compact(run_dir: Path) -> tuple[int, int]:
    """Rewrite the file without unused space, and return its size in bytes before and after.

    Raises:
        BadInput: There is no journal.
        JournalFailure: Somebody writes to it, or there is no room for the copy.
    """
    path = _existing(run_dir)
    lock = WriterLock(run_dir / "journal.lock")
    try:
        before = path.stat().st_size
        with clear_failures(path), closing(open_for_writing(path)) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return before, path.stat().st_size
    finally:
        lock.release()


def _existing(run_dir: Path) -> Path:
    path = run_dir / FILE_NAME
    if not path.is_file():
        raise BadInput("no journal here: not a run directory", file=run_dir)
    return path


def _readable(body: str | bytes) -> bool:
    try:
        json.loads(zlib.decompress(body) if isinstance(body, bytes) else body)
    except (zlib.error, ValueError):
        return False
    return True


def _matches(digest: str, packed: bytes) -> bool:
    try:
        return hashlib.sha256(zlib.decompress(packed)).hexdigest() == digest
    except (zlib.error, sqlite3.Error):
        return False
