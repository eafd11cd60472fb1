"""Fitting an allocation: backwards from the last look, the action of each bin that is worth most.

A solved problem is worth a price, samples cost; at each look, for each bin of difficulty, stopping
is compared with going on as was decided for later looks, and with changing to a later strategy, by
what the plays in the bin then held and cost. That is dynamic programming on recorded plays
(Longstaff and Schwartz, 2001, with bins for the regression); problems count alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, stdev
from typing import TypeAlias

from medalist.agent.choose.allocation import (
    MORE,
    STOP,
    AllocationLook,
    AllocationStrategy,
    DifficultyBin,
    Setting,
    change_to,
    changed_to,
)
from medalist.agent.choose.difficulty import FIGURES, chance
from medalist.agent.scale.allocation_plays import AllocationPlay, PlayTerms, by_problem

BINS = 4
_LEAST = 4
"""Fewer problems than this make no bin."""

_SURE = 2.0
"""So many standard errors must a bin gain by doing otherwise than the others."""

_RIDGE = 1.0
_STEPS = 30


@dataclass(frozen=True)
class StrategyPlays:
    """A strategy with its plays.

    Attributes:
        name, settings, costs: See `AllocationStrategy`.
        terms: How it was played.
        plays: The plays.
    """

    name: str
    settings: Mapping[str, Setting]
    costs: Mapping[str, float]
    terms: PlayTerms
    plays: tuple[AllocationPlay, ...]

    def of(self, problems: frozenset[str]) -> StrategyPlays:
        """Return it with the plays of some problems alone."""
        kept = tuple(play for play in self.plays if play.problem_id in problems)
        return StrategyPlays(self.name, self.settings, self.costs, self.terms, kept)


@dataclass(frozen=True)
class PlayOutcome:
    """What a play held and cost in the end, and how many samples it took; also means of several."""

    held: float
    cost: float
    samples: float


@dataclass(frozen=True)
class PreparedPlays:
    """A strategy's plays with the chance of being solved at each of their looks.

    Attributes:
        plays: The plays.
        weights: By which the chances are.
        chances: Of each play, at each look.
        places: Which plays each problem has.
    """

    plays: StrategyPlays
    weights: Mapping[str, float]
    chances: tuple[tuple[float, ...], ...]
    places: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, plays: StrategyPlays, weights: Mapping[str, float] | None = None) -> PreparedPlays:
        """Prepare plays; without weights these are fitted to them."""
        if weights is None:
            weights = difficulty_weights(plays.plays)
        places: dict[str, list[int]] = {}
        for number, play in enumerate(plays.plays):
            places.setdefault(play.problem_id, []).append(number)
        return cls(
            plays,
            weights,
            tuple(tuple(chance(weights, seen.look) for seen in play.looks) for play in plays.plays),
            {name: tuple(some) for name, some in places.items()},
        )

    def mean_of_problems(self, outcomes: Sequence[PlayOutcome]) -> dict[str, PlayOutcome]:
        """Return the mean outcome of each problem."""
        return {
            name: PlayOutcome(
                fmean(outcomes[n].held for n in some),
                fmean(outcomes[n].cost for n in some),
                fmean(outcomes[n].samples for n in some),
            )
            for name, some in self.places.items()
        }


def fit(prepared: Sequence[PreparedPlays], price: float) -> tuple[AllocationStrategy, ...]:
    """Return the strategies with what to do at each look, the one to begin with first.

    Args:
        prepared: By growing cost of a sample; changes go to later ones only.
        price: What a solved problem is worth, in the unit of the plays' costs.
    """
    fitted: list[AllocationStrategy] = []
    for item in reversed(prepared):
        fitted.insert(0, _fitted(item, price, fitted, prepared))
    worths = [
        fmean(price * out.held - out.cost for out in follow(fitted[n:], prepared[n:]).values())
        for n in range(len(fitted))
    ]
    begun = worths.index(max(worths))
    kept = [fitted[begun]]
    while True:
        named = {
            changed_to(each.then) for item in kept for look in item.looks for each in look.bins
        }
        more = [item for item in fitted[begun:] if item.name in named and item not in kept]
        if not more:
            return tuple(item for item in fitted if item in kept)
        kept += more


def follow(
    fitted: Sequence[AllocationStrategy], prepared: Sequence[PreparedPlays]
) -> dict[str, PlayOutcome]:
    """Return what each problem holds and costs, the mean over plays, if one does as was fitted.

    Args:
        fitted: The first one is begun with.
        prepared: The plays of all that are named, on the same problems; the chances are those of
            the weights that they were prepared with.
    """
    return _followed(fitted[0], fitted, {item.plays.name: item for item in prepared}, {})


def _followed(
    start: AllocationStrategy,
    fitted: Sequence[AllocationStrategy],
    prepared: Mapping[str, PreparedPlays],
    known: dict[str, dict[str, PlayOutcome]],
) -> dict[str, PlayOutcome]:
    if start.name not in known:
        later: dict[str, Mapping[str, PlayOutcome]] = {}
        for name in {changed_to(each.then) for look in start.looks for each in look.bins}:
            if name is not None:
                other = next(item for item in fitted if item.name == name)
                later[name] = _followed(other, fitted, prepared, known)
        mine = prepared[start.name]
        outcomes = [
            _outcome(start, row, later) for row in zip(mine.plays.plays, mine.chances, strict=True)
        ]
        known[start.name] = mine.mean_of_problems(outcomes)
    return known[start.name]


PlayRow: TypeAlias = tuple[AllocationPlay, Sequence[float]]
"""A play, and the chance of being solved at each of its looks."""


def _outcome(
    strategy: AllocationStrategy,
    row: PlayRow,
    later: Mapping[str, Mapping[str, PlayOutcome]],
    begin: int = 0,
) -> PlayOutcome:
    """Follow a play from one of its looks on, the first one of `strategy`."""
    play, chances = row
    for look, seen, solved in zip(strategy.looks, play.looks[begin:], chances[begin:], strict=True):
        if seen.solved:
            return PlayOutcome(1.0, seen.cost, look.samples)
        then = look.bins[look.bin_of(solved)].then
        other = changed_to(then)
        if other is not None:
            after = later[other][play.problem_id]
            return PlayOutcome(after.held, seen.cost + after.cost, look.samples + after.samples)
        if then == STOP:
            return PlayOutcome(seen.held, seen.cost, look.samples)
    raise AssertionError("the last look does not stop")


def _fitted(
    one: PreparedPlays,
    price: float,
    later: Sequence[AllocationStrategy],
    prepared: Sequence[PreparedPlays],
) -> AllocationStrategy:
    plays = {each.plays.name: each for each in prepared}
    after = {each.name: _followed(each, later, plays, {}) for each in later}
    terms = one.plays.terms
    rows = list(zip(one.plays.plays, one.chances, strict=True))
    looks: list[AllocationLook] = []
    for place in reversed(range(len(terms.looks))):
        tail = AllocationStrategy(one.plays.name, tuple(looks), one.weights)
        going = [_outcome(tail, row, after, place + 1) for row in rows] if looks else []
        bins = _bins(_LookRows(rows, place, going, after), price)
        looks.insert(0, AllocationLook(terms.looks[place], bins, terms.early[place]))
    return AllocationStrategy(
        name=one.plays.name,
        looks=tuple(looks),
        weights=one.weights,
        settings=one.plays.settings,
        costs=one.plays.costs,
        problems=len(one.places),
    )


@dataclass(frozen=True)
class _LookRows:
    """The plays at one look: what follows if one goes on (nothing at the last), or changes."""

    rows: Sequence[PlayRow]
    place: int
    going: Sequence[PlayOutcome]
    after: Mapping[str, Mapping[str, PlayOutcome]]

    def ends(self, place: int) -> dict[str, tuple[float, float]]:
        """Return what each action holds, and further costs, in one play."""
        play = self.rows[place][0]
        now = play.looks[self.place]
        ends = {STOP: (now.held, 0.0)}
        if self.going:
            ends[MORE] = self.going[place].held, self.going[place].cost - now.cost
        for name, outcomes in self.after.items():
            after = outcomes[play.problem_id]
            ends[change_to(name)] = after.held, after.cost
        return ends

    def worths(self, places: Sequence[int]) -> dict[str, list[tuple[float, float]]]:
        """Return what each action holds and further costs: of each problem, the mean over plays."""
        by_name: dict[str, list[dict[str, tuple[float, float]]]] = {}
        for n in places:
            by_name.setdefault(self.rows[n][0].problem_id, []).append(self.ends(n))
        return {
            action: [
                (fmean(ends[action][0] for ends in some), fmean(ends[action][1] for ends in some))
                for some in by_name.values()
            ]
            for action in self.ends(places[0])
        }


def _bins(at: _LookRows, price: float) -> tuple[DifficultyBin, ...]:
    """Return the bins of a look, each with its action.

    Taken is what is worth most over all bins; a bin has another one only where that is worth more
    by more than twice the standard error of the difference, over its problems.
    """
    unsolved = [n for n, (play, _) in enumerate(at.rows) if not play.looks[at.place].solved]
    if not unsolved:
        return (DifficultyBin(1.0, STOP),)
    unsolved.sort(key=lambda n: at.rows[n][1][at.place])
    usual = _best(at.worths(unsolved), price, None)
    bins = []
    for places, below in _parts(at, unsolved):
        worths = at.worths(places)
        then = _best(worths, price, usual)
        means = {
            action: (fmean(held for held, _ in rows), fmean(cost for _, cost in rows))
            for action, rows in worths.items()
        }
        others = {action: row for action, row in means.items() if action != STOP}
        later, cost = others.get(then) or max(
            others.values(), key=lambda row: price * row[0] - row[1], default=(None, None)
        )
        bins.append(
            DifficultyBin(
                below=below,
                then=then,
                problems=len(worths[STOP]),
                solved=round(means[STOP][0], 4),
                later=None if later is None else round(later, 4),
                cost=None if cost is None else round(cost, 6),
            )
        )
    return tuple(bins)


def _best(
    worths: Mapping[str, Sequence[tuple[float, float]]], price: float, usual: str | None
) -> str:
    """Return the action of most worth; another than the usual one must gain beyond doubt."""
    values = {
        action: [price * held - cost for held, cost in rows] for action, rows in worths.items()
    }
    if usual is None:
        return max(values, key=lambda action: fmean(values[action]))
    best, most = usual, 0.0
    for action, row in values.items():
        gains = [mine - theirs for mine, theirs in zip(row, values[usual], strict=True)]
        error = stdev(gains) / math.sqrt(len(gains)) if len(gains) > 1 else math.inf
        if fmean(gains) > max(most, _SURE * error):
            best, most = action, fmean(gains)
    return best


def _parts(at: _LookRows, places: Sequence[int]) -> list[tuple[list[int], float]]:
    """Cut plays in the order of their chances into bins of equal size, with the upper ends.

    Bins of fewer than `_LEAST` problems go to their neighbours.
    """
    parts: list[tuple[list[int], float]] = []
    some: list[int] = []

    def chance_of(n: int) -> float:
        return at.rows[n][1][at.place]

    def enough() -> bool:
        return len({at.rows[n][0].problem_id for n in some}) >= _LEAST

    for number, (n, following) in enumerate(pairwise(places), 1):
        some.append(n)
        full = number >= len(places) / BINS * (len(parts) + 1)
        if full and enough() and chance_of(n) < chance_of(following):
            below = round((chance_of(n) + chance_of(following)) / 2, 6)
            if chance_of(n) < below <= chance_of(following):
                parts.append((some, below))
                some = []
    some += places[-1:]
    if parts and not enough():
        some = parts.pop()[0] + some
    return [*parts, (some, 1.0)] if some else parts


def difficulty_weights(plays: Sequence[AllocationPlay]) -> dict[str, float]:
    """Fit the chance of being solved now: a logistic regression over all looks, problems alike.

    No weight but that of the number of samples may be below 0: easier looks never say harder.
    """
    rows: list[tuple[list[float], float, float]] = []
    for some in by_problem(plays).values():
        seen = [look for play in some for look in play.looks if not look.solved]
        for look in seen:
            figures = look.look.figures
            rows.append(([1.0, *(figures[name] for name in FIGURES)], look.held, 1 / len(seen)))
    free = [True] * (len(FIGURES) + 1)
    while True:
        weights = _logistic(rows, free)
        wrong = [
            place
            for place, name in enumerate(FIGURES, 1)
            if weights[place] < 0 and name != "log_samples"
        ]
        if not wrong:
            break
        free[min(wrong, key=lambda place: weights[place])] = False
    named = dict(zip(("constant", *FIGURES), weights, strict=True))
    return {name: round(weight, 6) for name, weight in named.items()}


def _logistic(
    rows: Sequence[tuple[list[float], float, float]], free: Sequence[bool]
) -> list[float]:
    """Maximise the penalised likelihood by Newton's method; weights that are not free stay 0."""
    size = len(free)
    weights = [0.0] * size
    for _ in range(_STEPS):
        slope = [-_RIDGE * weight if place else 0.0 for place, weight in enumerate(weights)]
        curve = [[0.0] * size for _ in range(size)]
        for place in range(size):
            curve[place][place] = _RIDGE if place and free[place] else 1e-6 if free[place] else 1.0
        for values, right, count in rows:
            odds = sum(w * x for w, x in zip(weights, values, strict=True))
            now = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
            left, steep = count * (right - now), count * now * (1 - now)
            for i in range(size):
                if free[i]:
                    slope[i] += left * values[i]
                    for j in range(size):
                        if free[j]:
                            curve[i][j] += steep * values[i] * values[j]
        step = _solved(curve, [s if f else 0.0 for s, f in zip(slope, free, strict=True)])
        largest = max(map(abs, step))
        weights = [w + s / max(1.0, largest) for w, s in zip(weights, step, strict=True)]
        if largest < 1e-8:
            break
    return weights


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve linear equations by Gaussian elimination with pivots."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda n: abs(rows[n][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for n in range(size):
            if n != column:
                ratio = rows[n][column] / rows[column][column]
                rows[n] = [a - ratio * b for a, b in zip(rows[n], rows[column], strict=True)]
    return [rows[n][size] / rows[n][n] for n in range(size)]
