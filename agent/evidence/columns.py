"""The tokens of each name of an input, in order, and where each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from medalist.agent.evidence.shape import (
    INTEGER,
    Index,
    InputLine,
    Loop,
    Many,
    Node,
    Record,
    is_block,
    names,
)


@dataclass
class InputColumn:
    """All tokens of one name, and where each is: the number of each loop around it."""

    tokens: list[str] = field(default_factory=list)
    index: list[Index] = field(default_factory=list)

    _numbers: list[int] | None = None
    _groups: list[list[int]] | None = None

    def numbers(self) -> list[int] | None:
        """The tokens as integers, if all are."""
        if self._numbers is None:
            if not all(map(INTEGER.fullmatch, self.tokens)):
                return None
            self._numbers = list(map(int, self.tokens))
        return self._numbers

    def groups(self) -> list[list[int]]:
        """Positions grouped by the list or block that contains them."""
        if self._groups is None:
            groups: dict[Index, list[int]] = {}
            for place, index in enumerate(self.index):
                groups.setdefault(index[:-1], []).append(place)
            self._groups = list(groups.values())
        return self._groups


def columns(shape: Sequence[Node], record: Record) -> dict[str, InputColumn]:
    """Return each name's column."""
    by_name: dict[str, InputColumn] = {name: InputColumn() for name in names(shape)}
    _collect(shape, record, (), by_name)
    return by_name


def _collect(
    shape: Sequence[Node], record: Record, index: Index, by_name: dict[str, InputColumn]
) -> None:
    for node, data in zip(shape, record, strict=True):
        if is_block(node):
            _collect_block(node, data, index, by_name)
            continue
        if isinstance(node, Loop):
            for number, one in enumerate(data):
                _collect(node.body, one, (*index, number), by_name)
            continue
        line = node if isinstance(node, InputLine) else node.line(data[0])
        assert line is not None
        for item, value in zip(line.items, data, strict=True):
            if isinstance(item, Many):
                column = by_name[item.slot.name]
                column.tokens += value
                column.index += [(*index, number) for number in range(len(value))]
            else:
                by_name[item.name].tokens.append(value)
                by_name[item.name].index.append(index)


def _collect_block(node: Node, data: Record, index: Index, by_name: dict[str, InputColumn]) -> None:
    rows = [entry[0] for entry in data]
    places = [(*index, number) for number in range(len(rows))]
    for column, name in enumerate(names((node,))):
        mine = by_name[name]
        mine.tokens += [row[column] for row in rows]
        mine.index = mine.index + places if mine.index else places
