"""Append-only record of everything that happened in a run."""
