"""An allocation fitted and measured: in folds by problem, against uniform best-of-N.

What is measured on a problem was fitted without it, the price included: it is the cheapest at
which, on the other problems and in folds among these, as much is held as by best-of-N.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import fmean
from typing import Any

from medalist.agent.choose.allocation import AllocationStrategy
from medalist.agent.report.estimates import resamples
from medalist.agent.scale.allocation_fit import PreparedPlays, StrategyPlays, fit, follow
from medalist.agent.scale.look_bins import PlayOutcome

PRICES = tuple(5.0 * 2**step for step in range(13))
"""What a solved problem may be worth, in samples of the cheapest strategy."""

_INNER = 4
"""Folds in which a price is chosen; more, since they leave less to fit on."""

Outcomes = Mapping[str, PlayOutcome]
Problems = frozenset[str]


@dataclass(frozen=True)
class UniformPoint:
    """Every problem gets so many samples of one strategy: what each problem holds and costs."""

    strategy: str
    samples: int
    outcomes: Outcomes

    def held(self, problems: Problems) -> float:
        """Return the mean over some problems."""
        return fmean(self.outcomes[name].held for name in problems)

    def cost(self, problems: Problems) -> float:
        """Return the mean over some problems."""
        return fmean(self.outcomes[name].cost for name in problems)


@dataclass(frozen=True)
class AllocationStudy:
    """Strategies played on the same problems.

    Attributes:
        strategies: By growing cost of a sample.
        folds: How many folds.
    """

    strategies: tuple[StrategyPlays, ...]
    folds: int

    @cached_property
    def problems(self) -> Problems:
        """The problems."""
        return frozenset(play.problem_id for play in self.strategies[0].plays)

    @cached_property
    def parts(self) -> list[Problems]:
        """The problems of each fold."""
        return _parts(self.problems, self.folds)

    @cached_property
    def base(self) -> float:
        """What a sample of the cheapest strategy costs."""
        looks = [play.looks[0] for play in self.strategies[0].plays]
        return fmean(look.cost / look.look.samples for look in looks)

    @cached_property
    def uniform(self) -> tuple[UniformPoint, ...]:
        """Best-of-N at each look of each strategy."""
        points = []
        for strategy in self.strategies:
            prepared = PreparedPlays.of(strategy, _NOTHING)
            for place, samples in enumerate(strategy.terms.looks):
                outcomes = prepared.mean_of_problems(
                    [
                        PlayOutcome(play.looks[place].uniform, play.looks[place].cost, samples)
                        for play in strategy.plays
                    ]
                )
                points.append(UniformPoint(strategy.name, samples, outcomes))
        return tuple(points)

    @cached_property
    def frontier(self) -> tuple[UniformPoint, ...]:
        """The points of `uniform` that nothing as cheap reaches, by growing cost."""
        return frontier_of(self.uniform, self.problems)

    @cached_property
    def curve(self) -> dict[float, dict[str, PlayOutcome]]:
        """Price to what each problem holds and costs, fitted without its fold."""
        return _curve(self.strategies, self.problems, self.folds, self.base)

    @cached_property
    def inner(self) -> dict[Problems, dict[float, dict[str, PlayOutcome]]]:
        """The curve of the problems outside of each fold, in folds among these."""
        return {
            rest: _curve(self.strategies, rest, _INNER, self.base)
            for rest in (self.problems - part for part in self.parts)
        }

    def like(self, point: UniformPoint) -> tuple[dict[str, PlayOutcome], list[float]]:
        """Return what each problem holds and costs if as much shall be held as at a point.

        Also the price of each fold, which the problems outside of it chose.
        """
        outcomes: dict[str, PlayOutcome] = {}
        prices = []
        for part in self.parts:
            rest = self.problems - part
            price = price_like(self.inner[rest], rest, point)
            learned, left = _prepared(self.strategies, rest), part
            fitted = fit(learned, price)
            outcomes |= follow(fitted, _prepared(self.strategies, left, learned))
            prices.append(price)
        return outcomes, prices

    def fitted(self, price: float) -> tuple[AllocationStrategy, ...]:
        """Return what is fitted on all problems."""
        return fit(_prepared(self.strategies, self.problems), price)


_NOTHING = {"constant": 0.0, "belief": 0.0, "agreeing": 0.0, "passing": 0.0, "repeated": 0.0,
            "log_samples": 0.0}  # fmt: skip


def price_like(curve: Mapping[float, Outcomes], problems: Problems, point: UniformPoint) -> float:
    """Return the price at which as much is held as at a point and that costs least.

    Where none reaches it, the price that holds most.
    """
    wanted = point.held(problems)
    means = {
        price: (
            fmean(outcome.held for outcome in outcomes.values()),
            fmean(outcome.cost for outcome in outcomes.values()),
        )
        for price, outcomes in curve.items()
    }
    reached = [price for price, (held, _) in means.items() if held >= wanted - 1e-9]
    if reached:
        return min(reached, key=lambda price: means[price][1])
    return max(means, key=lambda price: means[price][0])


def frontier_of(points: Sequence[UniformPoint], problems: Problems) -> tuple[UniformPoint, ...]:
    """Return the points that nothing as cheap reaches, by growing cost."""
    best: list[UniformPoint] = []
    for point in sorted(points, key=lambda one: (one.cost(problems), -one.held(problems))):
        if not best or point.held(problems) > best[-1].held(problems) + 1e-12:
            best.append(point)
    return tuple(best)


def _curve(
    strategies: Sequence[StrategyPlays], problems: Problems, folds: int, base: float
) -> dict[float, dict[str, PlayOutcome]]:
    curve: dict[float, dict[str, PlayOutcome]] = {price * base: {} for price in PRICES}
    for part in _parts(problems, folds):
        learned = _prepared(strategies, problems - part)
        left = _prepared(strategies, part, learned)
        for price, outcomes in curve.items():
            outcomes |= follow(fit(learned, price), left)
    return curve


def _prepared(
    strategies: Sequence[StrategyPlays],
    problems: Problems,
    learned: Sequence[PreparedPlays] | None = None,
) -> list[PreparedPlays]:
    weights = [None] * len(strategies) if learned is None else [item.weights for item in learned]
    return [
        PreparedPlays.of(one.of(problems), weight)
        for one, weight in zip(strategies, weights, strict=True)
    ]


def _parts(problems: Problems, folds: int) -> list[Problems]:
    """Cut problems into folds of equal size, by a hash of their names."""
    order = sorted(problems, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return [frozenset(order[place::folds]) for place in range(folds)]


def uniform_cost(points: Sequence[tuple[float, float]], held: float) -> float | None:
    """Return what uniform sampling costs to hold so much: on lines between points.

    Args:
        points: Cost and held, of which those that nothing as cheap reaches count.
        held: Less than the first point holds costs as much as that; more than the last, None.
    """
    best: list[tuple[float, float]] = []
    for cost, value in sorted(points, key=lambda one: (one[0], -one[1])):
        if not best or value > best[-1][1]:
            best.append((cost, value))
    if held <= best[0][1]:
        return best[0][0]
    for (left, low), (right, high) in pairwise(best):
        if held <= high:
            return left + (right - left) * (held - low) / (high - low)
    return None


def interval(values: Sequence[float]) -> dict[str, float]:
    """Return the mean over problems with its 95 % interval."""
    return _ranged(fmean(values), [_weighted(drawn, values) for drawn in resamples(len(values))])


def ratio(above: Sequence[float], below: Sequence[float]) -> dict[str, float]:
    """Return the ratio of two sums over problems with its 95 % interval."""
    draws = [_weighted(drawn, above) / _weighted(drawn, below) for drawn in resamples(len(above))]
    return _ranged(sum(above) / sum(below), draws)


def ratio_to_uniform(study: AllocationStudy, outcomes: Outcomes) -> dict[str, Any] | None:
    """Return the cost against what uniform sampling takes to hold as much, with its interval.

    None where uniform sampling never holds as much; `beyond` is the share of the resamples of
    which that is so: they count as the ratio 0.
    """
    names = sorted(study.problems)
    held, cost = _columns(outcomes, names)
    points = [_columns(row.outcomes, names) for row in study.uniform]

    def of(drawn: Sequence[int]) -> float | None:
        at = [(_weighted(drawn, each_cost), _weighted(drawn, each)) for each, each_cost in points]
        there = uniform_cost(at, _weighted(drawn, held))
        return None if there is None else _weighted(drawn, cost) / there

    mean = of([1] * len(names))
    if mean is None:
        return None
    draws = [of(drawn) for drawn in resamples(len(names))]
    beyond = sum(draw is None for draw in draws) / len(draws)
    return {**_ranged(mean, [draw or 0.0 for draw in draws]), "beyond": round(beyond, 4)}


def _columns(outcomes: Outcomes, names: Sequence[str]) -> tuple[list[float], list[float]]:
    return [outcomes[name].held for name in names], [outcomes[name].cost for name in names]


def _weighted(drawn: Sequence[int], values: Sequence[float]) -> float:
    return sum(map(lambda a, b: a * b, drawn, values)) / len(values)


def _ranged(mean: float, draws: Sequence[float]) -> dict[str, float]:
    order = sorted(draws)
    cut = int(0.025 * len(order))
    return {"mean": mean, "low": order[cut], "high": order[-1 - cut]}


def study_result(study: AllocationStudy) -> dict[str, Any]:
    """Return what uniform sampling holds, what an allocation does at each price, and both matched.

    All figures of an allocation are of problems that it was not fitted on.
    """
    names = sorted(study.problems)
    rows = []
    for price, outcomes in study.curve.items():
        held, cost = _columns(outcomes, names)
        rows.append(
            {
                "price": price,
                "solved": interval(held),
                "cost": interval(cost),
                "samples": fmean(outcomes[name].samples for name in names),
                "against_uniform": ratio_to_uniform(study, outcomes),
            }
        )
    return {
        "problems": len(names),
        "folds": [len(part) for part in study.parts],
        "uniform": [
            {
                "strategy": row.strategy,
                "samples": row.samples,
                "cost": row.cost(study.problems),
                "solved": interval(_columns(row.outcomes, names)[0]),
                "on_frontier": row in study.frontier,
            }
            for row in study.uniform
        ],
        "allocated": rows,
        "like_uniform": [matched(study, point) for point in study.frontier],
    }


def matched(study: AllocationStudy, point: UniformPoint) -> dict[str, Any]:
    """Return what it costs to hold as much as at a point, and what is held."""
    names = sorted(study.problems)
    outcomes, prices = study.like(point)
    held, cost = _columns(outcomes, names)
    uniform_held, uniform_cost_ = _columns(point.outcomes, names)
    return {
        "strategy": point.strategy,
        "samples": point.samples,
        "uniform": {"solved": interval(uniform_held), "cost": fmean(uniform_cost_)},
        "allocated": {
            "solved": interval(held),
            "cost": interval(cost),
            "samples": fmean(outcomes[name].samples for name in names),
        },
        "difference": interval([a - b for a, b in zip(held, uniform_held, strict=True)]),
        "cost_ratio": ratio(cost, uniform_cost_),
        "against_uniform": ratio_to_uniform(study, outcomes),
        "prices": prices,
    }
