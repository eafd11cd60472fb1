"""Rules about figures that rows of an input describe: graphs by edges, polygons by corners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from medalist.agent.evidence.columns import InputColumn

Columns: TypeAlias = Mapping[str, InputColumn]


def rows_of(parts: Sequence[InputColumn]) -> list[list[tuple[str, ...]]]:
    """Return the rows of columns that stand side by side, by list or block; else none."""
    if any(part.index != parts[0].index for part in parts):
        return []
    return [
        [tuple(part.tokens[place] for part in parts) for place in group]
        for group in parts[0].groups()
    ]


@dataclass(frozen=True)
class Graph:
    """Rows are edges between `ends` of points 1 to `points`.

    `what` says that they form a tree, that all points are connected, or that the last point can be
    reached from the first along directed edges.
    """

    ends: tuple[str, str]
    points: str
    what: Literal["tree", "connected", "reach"]

    def keeps(self, columns: Columns) -> bool:
        """Whether they do; a graph that is not at the top of the input is looked at, too."""
        first, second, size = (columns.get(name) for name in (*self.ends, self.points))
        if first is None or second is None or size is None or first.index != second.index:
            return True
        heads, tails, sizes = first.numbers(), second.numbers(), size.numbers()
        if heads is None or tails is None or sizes is None:
            return False
        groups = {first.index[group[0]][:-1]: group for group in first.groups()}
        for index, points in zip(size.index, sizes, strict=True):
            group = groups.get(index, [])
            edges = [(heads[place], tails[place]) for place in group]
            if not self._good(edges, points):
                return False
        return True

    def _good(self, edges: list[tuple[int, int]], points: int) -> bool:
        if any(not 1 <= end <= points for edge in edges for end in edge):
            return False
        if self.what == "reach":
            return _reached(edges, 1, points)
        if self.what == "tree" and len(edges) != points - 1:
            return False
        parent = list(range(points + 1))

        def root(one: int) -> int:
            while parent[one] != one:
                parent[one] = parent[parent[one]]
                one = parent[one]
            return one

        joined = 0
        for head, tail in edges:
            first, second = root(head), root(tail)
            joined += first != second
            parent[first] = second
        return joined == points - 1


def _reached(edges: list[tuple[int, int]], first: int, last: int) -> bool:
    out: dict[int, list[int]] = {}
    for head, tail in edges:
        out.setdefault(head, []).append(tail)
    seen, todo = {first}, [first]
    while todo:
        for item in out.get(todo.pop(), ()):
            if item not in seen:
                seen.add(item)
                todo.append(item)
    return last in seen


@dataclass(frozen=True)
class Polygon:
    """Rows are the corners of a polygon in order, whose sides do not cross or touch."""

    names: tuple[str, str]

    def keeps(self, columns: Columns) -> bool:
        """Whether they are; a long one is believed."""
        parts = [columns.get(name) for name in self.names]
        if any(part is None for part in parts):
            return True
        for rows in rows_of([part for part in parts if part is not None]):
            corners = [(int(x), int(y)) for x, y in rows]
            if len({*corners}) < len(corners) or (len(corners) <= 80 and not _is_simple(corners)):
                return False
        return True


def _is_simple(corners: list[tuple[int, int]]) -> bool:
    count = len(corners)
    sides = [(corners[place], corners[(place + 1) % count]) for place in range(count)]
    if count < 3 or all(_turn(corners[0], corners[1], corner) == 0 for corner in corners):
        return False
    for first in range(count):
        for second in range(first + 1, count):
            near = second == first + 1 or (first == 0 and second == count - 1)
            if near:
                a, b = sides[first] if second == first + 1 else sides[second]
                c = (sides[second] if second == first + 1 else sides[first])[1]
                back = (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1])
                if _turn(a, b, c) == 0 and back > 0:
                    return False
            elif _cross(sides[first], sides[second]):
                return False
    return True


Point: TypeAlias = tuple[int, int]


def _turn(a: Point, b: Point, c: Point) -> int:
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (value > 0) - (value < 0)


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    (a, b), (c, d) = one, other
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    return any(
        turn == 0 and _between(*ends, point)
        for turn, ends, point in zip(
            turns, ((a, b), (a, b), (c, d), (c, d)), (c, d, a, b), strict=True
        )
    )


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
