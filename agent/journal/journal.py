"""The journal of a run: events of declared kinds (see `kind`) in a store of events."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any, TypeVar

from medalist.agent.journal.kind import Entry, EventKind
from medalist.agent.journal.store import EventStore

T = TypeVar("T")


class Journal(EventStore):
    """The record of a run; see `EventStore` about files, threads and errors.

    Every method that reads raises `JournalFailure` where a body is not what its kind holds.
    """

    def append(self, kind: EventKind[T], key: str, value: T, *, durable: bool = True) -> int:
        """Add an event and return its number; see `store` about `durable`."""
        return self.append_raw(kind.name, key, kind.body(value), durable=durable)

    def get(self, kind: EventKind[T], key: str) -> T | None:
        """Return what the newest event of that kind and key holds, if there is one."""
        event = self.newest_raw(kind.name, key)
        return None if event is None else kind.entry(event).value

    def events(
        self, kind: EventKind[T], key_prefix: str = "", *, after: int = 0
    ) -> Iterator[Entry[T]]:
        """Yield the events of a kind in order, those appended meanwhile included.

        With a prefix only the events that are asked for are looked at; with `after` only those
        behind that number.
        """
        for event in self.raw_events(kind.name, key_prefix, after=after):
            if kind.only in (None, event.key):
                yield kind.entry(event)

    def together(self, *kinds: EventKind[Any]) -> Iterator[Entry[object]]:
        """Yield the events of several kinds in order."""
        return heapq.merge(*map(self.events, kinds), key=lambda entry: entry.seq)
