"""What the values of an input must keep, beyond the kind of each: a rule is a check of columns.

A rule is false of an input that breaks it, true of one that keeps it, and also true where the
input has not the values that it speaks of.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from medalist.agent.evidence.columns import InputColumn
from medalist.agent.evidence.figure_rules import Columns, Graph, Polygon, rows_of
from medalist.problems.formulas import Comparison

_SIGNS = {"≤": int.__le__, "<": int.__lt__, "≥": int.__ge__, ">": int.__gt__, "≠": int.__ne__,
          "=": int.__eq__}  # fmt: skip


@dataclass(frozen=True)
class Compare:
    """A comparison of values that are in one place, or around it.

    Names are those of columns; `|x|` is the length of a word; `offset` says what the index of the
    first value in a list is, for the names `i` and `j` where these are not values.
    """

    comparison: Comparison
    offset: int | None = None

    def keeps(self, columns: Columns) -> bool:
        """Whether it is true everywhere."""
        simple = self._simple(columns)
        if simple is not None:
            return simple
        return all(self.comparison.holds(known) is not False for known in self._places(columns))

    def _simple(self, columns: Columns) -> bool | None:
        """The quick way for two bare names, or a name and a number."""
        left, right = self.comparison.left, self.comparison.right
        if left.op != "name" or right.op not in ("name", "number"):
            return None
        first = columns.get(left.name)
        numbers = first.numbers() if first else None
        if first is None or numbers is None:
            return None
        compare = _SIGNS[self.comparison.sign]
        if right.op == "number":
            value = right.value
            if not isinstance(value, int):
                return None
            return all(compare(number, value) for number in numbers)
        second = columns.get(right.name)
        others = second.numbers() if second else None
        if second is None or others is None:
            return None
        if second.index == first.index:
            return all(map(compare, numbers, others))
        if second.index == [()]:
            return all(compare(number, others[0]) for number in numbers)
        return None

    def _places(self, columns: Columns) -> Iterable[dict[str, int]]:
        names = self.comparison.names()
        sizes = _sized(self.comparison)
        mine = [name for name in names if name in columns]
        if not mine:
            return
        deepest = max(mine, key=lambda name: (_depth(columns[name]), len(columns[name].tokens)))
        tables = {name: _table(columns[name]) for name in mine}
        for index in columns[deepest].index:
            known: dict[str, int] = {}
            for name in mine:
                token = tables[name].get(index[: _depth(columns[name])])
                if token is None:
                    break
                if name in sizes:
                    known[f"|{name}|"] = len(token)
                elif (number := _integer(token)) is not None:
                    known[name] = number
            if self.offset is not None and index:
                known |= dict.fromkeys(names - {*mine}, index[-1] + self.offset)
            yield known


def _sized(one: Comparison) -> set[str]:
    names, todo = set(), [one.left, one.right]
    while todo:
        part = todo.pop()
        todo += part.args
        if part.op == "size":
            names.add(part.name)
    return names


def _integer(token: str) -> int | None:
    return int(token) if token.lstrip("-").isdigit() and len(token) < 40 else None


def _depth(column: InputColumn) -> int:
    return len(column.index[0]) if column.index else 0


def _table(column: InputColumn) -> dict[tuple[int, ...], str]:
    return dict(zip(column.index, column.tokens, strict=True))


@dataclass(frozen=True)
class Distinct:
    """No two rows of a list or block have the same values of these names; `unordered` if what
    stands the other way round is the same, as with edges."""

    names: tuple[str, ...]
    unordered: bool = False

    def keeps(self, columns: Columns) -> bool:
        """Whether no two are equal."""
        parts = [columns.get(name) for name in self.names]
        if any(part is None for part in parts):
            return True
        for rows in rows_of([part for part in parts if part is not None]):
            seen = [tuple(sorted(row)) if self.unordered else row for row in rows]
            if len({*seen}) < len(seen):
                return False
        return True


@dataclass(frozen=True)
class Neighbours:
    """Every value of a list is in this relation to the next: sorted, or never twice in a row."""

    name: str
    sign: Literal["≤", "<", "≥", ">", "≠"]

    def keeps(self, columns: Columns) -> bool:
        """Whether all neighbours are."""
        column = columns.get(self.name)
        if column is None:
            return True
        numbers = column.numbers()
        compare = _SIGNS[self.sign]
        for group in column.groups():
            if numbers is not None:
                if not all(compare(numbers[a], numbers[b]) for a, b in pairwise(group)):
                    return False
            elif not all(
                compare(_rank(column.tokens[a], column.tokens[b]), 0) for a, b in pairwise(group)
            ):
                return False
        return True


def _rank(first: str, second: str) -> int:
    return (first > second) - (first < second)


@dataclass(frozen=True)
class Permutation:
    """A list holds each number from `start` on once."""

    name: str
    start: int = 1

    def keeps(self, columns: Columns) -> bool:
        """Whether it does."""
        column = columns.get(self.name)
        numbers = column.numbers() if column else None
        if column is None or numbers is None:
            return column is None
        return all(
            sorted(numbers[place] for place in group)
            == list(range(self.start, self.start + len(group)))
            for group in column.groups()
        )


@dataclass(frozen=True)
class Total:
    """The sum of a list's values (of all, if `over_all`) is at most, or exactly, a number or a
    name's value; of a word's name the sum of the lengths."""

    name: str
    sign: Literal["≤", "="]
    value: int | str
    over_all: bool = False

    def keeps(self, columns: Columns) -> bool:
        """Whether it is."""
        column = columns.get(self.name)
        if column is None:
            return True
        numbers = column.numbers() or [len(token) for token in column.tokens]
        groups = [list(range(len(numbers)))] if self.over_all else column.groups()
        for group in groups:
            limit = self._limit(columns, column.index[group[0]] if group else ())
            if limit is not None and not _SIGNS[self.sign](
                sum(numbers[place] for place in group), limit
            ):
                return False
        return True

    def _limit(self, columns: Columns, index: tuple[int, ...]) -> int | None:
        if isinstance(self.value, int):
            return self.value
        other = columns.get(self.value)
        if other is None or not other.tokens:
            return None
        return _integer(_table(other).get(index[: _depth(other)], ""))


@dataclass(frozen=True)
class PowerOfTwo:
    """A value is 1, 2, 4, ..."""

    name: str

    def keeps(self, columns: Columns) -> bool:
        """Whether it is."""
        column = columns.get(self.name)
        numbers = column.numbers() if column else []
        return numbers is None or all(
            number > 0 and number & (number - 1) == 0 for number in numbers
        )


@dataclass(frozen=True)
class LetterCount:
    """A letter stands exactly so often in all words of a list (or in the one word) together."""

    name: str
    letter: str
    times: int = 1

    def keeps(self, columns: Columns) -> bool:
        """Whether it does."""
        column = columns.get(self.name)
        if column is None:
            return True
        return all(
            sum(column.tokens[place].count(self.letter) for place in group) == self.times
            for group in column.groups()
        )


@dataclass(frozen=True)
class Rectangle:
    """All words of a block have one length."""

    name: str

    def keeps(self, columns: Columns) -> bool:
        """Whether they have."""
        column = columns.get(self.name)
        return column is None or all(
            len({len(column.tokens[place]) for place in group}) <= 1 for group in column.groups()
        )


@dataclass(frozen=True)
class InputFrame:
    """All around a grid stands one letter."""

    name: str
    letter: str

    def keeps(self, columns: Columns) -> bool:
        """Whether it does."""
        column = columns.get(self.name)
        if column is None:
            return True
        for group in column.groups():
            rows = [column.tokens[place] for place in group]
            edge = rows[0] + rows[-1] + "".join(row[:1] + row[-1:] for row in rows)
            if {*edge} != {self.letter}:
                return False
        return True


Rule: TypeAlias = (
    Compare
    | Distinct
    | Neighbours
    | Permutation
    | Graph
    | Total
    | PowerOfTwo
    | LetterCount
    | Rectangle
    | InputFrame
    | Polygon
)


def unlikely(pairs: int, values: int) -> bool:
    """Whether random values of this number would hardly all differ."""
    return math.exp(-pairs / max(1, values)) < 0.05
