"""Relations between values that a statement promises: `0 <= s_i < e_i`, `a <= b`, `l <= r`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_MATH = re.compile(r"\$+([^$]+)\$+")
_LESS = re.compile(
    r"(\\leq?(?:slant)?(?![a-z])|\\lt(?![a-z])|<=|≤|<|\\geq?(?:slant)?(?![a-z])|>=|≥|>)"
)
_NAME = re.compile(r"[A-Za-z](?:_\{?\w+\}?)?")
_PART = re.compile(r"\\[dt]?frac\{(\w+)\}\{([0-9]+)\}|(\w+)\s*/\s*([0-9]+)")
_STRICT = {"<", ">", "\\lt"}


@dataclass(frozen=True)
class Relation:
    """`left * times <= right`, or `left * times < right` if strict, of values with these names."""

    left: str
    right: str
    strict: bool
    times: int = 1

    def holds(self, left: int, right: int) -> bool:
        """Whether two values keep it."""
        left *= self.times
        return left < right if self.strict else left <= right


def plain(name: str) -> str:
    """`a_{i}`, `a_1` and `a` are one name; `E_max` keeps its word."""
    base, _, index = name.replace("{", "").replace("}", "").replace("\\", "").partition("_")
    return f"{base}_{index}" if len(index) > 1 and index.isalpha() else base


def find_relations(text: str) -> tuple[Relation, ...]:
    """Return the relations between two names that a text's formulas state."""
    relations: dict[Relation, None] = {}
    for formula in _MATH.findall(text):
        pieces = _LESS.split(formula)
        for (left, right), sign in zip(pairwise(pieces[::2]), pieces[1::2], strict=True):
            sides = left.strip(), right.strip()
            low, high = sides if sign[:2] not in ("\\g", ">=", ">", "≥") else sides[::-1]
            high, times = _share(high)
            if _NAME.fullmatch(low) and _NAME.fullmatch(high) and plain(low) != plain(high):
                relations[Relation(plain(low), plain(high), sign in _STRICT, times)] = None
    return tuple(relations)


def _share(side: str) -> tuple[str, int]:
    """`P/2` is a half of `P`: the name and the divisor, 1 where nothing is divided."""
    match = _PART.fullmatch(side)
    if match is None:
        return side, 1
    return match[1] or match[3], int(match[2] or match[4])


def keep(values: Mapping[str, Sequence[int]], relations: Sequence[Relation]) -> bool | None:
    """Whether the values of an input keep relations; None if one names a value it has not.

    Values that come in equal numbers are compared one by one, others each with each.
    """
    for relation in relations:
        left, right = values.get(relation.left), values.get(relation.right)
        if left is None or right is None:
            return None
        if not left or not right:
            continue
        same = len(left) == len(right)
        pairs = zip(left, right, strict=True) if same else [(max(left), min(right))]
        if not all(relation.holds(low, high) for low, high in pairs):
            return False
    return True
