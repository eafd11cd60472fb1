"""Fitting an allocation: backwards from the last look, the action of each bin that is worth most.

A solved problem is worth a price, samples cost; at each look, for each bin of difficulty, stopping
is compared with going on as was decided for later looks, and with changing to a later strategy, by
what the plays in the bin then held and cost. That is dynamic programming on recorded plays
(Longstaff and Schwartz, 2001, with bins for the regression); problems count alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from medalist.agent.choose.allocation import (
    STOP,
    AllocationLook,
    AllocationStrategy,
    Setting,
    changed_to,
)
from medalist.agent.choose.difficulty import chance
from medalist.agent.scale.allocation_plays import AllocationPlay, PlayTerms
from medalist.agent.scale.difficulty_fit import difficulty_weights
from medalist.agent.scale.look_bins import LookRows, PlayOutcome, PlayRow, bins_of


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
        bins = bins_of(LookRows(rows, place, going, after), price)
        looks.insert(0, AllocationLook(terms.looks[place], bins, terms.early[place]))
    return AllocationStrategy(
        name=one.plays.name,
        looks=tuple(looks),
        weights=one.weights,
        settings=one.plays.settings,
        costs=one.plays.costs,
        problems=len(one.places),
    )
