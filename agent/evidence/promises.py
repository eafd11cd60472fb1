"""What holds between the values of an input: what a statement promises, and what samples show.

A rule is taken only if every sample keeps it. What the statement's words speak of needs no more;
what only the samples show is taken where it would hardly be so by chance.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, cast

from medalist.agent.evidence import phrases
from medalist.agent.evidence.figure_rules import Graph, Polygon
from medalist.agent.evidence.graph_promises import GraphPromises
from medalist.agent.evidence.input_rules import (
    Compare,
    Distinct,
    Neighbours,
    Permutation,
    PowerOfTwo,
    Rectangle,
    Rule,
    Total,
    unlikely,
)
from medalist.agent.evidence.prose import bounds
from medalist.agent.evidence.sections import Said, names_in
from medalist.agent.evidence.word_promises import WordPromises
from medalist.problems.formulas import Comparison, Expr, comparisons, number

_MANY_ROWS = 6


class Promises(GraphPromises, WordPromises):
    """Finds the rules of a problem's inputs."""

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that all samples keep."""
        unique: dict[Rule, None] = {}
        for rule in self._candidates():
            if all(rule.keeps(sample) for sample in self.samples):
                unique.setdefault(rule)
        return _reduced(list(unique))

    def _candidates(self) -> Iterator[Rule]:
        yield from self._formulas()
        yield from self._totals()
        yield from self._powers()
        for names in self._rows():
            yield from self._lists(names)
            yield from self._rows_of(names)
            yield from self.graphs(names)
        for name in self.names:
            if self.kinds[name].what == "word":
                yield from self.words(name)
        yield from self._below_counters()

    # Formulas.

    def _formulas(self) -> Iterator[Rule]:
        for relation in dict.fromkeys(self.values.relations):
            strange = relation.names() - {*self.names}
            listed = any(self._is_listed(name) for name in relation.names() - strange)
            if strange <= {"i", "j", "k"} and strange and listed:
                yield from (Compare(relation, offset) for offset in (1, 2))
            elif not strange and self._supported(relation):
                yield Compare(relation)
        for name, sign in self.values.neighbours:
            yield Neighbours(name, cast("Literal['<']", sign))

    def _is_listed(self, name: str) -> bool:
        return any(index for sample in self.samples for index in sample[name].index)

    def _supported(self, one: Comparison) -> bool:
        """Equations occur in explanations as well: they must have held more than once."""
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
                inner = any(
                    len(index) > 0 for sample in self.samples for index in sample[name].index
                )
                if inner and (
                    self.kinds[name].what == "word" if letters else name in self.values.counters
                ):
                    yield Total(name, "≤", limit, over_all=True)
        for name in self.names:
            groups = [
                sum(numbers[place] for place in group)
                for sample in self.samples
                if (numbers := sample[name].numbers()) is not None and sample[name].index
                if sample[name].index[0]
                for group in sample[name].groups()
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
        """Names that are in the same lists or lines of a block."""
        names_by_rows: dict[tuple[tuple[tuple[int, ...], ...], ...], list[str]] = {}
        for name in self.names:
            index = tuple(tuple(sample[name].index) for sample in self.samples)
            if any(place and place[0] for place in index):
                lines = self.line(name)
                names_by_rows.setdefault((*index, lines), []).append(name)  # type: ignore[arg-type]
        return list(names_by_rows.values())

    def _lists(self, names: Sequence[str]) -> Iterator[Rule]:
        for name in names:
            text, groups = self.text(name), self.column(name)
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
            text = self.text(names[0])
            if self._distinct_word(text):
                yield Distinct(tuple(numeric[:2] or names))
            if len(numeric) > 1 and phrases.POLYGON.search(self.about.all):
                yield Polygon((numeric[0], numeric[1]))
        count = sum(len(group) for group in self.column(names[0]))
        for first, second in pairwise(numeric):
            one, other = self.kinds[first], self.kinds[second]
            alike = one.high == other.high and one.low == other.low
            if alike and count >= _MANY_ROWS:
                left, right = Expr("name", name=first), Expr("name", name=second)
                yield Compare(Comparison(left, "<", right))
                if count >= 2 * _MANY_ROWS:
                    yield Compare(Comparison(left, "≤", right))

    # Values that are indices or sizes, though nothing says so.

    def _below_counters(self) -> Iterator[Rule]:
        for name in self.names:
            kind = self.kinds[name]
            if not kind.numeric or not kind.guessed or self.values.ends[name].high is not None:
                continue
            if any(len(index) > 1 for sample in self.samples for index in sample[name].index):
                continue
            for counter in sorted(self.values.counters):
                if counter == name or not self._reached(name, counter):
                    continue
                yield Compare(Comparison(Expr("name", name=name), "≤", Expr("name", name=counter)))

    def _reached(self, name: str, counter: str) -> bool:
        """Whether a value's greatest is the counter's in half of the samples, and never more."""
        hits = seen = 0
        for sample in self.samples:
            numbers, size = sample[name].numbers(), sample[counter].numbers()
            if not numbers or not size or len(size) != 1:
                return False
            if max(numbers) > size[0] or min(numbers) < 0:
                return False
            hits += max(numbers) in (size[0], size[0] - 1)
            seen += len(numbers)
        scalar = seen == len(self.samples)
        return seen >= 2 if scalar else (2 * hits >= len(self.samples) and seen >= 4)


def unread(about: Said) -> tuple[str, ...]:
    """Return the sentences that promise something of which nothing could be made."""
    sentences = re.split(r"(?<=[.!?;。])\s+|\n\s*\n", f"{about.input}\n\n{about.limits}")
    return tuple(
        sentence.strip()
        for sentence in sentences
        if phrases.GUARANTEED.search(sentence)
        and not comparisons(sentence)
        and not (bounds(sentence) and re.search(r"\d", sentence))
        and not any(phrase.search(sentence) for phrase in phrases.READ)
    )


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
                isinstance(item, Compare)
                and item.comparison.sign == "="
                and item.comparison.left == Expr("size", name=name)
                for item in every
            ):
                continue
        keep.append(rule)
    return tuple(keep)
