"""The shape of an input: lines of values, lists as long as a value says, and repeated lines.

An input is read into a record: for each node of the shape what is there. An `InputLine` gives a
list with a token for each slot and a list of tokens for each `Many`; a `Loop` gives a list of
records; a `Choice` gives the line that its first token chose. `columns` gives each name's tokens in
order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,399})")
_MOST = 2_000_000  # iterations of a loop, at most: what says more is not a count

Lines: TypeAlias = list[list[str]]
Record: TypeAlias = list[Any]
Index: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Count:
    """How often: the sum of values and a constant; or, with `end`, to the end of the input."""

    names: tuple[str, ...] = ()
    add: int = 0
    end: bool = False

    def value(self, known: Mapping[str, int]) -> int | None:
        """The number, if all names have values and it is one."""
        if any(name not in known for name in self.names):
            return None
        total = sum(known[name] for name in self.names) + self.add
        return total if 0 <= total <= _MOST else None


@dataclass(frozen=True)
class Slot:
    """One token with a name."""

    name: str


@dataclass(frozen=True)
class Many:
    """As many tokens of one kind in a row as `count` says."""

    slot: Slot
    count: Count


@dataclass(frozen=True)
class InputLine:
    """One line."""

    items: tuple[Slot | Many, ...]


@dataclass(frozen=True)
class Choice:
    """One line whose first token says how it continues."""

    lines: tuple[tuple[str, InputLine], ...]

    def line(self, key: str) -> InputLine | None:
        """The line that begins with this token."""
        return dict(self.lines).get(key)


@dataclass(frozen=True)
class Loop:
    """Lines that are repeated as often as `count` says."""

    body: tuple[Node, ...]
    count: Count


Node: TypeAlias = InputLine | Choice | Loop
Shape: TypeAlias = tuple[Node, ...]


def is_block(node: Node) -> bool:
    """Whether it is a loop of single lines without lists: these are read and written fast."""
    if not isinstance(node, Loop) or len(node.body) != 1:
        return False
    (line,) = node.body
    return isinstance(line, InputLine) and all(isinstance(item, Slot) for item in line.items)


def split(text: str) -> Lines:
    """Read a text as lines of tokens; blank lines at its end do not count."""
    return [line.split() for line in text.rstrip().splitlines()]


def render(shape: Sequence[Node], record: Record) -> str:
    """Write a record down."""
    lines: list[str] = []
    _write(shape, record, lines)
    return "".join(f"{line}\n" for line in lines)


def _write(shape: Sequence[Node], record: Record, lines: list[str]) -> None:
    for node, value in zip(shape, record, strict=True):
        if is_block(node):
            lines += [" ".join(item[0]) for item in value]
        elif isinstance(node, Loop):
            for item in value:
                _write(node.body, item, lines)
        else:
            parts = [item if isinstance(item, str) else " ".join(item) for item in value]
            lines.append(" ".join(part for part in parts if part))


@dataclass
class ShapeCursor:
    """A place in an input, and the numbers that were read before it."""

    lines: Lines
    place: int = 0
    known: dict[str, int] = field(default_factory=dict)

    @property
    def rest(self) -> Lines:
        """The lines from here on."""
        return self.lines[self.place :]

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.place >= len(self.lines)

    def copy(self) -> ShapeCursor:
        """An independent cursor at the same place."""
        return ShapeCursor(self.lines, self.place, dict(self.known))

    def read(self, node: Node) -> Any:
        """Read what a node describes and move on; None if it does not stand here."""
        if isinstance(node, Loop):
            return self._loop(node)
        if isinstance(node, Choice):
            if self.ended or not self.lines[self.place]:
                return None
            line = node.line(self.lines[self.place][0])
            return None if line is None else self._line(line)
        return self._line(node)

    def _loop(self, node: Loop) -> list[Record] | None:
        records: list[Record] = []
        times = node.count.value(self.known)
        if times is None:
            return None
        if is_block(node) and not node.count.end:
            return self._block(node, times)
        while (not self.ended) if node.count.end else len(records) < times:
            record = []
            for item in node.body:
                part = self.read(item)
                if part is None:
                    return None
                record.append(part)
            records.append(record)
        return records

    def _block(self, node: Loop, times: int) -> list[Record] | None:
        (line,) = node.body
        assert isinstance(line, InputLine)
        rows = self.lines[self.place : self.place + times]
        if len(rows) < times or any(len(row) != len(line.items) for row in rows):
            return None
        self.place += times
        return [[row] for row in rows]

    def _line(self, line: InputLine) -> list[Any] | None:
        # The input's last lines may be empty lists, of which nothing is left.
        tokens = [] if self.ended else self.lines[self.place]
        place, values = 0, list[Any]()
        for item in line.items:
            if isinstance(item, Many):
                count = item.count.value(self.known)
                if item.count.end:
                    count = len(tokens) - place
                if count is None or place + count > len(tokens):
                    return None
                values.append(tokens[place : place + count])
                place += count
                continue
            if place >= len(tokens):
                return None
            values.append(tokens[place])
            if INTEGER.fullmatch(tokens[place]):
                self.known[item.name] = int(tokens[place])
            else:
                self.known.pop(item.name, None)
            place += 1
        if place != len(tokens):
            return None
        self.place += 1
        return values


def read(shape: Sequence[Node], text: str) -> Record | None:
    """Read an input; None if it has not this shape."""
    cursor = ShapeCursor(split(text))
    record = []
    for node in shape:
        part = cursor.read(node)
        if part is None:
            return None
        record.append(part)
    return record if cursor.ended else None


def lines_of(
    shape: Sequence[Node], path: tuple[int, ...] = ()
) -> Iterator[tuple[InputLine, Index]]:
    """Yield all lines with the numbers of the loops around them (a loop's place is its number)."""
    for place, node in enumerate(shape):
        if isinstance(node, Loop):
            yield from lines_of(node.body, (*path, place))
        elif isinstance(node, Choice):
            for _, line in node.lines:
                yield line, path
        else:
            yield node, path


def names(shape: Sequence[Node]) -> list[str]:
    """Return all names in order."""
    return [
        (item.slot if isinstance(item, Many) else item).name
        for line, _ in lines_of(shape)
        for item in line.items
    ]


def counters(shape: Sequence[Node]) -> set[str]:
    """Return the names that count something."""
    used: set[str] = set()
    for node in shape:
        if isinstance(node, Loop):
            used |= {*node.count.names} | counters(node.body)
    for line, _ in lines_of(shape):
        for item in line.items:
            if isinstance(item, Many):
                used |= {*item.count.names}
    return used


def renamed(shape: Sequence[Node], new: Mapping[str, str]) -> Shape:
    """Return the shape with other names."""

    def count(one: Count) -> Count:
        return Count(tuple(new.get(name, name) for name in one.names), one.add, one.end)

    def slot(one: Slot) -> Slot:
        return Slot(new.get(one.name, one.name))

    def line(one: InputLine) -> InputLine:
        return InputLine(
            tuple(
                Many(slot(item.slot), count(item.count)) if isinstance(item, Many) else slot(item)
                for item in one.items
            )
        )

    def node(one: Node) -> Node:
        if isinstance(one, Loop):
            return Loop(tuple(map(node, one.body)), count(one.count))
        if isinstance(one, Choice):
            return Choice(tuple((key, line(inner)) for key, inner in one.lines))
        return line(one)

    return tuple(map(node, shape))
