"""Which outputs count as equal on an input: the declared equality, or what right answers share.

A tolerance is not an equivalence, so outputs are grouped by complete linkage, those with most votes
first. Two outputs that are both within a tolerance of the truth differ by up to twice that: this is
what two programs are compared with. The expected output of a sample is compared with the tolerance
itself.

Where a statement allows many right answers, agreement on outputs means little, but right programs
still share something: outputs in another order, the first line, or at least which words and what
kinds of numbers they print. There outputs are merged by the finest view (`VIEWS`) on which a
majority agrees, if there is one, and how far a program is like the others is measured by their
kinds (`Grouping.likeness`).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.canonical import NUMBER, canonical, output_key, same
from medalist.agent.evidence.output_views import KINDS, VIEWS, OutputView, words_of
from medalist.agent.types import Behaviour, OutcomeKey
from medalist.problems.model import Equality, PublicProblem

Alike = Mapping[OutcomeKey, OutcomeKey]
"""Keys of outputs on one input that count as equal to another's, each with that one's key."""

_TOKEN = re.compile(rb"\S+|\n")  # line ends are left in canonical forms where they count


@dataclass(frozen=True)
class Grouping:
    """How the outputs of all inputs are compared.

    Attributes:
        alike: For each input, see `Alike`; empty where nothing is merged.
        known: Inputs whose right output is known, with its key.
        likeness: Where right answers may differ, for each program the share of inputs on which it
            prints the same words and kinds of numbers as most others; else None.
        kinds: What is merged if only those words and kinds count.
    """

    alike: tuple[Alike, ...] = ()
    known: Mapping[int, OutcomeKey] = field(default_factory=dict)
    likeness: Mapping[str, float] | None = None
    kinds: tuple[Alike, ...] = ()

    def comparable(self, row: Behaviour) -> Behaviour:
        """Return a row in which outputs have equal keys that right programs should share."""
        return merged(row, self.alike if self.likeness is None else self.kinds)

    def apply(self, row: Behaviour) -> Behaviour:
        """Return a row in which equal outputs have equal keys."""
        return merged(row, self.alike)


def merged(row: Behaviour, alike: Sequence[Alike]) -> Behaviour:
    """Return a row in which equal outputs have equal keys; what is not in `alike` stays."""
    if not any(alike):
        return row
    keys = tuple(
        one.get(key, key) if key is not None else None
        for one, key in zip(alike, row.keys, strict=True)
    )
    return Behaviour(row.program_id, keys, row.cpu_s)


def grouping(
    public: PublicProblem,
    table: BehaviourTable,
    rows: Mapping[str, Behaviour],
    votes: Mapping[str, int],
    plausible: Iterable[str],
) -> Grouping:
    """Say which outputs count as equal.

    Args:
        public: The problem.
        table: Where outputs are kept; those that are not are equal only to themselves.
        rows: What each program did, by its id.
        votes: Program id to how many candidates are this program.
        plausible: Programs that no sample refutes, for finding a view on which they agree.
    """
    if public.special_checker:
        return _shared(public, table, rows, votes, list(plausible))
    expected = {
        index: sample.output.encode()
        for index, sample in zip(
            table.add_inputs(sample.input.encode() for sample in public.samples),
            public.samples,
            strict=True,
        )
        if sample.output is not None
    }
    known = {index: output_key(output, public.equality) for index, output in expected.items()}
    if public.equality.is_equivalence:
        return Grouping((), known)
    groups = []
    for index, column in enumerate(_columns(rows, votes)):
        outputs = {key: table.output(key) for key in column}
        alike: dict[OutcomeKey, OutcomeKey] = {}
        if index in expected:
            right = canonical(expected[index], public.equality)
            alike = {
                key: known[index]
                for key, output in outputs.items()
                if output is not None and same(output, right, public.equality)
            }
        rest = {
            key: output
            for key, output in outputs.items()
            if output is not None and key not in alike
        }
        alike.update(_within_tolerance(rest, public.equality))
        groups.append(alike)
    return Grouping(tuple(groups), known)


def _columns(rows: Mapping[str, Behaviour], votes: Mapping[str, int]) -> list[list[OutcomeKey]]:
    """Return for each input the keys of outputs, those with most votes first."""
    width = max((len(row.keys) for row in rows.values()), default=0)
    counts: list[Counter[OutcomeKey]] = [Counter() for _ in range(width)]
    for name, row in rows.items():
        for count, key in zip(counts, row.keys, strict=True):
            if key is not None and key.is_output:
                count[key] += votes.get(name, 1)
    return [sorted(count, key=lambda key: (-count[key], key)) for count in counts]


class _Class:
    """Outputs of one pattern that all agree, as the range of each of their numbers."""

    def __init__(self, place: int, key: OutcomeKey, numbers: Sequence[float]) -> None:
        self.place = place
        self.key = key
        self._low = list(numbers)
        self._high = list(numbers)

    @property
    def first(self) -> float:
        return self._low[0]

    def admits(self, numbers: Sequence[float], near: Callable[[float, float], bool]) -> bool:
        """Whether all numbers are near all members': enough to look at the ends of each range."""
        return all(
            near(low, number) and near(high, number)
            for low, high, number in zip(self._low, self._high, numbers, strict=True)
        )

    def add(self, numbers: Sequence[float]) -> None:
        self._low = list(map(min, self._low, numbers))
        self._high = list(map(max, self._high, numbers))


