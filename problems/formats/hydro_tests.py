"""The tests of a Hydro package: subtasks, points and limits of `testdata/config.yaml`.

Where points are missing, what is left of 100 is shared out; whole points, the last ones get more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from medalist.errors import BadInput
from medalist.problems.formats.build import tree_blob
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.pairs import find_pairs
from medalist.problems.formats.scored import Scored
from medalist.problems.formats.tree import PackageTree
from medalist.problems.secret import TestCase

_TIME = re.compile(r"(\d+(?:\.\d+)?)([mu]?s?)", re.I)
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)([kmg])?i?b?", re.I)
_FULL = 100


@dataclass(frozen=True)
class Limit:
    """Seconds and MiB."""

    time_s: float
    memory_mb: float


@dataclass(frozen=True)
class _Case:
    test: TestCase
    score: float
    limit: Limit


@dataclass(frozen=True)
class _Subtask:
    number: int
    score: float
    kind: str
    depends: tuple[int, ...]
    cases: tuple[_Case, ...]


def read_subtasks(
    tree: PackageTree, config: Fields, warnings: list[str]
) -> tuple[Limit, list[Scored]]:
    """Return the problem's limits (the largest of any test) and the subtasks.

    Raises:
        BadInput: A wrong value, a missing file, or no tests.
    """
    limit = _limit(config, Limit(1.0, 256.0))
    subtasks = list(_stated(tree, config, limit)) or _by_names(tree, limit, warnings)
    if not subtasks:
        raise BadInput("the package has no tests", file=tree.where("testdata"))
    subtasks.sort(key=lambda subtask: subtask.number)
    everything = [case.limit for subtask in subtasks for case in subtask.cases]
    most = Limit(max(c.time_s for c in everything), max(c.memory_mb for c in everything))
    places = {subtask.number: index for index, subtask in enumerate(subtasks)}
    scores = _shared(_FULL, [subtask.score for subtask in subtasks])
    groups = []
    for index, (subtask, points) in enumerate(zip(subtasks, scores, strict=True)):
        unknown = [number for number in subtask.depends if places.get(number, index) >= index]
        if unknown:
            raise config.bad("subtasks.if", f"{unknown[0]} is not an earlier subtask")
        each = _shared(points, [case.score for case in subtask.cases])
        if subtask.kind == "sum":
            points = math.fsum(each)
        groups.append(
            Scored(
                points,
                tuple(_scaled(case, most) for case in subtask.cases),
                _aggregate(config, subtask.kind),
                tuple(places[number] for number in subtask.depends),
                tuple(each) if subtask.kind == "sum" else (),
            )
        )
    return most, groups


def _aggregate(config: Fields, kind: str) -> Literal["min", "sum", "max"]:
    match kind:
        case "min" | "sum" | "max":
            return kind
    raise config.bad("subtasks.type", f"must be min, sum or max, not {kind}")


def _stated(tree: PackageTree, config: Fields, limit: Limit) -> Iterator[_Subtask]:
    listed = list(config.maps("subtasks"))
    if not listed and config.get("cases"):
        cases = tuple(_cases(tree, config, limit))
        yield _Subtask(1, 0.0, "sum", (), cases)
        return
    config.asked.add("cases")
    for index, fields in enumerate(listed, start=1):
        own = _limit(fields, limit)
        number = fields.number("id")
        cases = tuple(_cases(tree, fields, own))
        if not cases:
            raise fields.bad("cases", "the subtask has no tests")
        depends = fields.get("if") or []
        if not isinstance(depends, list) or not all(isinstance(d, int) for d in depends):
            raise fields.bad("if", "must be a list of numbers of subtasks")
        yield _Subtask(
            index if number is None else int(number),
            fields.number("score", low=0) or 0.0,
            fields.text("type") or "min",
            tuple(depends),
            cases,
        )


def _cases(tree: PackageTree, fields: Fields, limit: Limit) -> Iterator[_Case]:
    for case in fields.maps("cases"):
        test_input, answer = case.text("input"), case.text("output")
        if not test_input:
            raise case.bad("input", "the input's file is missing")
        yield _Case(
            TestCase(
                "",
                tree_blob(tree, f"testdata/{test_input}"),
                tree_blob(tree, f"testdata/{answer}") if answer and answer != "/dev/null" else None,
            ),
            case.number("score", low=0) or 0.0,
            _limit(case, limit),
        )


def _by_names(tree: PackageTree, limit: Limit, warnings: list[str]) -> list[_Subtask]:
    """Find the tests by their names, as Hydro does where nothing lists them."""
    pairs, lonely = find_pairs(tree.files("testdata") if tree.has_folder("testdata") else [])
    warnings += [f"{tree.where(name)}: an input without an answer: left out" for name in lonely]
    tests = []
    for batch in sorted({pair.batch or 0 for pair in pairs}):
        cases = tuple(
            _Case(
                TestCase("", tree_blob(tree, pair.input), tree_blob(tree, pair.answer)), 0.0, limit
            )
            for pair in pairs
            if (pair.batch or 0) == batch
        )
        kind = "sum" if all(pair.batch is None for pair in pairs) else "min"
        tests.append(_Subtask(batch, 0.0, kind, (), cases))
    return tests


def _shared(total: float, scores: Sequence[float]) -> list[float]:
    """Share what the scores leave of a total among those that are 0."""
    missing = sum(not score for score in scores)
    base, more = divmod(int(max(total - sum(scores), 0.0)), max(missing, 1))
    shares, given = [], 0
    for score in scores:
        if score:
            shares.append(float(score))
        else:
            shares.append(float(base + (given >= missing - more)))
            given += 1
    return shares


def _scaled(case: _Case, most: Limit) -> TestCase:
    return replace(
        case.test,
        time_share=case.limit.time_s / most.time_s,
        memory_share=case.limit.memory_mb / most.memory_mb,
    )


def _limit(fields: Fields, outer: Limit) -> Limit:
    time, memory = fields.text("time"), fields.text("memory")
    seconds, size = outer.time_s, outer.memory_mb
    if time is not None:
        match = _TIME.fullmatch(time.strip())
        if not match or float(match[1]) <= 0:
            raise fields.bad("time", f"{time!r} is not a time such as 1s or 500ms")
        scale = {"ms": 1e-3, "m": 1e-3, "us": 1e-6, "u": 1e-6}.get(match[2].lower(), 1.0)
        seconds = float(match[1]) * scale
    if memory is not None:
        match = _MEMORY.fullmatch(memory.strip())
        if not match or float(match[1]) <= 0:
            raise fields.bad("memory", f"{memory!r} is not a size such as 256m")
        size = float(match[1]) * {"k": 1 / 1024, "g": 1024.0}.get((match[2] or "m").lower(), 1.0)
    return Limit(seconds, size)
