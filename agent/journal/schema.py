"""The schema of a journal, as numbered migrations.

`PRAGMA user_version` holds the number of migrations applied. A migration is never changed once
released; a new one is added at the end.
"""

from __future__ import annotations

import sqlite3

MIGRATIONS: tuple[str, ...] = (
    # 1: events in order; long bodies are deflated (a BLOB), short ones are JSON (TEXT).
    """
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        body NOT NULL
    );
    CREATE TABLE blobs (digest TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
    """,
    # 2: the two ways in which events are looked up.
    """
    CREATE INDEX events_by_key ON events (kind, key, seq);
    CREATE INDEX events_by_kind ON events (kind, seq);
    """,
)

VERSION = len(MIGRATIONS)


def version(connection: sqlite3.Connection) -> int:
    """Return how many migrations the database has seen."""
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the migrations that are missing, each in its own transaction.

    The connection must be in autocommit mode (`isolation_level=None`).
    """
    for number in range(version(connection), VERSION):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in MIGRATIONS[number].split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
