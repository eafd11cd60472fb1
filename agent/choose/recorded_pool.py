"""Pools: programs of many problems with what is known of them and, apart, the truth.

A pool is a JSONL file (`.xz` if so named), one problem a line::

    {"problem": "sums",
     "programs": [{"id": "ab12", "language": "cpp", "candidates": ["c1", "c7"], "source": "..."}],
     "keys": [["=9f...", "!time", null], ...],      one row a program, one key an input
     "cpu_ms": [[3, 2000, 0], ...],                 optional, as keys
     "sample_share": [1.0, ...],                    optional, one a program
     "claims": [[0, "=9f...", 3], ...],             optional: input, key, weight, true where
                                                    brute-force programs agree on it, and
                                                    true where a model predicted it
     "input_subtasks": [["1", "2"], ...],           optional, one list an input
     "known": [[0, "=9f..."], ...],                 optional: input, key of its right output
     "time_limit_s": 2.0,                           optional
     "duels": [["ab12", "cd34", "ab12"], ...],      optional: first, second, winner or null
                                                       (and its chance)
     "opinions": {"ab12": 0.7},                     optional: program to a reviewer's belief
     "mutants": [11, 12],                           optional: how many were killed, of how many
     "origins": [["sample", 1.0, []], ...],         optional, one an input (see `Origin`)
     "set_aside": [[4, "too long"], ...],           optional: input, why it is believed invalid
     "alike": [{"=9f...": "=3b..."}, ...],          optional, one an input: keys that count as
                                                    equal to another's (`keys` have it applied)
     "seed": 0,                                     optional: for policies that draw lots
     "likeness": [1.0, 0.4, ...],                   optional: one a program, where right answers
                                                    may differ (see `policy.View`)
     "lineage": {"c9": "c1"},                       optional: candidate to what it depends on
     "truth": [{"verdict": "AC", "score": 100, "subtasks": {"1": 1.0}}, ...]}

Keys are `=` and a hash of the output, `!` and a kind of failure, or null (not run); in place of a
program's row null says that it was never run at all. All but keys, times and truth is what a
journal holds of a view (`choice_records.ViewRecord`). Policies are given the view; the truth goes
to whatever plays the judge.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter, ValidationError

from medalist.agent.choose.choice_records import ViewRecord
from medalist.agent.choose.policy import View
from medalist.agent.types import Behaviour, Feedback, InternedKeys
from medalist.errors import BadInput

_COLUMNS = ("sample_share", "likeness")
"""Numbers of programs that are in a pool as a list, in the order of the programs."""


@dataclass(frozen=True)
class Recorded:
    """One problem of a pool: what a policy may see, and what the judge would answer."""

    problem_id: str
    view: View
    truth: Mapping[str, Feedback]


def resample(view: View, seed: int, candidates: int | None = None) -> View:
    """Return the view of a random sample of candidates, drawn without replacement.

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


@dataclass(frozen=True, kw_only=True)
class PoolRecord(ViewRecord):
    """A line of a pool; see the module."""

    problem: str
    keys: tuple[tuple[str | None, ...] | None, ...]
    cpu_ms: tuple[tuple[float, ...] | None, ...] | None = None
    truth: tuple[Feedback, ...]


@cache
def _adapter() -> TypeAdapter[PoolRecord]:
    return TypeAdapter(PoolRecord)


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
                        row = _by_program(json.loads(line))
                        yield _recorded(_adapter().validate_python(row, extra="forbid"))
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
    except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise BadInput(f"cannot be read: {error}", file=path) from error


def write_pool(path: Path, pool: Iterable[Recorded]) -> None:
    """Write a pool; `read_pool` gives the same back."""
    with _open(path, "wt") as lines:
        for recorded in pool:
            lines.write(json.dumps(_row(recorded), separators=(",", ":")) + "\n")


def _open(path: Path, mode: str) -> IO[Any]:
    opener = lzma.open if path.suffix == ".xz" else open
    return opener(path, mode, encoding="utf-8")


def _by_program(row: Any) -> Any:
    """Turn lists of one number a program into mappings; what is not such a row stays as it is."""
    programs = row.get("programs") if isinstance(row, dict) else None
    if not isinstance(programs, list) or not all(isinstance(program, dict) for program in programs):
        return row
    names = [program.get("id") for program in programs]
    for name in _COLUMNS:
        column = row.get(name)
        if isinstance(column, list):
            _same_length(name, column, len(names))
            row[name] = dict(zip(names, column, strict=True))
    if row.get("sample_share") is None:
        row.pop("sample_share", None)
    return row


def _recorded(row: PoolRecord) -> Recorded:
    count = len(row.programs)
    cpu_ms = row.cpu_ms or ((),) * count
    for name, column in {"keys": row.keys, "truth": row.truth, "cpu_ms": cpu_ms}.items():
        _same_length(name, column, count)
    widths = {len(keys) for keys in row.keys if keys is not None}
    if len(widths) > 1:
        raise ValueError(f"keys has rows of different length: {sorted(widths)}")
    named = {
        "claims": [claim.input_index for claim in row.claims],
        "known": [index for index, _ in row.known],
    }
    for name, indices in named.items():
        # Where no program compiled there are no keys, and nothing for these to contradict.
        if widths and any(index >= max(widths) for index in indices):
            raise ValueError(f"{name} names an input that is not in keys")
    names = [program.id for program in row.programs]
    if len(set(names)) != count:
        raise ValueError("programs has a duplicate id")
    idle = [program.id for program in row.programs if not program.candidates]
    if idle:
        raise ValueError(f"program {idle[0]} has no candidate")
    known = InternedKeys()
    behaviours = {
        name: Behaviour.of(name, keys, tuple(time / 1000 for time in times or ()), known)
        for name, keys, times in zip(names, row.keys, cpu_ms, strict=True)
        if keys is not None
    }
    view = row.view(lambda source: source, behaviours)
    return Recorded(row.problem, view, dict(zip(names, row.truth, strict=True)))


def _same_length(name: str, column: Sequence[object], count: int) -> None:
    if len(column) != count:
        raise ValueError(f"{name} has {len(column)} rows for {count} programs")


def _row(recorded: Recorded) -> dict[str, Any]:
    view = recorded.view
    names = [program.program_id for program in view.programs]
    rows = [view.behaviours.get(name) for name in names]
    record = PoolRecord(
        **vars(ViewRecord.of(view, lambda source: source)),
        problem=recorded.problem_id,
        keys=tuple(None if row is None else row.keys for row in rows),
        cpu_ms=tuple(
            None if row is None else tuple(round(1000 * seconds) for seconds in row.cpu_s)
            for row in rows
        ),
        truth=tuple(recorded.truth[name] for name in names),
    )
    row = _adapter().dump_python(record, mode="json")
    for name in _COLUMNS:
        if row[name] is not None:
            row[name] = [row[name].get(program, 1.0) for program in names]
    return row  # type: ignore[no-any-return]
