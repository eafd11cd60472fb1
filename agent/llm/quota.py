"""Quotas of an account: requests and tokens in any minute, day and week, whatever run used them.

They are kept in one small SQLite file in medalist's state directory, shared by all processes of
this user, so that they outlive a process and hold for several at once.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import platformdirs

from medalist.agent.llm.settings import EndpointLimits
from medalist.errors import JournalFailure

FILE = "quotas.sqlite"
_WINDOWS_S = {"minute": 60.0, "day": 86_400.0, "week": 604_800.0}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS uses (account TEXT, at REAL, requests INTEGER, tokens INTEGER);
CREATE INDEX IF NOT EXISTS uses_by_account ON uses (account, at);
"""


class Quota:
    """The quotas of one account. Thread-safe."""

    def __init__(self, account: str, limits: EndpointLimits, directory: Path | None = None) -> None:
        """`account` names what the limits are for, for example base URL and model.

        Raises:
            JournalFailure: The file cannot be opened or written.
        """
        self._account = account
        self._limits = [
            (seconds, getattr(limits, f"{what}_per_{window}"), what)
            for window, seconds in _WINDOWS_S.items()
            for what in ("requests", "tokens")
            if getattr(limits, f"{what}_per_{window}") is not None
        ]
        self._guard = threading.Lock()
        file = (directory or platformdirs.user_state_path("medalist")) / FILE
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                file, timeout=30, isolation_level=None, check_same_thread=False
            )
            self._database.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise JournalFailure(f"cannot keep quotas in {file}: {error}") from error

    def take(self, tokens: int) -> tuple[int | None, float]:
        """Count a request of at most so many tokens, if the quotas have room for it.

        Returns:
            A ticket and 0; or None and how many seconds from now there may be room.
        """
        now = time.time()
        with self._guard, self._database as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("DELETE FROM uses WHERE at < ?", (now - max(_WINDOWS_S.values()),))
            # What lies ahead was noted before the clock was set back: it is of now at the latest.
            database.execute("UPDATE uses SET at = ? WHERE at > ?", (now, now))
            wait = max((self._wait(now, *limit, tokens) for limit in self._limits), default=0.0)
            if wait > 0:
                return None, wait
            row = (self._account, now, 1, tokens)
            return database.execute("INSERT INTO uses VALUES (?, ?, ?, ?)", row).lastrowid, 0.0

    def settle(self, ticket: int, tokens: int, *, sent: bool = True, along: bool = False) -> None:
        """Put what a request really used in the place of its maximum.

        An answer that came `along` with another one was no request of its own.
        """
        with self._guard:
            if sent:
                self._database.execute(
                    "UPDATE uses SET tokens = ?, requests = ? WHERE rowid = ?",
                    (tokens, 0 if along else 1, ticket),
                )
            else:
                self._database.execute("DELETE FROM uses WHERE rowid = ?", (ticket,))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _wait(self, now: float, seconds: float, limit: int, what: str, tokens: int) -> float:
        """Return how long until one limit has room, 0 if it has."""
        excess = (1 if what == "requests" else tokens) - limit
        rows = self._database.execute(
            f"SELECT at, {what} FROM uses WHERE account = ? AND at > ? ORDER BY at DESC",  # noqa: S608
            (self._account, now - seconds),
        )
        # The newest uses that fill the limit must grow old enough, the oldest of them last.
        for at, used in rows:
            excess += used
            if excess > 0:
                return float(at + seconds - now)
        return 0.0
