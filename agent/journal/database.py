"""Opening the SQLite file of a journal, and saying in one line what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medalist.agent.journal import schema
from medalist.errors import JournalFailure

FILE_NAME = "journal.sqlite"

_CAUSES = {
    sqlite3.SQLITE_FULL: ("the disk is full", "make room and run the same command again"),
    sqlite3.SQLITE_IOERR: (
        "reading or writing failed: disk full, quota or file size limit, or a failing disk",
        "make room and run the same command again",
    ),
    sqlite3.SQLITE_READONLY: ("it is read-only", "choose a run directory that can be written"),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "look at its permissions"),
    sqlite3.SQLITE_BUSY: ("another process keeps it locked", None),
    sqlite3.SQLITE_CORRUPT: ("the file is damaged", None),
    sqlite3.SQLITE_NOTADB: ("the file is not a journal, or is damaged", None),
}


@contextmanager
def clear_failures(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into a `JournalFailure` that names the file and the cause."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        cause, hint = _CAUSES.get(code, (str(error), None))
        raise JournalFailure(f"{path}: {cause}", hint=hint) from error


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open, create or migrate the database; raises `sqlite3.Error` and `JournalFailure`."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        _refuse_newer(path, connection)
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit is on the disk before it returns, not only safe from a kill.
        connection.execute("PRAGMA synchronous = FULL")
        schema.migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the database without changing anything on disk.

    A journal of an older schema is copied into memory and migrated there.
    """
    # In a directory that cannot be written SQLite cannot make the shared memory of WAL mode;
    # with no -wal file left behind, nobody writes and the file alone is the whole truth.
    alone = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    uri = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        _refuse_newer(path, connection)
        if schema.version(connection) == schema.VERSION:
            return connection
        copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.backup(copy)
        schema.migrate(copy)
    except BaseException:
        connection.close()
        raise
    connection.close()
    return copy


def _refuse_newer(path: Path, connection: sqlite3.Connection) -> None:
    version = schema.version(connection)
    if version > schema.VERSION:
        raise JournalFailure(
            f"{path} has schema {version}, this medalist knows up to {schema.VERSION}",
            hint="use the medalist that wrote it, or a newer one",
        )
