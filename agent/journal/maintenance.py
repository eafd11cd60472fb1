"""Looking after a journal: is it whole, and can it be smaller."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
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
from medalist.errors import BadInput, JournalFailure

_DIGEST = re.compile(r'"([0-9a-f]{64})"')


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


@dataclass(frozen=True)
class Salvaged:
    """What was saved of a damaged journal: the events up to the damage, and their contents.

    Attributes:
        events, contents: How many.
        last: The number of the last event there.
        lost: What could not be read, a line a fault.
    """

    events: int
    contents: int
    last: int
    lost: tuple[str, ...]


def salvage(run_dir: Path, target: Path) -> Salvaged:
    """Write what can be read of a run's journal, up to the first damaged event, into a new one.

    Contents that cannot be read are left out wherever they stand, with the events that name them;
    the run asks or works again for what they held, as after a kill.

    Raises:
        BadInput: There is no journal in `run_dir`, or there is one in `target`.
        JournalFailure: Not even one event can be read, or nothing can be written.
    """
    path, copy = _existing(run_dir), target / FILE_NAME
    if copy.exists():
        raise BadInput("holds a journal already", file=target, hint="name a folder without a run")
    lost: list[str] = []
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    with closing(source):
        events = list(_events_to_the_damage(source, lost))
        faults = len(lost)
        contents = dict(_whole_contents(source, lost))
    if len(lost) > faults:
        events = _with_contents(events, contents, lost)
    if not events:
        raise JournalFailure(f"{path}: not one event can be read", hint="begin the run anew")
    target.mkdir(parents=True, exist_ok=True)
    with clear_failures(copy), closing(open_for_writing(copy)) as written:
        written.execute("BEGIN IMMEDIATE")
        written.executemany("INSERT INTO blobs VALUES (?, ?)", contents.items())
        written.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", events)
        written.execute("COMMIT")
    return Salvaged(len(events), len(contents), events[-1][0], tuple(lost))


_RawEvent = tuple[int, float, str, str, str | bytes]


def _events_to_the_damage(source: sqlite3.Connection, lost: list[str]) -> Iterator[_RawEvent]:
    """Yield events in order until one is missing or cannot be read."""
    last = 0
    query = "SELECT seq, at, kind, key, body FROM events WHERE seq = ?"
    try:
        newest = source.execute("SELECT max(seq) FROM events").fetchone()[0] or 0
    except sqlite3.Error:
        newest = None
    while newest is None or last < newest:
        try:
            row: _RawEvent | None = source.execute(query, (last + 1,)).fetchone()
        except sqlite3.Error as error:
            lost.append(f"event {last + 1} cannot be read ({error}), nor what follows it")
            return
        if row is None:
            if newest is not None:
                lost.append(f"event {last + 1} is missing; what follows it is left out")
            return
        if not _readable(row[4]) or not all(isinstance(text, str) for text in row[2:4]):
            lost.append(f"event {last + 1} is damaged; what follows it is left out")
            return
        last = row[0]
        yield row


def _whole_contents(source: sqlite3.Connection, lost: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the contents that are what their digests say, each looked at by itself."""
    digest = ""
    while True:
        try:
            row = source.execute(
                "SELECT digest, content FROM blobs WHERE digest > ? ORDER BY digest LIMIT 1",
                (digest,),
            ).fetchone()
        except sqlite3.Error as error:
            lost.append(f"contents after {digest[:12] or 'the first'} cannot be read ({error})")
            # A damaged page holds a stretch of them: continue behind it.
            digest = _behind(digest)
            if not digest:
                return
            continue
        if row is None:
            return
        digest = str(row[0])
        if isinstance(row[1], bytes) and _matches(digest, row[1]):
            yield digest, row[1]
        else:
            lost.append(f"content {digest[:12]} is damaged")


def _with_contents(
    events: list[_RawEvent], contents: Mapping[str, bytes], lost: list[str]
) -> list[_RawEvent]:
    """Return the events that name no lost content, renumbered.

    Which digests name contents, and which anything else, is told by events of the same kind.
    """
    named = [set(_DIGEST.findall(_text(event[4]))) for event in events]
    naming = {
        event[2] for event, digests in zip(events, named, strict=True) if digests & contents.keys()
    }
    kept = [
        event
        for event, digests in zip(events, named, strict=True)
        if event[2] not in naming or digests <= contents.keys()
    ]
    if len(kept) < len(events):
        lost.append(f"{len(events) - len(kept)} events have lost their contents and are left out")
    return [(number, *event[1:]) for number, event in enumerate(kept, 1)]


def _text(body: str | bytes) -> str:
    return zlib.decompress(body).decode("utf-8", "replace") if isinstance(body, bytes) else body


def _behind(digest: str) -> str:
    """Return where to look on after a damaged stretch of digests; empty at the end."""
    number = int((digest[:2] or "00"), 16) + 1
    return f"{number:02x}" if number < 256 else ""


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
