"""What is left of a run without clocks, places and what a kill may change: its results."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from medalist.agent.journal import Journal
from medalist.agent.journal.records import Event

__all__ = ["Event", "asked_again", "count", "repeated", "results", "rows", "size"]

_CLOCKED = {
    "solution": ("seconds", "source"),
    "call.done": ("latency_s",),
    "view": (),
    "submission": (),
    "candidate": (),
    "round": (),
    "failure": (),
    "statement": (),
    "problem": (),
    "plan": (),
}


def results(run: Path) -> dict[str, Any]:
    """Return what must be equal in equal runs, by kind and key; the newest of a key counts."""
    result: dict[str, Any] = {}
    with Journal.open(run, readonly=True) as journal:
        for event in journal.raw_events():
            key = f"{event.kind} {event.key}"
            body: dict[str, Any] = dict(event.body)
            if event.kind in _CLOCKED:
                result[key] = {k: v for k, v in body.items() if k not in _CLOCKED[event.kind]}
                for used in result[key].get("stages", {}).values():
                    # What was in flight at a kill may have been paid, and is charged.
                    del used["tokens"], used["cost_usd"]
            elif event.kind == "outcomes":
                row = result.setdefault(key, [])
                result[key] = row[: body["start"]] + body["keys"]
            elif event.kind == "suite":
                row = result.setdefault(key, [])
                result[key] = row[: body["start"]] + body["inputs"]
    for path in sorted((run / "solutions").glob("*/*")):
        result[f"file {path.relative_to(run)}"] = path.read_text()
    return result


def asked_again(run: Path) -> list[str]:
    """Return the requests that were sent although their answer was in the journal already."""
    answered: set[str] = set()
    again = []
    with Journal.open(run, readonly=True) as journal:
        for event in journal.raw_events():
            if event.kind == "call.done":
                answered.add(event.key)
            elif event.kind == "call.intent" and event.key in answered:
                again.append(event.key)
    return again


def repeated(run: Path) -> dict[str, int]:
    """Return how often each thing that should be recorded once was recorded more than once."""
    with Journal.open(run, readonly=True) as journal:
        counts = Counter(
            f"{event.kind} {event.key}"
            for event in journal.raw_events()
            if event.kind in ("call.done", "submission", "round", "plan")
        )
    return {key: count for key, count in counts.items() if count > 1}


def size(run: Path) -> int:
    """Return how many events a run has so far, 0 while it has no journal."""
    try:
        with Journal.open(run, readonly=True) as journal:
            newest = journal.last_raw()
    except Exception:  # the file may just be coming into being
        return 0
    return newest.seq if newest else 0


def count(run: Path, kind: str) -> int:
    """Return how many events of a kind a run has so far."""
    if not size(run):
        return 0
    with Journal.open(run, readonly=True) as journal:
        return sum(1 for _ in journal.raw_events(kind))


def rows(stdout: str) -> dict[str, dict[str, Any]]:
    """Read what `batch --json` prints, by problem."""
    listed = [json.loads(line) for line in stdout.splitlines()]
    return {row["problem"]: row for row in listed}
