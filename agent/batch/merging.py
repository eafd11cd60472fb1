"""Joins the runs of the shards of one batch into one run."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medalist.agent.batch.plan import BATCH, PLAN, Shard
from medalist.agent.journal import Journal
from medalist.errors import BadInput

_SAME = ("version", "filter", "limit", "schedule", "submissions", "model", "settings", "list")
"""Parts of the plans that must agree; the archives may stand elsewhere on another machine."""

_BLOBS = 256
"""Contents that wait in memory before they are written."""


@dataclass(frozen=True)
class Merged:
    """What was joined: shards, problems, events; and which shards of the batch are missing."""

    shards: int
    problems: int
    events: int
    missing: tuple[str, ...]


def merge(out: Path, runs: Sequence[Path]) -> Merged:
    """Join runs into a new one, as if the batch had not been divided.

    `out` appears complete or not at all: it is made under another name beside it.

    Raises:
        BadInput: The runs are not shards of one batch, or `out` exists.
        JournalFailure: A journal cannot be read or written.
    """
    if out.exists():
        raise BadInput("exists", file=out, hint="name a new directory")
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # what a killed merge has left
    merged = _merge(part, runs)
    part.rename(out)
    return merged


def _merge(part: Path, runs: Sequence[Path]) -> Merged:
    with ExitStack() as held:
        journals = [held.enter_context(Journal.open(run, readonly=True)) for run in runs]
        plans = [_plan(journal) for journal in journals]
        shards = _fitting(runs, plans)
        joined = held.enter_context(Journal.open(part))
        count = 0
        for run, journal in zip(runs, journals, strict=True):
            if (run / "solutions").is_dir():
                shutil.copytree(run / "solutions", part / "solutions", dirs_exist_ok=True)
            for number, (_, content) in enumerate(journal.blobs(), 1):
                joined.put_blob(content)
                if number % _BLOBS == 0:
                    joined.flush()
            for event in journal.raw_events():
                if (event.kind, event.key) != (PLAN, BATCH):
                    joined.append_raw(event.kind, event.key, event.body, durable=False, at=event.at)
                    count += 1
        total = shards[0].count
        missing = tuple(
            str(Shard(number, total))
            for number in range(1, total + 1)
            if number not in {one.number for one in shards}
        )
        body = plans[0] | {"problems": _dealt_back(shards, plans)}
        body["shard"] = None if not missing else ", ".join(map(str, shards))
        joined.append_raw(PLAN, BATCH, body)
        return Merged(len(runs), len(body["problems"]), count, missing)


def _plan(journal: Journal) -> dict[str, Any]:
    event = journal.newest_raw(PLAN, BATCH)
    if event is None:
        raise BadInput("is no run of `medalist batch`", file=journal.path.parent)
    if event.body["shard"] is None:
        raise BadInput(
            "is a whole batch, not a shard of one", file=journal.path.parent, field="--shard"
        )
    return event.body


def _fitting(runs: Sequence[Path], plans: Sequence[dict[str, Any]]) -> list[Shard]:
    """Check that all are different shards of one batch, and return which."""
    shards = [Shard.parse(plan["shard"]) for plan in plans]
    for run, plan, shard in zip(runs, plans, shards, strict=True):
        for name in _SAME:
            if plan[name] != plans[0][name]:
                what = "list of problems" if name == "list" else name
                raise BadInput(f"has another {what} than {runs[0]}", file=run, field=name)
        if shard.count != shards[0].count:
            raise BadInput(f"is shard {shard}, and {runs[0]} is {shards[0]}", file=run)
    for place, shard in enumerate(shards):
        if shard in shards[:place]:
            raise BadInput(f"is shard {shard}, as is {runs[shards.index(shard)]}", file=runs[place])
    return shards


def _dealt_back(shards: Sequence[Shard], plans: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the problems in the order in which they were before they were dealt out."""
    placed = [
        (turn * shard.count + shard.number, row)
        for shard, plan in zip(shards, plans, strict=True)
        for turn, row in enumerate(plan["problems"])
    ]
    return [row for _, row in sorted(placed, key=lambda pair: pair[0])]
