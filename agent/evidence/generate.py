"""Inputs made from a problem's grammar: small, random, extreme, and as large as allowed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from medalist.agent.evidence.grammar import Grammar, Part, Value
from medalist.agent.evidence.relations import Relation, keep, plain
from medalist.problems.model import Constraint

Profile = Literal["tiny", "small", "medium", "random", "extreme"]

_SMALL = 6
_SHORT = {"tiny": 3, "small": 12, "medium": 12, "random": 12, "extreme": 12}  # longest lists
_MEDIUM = 2000  # values of a medium input, at most; its lists are longer than short ones
_NEAR = 0.5  # share of medium inputs in which what stands in a row is close together
_LONGEST = 200_000  # values of one input, at most
_HIGH = 0.7  # of single values, this share is at the upper bound in the largest inputs


def grammar_inputs(
    grammar: Grammar,
    count: int,
    seed: int,
    *,
    constraints: Iterable[Constraint] = (),
    relations: Iterable[Relation] = (),
) -> list[bytes]:
    """Return up to `count` distinct inputs, small ones first.

    They are tiny, small, random within the bounds (but short), extreme (values at their bounds,
    all equal, sorted, descending), and medium: long enough for what short lists never show, with
    numbers of all magnitudes. `constraints` and `relations` narrow them further, as a subtask's do.
    """
    maker = _Maker(grammar, seed, constraints, relations)
    profiles: tuple[Profile, ...] = ("tiny", "small", "medium", "random", "extreme", "medium")
    made: dict[bytes, None] = {}
    for attempt in range(count * 10):
        if len(made) == count:
            break
        content = maker.make(profiles[attempt % len(profiles)])
        if content is not None:
            made[content] = None
    return sorted(made, key=lambda content: (len(content), content))


def largest_inputs(
    grammar: Grammar,
    count: int,
    seed: int,
    *,
    constraints: Iterable[Constraint] = (),
    relations: Iterable[Relation] = (),
) -> list[bytes]:
    """Return inputs whose counts are at their bounds, and most single values, too.

    They tell slow programs from fast ones.
    """
    maker = _Maker(grammar, seed, constraints, relations, full=True)
    made = [maker.make("extreme") for _ in range(count)]
    return list(dict.fromkeys(content for content in made if content is not None))


@dataclass
class _Maker:
    grammar: Grammar
    seed: int
    constraints: Iterable[Constraint]
    relations: Iterable[Relation]
    full: bool = False
    bounds: Mapping[str, Constraint] = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.bounds = {plain(one.name): one for one in self.constraints}
        self.relations = (*self.grammar.relations, *self.relations)
        self.counters = {part.count for part in self.grammar.parts if part.count}

    def make(self, profile: Profile) -> bytes | None:
        """Make an input; None if it breaks a relation that could not be mended."""
        counts: dict[str, int] = {}
        lines: list[str] = []
        found: dict[str, Sequence[int]] = {}
        for part in self.grammar.parts:
            columns = self._columns(part, profile, counts)
            for value, column in zip(part.values, columns, strict=True):
                if not value.letters:
                    found[value.name] = [int(token) for token in column]
            if part.shape == "values":
                counts |= {name: values[0] for name, values in found.items() if len(values) == 1}
            if part.shape == "vector":
                lines.append(" ".join(columns[0]))
            else:
                lines += [" ".join(row) for row in zip(*columns, strict=True)]
        if keep(found, tuple(self.relations)) is False:
            return None
        return "".join(f"{line}\n" for line in lines).encode()

    def _columns(self, part: Part, profile: Profile, counts: Mapping[str, int]) -> list[list[str]]:
        times = counts.get(part.count, 1)
        columns = []
        tops: dict[int, int] = {}
        for value in part.values:
            if value.name in self.counters:
                columns.append([str(self._count(value, profile, len(part.values)))])
            elif self.full and part.shape == "values" and not value.letters:
                columns.append([str(self._single(value, counts))])
            else:
                mine = tops if part.shape == "block" else {}
                columns.append(self._tokens(value, times, profile, counts, mine))
        if profile == "medium" and part.shape == "block" and self.rng.random() < _NEAR:
            self._draw_near(part, columns, counts)
        place = {value.name: number for number, value in enumerate(part.values)}
        for one in self.relations:
            if one.left in place and one.right in place:
                left, right = columns[place[one.left]], columns[place[one.right]]
                self._mend(one, left, right, part.values[place[one.right]])
        return columns

    def _draw_near(self, part: Part, columns: list[list[str]], counts: Mapping[str, int]) -> None:
        """Draw each row's numbers under about the same bound close together.

        So intervals are short and edges make long paths, which numbers drawn apart hardly do.
        """
        numbers = [place for place, value in enumerate(part.values) if not value.letters]
        for before, place in pairwise(numbers):
            low, high = self._bounds_of(part.values[place], counts)
            if high.bit_length() == self._bounds_of(part.values[before], counts)[1].bit_length():
                around = [int(token) for token in columns[before]]
                far = max(1, 3 * (max(around) - min(around)) // len(around))
                columns[place] = [
                    str(
                        max(
                            low,
                            min(high, one + self.rng.choice((-1, 1)) * self.rng.randint(1, far)),
                        )
                    )
                    for one in around
                ]

    def _mend(self, one: Relation, left: list[str], right: list[str], upper: Value) -> None:
        """Exchange values that stand the wrong way round; part equal ones that must differ."""
        for row, (low, high) in enumerate(zip(left, right, strict=True)):
            if not one.holds(int(low), int(high)):
                left[row], right[row] = high, low
                if low == high:
                    right[row] = str(int(high) + 1)
                    if int(right[row]) > self._range(upper)[1]:
                        left[row], right[row] = str(int(low) - 1), high

    def _count(self, value: Value, profile: Profile, width: int) -> int:
        low, high = self._range(value)
        low = max(low, 1)
        if self.full:
            return max(low, min(high, _LONGEST // width))
        if profile == "medium":
            high = max(low, min(high, _MEDIUM // width))
            return self._magnitude(max(low, min(high, _SHORT[profile])), high)
        return self.rng.randint(low, max(low, min(high, _SHORT[profile])))

    def _magnitude(self, low: int, high: int) -> int:
        """Draw a number so that all magnitudes between the bounds are about as likely."""
        beyond = self.rng.randint(0, (high - low + 1).bit_length() - 1)
        return min(high, low - 1 + self.rng.randint(1 << beyond, (2 << beyond) - 1))

    def _single(self, value: Value, counts: Mapping[str, int]) -> int:
        low, high = self._range(value)
        if value.most in counts:
            high = max(low, counts[value.most])
        if self.rng.random() < _HIGH:
            return high
        return self.rng.choice((low, self.rng.randint(low, high)))

    def _range(self, value: Value) -> tuple[int, int]:
        one = self.bounds.get(value.name)
        low, high = value.low, value.high
        if one is not None:
            low = max(low, int(one.low)) if one.low is not None else low
            high = min(high, int(one.high)) if one.high is not None else high
        return low, max(low, high)

    def _bounds_of(self, value: Value, counts: Mapping[str, int]) -> tuple[int, int]:
        """Return a value's range, where another value may be its upper bound."""
        low, high = self._range(value)
        return (low, max(low, counts[value.most])) if value.most in counts else (low, high)

    def _tokens(
        self,
        value: Value,
        times: int,
        profile: Profile,
        counts: Mapping[str, int],
        tops: dict[int, int],
    ) -> list[str]:
        rng = self.rng
        low, high = self._bounds_of(value, counts)
        if value.letters:
            # No bound on a word's length is read: the samples' longest is the longest known to be
            # allowed.
            length = rng.randint(1, 3 if profile == "tiny" else high)
            return ["".join(rng.choices(value.letters, k=length)) for _ in range(times)]
        if profile in ("tiny", "small") and value.most not in counts:
            high = min(high, max(low, 0) + (2 if profile == "tiny" else _SMALL))
            low = max(low, -_SMALL)
        if profile == "medium":
            # Many equal numbers in one input, hardly any in the next. What stands side by side
            # under about the same bound has one scale: the ends of intervals, or of edges.
            bound = high.bit_length()
            if bound not in tops:
                tops[bound] = self._magnitude(low, high)
            top = max(low, min(high, tops[bound]))
            return [str(rng.randint(low, top)) for _ in range(times)]
        if profile != "extreme":
            return [str(rng.randint(low, high)) for _ in range(times)]
        style = rng.randrange(5)
        if style == 0:
            return [str(rng.choice((low, high)))] * times
        if style == 1:
            return [str(rng.choice((low, high))) for _ in range(times)]
        numbers = [rng.randint(low, high) for _ in range(times)]
        if style in (2, 3):
            numbers.sort(reverse=style == 3)
        return [str(number) for number in numbers]
