"""The append-only record of a run, from which everything else in its directory can be rebuilt."""

from medalist.agent.journal.journal import Journal
from medalist.agent.journal.kind import Entry, EventKind

__all__ = ["Entry", "EventKind", "Journal"]
