"""Fitting beliefs on pools whose truth is known (needs numpy, extra `learn`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from medalist.agent.choose.belief import Weights
from medalist.agent.choose.features import NAMES, describe, groups
from medalist.agent.choose.pool import Recorded
from medalist.errors import MissingPrerequisite

RIDGE = 33.0
"""Strength of the penalty on weights of standardised features; small pools need much of it."""

_STEPS = 25


@dataclass(frozen=True)
class Examples:
    """The clusters of one problem: their features, and which share of their votes is right."""

    features: tuple[tuple[float, ...], ...]
    right: tuple[float, ...]


def examples(recorded: Recorded) -> Examples:
    """Describe the clusters of a problem; those without any output are left out."""
    found = groups(recorded.view)
    rows = describe(recorded.view, found)
    votes = recorded.view.votes
    kept = [(group, row) for group, row in zip(found, rows, strict=True) if group.alive]
    return Examples(
        tuple(tuple(row) for _, row in kept),
        tuple(
            sum(votes[name] for name in group.programs if recorded.truth[name].solved) / group.votes
            for group, _ in kept
        ),
    )


def fit(
    problems: Iterable[Examples],
    *,
    ridge: float = RIDGE,
    pools: str = "",
    without: Collection[str] = (),
) -> Weights:
    """Fit a ridge-penalised logistic model by Newton's method.

    Args:
        problems: Examples of each problem; every cluster counts alike.
        ridge: Strength of the penalty.
        pools: Recorded in the weights: what they were fitted on.
        without: Features to leave out, for ablations; they get the weight 0.

    Raises:
        MissingPrerequisite: numpy is not installed.
    """
    try:
        import numpy as np
    except ImportError as error:
        raise MissingPrerequisite(
            "fitting needs numpy", hint="pip install 'medalist[learn]'"
        ) from error
    chosen = list(problems)
    table = np.array([row for one in chosen for row in one.features], dtype=float)
    table = table.reshape(-1, len(NAMES))
    table[:, [place for place, name in enumerate(NAMES) if name in without]] = 0.0
    right = np.array([share for one in chosen for share in one.right], dtype=float)
    means = table.mean(axis=0)
    scales = table.std(axis=0)
    scales[scales < 1e-9] = 1.0
    inputs = np.hstack([(table - means) / scales, np.ones((len(table), 1))])
    penalty = np.diag([ridge] * len(NAMES) + [1e-6])
    weights = np.zeros(len(NAMES) + 1)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -50, 50)))
        gradient = inputs.T @ (right - chance) - penalty @ weights
        curvature = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + penalty
        step = np.linalg.solve(curvature, gradient)
        weights += step
        if float(np.abs(step).max()) < 1e-8:
            break
    return Weights(
        names=NAMES,
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
        weights=tuple(map(float, weights[:-1])),
        intercept=float(weights[-1]),
        pools=pools,
    )


def fit_without(
    problems: Sequence[Examples], left_out: int, *, ridge: float = RIDGE, pools: str = ""
) -> Weights:
    """Fit on all problems but one: what may be used to choose on that one."""
    rest = [one for place, one in enumerate(problems) if place != left_out]
    return fit(rest, ridge=ridge, pools=pools)
