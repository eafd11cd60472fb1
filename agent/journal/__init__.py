"""The append-only record of a run, from which everything else in its directory can be rebuilt."""

from medalist.agent.journal.journal import Event, Journal

__all__ = ["Event", "Journal"]
