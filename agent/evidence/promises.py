"""What holds between the values of an input: what a statement promises, and what samples show.

A rule is taken only if every sample keeps it. What the statement's words speak of needs no more;
what only the samples show is taken where it would hardly be so by chance.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, cast

from medalist.agent.evidence import phrases
from medalist.agent.evidence.kinds import Kind
from medalist.agent.evidence.prose import quoted
from medalist.agent.evidence.rules import (
    Compare,
    Distinct,
    Frame,
    Graph,
    LetterCount,
    Neighbours,
    Permutation,
    Polygon,
    PowerOfTwo,
    Rectangle,
    Rule,
    Total,
    unlikely,
)
from medalist.agent.evidence.sections import names_in
from medalist.agent.evidence.shape import Many, lines_of
from medalist.agent.evidence.values import Values
from medalist.problems.formulas import Comparison, Expr, number

_MANY_ROWS = 6
_NAMES = {".": "period|dot|full stop", "-": "hyphen|dash", ",": "comma", "@": "at sign"}


@dataclass
class Promises:
    """Finds the rules of a problem's inputs."""

    values: Values
    kinds: Mapping[str, Kind]

    def __post_init__(self) -> None:
        self.samples = self.values.samples
        self.about = self.values.about
        self.names = self.values.names

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that all samples keep."""
        found: dict[Rule, None] = {}
        for rule in self._candidates():
            if all(rule.keeps(one) for one in self.samples):
                found.setdefault(rule)
        return _reduced(list(found))

    def _candidates(self) -> Iterator[Rule]:
        yield from self._formulas()
        yield from self._totals()
        yield from self._powers()
        for names in self._rows():
            yield from self._lists(names)
            yield from self._rows_of(names)
            yield from self._graphs(names)
        for name in self.names:
            if self.kinds[name].what == "word":
                yield from self._words(name)
        yield from self._below_counters()

    # Formulas.

    def _formulas(self) -> Iterator[Rule]:
        for one in dict.fromkeys(self.values.relations):
            strange = one.names() - {*self.names}
            listed = any(self._is_listed(name) for name in one.names() - strange)
            if strange <= {"i", "j", "k"} and strange and listed:
                yield from (Compare(one, offset) for offset in (1, 2))
            elif not strange and self._supported(one):
                yield Compare(one)
        for name, sign in self.values.neighbours:
            yield Neighbours(name, cast("Literal['<']", sign))

    def _is_listed(self, name: str) -> bool:
        return any(index for one in self.samples for index in one[name].index)

    def _supported(self, one: Comparison) -> bool:
        """Equations stand in explanations as well: they must have held more than once."""
        if one.sign != "=":
            return True
        return len(self.samples) > 1 and len(one.names()) > 1

    def _totals(self) -> Iterator[Rule]:
        text = self.about.all
        for match in phrases.TOTALS.finditer(text):
            name = self.about.canon(match[1] or match[3])
            limit = number(match[2] or match[4])
            if name in self.names and isinstance(limit, int):
                yield Total(name, "≤", limit, over_all=True)
        for match in phrases.IN_TOTAL.finditer(text):
            limit = number(match[1] or match[3])
            if not isinstance(limit, int):
                continue
            letters = re.search(r"letters|characters|length|字符", match[0], re.I)
            for name in self.names:
                inner = any(len(index) > 0 for one in self.samples for index in one[name].index)
                if inner and (
                    self.kinds[name].what == "word" if letters else name in self.values.counters
                ):
                    yield Total(name, "≤", limit, over_all=True)
        for name in self.names:
            groups = [
                sum(numbers[place] for place in group)
                for one in self.samples
                if (numbers := one[name].numbers()) is not None and one[name].index
                if one[name].index[0]
                for group in one[name].groups()
            ]
            if len(groups) > 1 and len({*groups}) == 1 and groups[0] > 1:
                said = re.search(r"\b(?:sum|total|add)|和", self.about.input, re.I)
                if said and re.search(rf"(?<!\d){groups[0]}(?!\d)", self.about.input):
                    yield Total(name, "=", groups[0])

    def _powers(self) -> Iterator[Rule]:
        for sentence in self._sentences():
            if phrases.POWER.search(sentence):
                for name in names_in(sentence, self.about.canon):
                    if name in self.names and self.kinds[name].numeric:
                        yield PowerOfTwo(name)

    def _sentences(self) -> list[str]:
        return re.split(r"(?<=[.!?;。])\s+|\n\s*\n", self.about.all)

    # Lists and blocks.

    def _rows(self) -> list[list[str]]:
        """Names that stand in the same lists or lines of a block."""
        found: dict[tuple[tuple[tuple[int, ...], ...], ...], list[str]] = {}
        for name in self.names:
            index = tuple(tuple(one[name].index) for one in self.samples)
            if any(place and place[0] for place in index):
                lines = self._line(name)
                found.setdefault((*index, lines), []).append(name)  # type: ignore[arg-type]
        return list(found.values())

    def _line(self, name: str) -> tuple[str, ...]:
        for line, _ in lines_of(self.values.named.shape):
            own = tuple(i.slot.name if isinstance(i, Many) else i.name for i in line.items)
            if name in own:
                return own
        return ()

    def _text(self, name: str) -> str:
        segment = self.values.named.where.get(name)
        return segment.text if segment else self.about.input

    def _column(self, name: str) -> list[list[str]]:
        """The tokens of each list of a name, over all samples."""
        return [
            [one[name].tokens[place] for place in group]
            for one in self.samples
            for group in one[name].groups()
        ]

    def _lists(self, names: Sequence[str]) -> Iterator[Rule]:
        for name in names:
            text, groups = self._text(name), self._column(name)
            kind = self.kinds[name]
            chance = sum(math.lgamma(len(group) + 1) / math.log(10) for group in groups)
            for sign, words in (("<", phrases.UP), (">", phrases.DOWN)):
                if not (words.search(text) or chance > 3):
                    continue
                if kind.what in ("integer", "word"):
                    yield Neighbours(name, cast("Literal['<']", sign))
                    yield Neighbours(name, "≤" if sign == "<" else "≥")
            if kind.numeric:
                whole = sum(
                    len(group) * math.log10(len(group)) - math.lgamma(len(group) + 1) / math.log(10)
                    for group in groups
                    if group
                )
                if phrases.PERMUTATION.search(text) or (whole > 1.3 and kind.guessed):
                    yield Permutation(name, 1)
                    yield Permutation(name, 0)
            if self._distinct_word(text) and len(names) == 1:
                yield Distinct((name,))
            elif kind.numeric:
                pairs = sum(len(group) * (len(group) - 1) // 2 for group in groups)
                if unlikely(pairs, kind.seen_high - kind.seen_low + 1):
                    yield Distinct((name,))
            if kind.numeric and phrases.PARENTS.search(self.about.all):
                below = Comparison(Expr("name", name=name), "<", Expr("name", name="i"))
                if sum(map(len, groups)) >= 3:
                    yield from (Compare(below, offset) for offset in (1, 2))

    def _distinct_word(self, text: str) -> bool:
        return (
            phrases.DISTINCT.search(text) is not None and phrases.NOT_DISTINCT.search(text) is None
        )

    def _rows_of(self, names: Sequence[str]) -> Iterator[Rule]:
        """What holds between the columns of a block."""
        numeric = [name for name in names if self.kinds[name].numeric]
        if len(names) > 1:
            text = self._text(names[0])
            if self._distinct_word(text):
                yield Distinct(tuple(numeric[:2] or names))
            if len(numeric) > 1 and phrases.POLYGON.search(self.about.all):
                yield Polygon((numeric[0], numeric[1]))
        count = sum(len(group) for group in self._column(names[0]))
        for first, second in pairwise(numeric):
            one, other = self.kinds[first], self.kinds[second]
            alike = one.high == other.high and one.low == other.low
            if alike and count >= _MANY_ROWS:
                left, right = Expr("name", name=first), Expr("name", name=second)
                yield Compare(Comparison(left, "<", right))
                if count >= 2 * _MANY_ROWS:
                    yield Compare(Comparison(left, "≤", right))

    def _graphs(self, names: Sequence[str]) -> Iterator[Rule]:
        numeric = [name for name in names if self.kinds[name].numeric]
        if len(numeric) < 2:
            return
        ends = numeric[0], numeric[1]
        for points in self.names:
            one, other = self.kinds[points], self.kinds[ends[0]]
            bound = [
                Comparison(Expr("name", name=end), "≤", Expr("name", name=points)) for end in ends
            ]
            said = all(part in self.values.relations for part in bound)
            if points in ends or not (said or self._indices(ends, points)):
                continue
            if not one.numeric or other.low not in (0, 1):
                continue
            yield from (Compare(part) for part in bound)
            yield from self._edges(ends, points)
            return

    def _indices(self, ends: tuple[str, str], points: str) -> bool:
        """Whether two guessed bounds are very likely the number of points."""
        if points not in self.values.counters and not phrases.TREE.search(self.about.all):
            return False
        if not all(self.kinds[end].guessed or self._same_bound(end, points) for end in ends):
            return False
        hits = 0
        for one in self.samples:
            size, pair = one[points].numbers(), [one[end].numbers() for end in ends]
            if not size or any(numbers is None for numbers in pair):
                return False
            used = [number for numbers in pair for number in numbers or ()]
            if used and (max(used) > size[0] or min(used) < 1):
                return False
            hits += bool(used) and max(used) == size[0]
        return hits * 2 >= len(self.samples)

    def _same_bound(self, end: str, points: str) -> bool:
        return self.kinds[end].high == self.kinds[points].high

    def _edges(self, ends: tuple[str, str], points: str) -> Iterator[Rule]:
        text = self.about.all
        edges = sum(len(group) for group in self._column(ends[0]))
        if phrases.TREE.search(text) or edges >= _MANY_ROWS:
            yield Graph(ends, points, "tree")
        if phrases.CONNECTED.search(text):
            yield Graph(ends, points, "connected")
        if phrases.REACH.search(self.about.input):
            yield Graph(ends, points, "reach")
        near = f"{self._text(ends[0])} {self.about.input}"
        if not phrases.LOOPS.search(near) and (phrases.NO_LOOPS.search(text) or edges >= 3):
            left, right = (Expr("name", name=end) for end in ends)
            yield Compare(Comparison(left, "≠", right))
        if phrases.SINGLE.search(text) and not phrases.SEVERAL.search(near):
            yield Distinct(ends, unordered=True)
            yield Distinct(ends)

    # Words and grids.

    def _words(self, name: str) -> Iterator[Rule]:
        groups = self._column(name)
        block = any(index for one in self.samples for index in one[name].index)
        sizes = {len(token) for group in groups for token in group}
        size = Expr("size", name=name)
        for other in self.names:
            if self.kinds[other].numeric:
                equal = Compare(Comparison(size, "=", Expr("name", name=other)))
                segment = self.values.named.where.get(name)
                told = segment is not None and any(other in one for one in segment.many)
                if told or len(sizes) > 1 or (len(self.samples) > 1 and min(sizes) > 1):
                    yield equal
        if block and sum(map(len, groups)) > 2 and max(sizes) > 1:
            yield Rectangle(name)
        yield from self._letters(name, groups, block=block)

    def _letters(
        self, name: str, groups: Sequence[Sequence[str]], *, block: bool
    ) -> Iterator[Rule]:
        text = self.about.input
        for sentence in re.split(r"(?<=[.!?;。])\s+|\n\s*\n", text):
            match = phrases.ONE.search(sentence)
            if match is None:
                continue
            times = {"two": 2, "three": 3}.get((match[1] or "").lower(), 1)
            mine = names_in(sentence, self.about.canon)
            if mine and name not in mine and any(other in self.names for other in mine):
                continue
            letters = [one for one in quoted(sentence[match.start() :]) if len(one) == 1]
            letters += [
                mark
                for mark, words in _NAMES.items()
                if re.search(rf"\b(?:{words})\b", sentence[match.start() :], re.I)
            ]
            for letter in letters:
                yield LetterCount(name, letter, times)
        if not block:
            return
        whole = ["".join(group) for group in groups]
        if not all(len(group) > 1 and len({*map(len, group)}) == 1 for group in groups):
            return
        if len(whole) > 1 and min(map(len, whole)) > 4:
            for letter in self.kinds[name].letters:
                yield LetterCount(name, letter)
        edges = {
            letter
            for group in groups
            for letter in group[0] + group[-1] + "".join(row[:1] + row[-1:] for row in group)
        }
        if len(edges) == 1 and len({*"".join(whole)}) > 1:
            around = sum(2 * (len(group) + len(group[0])) for group in groups)
            if phrases.BORDER.search(self.about.all) or (around >= 30 and len(groups) > 1):
                yield Frame(name, edges.pop())

    # Values that are indices or sizes, though nothing says so.

    def _below_counters(self) -> Iterator[Rule]:
        for name in self.names:
            kind = self.kinds[name]
            if not kind.numeric or not kind.guessed or self.values.ends[name].high is not None:
                continue
            if any(len(index) > 1 for one in self.samples for index in one[name].index):
                continue
            for counter in sorted(self.values.counters):
                if counter == name or not self._reached(name, counter):
                    continue
                yield Compare(Comparison(Expr("name", name=name), "≤", Expr("name", name=counter)))

    def _reached(self, name: str, counter: str) -> bool:
        """Whether a value's greatest is the counter's in half of the samples, and never more."""
        hits = seen = 0
        for one in self.samples:
            numbers, size = one[name].numbers(), one[counter].numbers()
            if not numbers or not size or len(size) != 1:
                return False
            if max(numbers) > size[0] or min(numbers) < 0:
                return False
            hits += max(numbers) in (size[0], size[0] - 1)
            seen += len(numbers)
        scalar = seen == len(self.samples)
        return seen >= 2 if scalar else (2 * hits >= len(self.samples) and seen >= 4)


def _reduced(rules: list[Rule]) -> tuple[Rule, ...]:
    """Leave out what follows from stronger rules."""
    keep: list[Rule] = []
    every = {*rules}
    for rule in rules:
        match rule:
            case Neighbours(name, "≤") if Neighbours(name, "<") in every:
                continue
            case Neighbours(name, "≥") if Neighbours(name, ">") in every:
                continue
            case Neighbours(name, _) if Permutation(name) in every or Permutation(name, 0) in every:
                continue
            case Distinct((name,)) if Permutation(name) in every or Permutation(name, 0) in every:
                continue
            case Distinct(names, False) if Distinct(names, unordered=True) in every:
                continue
            case Graph(ends, points, "connected") if Graph(ends, points, "tree") in every:
                continue
            case Compare(_, 2) if Compare(rule.comparison, 1) in every:
                continue
            case Rectangle(name) if any(
                isinstance(one, Compare)
                and one.comparison.sign == "="
                and one.comparison.left == Expr("size", name=name)
                for one in every
            ):
                continue
        keep.append(rule)
    return tuple(keep)
