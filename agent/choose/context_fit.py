"""How much beliefs depend on how many candidates pass the samples (needs numpy).

A belief that was fitted on some pools is too low or too high as a whole on a pool of another kind.
How much of that the share of passing candidates explains can only be seen across pools: each pool
is left out in turn, beliefs are fitted on the others, and what the share adds to the log odds of
the first cluster is fitted to what was right, shrunk to nothing. So it is calibration on what was
left out (see Platt, *Probabilistic Outputs for Support Vector Machines*, 1999, section 2.2), with
a context in place of a slope: slope and intercept were tried too and carry over from no pool to
another (docs/negative-results.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from medalist.agent.choose.belief import BeliefWeights, lead
from medalist.agent.choose.examples import Examples, Problems
from medalist.agent.choose.features import CONTEXT, NAMES

_RIDGE = 0.5
_MOST = 10.0
_STEPS = 60
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class _First:
    """The first cluster of an example, described by weights that were not fitted on its pool."""

    odds: float
    lead: float
    context: float
    right: float
    weight: float


def with_context(
    weights: BeliefWeights,
    pools: Mapping[str, Problems],
    fitted: Callable[[Mapping[str, Problems]], BeliefWeights],
) -> BeliefWeights:
    """Return the weights with what the context adds; as they are where there is one pool.

    Args:
        weights: Fitted on all pools, without the context.
        pools: Examples of each problem, by the name of the pool.
        fitted: How they were fitted.
    """
    if len(pools) < 2:
        return weights
    firsts = [row for name in pools for row in _left_out(name, pools, fitted)]
    if not firsts:
        return weights
    place = NAMES.index(CONTEXT)
    return replace(
        weights,
        means=_put(weights.means, place, 0.0),
        scales=_put(weights.scales, place, 1.0),
        chances=_put(weights.chances, place, _slope(firsts)),
    )


def _put(values: tuple[float, ...], place: int, value: float) -> tuple[float, ...]:
    return (*values[:place], value, *values[place + 1 :])


def _left_out(
    name: str,
    pools: Mapping[str, Problems],
    fitted: Callable[[Mapping[str, Problems]], BeliefWeights],
) -> list[_First]:
    """Describe the first clusters of a pool by weights fitted on the others."""
    weights = fitted({other: rows for other, rows in pools.items() if other != name})
    usual = sum(map(len, pools.values())) / len(pools)
    firsts = []
    for problem in pools[name]:
        described = [item for item in problem if item.features]
        weight = (usual / len(pools[name])) ** 0.5 / max(1, len(described))
        firsts += [_first(weights, row, weight) for row in described]
    return firsts


def _first(weights: BeliefWeights, example: Examples, weight: float) -> _First:
    scores = [weights.score(row) for row in example.features]
    place, *others = sorted(range(len(scores)), key=lambda place: -scores[place])
    row = example.features[place]
    return _First(
        odds=weights.odds(row),
        lead=lead(scores[place], scores[others[0]]) if others else 1.0,
        context=row[NAMES.index(CONTEXT)],
        right=example.right[place],
        weight=weight,
    )


def _slope(firsts: Sequence[_First]) -> float:
    """Return what a context of 1 adds to log odds: the likeliest, of 0 to `_MOST`."""
    import numpy as np

    odds, leads, context, right, weights = np.array(
        [(first.odds, first.lead, first.context, first.right, first.weight) for first in firsts]
    ).T

    def likelihood(slope: float) -> Any:
        hazards = 1 / (1 + np.exp(-np.clip(odds + slope * context, -30, 30)))
        chance = np.clip(leads * hazards, 1e-6, 1 - 1e-6)
        fit = right * np.log(chance) + (1 - right) * np.log(1 - chance)
        return weights @ fit - _RIDGE / 2 * slope**2

    low, high = 0.0, _MOST
    for _ in range(_STEPS):
        width = _GOLDEN * (high - low)
        if likelihood(high - width) >= likelihood(low + width):
            high = low + width
        else:
            low = high - width
    return low if low > 1e-6 else 0.0
