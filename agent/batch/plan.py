"""What a batch is about: which problems, in which order, and with what settings.

The plan is the first event of a batch (kind `plan`, key `batch`); a later session compares
itself with it and continues with its problems, whatever was put into the archives meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from medalist.agent.batch.filters import Filter
from medalist.agent.journal import Journal
from medalist.agent.journal.plans import BATCH, BATCH_PLAN, SOLVE, SOLVE_PLAN, BatchPlan
from medalist.agent.run.run_plan import keep_plan
from medalist.errors import BadInput
from medalist.problems.formats import PackageEntry, load_archive


@dataclass(frozen=True)
class Planned:
    """A problem of a batch: its id, unique in the batch, and its address."""

    problem_id: str
    path: str


@dataclass(frozen=True)
class Shard:
    """Part `number` (from 1) of `count`; problems are dealt out in turn."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read `i/n`.

        Raises:
            BadInput: Something else.
        """
        number, slash, count = text.partition("/")
        if slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
            return cls(int(number), int(count))
        raise BadInput(
            f"{text!a} is not of the form i/n", field="--shard", hint="2/5 is the second of five"
        )

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


@dataclass(frozen=True)
class Listing:
    """The problems of a batch, or of one shard of it.

    Attributes:
        problems: Those of this shard, in order.
        listed: How many there are in all shards together.
        digest: Of all their ids, in order: equal for all shards of one batch.
    """

    problems: tuple[Planned, ...]
    listed: int
    digest: str


def find(archives: Iterable[Path]) -> dict[str, PackageEntry]:
    """Return all problems of some archives by their address.

    Raises:
        BadInput: No such path, or nothing that can hold problems.
    """
    return {str(entry.path.absolute()): entry for path in archives for entry in load_archive(path)}


def listing(
    entries: dict[str, PackageEntry],
    *,
    where: Filter | None,
    limit: int | None,
    shard: Shard | None,
) -> Listing:
    """Choose the problems of a batch.

    A package that cannot be read is not filtered out: the user should be told.

    Raises:
        BadInput: There is none.
    """
    chosen: list[Planned] = []
    taken: set[str] = set()
    for path, entry in entries.items():
        if limit is not None and len(chosen) == limit:
            break
        if where is None or _fulfils(entry, where):
            problem_id = _unique(entry.problem_id, taken)
            taken.add(problem_id)
            chosen.append(Planned(problem_id, path))
    if not chosen:
        raise BadInput("no problem is left" if entries else "the archives hold no problem",
                       field="--filter" if entries else "ARCHIVE")  # fmt: skip
    text = "\n".join(problem.problem_id for problem in chosen)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    mine = chosen if shard is None else chosen[shard.number - 1 :: shard.count]
    return Listing(tuple(mine), len(chosen), digest)


def _fulfils(entry: PackageEntry, where: Filter) -> bool:
    try:
        public = entry.load().public
    except BadInput:
        return True
    return where(public)


def _unique(problem_id: str, taken: set[str]) -> str:
    name, number = problem_id, 1
    while name in taken:
        number += 1
        name = f"{problem_id}-{number}"
    return name


def keep(journal: Journal, plan: dict[str, JsonValue]) -> None:
    """Journal the plan of a batch, or compare what must not change with the one that is there.

    Raises:
        BadInput: This run was started with something else.
    """
    if journal.get(SOLVE_PLAN, SOLVE) is not None:
        raise BadInput(
            "this is the run of `medalist solve`", file=journal.path.parent, field="--out"
        )
    keep_plan(journal, BATCH_PLAN, BatchPlan.model_validate(plan), free=FREE)


FREE = ("version", "policy", "problems", "listed", "list")
"""Parts of a plan that may change in a later session."""


def known_settings(journal: Journal) -> dict[str, JsonValue] | None:
    """Return the settings of a journal's batch, None where none was planned yet."""
    plan = journal.get(BATCH_PLAN, BATCH)
    return None if plan is None else plan.settings.given()


def planned(journal: Journal) -> tuple[Planned, ...] | None:
    """Return the problems of a journal's batch, None where none was planned yet."""
    plan = journal.get(BATCH_PLAN, BATCH)
    if plan is None:
        return None
    return tuple(Planned(problem.id, problem.path) for problem in plan.problems)
