"""Logits with partial pooling (needs numpy).

A conditional logit (of several alternatives one is right, and the probability of each is
proportional to the exponential of its score, which is linear) and a logistic regression. In both
each group of cases has its own coefficients around those that all share; both are penalised (a
normal prior each, maximum a posteriori, by Newton's method), so that what differs from group to
group is not taken for what holds in general. See Gelman and Hill, *Data Analysis Using Regression
and Multilevel Models* (2007), chapter 12.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_STEPS = 60
_CLOSE = 1e-8


@dataclass(frozen=True)
class Alternatives:
    """A case.

    Attributes:
        table: A row of features for each alternative.
        right: Which share of each is right; not all 0.
        group: The number of its group.
        weight: How much the case counts.
    """

    table: Any
    right: Any
    group: int
    weight: float


def _maximum(derivatives: Callable[[Any], tuple[Any, Any]], size: int) -> Any:
    """Return where a concave function is highest, by Newton's method from 0.

    Args:
        derivatives: Its gradient, and its second derivatives with the sign changed.
        size: How many coefficients it takes.
    """
    import numpy as np

    place = np.zeros(size)
    for _ in range(_STEPS):
        slope, curve = derivatives(place)
        step = np.linalg.solve(curve, slope)
        largest = float(np.abs(step).max(initial=0.0))
        place += step / max(1.0, largest)
        if largest < _CLOSE:
            break
    return place


def _stacked(prior: Prior, groups: int) -> tuple[Any, Any]:
    """Return penalty and mean of the shared coefficients, then of each group's differences."""
    import numpy as np

    nothing = np.zeros_like(prior.mean)
    return (
        np.concatenate([prior.penalty, *[prior.own_penalty] * groups]),
        np.concatenate([prior.mean, *[nothing] * groups]),
    )


def _chances(table: Any, coefficients: Any) -> Any:
    """Return the probability of each alternative."""
    import numpy as np

    scores = table @ coefficients
    masses = np.exp(scores - scores.max())
    return masses / masses.sum()


@dataclass(frozen=True)
class Prior:
    """What is thought of coefficients before any case is seen: normal, each apart.

    Attributes:
        mean: Of each shared coefficient.
        penalty: One over the variance of each shared coefficient.
        own_penalty: The same of each group's differences from them; not used where there is one
            group.
    """

    mean: Any
    penalty: Any
    own_penalty: Any


def fit_logit(cases: Sequence[Alternatives], prior: Prior) -> Any:
    """Return the coefficients of scores that all groups share.

    Args:
        cases: The cases; groups are numbered from 0.
        prior: Of the coefficients; what no case tells of stays at its mean.
    """
    import numpy as np

    count = len(prior.penalty)
    several = len({case.group for case in cases}) > 1
    groups = 1 + max((case.group for case in cases), default=-1) if several else 0
    penalties, means = _stacked(prior, groups)

    def derivatives(place: Any) -> tuple[Any, Any]:
        slope, curve = -penalties * (place - means), np.diag(penalties).astype(float)
        for case in cases:
            start = count * (1 + case.group)
            own = slice(start, start + count)
            now = place[:count] + (place[own] if several else 0.0)
            chance = _chances(case.table, now)
            given = chance * case.right
            given /= given.sum()
            mean = chance @ case.table
            rise = case.weight * (given @ case.table - mean)
            bend = case.weight * ((case.table * chance[:, None]).T @ case.table)
            bend -= case.weight * np.outer(mean, mean)
            slope[:count] += rise
            curve[:count, :count] += bend
            if several:
                slope[own] += rise
                curve[own, own] += bend
                curve[:count, own] += bend
                curve[own, :count] += bend
        return slope, curve

    return _maximum(derivatives, len(penalties))[:count]


@dataclass(frozen=True)
class LabelledRows:
    """Cases of a logistic regression.

    Attributes:
        table: A row of features for each.
        right: Whether it is right, 0 to 1.
        weights: How much it counts.
        group: The number of its group.
    """

    table: Any
    right: Any
    weights: Any
    group: Any


def fit_logistic(cases: LabelledRows, prior: Prior) -> Any:
    """Return the coefficients of log odds that all groups share.

    Args:
        cases: The cases.
        prior: Of the coefficients; what no case tells of stays at its mean.
    """
    import numpy as np

    count = len(prior.penalty)
    numbers = np.unique(cases.group)
    wide = [cases.table]
    if len(numbers) > 1:
        wide += [cases.table * (cases.group == number)[:, None] for number in numbers]
    rows = np.concatenate(wide, axis=1)
    penalties, means = _stacked(prior, len(wide) - 1)

    def derivatives(place: Any) -> tuple[Any, Any]:
        chance = 1 / (1 + np.exp(-np.clip(rows @ place, -30, 30)))
        slope = rows.T @ (cases.weights * (cases.right - chance)) - penalties * (place - means)
        bend = rows.T @ (rows * (cases.weights * chance * (1 - chance))[:, None])
        return slope, bend + np.diag(penalties)

    return _maximum(derivatives, len(penalties))[:count]
