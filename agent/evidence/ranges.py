"""The range that comparisons leave for one value when others are known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product

from medalist.problems.formulas import Comparison, Expr, Number

Range = tuple[float | int, float | int]
_CORNERS = 3  # unknown values whose ends are all tried


def keys(one: Expr) -> frozenset[str]:
    """The names that an expression looks up: `x`, or `|x|` for a word's length."""
    own = {one.name if one.op == "name" else f"|{one.name}|"} if one.name else set()
    return frozenset(own.union(*(keys(part) for part in one.args)))


def keys_of(one: Comparison) -> frozenset[str]:
    """The names that a comparison looks up."""
    return keys(one.left) | keys(one.right)


def narrowed(
    key: str,
    span: tuple[int, int],
    comparisons: Iterable[Comparison],
    known: Mapping[str, int],
    ends: Mapping[str, tuple[int, int]],
) -> tuple[int, int, set[int]]:
    """Return what is left of a range, and single values that are excluded.

    Args:
        key: The value that is drawn.
        span: Its least and its greatest.
        comparisons: What speaks of it.
        known: Values that are drawn already.
        ends: Ranges of those that are not: they are taken to fit if they can.
    """
    low, high = span
    without: set[int] = set()
    for comparison in comparisons:
        bare = _bare(comparison, key, known)
        if bare is not None:
            sign, value = bare
            first, last = _of(sign, value)
            if sign == "≠":
                without.add(value)
        else:
            first, last = _general(comparison, key, known, ends)
            without |= _excluded(comparison, key, known)
        if first > low:
            low = math.ceil(first)
        if last < high:
            high = math.floor(last)
    return low, high, without


def _bare(one: Comparison, key: str, known: Mapping[str, int]) -> tuple[str, int] | None:
    """The quick way: `x sign y` with a known bare `y`."""
    for side in (one, one.turned()):
        if side.left.op == "name" and side.left.name == key and side.right.op == "name":
            value = known.get(side.right.name)
            return None if value is None else (side.sign, value)
    return None


def _of(sign: str, value: int) -> Range:
    """Where `x sign value`."""
    match sign:
        case "≤":
            return -math.inf, value
        case "<":
            return -math.inf, value - 1
        case "≥":
            return value, math.inf
        case ">":
            return value + 1, math.inf
        case "=":
            return value, value
    return -math.inf, math.inf


def _general(
    one: Comparison, key: str, known: Mapping[str, int], ends: Mapping[str, tuple[int, int]]
) -> Range:
    """The loosest range over the ends of what is unknown."""
    open_names = sorted(keys_of(one) - {*known} - {key})
    everything: Range = (-math.inf, math.inf)
    if len(open_names) > _CORNERS or any(name not in ends for name in open_names):
        return everything
    if one.sign == "≠":
        return everything
    low, high = math.inf, -math.inf
    for corner in product(*({*ends[name]} for name in open_names)):
        line = _line(one, key, {**known, **dict(zip(open_names, corner, strict=True))})
        if line is None:
            return everything
        first, last = _solved(one.sign, *line)
        low, high = min(low, first), max(high, last)
    if one.sign == "=" and open_names:
        return _equal(one, key, known, open_names, ends)
    return low, high


def _equal(
    one: Comparison,
    key: str,
    known: Mapping[str, int],
    open_names: list[str],
    ends: Mapping[str, tuple[int, int]],
) -> Range:
    """An equation holds somewhere between the corners."""
    solutions = []
    for corner in product(*({*ends[name]} for name in open_names)):
        line = _line(one, key, {**known, **dict(zip(open_names, corner, strict=True))})
        if line is None or not line[0]:
            return -math.inf, math.inf
        solutions.append(-Fraction(line[1]) / line[0])
    return float(min(solutions)), float(max(solutions))


def _line(one: Comparison, key: str, known: Mapping[str, int]) -> tuple[Number, Number] | None:
    """`left - right` as slope and value at 0, if it is a line."""
    values = []
    for at in (0, 1, 2):
        left = one.left.evaluate({**known, key: at})
        right = one.right.evaluate({**known, key: at})
        if left is None or right is None:
            return None
        values.append(left - right)
    slope = values[1] - values[0]
    return (slope, values[0]) if values[2] - values[1] == slope else None


def _solved(sign: str, slope: Number, start: Number) -> Range:
    """Where `slope * x + start sign 0`, among integers."""
    if not slope:
        return -math.inf, math.inf
    if slope < 0:
        slope, start = -slope, -start
        sign = {"≤": "≥", "<": ">", "≥": "≤", ">": "<"}.get(sign, sign)
    root = -Fraction(start) / Fraction(slope)
    match sign:
        case "≤":
            return -math.inf, math.floor(root)
        case "<":
            return -math.inf, math.ceil(root) - 1
        case "≥":
            return math.ceil(root), math.inf
        case ">":
            return math.floor(root) + 1, math.inf
        case "=":
            return math.ceil(root), math.floor(root)
    return -math.inf, math.inf


def _excluded(one: Comparison, key: str, known: Mapping[str, int]) -> set[int]:
    if one.sign != "≠" or keys_of(one) - {*known} - {key}:
        return set()
    line = _line(one, key, known)
    if line is None or not line[0]:
        return set()
    root = -Fraction(line[1]) / Fraction(line[0])
    return {int(root)} if root.denominator == 1 else set()
