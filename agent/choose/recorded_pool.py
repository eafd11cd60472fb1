"""Pools: programs of many problems with what is known of them and, apart, the truth.

A pool is a JSONL file (`.xz` if so named), one problem a line::

    {"problem": "sums",
     "programs": [{"id": "ab12", "language": "cpp", "candidates": ["c1", "c7"], "source": "..."}],
     "keys": [["=9f...", "!time", null], ...],      one row a program, one key an input
     "cpu_ms": [[3, 2000, 0], ...],                 optional, as keys
     "sample_share": [1.0, ...],                    optional, one a program
     "claims": [[0, "=9f...", 3], ...],             optional: input, key, weight, and true where
                                                    brute-force programs agree on it
     "input_subtasks": [["1", "2"], ...],           optional, one list an input
     "known": [[0, "=9f..."], ...],                 optional: input, key of its right output
     "time_limit_s": 2.0,                           optional
     "duels": [["ab12", "cd34", "ab12"], ...],      optional: first, second, winner or null
     "likeness": [1.0, 0.4, ...],                   optional: one a program, where right answers
                                                    may differ (see `policy.View`)
     "lineage": {"c9": "c1"},                       optional: candidate to what it depends on
     "truth": [{"verdict": "AC", "score": 100, "subtasks": {"1": 1.0}}, ...]}

Keys are `=` and a hash of the output, `!` and a kind of failure, or null (not run). Policies are
given the view; the truth goes to whatever plays the judge.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medalist.agent.choose.policy import Duel, ExpectedOutput, View
from medalist.agent.types import Behaviour, Feedback, Program
from medalist.errors import BadInput


@dataclass(frozen=True)
class Recorded:
    """One problem of a pool: what a policy may see, and what the judge would answer."""

    problem_id: str
    view: View
    truth: Mapping[str, Feedback]


def resample(view: View, seed: int, candidates: int | None = None) -> View:
    """Return the view of so many candidates drawn without replacement, in random order.

    With all of them (None) only the order changes, which decides ties.
    """
    rng = random.Random(seed)
    drawn = [(program, name) for program in view.programs for name in program.candidates]
    rng.shuffle(drawn)
    votes: dict[str, list[str]] = {}
    for program, name in drawn[:candidates]:
        votes.setdefault(program.program_id, []).append(name)
    known = {program.program_id: program for program in view.programs}
    programs = tuple(
        replace(known[program_id], candidates=tuple(names)) for program_id, names in votes.items()
    )
    return replace(view, programs=programs, seed=seed)


class _Program(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    language: str = ""
    candidates: list[str] = Field(min_length=1)
    source: str = ""


class _Truth(BaseModel):
    model_config = ConfigDict(extra="forbid")
    verdict: str
    score: float | None = None
    subtasks: dict[str, float] = {}


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")
    problem: str
    programs: list[_Program]
    keys: list[list[str | None]]
    cpu_ms: list[list[float]] | None = None
    sample_share: list[float] | None = None
    claims: list[tuple[int, str, float] | tuple[int, str, float, bool]] = []
    input_subtasks: list[list[str]] = []
    known: list[tuple[int, str]] = []
    time_limit_s: float | None = None
    duels: list[tuple[str, str, str | None]] = []
    likeness: list[float] | None = None
    lineage: dict[str, str] = {}
    truth: list[_Truth]


def read_pool(path: Path) -> Iterator[Recorded]:
    """Read a pool, problem by problem.

    Raises:
        BadInput: It cannot be read, or a row is not as the module says.
    """
    try:
        with _open(path, "rt") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        yield _recorded(_Row.model_validate_json(line))
                    except ValidationError as error:
                        first = error.errors()[0]
                        field = ".".join(str(part) for part in first["loc"])
                        raise BadInput(
                            first["msg"],
                            file=path,
                            field=f"line {number}: {field}",
                            hint="evidence is what `medalist export --as evidence` writes",
                        ) from error
                    except ValueError as error:
                        raise BadInput(str(error), file=path, field=f"line {number}") from error
    except (OSError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise BadInput(f"cannot be read: {error}", file=path) from error


def write_pool(path: Path, pool: Iterable[Recorded]) -> None:
    """Write a pool; `read_pool` gives the same back."""
    with _open(path, "wt") as lines:
        for one in pool:
            lines.write(json.dumps(_row(one), separators=(",", ":")) + "\n")


def _open(path: Path, mode: str) -> IO[Any]:
    opener = lzma.open if path.suffix == ".xz" else open
    return opener(path, mode, encoding="utf-8")


def _recorded(row: _Row) -> Recorded:
    count = len(row.programs)
    columns: dict[str, Sequence[object] | None] = {
        "keys": row.keys,
        "truth": row.truth,
        "cpu_ms": row.cpu_ms,
        "sample_share": row.sample_share,
        "likeness": row.likeness,
    }
    for name, column in columns.items():
        if column is not None and len(column) != count:
            raise ValueError(f"{name} has {len(column)} rows for {count} programs")
    widths = {len(keys) for keys in row.keys}
    if len(widths) > 1:
        raise ValueError(f"keys has rows of different length: {sorted(widths)}")
    named = {"claims": [one[0] for one in row.claims], "known": [one[0] for one in row.known]}
    for name, indices in named.items():
        # Where no program compiled there are no keys, and nothing for these to contradict.
        if widths and any(index >= max(widths) for index in indices):
            raise ValueError(f"{name} names an input that is not in keys")
    names = [program.id for program in row.programs]
    if len(set(names)) != count:
        raise ValueError("programs has an id twice")
    cpu_ms = row.cpu_ms or [[] for _ in names]
    view = View(
        programs=tuple(
            Program(one.id, one.language, one.source, tuple(one.candidates)) for one in row.programs
        ),
        behaviours={
            name: Behaviour(name, tuple(keys), tuple(time / 1000 for time in times))
            for name, keys, times in zip(names, row.keys, cpu_ms, strict=True)
        },
        sample_share=dict(zip(names, row.sample_share or (), strict=False)),
        claims=tuple(ExpectedOutput(*claim) for claim in row.claims),
        input_subtasks=tuple(frozenset(one) for one in row.input_subtasks),
        known=dict(row.known),
        time_limit_s=row.time_limit_s,
        duels=tuple(Duel(*duel) for duel in row.duels),
        likeness=None if row.likeness is None else dict(zip(names, row.likeness, strict=True)),
        lineage=row.lineage,
    )
    truth = {
        name: Feedback(one.verdict, one.score, one.subtasks)
        for name, one in zip(names, row.truth, strict=True)
    }
    return Recorded(row.problem, view, truth)


def _row(one: Recorded) -> dict[str, Any]:
    view = one.view
    rows = [view.behaviours[program.program_id] for program in view.programs]
    truth = [one.truth[program.program_id] for program in view.programs]
    return {
        "problem": one.problem_id,
        "programs": [
            {
                "id": program.program_id,
                "language": program.language,
                "candidates": list(program.candidates),
                "source": program.source,
            }
            for program in view.programs
        ],
        "keys": [list(row.keys) for row in rows],
        "cpu_ms": [[round(seconds * 1000) for seconds in row.cpu_s] for row in rows],
        "sample_share": [
            view.sample_share.get(program.program_id, 1.0) for program in view.programs
        ],
        "claims": [
            [claim.input_index, claim.key, claim.weight, claim.oracle] for claim in view.claims
        ],
        "input_subtasks": [sorted(one) for one in view.input_subtasks],
        "known": [[index, key] for index, key in view.known.items()],
        "time_limit_s": view.time_limit_s,
        "duels": [[one.first, one.second, one.winner] for one in view.duels],
        "likeness": None
        if view.likeness is None
        else [view.likeness.get(program.program_id, 1.0) for program in view.programs],
        "lineage": dict(view.lineage),
        "truth": [
            {"verdict": one.verdict, "score": one.score, "subtasks": dict(one.subtasks)}
            for one in truth
        ],
    }