def _within_tolerance(
    outputs: Mapping[OutcomeKey, bytes], equality: Equality
) -> dict[OutcomeKey, OutcomeKey]:
    """Group outputs by complete linkage; their order says which one begins a group."""
    patterns: dict[tuple[bytes, ...], list[tuple[OutcomeKey, list[float]]]] = defaultdict(list)
    for key, output in outputs.items():
        tokens = _TOKEN.findall(output)
        numbers = [float(token) for token in tokens if NUMBER.fullmatch(token)]
        if numbers and all(map(math.isfinite, numbers)):
            pattern = tuple(b"" if NUMBER.fullmatch(token) else token for token in tokens)
            patterns[pattern].append((key, numbers))
    alike: dict[OutcomeKey, OutcomeKey] = {}
    for members in patterns.values():
        links = _linked(members, equality)
        alike.update((key, first) for key, first in links if key != first)
    return alike


def _linked(
    members: Sequence[tuple[OutcomeKey, list[float]]], equality: Equality
) -> Iterable[tuple[OutcomeKey, OutcomeKey]]:
    absolute, relative = 2 * (equality.abs_tol or 0.0), 2 * (equality.rel_tol or 0.0)

    def near(one: float, other: float) -> bool:
        return math.isclose(one, other, rel_tol=relative, abs_tol=absolute)

    classes: list[_Class] = []  # by their first number, so that few have to be looked at
    for place, (key, numbers) in enumerate(members):
        reach = 2 * max(absolute, relative * abs(numbers[0])) + 1e-300
        start = bisect_left(classes, numbers[0] - reach, key=lambda one: one.first)
        stop = bisect_left(classes, numbers[0] + reach, lo=start, key=lambda one: one.first)
        fits = [class_ for class_ in classes[start:stop] if class_.admits(numbers, near)]
        if fits:
            home = min(fits, key=lambda one: one.place)
            classes.remove(home)
            home.add(numbers)
        else:
            home = _Class(place, key, numbers)
        insort(classes, home, key=lambda one: one.first)
        yield key, home.key


def _shared(
    public: PublicProblem,
    table: BehaviourTable,
    rows: Mapping[str, Behaviour],
    votes: Mapping[str, int],
    plausible: Sequence[str],
) -> Grouping:
    words, columns = words_of(public), _columns(rows, votes)
    voters = {name: rows[name] for name in plausible if name in rows}

    def majority(views: Iterable[OutputView]) -> tuple[Alike, ...] | None:
        for view in views:
            alike = tuple(_by_view(table, column, view, words) for column in columns)
            sizes: Counter[tuple[OutcomeKey | None, ...]] = Counter()
            for name, row in voters.items():
                sizes[merged(row, alike).keys] += votes.get(name, 1)
            if sizes and 2 * max(sizes.values()) > sizes.total():
                return alike
        return None

    kinds = majority(KINDS) or ()
    seen = {name: merged(row, kinds) for name, row in rows.items()}
    usual = [
        column[0] if column else None
        for column in _columns({name: seen[name] for name in voters}, votes)
    ]
    likeness = {name: _share_like(row, usual) for name, row in seen.items()}
    return Grouping(majority(VIEWS) or (), {}, likeness, kinds)


def _share_like(row: Behaviour, usual: Sequence[OutcomeKey | None]) -> float:
    pairs = [
        (key, most)
        for key, most in zip(row.keys, usual, strict=False)
        if key is not None and most is not None
    ]
    return sum(key == most for key, most in pairs) / len(pairs) if pairs else 1.0


def _by_view(
    table: BehaviourTable, column: Sequence[OutcomeKey], view: OutputView, words: frozenset[str]
) -> Alike:
    firsts: dict[object, OutcomeKey] = {}
    alike: dict[OutcomeKey, OutcomeKey] = {}
    for key in column:
        output = table.output(key)
        first = key if output is None else firsts.setdefault(view(output, words), key)
        if first != key:
            alike[key] = first
    return alike
