"""Which shapes all samples of a problem have: a search over lines, lists and loops.

Names are `#1`, `#2`, ... in the order of reading; what the statement calls them is found later
(`naming.py`), and with it which of the shapes is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, count, islice

from medalist.agent.evidence.shape import (
    INTEGER,
    Choice,
    Count,
    InputLine,
    Loop,
    Many,
    Node,
    Shape,
    ShapeCursor,
    Slot,
    lines_of,
    names,
    split,
)

_SHAPES = 50  # how many are looked at
_EACH = 10  # shapes that begin alike
_STEPS = 800  # how many nodes are tried
_BODIES = 400  # how many beginnings of loops' bodies
_BODY = 4  # nodes of a loop's body
_KINDS = 6  # different first tokens of lines of several kinds


def layouts(samples: Sequence[str]) -> list[Shape]:
    """Return shapes that all samples have, the most telling ones first."""
    cursors = [ShapeCursor(split(text)) for text in samples]
    if not cursors or any(cursor.ended for cursor in cursors):
        return []
    search = _Search()
    shapes = dict.fromkeys(islice(search.shapes(cursors, ()), _SHAPES))
    return list(shapes)


@dataclass
class _Search:
    steps: count[int] = field(default_factory=count)
    bodies: count[int] = field(default_factory=count)

    def shapes(self, cursors: list[ShapeCursor], before: Shape) -> Iterator[Shape]:
        """Yield shapes that continue from here to the end of all samples."""
        if all(cursor.ended for cursor in cursors):
            yield before
            # An empty list at the end may have left no trace.
            return
        for node in self._nodes(cursors, before):
            moved = self._moved(cursors, node)
            if moved is not None:
                yield from islice(self.shapes(moved, (*before, node)), _EACH)

    def _moved(self, cursors: list[ShapeCursor], node: Node) -> list[ShapeCursor] | None:
        if next(self.steps) > _STEPS:
            return None
        moved = [cursor.copy() for cursor in cursors]
        return moved if all(cursor.read(node) is not None for cursor in moved) else None

    def _nodes(self, cursors: list[ShapeCursor], before: Shape) -> Iterator[Node]:
        """Yield what may come next, the most telling first."""
        fresh = _fresh(before)
        known = _known(cursors)
        used = _used(before)
        counts = sorted(_counts(known), key=lambda one: any(name in used for name in one.names))
        fitting = [number for number in counts if self._heights(cursors, number)]
        fitting.sort(key=lambda one: not _to_end(cursors, one))
        direct = [item for item in fitting if len(item.names) == 1 and not item.add]
        for item in direct:
            yield from self._plain_loops(cursors, item, fresh)
        lines = list(self._lines(cursors, counts, fresh))
        lists = [line for line in lines if isinstance(line.items[-1], Many)]
        yield from lists
        for item in direct:
            yield from self._loops(cursors, item, fresh)
        for item in fitting:
            if item not in direct:
                yield from self._plain_loops(cursors, item, fresh)
        yield from (line for line in lines if line not in lists)
        for item in fitting:
            if item not in direct:
                yield from islice(self._loops(cursors, item, fresh), 2)
        if not any(cursor.ended for cursor in cursors):
            end = Count(end=True)
            yield from self._plain_loops(cursors, end, fresh)
            yield from self._loops(cursors, end, fresh)

    def _heights(self, cursors: list[ShapeCursor], one: Count) -> bool:
        """Whether so many lines are left in all samples, and in some more than one."""
        heights = [one.value(cursor.known) for cursor in cursors]
        left = [len(cursor.lines) - cursor.place for cursor in cursors]
        if any(height is None or height > rest for height, rest in zip(heights, left, strict=True)):
            return False
        most = max(height or 0 for height in heights)
        return most > 1 or (most == 1 and len({*heights}) > 1)

    def _lines(
        self, cursors: list[ShapeCursor], counts: Sequence[Count], fresh: int
    ) -> Iterator[InputLine]:
        widths = [0 if cursor.ended else len(cursor.lines[cursor.place]) for cursor in cursors]
        for number in counts:
            for before in range(min(min(widths), 3) + 1):
                lengths = [number.value(cursor.known) for cursor in cursors]
                if [width - before for width in widths] == lengths and max(widths) - before > 1:
                    yield _line(fresh, before, number)
        for before in range(1, min(*widths, 3) + 1 if widths else 1):
            for place in range(before):
                heads = [_number(cursor.lines[cursor.place][place]) for cursor in cursors]
                rests = [width - before for width in widths]
                if heads == rests and (max(rests) > 1 or len({*rests}) > 1):
                    yield _line(fresh, before, Count((f"#{fresh + place}",)))
        if len({*widths}) == 1 and widths[0]:
            yield _line(fresh, widths[0])
        elif min(widths, default=0):
            yield _line(fresh, 0, Count(end=True))  # a sentence

    def _plain_loops(self, cursors: list[ShapeCursor], times: Count, fresh: int) -> Iterator[Node]:
        """Yield loops of lines that are all alike, or that begin with their lengths."""
        rows = _rows(cursors, times)
        widths = {len(row) for row in rows}
        if len(widths) == 1 and min(widths) > 0 and not _mixed(rows):
            yield Loop((_line(fresh, min(widths)),), times)
        elif len(widths) > 1 and all(row and _number(row[0]) == len(row) - 1 for row in rows):
            yield Loop((_line(fresh, 1, Count((f"#{fresh}",))),), times)
        elif not times.end:
            yield from self._matrices(cursors, times, fresh)

    def _matrices(self, cursors: list[ShapeCursor], times: Count, fresh: int) -> Iterator[Node]:
        """Yield loops of lists that are all as long as one value says."""
        for name in _known(cursors):
            pairs = [
                (len(row), cursor.known[name])
                for cursor in cursors
                for row in _rows([cursor], times)
            ]
            if pairs and all(width == wanted for width, wanted in pairs):
                yield Loop((_line(fresh, 0, Count((name,))),), times)

    def _loops(self, cursors: list[ShapeCursor], times: Count, fresh: int) -> Iterator[Node]:
        """Yield loops of lines of several kinds, or of several lines."""
        first = [cursor for cursor in cursors if times.end or times.value(cursor.known)]
        rows = _rows(cursors, times)
        chosen = _choice(rows, fresh)
        if chosen is not None:
            yield Loop((chosen,), times)
        for body in islice(self._bodies(first, times, (), fresh), 6):
            yield Loop(body, times)
        widths = {len(row) for row in rows}
        if len(widths) == 1 and min(widths) > 0 and _mixed(rows):
            yield Loop((_line(fresh, min(widths)),), times)
        if len(widths) > 1 and min(widths) > 0:
            yield Loop((_line(fresh, 0, Count(end=True)),), times)

    def _bodies(
        self, first: list[ShapeCursor], times: Count, body: Shape, fresh: int
    ) -> Iterator[Shape]:
        """Yield bodies of several nodes, found on the first round and tried on all."""
        if len(body) >= _BODY or any(cursor.ended for cursor in first):
            return
        if next(self.bodies) > _BODIES:
            return
        # Inside of a loop nothing is repeated to the end, and single lines come first.
        here = [ShapeCursor(item.lines, item.place, dict(item.known)) for item in first]
        known = _known(here)
        counts = [Count((name,)) for name in known if Count((name,)) != times]
        nodes: list[Node] = list(self._lines(here, counts, fresh))
        for number in counts:
            own = any(int(name[1:]) >= fresh - len(names(body)) for name in number.names if body)
            if own and self._heights(here, number):
                nodes += islice(self._plain_loops(here, number, fresh), 2)
                nodes += islice(self._loops(here, number, fresh), 1)
        for node in nodes:
            moved = self._moved(here, node)
            if moved is not None:
                longer = (*body, node)
                lists = isinstance(node, InputLine) and isinstance(node.items[-1], Many)
                if len(longer) > 1 or lists:
                    yield longer
                yield from self._bodies(moved, times, longer, fresh + len(names((node,))))


def _line(fresh: int, width: int, many: Count | None = None) -> InputLine:
    slots: list[Slot | Many] = [Slot(f"#{fresh + place}") for place in range(width)]
    if many is not None:
        slots.append(Many(Slot(f"#{fresh + width}"), many))
    return InputLine(tuple(slots))


def _choice(rows: Sequence[Sequence[str]], fresh: int) -> Choice | None:
    """Lines whose first token says how many others follow, such as queries of several kinds."""
    widths: dict[str, int] = {}
    for row in rows:
        if not row or widths.setdefault(row[0], len(row)) != len(row):
            return None
    if not 1 < len(widths) <= _KINDS or len(rows) < len(widths) + 2:
        return None
    lines = []
    for key, width in sorted(widths.items()):
        lines.append((key, _line(fresh, width)))
        fresh += width
    return Choice(tuple(lines))


def _to_end(cursors: Sequence[ShapeCursor], times: Count) -> bool:
    """Whether exactly `times` lines are left in all samples."""
    return all(times.value(cursor.known) == len(cursor.lines) - cursor.place for cursor in cursors)


def _rows(cursors: Sequence[ShapeCursor], times: Count) -> list[list[str]]:
    """The lines that a loop of single lines would have."""
    return [
        line
        for cursor in cursors
        for line in (cursor.rest if times.end else cursor.rest[: times.value(cursor.known)])
    ]


def _mixed(rows: Sequence[Sequence[str]]) -> bool:
    """Whether some column holds integers and other words: then lines of two kinds take turns."""
    for column in zip(*rows, strict=True):
        numbers = sum(INTEGER.fullmatch(token) is not None for token in column)
        if 0 < numbers < len(column):
            return True
    return False


def _fresh(before: Shape) -> int:
    return 1 + len(names(before))


def _known(cursors: Sequence[ShapeCursor]) -> list[str]:
    """The names that are numbers in all samples."""
    every = set.intersection(*({*cursor.known} for cursor in cursors))
    return sorted(every, key=lambda name: int(name[1:]))


def _counts(known: Sequence[str]) -> list[Count]:
    """What may be a count: a value, the sum of two, one less or more."""
    single = [Count((name,)) for name in known]
    less = [Count((name,), add) for name in known for add in (-1, 1)]
    sums = [Count(pair) for pair in combinations(known[:5], 2)]
    return [*single, *sums, *less]


def _used(before: Shape) -> set[str]:
    used: set[str] = set()
    for node in before:
        if isinstance(node, Loop):
            used |= {*node.count.names}
    for line, _ in lines_of(before):
        for item in line.items:
            if isinstance(item, Many):
                used |= {*item.count.names}
    return used


def _number(token: str) -> int | None:
    return int(token) if INTEGER.fullmatch(token) else None
