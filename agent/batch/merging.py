"""Joins the runs of the shards of one batch into one run."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from medalist.agent.batch.plan import Shard
from medalist.agent.journal import Journal
from medalist.agent.journal.plans import BATCH, BATCH_PLAN, BatchPlan, PlannedProblem
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
                if (event.kind, event.key) != (BATCH_PLAN.name, BATCH):
                    joined.append_raw(event.kind, event.key, event.body, durable=False, at=event.at)
                    count += 1
        total = shards[0].count
        missing = tuple(
            str(Shard(number, total))
            for number in range(1, total + 1)
            if number not in {shard.number for shard in shards}
        )
        problems = _dealt_back(shards, plans)
        part_of = None if not missing else ", ".join(map(str, shards))
        whole = plans[0].model_copy(update={"problems": problems, "shard": part_of})
        joined.append(BATCH_PLAN, BATCH, whole)
        return Merged(len(runs), len(problems), count, missing)


def _plan(journal: Journal) -> BatchPlan:
    plan = journal.get(BATCH_PLAN, BATCH)
    if plan is None:
        raise BadInput("is not a run of `medalist batch`", file=journal.path.parent)
    if plan.shard is None:
        raise BadInput(
            "is a whole batch, not a shard of one", file=journal.path.parent, field="--shard"
        )
    return plan


def _fitting(runs: Sequence[Path], plans: Sequence[BatchPlan]) -> list[Shard]:
    """Check that all are different shards of one batch, and return which."""
    shards = [Shard.parse(plan.shard or "") for plan in plans]
    for run, plan, shard in zip(runs, plans, shards, strict=True):
        for name in _SAME:
            if getattr(plan, name) != getattr(plans[0], name):
                what = "list of problems" if name == "list" else name
                raise BadInput(f"has another {what} than {runs[0]}", file=run, field=name)
        if shard.count != shards[0].count:
            raise BadInput(f"is shard {shard}, and {runs[0]} is {shards[0]}", file=run)
    for place, shard in enumerate(shards):
        if shard in shards[:place]:
            raise BadInput(f"is shard {shard}, as is {runs[shards.index(shard)]}", file=runs[place])
    return shards


def _dealt_back(shards: Sequence[Shard], plans: Sequence[BatchPlan]) -> tuple[PlannedProblem, ...]:
    """Return the problems in the order in which they were before they were dealt out."""
    placed = [
        (turn * shard.count + shard.number, row)
        for shard, plan in zip(shards, plans, strict=True)
        for turn, row in enumerate(plan.problems)
    ]
    return tuple(problem for _, problem in sorted(placed, key=lambda pair: pair[0]))
