"""Which values say how large an input is, and how large they may be that it is not too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medalist.agent.evidence.figure_rules import Graph
from medalist.agent.evidence.input_rules import (
    Compare,
    Distinct,
    Neighbours,
    Permutation,
    Rule,
    Total,
)
from medalist.agent.evidence.kinds import ValueKind
from medalist.agent.evidence.shape import (
    Choice,
    InputLine,
    Loop,
    Many,
    Node,
    counters,
    lines_of,
    names,
)

LONGEST = 100_000
"""Tokens of one input, at most."""

_SIDE = 320
"""Tokens that a row or column of a matrix stands for: as many as it may have itself."""

MEDIUM = 2000
"""Tokens of an input of medium length, at most."""


@dataclass(frozen=True)
class Sizes:
    """For each name that counts something the tokens that one of it stands for, and its caps."""

    sizes: Mapping[str, int]
    caps: Mapping[str, tuple[int, int]]
    room: int

    def capped(self, name: str, low: int, high: int, room: int) -> tuple[int, int]:
        """A range of a count, so that what it counts has room."""
        first, last = self.caps.get(name, (low, high))
        low = max(low, first)
        high = max(low, min(high, last, max(1, room // max(1, self.sizes.get(name, 1)))))
        return low, high


def sizes_of(
    shape: Sequence[Node], kinds: Mapping[str, ValueKind], rules: Sequence[Rule], room: int
) -> Sizes:
    """Return what counts, and how much: counters, and numbers of points in a graph."""
    weights: dict[str, int] = dict.fromkeys(counters(shape), 1)
    _weigh(shape, weights)
    for rule in rules:
        if isinstance(rule, Graph):
            weights.setdefault(rule.points, 1)
        if isinstance(rule, Compare) and rule.comparison.right.op == "name":
            left, right = rule.comparison.left, rule.comparison.right
            listed = _counted(shape, left.name)
            if left.op == "name" and listed and rule.comparison.sign in "≤<":
                weights.setdefault(right.name, 1)
            if left.op == "size" and rule.comparison.sign == "=":
                # A row's length: half a token a letter, and as many rows as columns.
                weights[right.name] = max(weights.get(right.name, 1), 400 if listed else 1)
                for counter in listed:
                    weights[counter] = max(weights.get(counter, 1), 400)
    return Sizes(weights, _caps(shape, kinds, rules), room)


def _weigh(shape: Sequence[Node], weights: dict[str, int]) -> None:
    for node in shape:
        if isinstance(node, Loop):
            wide = sum(len(line.items) for line, _ in lines_of(node.body))
            # What is counted outside and repeated inside makes a product, such as a matrix.
            inner = counters(node.body) - {*names(node.body)}
            if inner:
                wide = max(wide, _SIDE)
                weights |= {name: max(weights.get(name, 1), _SIDE) for name in inner}
            for name in node.count.names:
                weights[name] = max(weights.get(name, 1), wide)
            _weigh(node.body, weights)


def _counted(shape: Sequence[Node], name: str) -> list[str]:
    """The counters of the list or block in which a name stands."""
    for node in shape:
        if isinstance(node, Loop):
            inner = _counted(node.body, name)
            if inner:
                return inner
            for line, _ in lines_of(node.body):
                if any(isinstance(i, Many) is False and i.name == name for i in line.items):  # type: ignore[union-attr]
                    return list(node.count.names)
        elif isinstance(node, InputLine):
            for item in node.items:
                if isinstance(item, Many) and item.slot.name == name:
                    return list(item.count.names)
        elif isinstance(node, Choice):
            continue
    return []


def _caps(
    shape: Sequence[Node], kinds: Mapping[str, ValueKind], rules: Sequence[Rule]
) -> dict[str, tuple[int, int]]:
    """Counts beyond which different numbers, or sums, cannot be had."""
    caps: dict[str, tuple[int, int]] = {}
    for rule in rules:
        low, high = 0, 1 << 62
        match rule:
            case Distinct((name,), _) | Neighbours(name, "<" | ">"):
                kind = kinds[name]
                if kind.numeric:
                    high = kind.high - kind.low + 1
                elif kind.what == "word":
                    high = len(kind.letters) ** min(kind.high, 6)
            case Total(name, "=", int(value), False):
                kind = kinds[name]
                low = -(-value // max(1, kind.high))
                high = value // kind.low if kind.low > 0 else high
            case Total(name, "≤", int(value), _):
                kind = kinds[name]
                high = value // max(1, kind.low)
            case Permutation(name, start):
                high = kinds[name].high - start + 1
            case _:
                continue
        counted = _counted(shape, name)
        if len(counted) == 1:
            first, last = caps.get(counted[0], (0, 1 << 62))
            caps[counted[0]] = max(first, low), min(last, high)
    return caps
