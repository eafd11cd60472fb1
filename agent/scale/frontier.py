"""Which strategy at which budget: curves compared at matched compute."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from medalist.agent.scale.compute_curves import ComputeCurve, ComputePoint


@dataclass(frozen=True)
class FrontierPoint:
    """From this cost a problem on, nothing measured that is cheaper brings as many points."""

    cost: float
    curve: ComputeCurve
    point: ComputePoint


@dataclass(frozen=True)
class MatchedRow:
    """What each curve brings at the same cost a problem; None beyond what was measured."""

    cost: float
    points: tuple[float | None, ...]


def frontier(curves: Sequence[ComputeCurve], unit: str) -> list[FrontierPoint]:
    """Return the points that no cheaper or equally expensive one reaches, by growing cost."""
    every = [
        FrontierPoint(point.costs[unit], curve, point) for curve in curves for point in curve.along
    ]
    every.sort(key=lambda one: (one.cost, -one.point.points.low))
    points: list[FrontierPoint] = []
    for item in every:
        if item.point.points.low > (points[-1].point.points.low if points else 0.0) + 1e-12:
            points.append(item)
    return points


def matched(curves: Sequence[ComputeCurve], unit: str) -> list[MatchedRow]:
    """Return the curves at costs that double, from the cheapest sample on.

    Between measured points a curve is a straight line over log cost; it is not carried beyond them.
    """
    costs = [point.costs[unit] for curve in curves for point in curve.along]
    if not costs:
        return []
    steps = math.floor(math.log2(max(costs) / min(costs)) + 1e-9)
    budgets = [min(costs) * 2**step for step in range(steps + 1)]
    return [
        MatchedRow(budget, tuple(_at(curve, unit, budget) for curve in curves))
        for budget in budgets
    ]


def _at(curve: ComputeCurve, unit: str, cost: float) -> float | None:
    places = [(point.costs[unit], point.points.low) for point in curve.along]
    for at, value in places:
        if math.isclose(at, cost):
            return value
    for (left, low), (right, high) in pairwise(places):
        if left < cost < right:
            share = math.log(cost / left) / math.log(right / left)
            return low + share * (high - low)
    return None
