"""The format of a problem's inputs, read from its statement and samples.

The samples give the shape: lines of single values, a line with as many values as an earlier
value says, a block of as many lines. The statement gives names, in the order in which its input
section mentions them, and bounds (`1 <= n <= 10^5`). No model is asked. Where the samples fit no
such shape there is no grammar, and mutation of samples (`mutate.py`) must do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from medalist.agent.evidence.relations import Relation, find_relations, keep, plain
from medalist.problems.constraints import find_constraints
from medalist.problems.model import Constraint, PublicProblem, Subtask

_INPUT_SECTION = re.compile(
    r"^#+\s*(?:input\w*|indata|输入\S*)\s*$(.*?)(?=^#+\s|\Z)", re.I | re.M | re.S
)
_MATH = re.compile(r"\$+([^$]+)\$+")
_NAME = re.compile(r"[A-Za-z](?:_(?:\{[^}]*\}|\w+))?|\\[a-z]+")
_UP_TO = re.compile(
    r"(?<![\\A-Za-z])([A-Za-z][\w{},\s\\]*?)\s*(?:\\leq?|<=|≤)\s*([A-Za-z](?:_\{?\w+\}?)?)\s*$"
)
_INTEGER = re.compile(r"-?[0-9]{1,18}")

Shape = Literal["values", "vector", "block"]


@dataclass(frozen=True)
class Value:
    """One value of the input: its name in the statement (if any), its bounds, and its letters.

    `letters` is empty for integers; a word is made of them. `most` names the value that is its
    upper bound, as in `1 <= u <= n`.
    """

    name: str
    low: int
    high: int
    letters: str = ""
    most: str = ""


@dataclass(frozen=True)
class Part:
    """Consecutive lines: `values` on one line; a `vector` of equal values, as many as `count`
    says; or a `block` of as many lines with these `values` each."""

    shape: Shape
    values: tuple[Value, ...]
    count: str = ""


@dataclass(frozen=True)
class Grammar:
    """The parts of an input, in order, and what the statement promises of named values.

    `relations` are those between values that the parts name.
    """

    parts: tuple[Part, ...]
    relations: tuple[Relation, ...] = ()
    bounds: tuple[Constraint, ...] = ()

    def allowed(self, content: bytes) -> bool:
        """Whether an input fits, and breaks no bound or relation that the statement states."""
        found = self.variables(content)
        if found is None:
            return False
        within = self.within(content, [one for one in self.bounds if plain(one.name) in found])
        return (
            within is not False
            and keep(found, self.relations) is not False
            and self._below_most(found)
        )

    def _below_most(self, found: Mapping[str, Sequence[int]]) -> bool:
        """Whether no value is above the value that is its upper bound."""
        for value in (one for part in self.parts for one in part.values if one.most):
            most = found.get(value.most, ())
            if len(most) == 1 and max(found.get(value.name, most), default=most[0]) > most[0]:
                return False
        return True

    def variables(self, content: bytes) -> dict[str, tuple[int, ...]] | None:
        """Return every named integer of an input with the values it takes; None if it does not
        fit the grammar."""
        lines = [line.split() for line in content.decode("utf-8", "replace").splitlines()]
        found: dict[str, tuple[int, ...]] = {}
        place = 0
        for part in self.parts:
            count = 1
            if part.count:
                counts = found.get(part.count, ())
                if len(counts) != 1:
                    return None
                count = counts[0]
            height = count if part.shape == "block" else 1
            width = count if part.shape == "vector" else len(part.values)
            rows = lines[place : place + height]
            if len(rows) != height or any(len(row) != width for row in rows):
                return None
            place += height
            for column, value in enumerate(part.values):
                tokens = rows[0] if part.shape == "vector" else [row[column] for row in rows]
                if value.letters:
                    continue
                if not all(_INTEGER.fullmatch(token) for token in tokens):
                    return None
                found[value.name] = tuple(int(token) for token in tokens)
        return found if not any(lines[place:]) else None

    def within(self, content: bytes, constraints: Iterable[Constraint]) -> bool | None:
        """Whether an input keeps bounds on named values; None if that cannot be told."""
        found = self.variables(content)
        if found is None:
            return None
        for one in constraints:
            values = found.get(plain(one.name))
            if values is None:
                return None
            low = one.low if one.low is not None else float("-inf")
            high = one.high if one.high is not None else float("inf")
            if not all(low <= value <= high for value in values):
                return False
        return True


def read_grammar(public: PublicProblem) -> Grammar | None:
    """Return the grammar that all samples fit, or None."""
    samples = [
        [line.split() for line in sample.input.rstrip().splitlines()] for sample in public.samples
    ]
    if not samples or not all(samples):
        return None
    names = _Names(public)
    parts: list[Part] = []
    places = [0] * len(samples)
    numbers: list[dict[str, int]] = [{} for _ in samples]
    while any(place < len(lines) for place, lines in zip(places, samples, strict=True)):
        part = _next_part(samples, places, numbers, names, used={one.count for one in parts})
        if part is None:
            return None
        parts.append(part)
    named = {value.name for part in parts for value in part.values if not value.letters}
    relations = [one for one in names.relations if {one.left, one.right} <= named]
    return Grammar(tuple(parts), tuple(relations), names.constraints)


def _next_part(
    samples: Sequence[list[list[str]]],
    places: list[int],
    numbers: list[dict[str, int]],
    names: _Names,
    used: set[str],
) -> Part | None:
    """Read the next lines of all samples at once, and move on behind them."""
    rest = [lines[place:] for lines, place in zip(samples, places, strict=True)]
    if not all(rest):
        return None
    for count in [name for name in numbers[0] if name not in used]:
        heights = [one[count] for one in numbers]
        if min(heights) < 1:
            continue
        blocks = [lines[:height] for lines, height in zip(rest, heights, strict=True)]
        complete = all(len(block) == height for block, height in zip(blocks, heights, strict=True))
        widths = {len(line) for block in blocks for line in block}
        if complete and len(widths) == 1 and max(heights) > 1:
            for number, height in enumerate(heights):
                places[number] += height
            return Part("block", _columns([line for one in blocks for line in one], names), count)
        equal = all(len(lines[0]) == height for lines, height in zip(rest, heights, strict=True))
        if equal and max(heights) > 1:
            for number in range(len(places)):
                places[number] += 1
            tokens = [[token] for lines in rest for token in lines[0]]
            return Part("vector", _columns(tokens, names), count)
    if len({len(lines[0]) for lines in rest}) != 1 or not rest[0][0]:
        return None
    values = _columns([lines[0] for lines in rest], names)
    for number, lines in enumerate(rest):
        places[number] += 1
        for value, token in zip(values, lines[0], strict=True):
            if not value.letters:
                numbers[number][value.name] = int(token)
    return Part("values", values)


def _columns(lines: Sequence[list[str]], names: _Names) -> tuple[Value, ...]:
    return tuple(names.value(column) for column in zip(*lines, strict=True))


class _Names:
    """Names of the input section in order, with the bounds of the statement."""

    def __init__(self, public: PublicProblem) -> None:
        text = public.statement()
        section = _INPUT_SECTION.search(text)
        inside = section.group(1) if section else text
        mentioned = [
            plain(name)
            for formula in _MATH.findall(inside)
            for name in _NAME.findall(formula)
            if not name.startswith("\\")
        ]
        self._left = list(dict.fromkeys(mentioned))
        self._bounds: dict[str, tuple[int | None, int | None]] = {}
        self.relations = find_relations(inside)
        self.constraints = find_constraints(inside)
        for one in self.constraints:
            low, high = self._bounds.get(plain(one.name), (None, None))
            low = one.low if low is None and isinstance(one.low, int) else low
            high = one.high if high is None and isinstance(one.high, int) else high
            self._bounds[plain(one.name)] = (low, high)
        self._most = {
            plain(name): plain(last)
            for formula in _MATH.findall(inside)
            for middle, last in _UP_TO.findall(formula)
            for name in _NAME.findall(middle)
        }
        self._unnamed = 0

    def value(self, tokens: Sequence[str]) -> Value:
        """Name the next value, whose tokens in the samples are these."""
        if self._left:
            name = self._left.pop(0)
        else:
            self._unnamed += 1
            name = f"#{self._unnamed}"
        if not all(_INTEGER.fullmatch(token) for token in tokens):
            longest = max(map(len, tokens))
            return Value(name, 1, longest, "".join(sorted(set("".join(tokens)))))
        seen = [int(token) for token in tokens]
        low, high = self._bounds.get(name, (None, None))
        if low is None:
            low = min(*seen, 1)
        if high is None:
            high = max(seen)
        return Value(name, low, max(low, high), most=self._most.get(name, ""))


def subtasks_kept(
    grammar: Grammar | None, content: bytes, subtasks: Sequence[Subtask]
) -> frozenset[str]:
    """Return the subtasks whose bounds an input is known to keep.

    A subtask that promises something which is no bound on a named value is left out, unless its
    text promises nothing at all.
    """
    kept = set()
    for one in subtasks:
        relations = find_relations(one.text)
        if not one.constraints and not relations:
            if re.search(r"no (additional|further)|none|inga|无", one.text, re.I) or not one.text:
                kept.add(one.subtask_id)
        elif (
            grammar is not None
            and grammar.within(content, one.constraints)
            and keep(grammar.variables(content) or {}, relations)
        ):
            kept.add(one.subtask_id)
    return frozenset(kept)
