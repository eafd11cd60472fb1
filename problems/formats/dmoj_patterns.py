"""Finds the cases of a DMOJ archive by the names of its files.

Without patterns of the package an input is a name with `.in` somewhere in it, or one that begins
with `in`; an output likewise with `out`. The last number of the name is the case; a number before
it, at the beginning or after a character that is not a letter, digit or `_`, is the batch.

A package's own patterns are regular expressions, and a hostile one can run for hours on a short
name: they are matched by their own process, for a few seconds.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from medalist.problems.formats.fields import Fields

Label = int | str
"""A batch's or case's name: a number where it is one."""

_RUN = re.compile(r"\d+")
_SECONDS = 10
_SCRIPT = """\
import json, re, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
pattern, names = json.load(sys.stdin)
try:
    compiled = re.compile(pattern, re.IGNORECASE)
except re.error as error:
    sys.exit(str(error))
found = []
for name in names:
    match = compiled.match(name)
    groups = match.groupdict() if match else {}
    found.append([groups.get("batch"), groups.get("case")] if match else None)
print(json.dumps(found))
"""


class PatternPair(NamedTuple):
    """The files of a case, None where there is none."""

    input: str | None
    output: str | None


class MatchedFiles(NamedTuple):
    """A case, or a batch of several."""

    pairs: tuple[PatternPair, ...]
    batched: bool


def find_cases(options: Fields, names: Sequence[str]) -> tuple[list[MatchedFiles], list[str]]:
    """Return cases and batches in order, and warnings.

    Args:
        options: `test_cases`, with `input_format` and `output_format` where they are given.
        names: The files of the archive.

    Raises:
        BadInput: A pattern that cannot be used, or names that contradict each other.
    """
    warnings: list[str] = []
    # macOS puts shadows of the files into its archives.
    names = [name for name in names if "__MACOSX" not in name.split("/")]
    groups: dict[Label, dict[Label, list[str | None]]] = {}
    batches: set[Label] = set()
    for side, key, word in ((0, "input_format", "in"), (1, "output_format", "out")):
        for name, place in zip(names, _places(options, key, word, names), strict=True):
            if place is None:
                continue
            batch, case = place
            if batch is not None:
                batches.add(batch)
            pair = groups.setdefault(case if batch is None else batch, {}).setdefault(
                case, [None, None]
            )
            if pair[side] is not None:
                warnings.append(
                    f"{options.file}: {pair[side]!r} and {name!r} are one case: the last counts"
                )
            pair[side] = name
    cases = []
    for label in sorted(groups, key=_order):
        inside = groups[label]
        if label not in batches and len(inside) > 1:
            raise options.bad(key, f"several cases have the number {label}")
        pairs = tuple(PatternPair(*inside[case]) for case in sorted(inside, key=_order))
        cases.append(MatchedFiles(pairs, label in batches))
    return cases, warnings


def _places(
    options: Fields, key: str, word: str, names: Sequence[str]
) -> list[tuple[Label | None, Label] | None]:
    """Return batch and case of each name, None where the pattern does not fit."""
    pattern = options.text(key)
    if not pattern:
        return [_place(name, word) for name in names]
    places: list[tuple[Label | None, Label] | None] = []
    for groups in matched(options, key, pattern, names):
        if groups is None:
            places.append(None)
            continue
        batch, case = groups
        if case is None:
            raise options.bad(key, "the pattern names no (?P<case>...)")
        places.append((None if batch is None else _label(batch), _label(case)))
    return places


def _place(name: str, word: str) -> tuple[Label | None, Label] | None:
    low = name.lower()
    if f".{word}" not in low and not low.startswith(word):
        return None
    runs = list(_RUN.finditer(name))
    if not runs or re.search(r"\s", name[runs[-1].end() :]):
        return None
    last = runs[-1]
    if len(runs) > 1:
        before = runs[-2]
        starts = before.start() == 0 or not re.match(r"\w", name[before.start() - 1])
        if starts and not re.search(r"\s", name[before.end() : last.start()]):
            return int(before[0]), int(last[0])
    return None, int(last[0])


def matched(
    options: Fields, key: str, pattern: str, names: Sequence[str]
) -> Sequence[tuple[str | None, str | None] | None]:
    """Match names with a regular expression of a package, in its own process.

    Returns:
        For each name its groups `batch` and `case`, None where the pattern does not fit.

    Raises:
        BadInput: No regular expression, or one that takes too long.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _SCRIPT],
            input=json.dumps([pattern, list(names)]),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise options.bad(key, "the pattern takes too long") from error
    if done.returncode == 1:
        lines = done.stderr.strip().splitlines() or ["it cannot be used"]
        raise options.bad(key, f"not a regular expression: {lines[-1][:100]}")
    if done.returncode != 0:
        raise options.bad(key, "the pattern takes too long")
    matches: list[Any] = json.loads(done.stdout)
    return [None if groups is None else (groups[0], groups[1]) for groups in matches]


def _label(text: str) -> Label:
    try:
        return int(text)
    except ValueError:
        return text


def _order(label: Label) -> tuple[bool, int, str]:
    number = label if isinstance(label, int) else 0
    return isinstance(label, int), number, str(label)
