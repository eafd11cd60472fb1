"""What holds of edges: which graphs an input may describe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from medalist.agent.evidence import phrases
from medalist.agent.evidence.figure_rules import Graph
from medalist.agent.evidence.input_rules import Compare, Distinct, Rule
from medalist.agent.evidence.seen import SampleValues
from medalist.problems.formulas import Comparison, Expr

_MANY_ROWS = 6


class GraphPromises(SampleValues):
    """Finds rules about graphs."""

    def graphs(self, names: Sequence[str]) -> Iterator[Rule]:
        """Yield what may hold of the edges in these columns."""
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
        for sample in self.samples:
            size, pair = sample[points].numbers(), [sample[end].numbers() for end in ends]
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
        edges = sum(len(group) for group in self.column(ends[0]))
        if phrases.TREE.search(text) or edges >= _MANY_ROWS:
            yield Graph(ends, points, "tree")
        if phrases.CONNECTED.search(text):
            yield Graph(ends, points, "connected")
        if phrases.REACH.search(self.about.input):
            yield Graph(ends, points, "reach")
        near = f"{self.text(ends[0])} {self.about.input}"
        if not phrases.LOOPS.search(near) and (phrases.NO_LOOPS.search(text) or edges >= 3):
            left, right = (Expr("name", name=end) for end in ends)
            yield Compare(Comparison(left, "≠", right))
        if phrases.SINGLE.search(text) and not phrases.SEVERAL.search(near):
            yield Distinct(ends, unordered=True)
            yield Distinct(ends)
