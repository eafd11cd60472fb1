"""Fitting beliefs on pools whose truth is known (needs numpy, extra `learn`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.features import NAMES, SIGNS, describe, groups, likely
from medalist.agent.choose.recorded_pool import Recorded
from medalist.errors import MissingPrerequisite

RIDGE = 3.0
"""Strength of the penalty on weights of standardised features."""

_STEPS = 40


@dataclass(frozen=True)
class Examples:
    """The clusters of one problem or subtask: features, and which share of their votes is right."""

    features: tuple[tuple[float, ...], ...]
    right: tuple[float, ...]


def examples(recorded: Recorded) -> list[Examples]:
    """Describe the clusters of a problem, for each subtask apart.

    Clusters without any output are left out, and those that contradict known outputs.
    """
    known = recorded.truth.values()
    subtasks = dict.fromkeys(name for one in known for name in one.subtasks) or {"": None}
    return [_examples(recorded, subtask) for subtask in subtasks]


def _examples(recorded: Recorded, subtask: str) -> Examples:
    view, truth = recorded.view, recorded.truth
    inputs = view.inputs_of(subtask) if subtask else None
    found = groups(view, inputs)
    _, voters = likely(view, found, inputs)
    kept = list(zip(voters, describe(view, voters, inputs), strict=True))

    def right(name: str) -> bool:
        return truth[name].solved or truth[name].subtasks.get(subtask, 0.0) >= 1.0

    return Examples(
        tuple(tuple(row) for _, row in kept),
        tuple(
            sum(view.votes[name] for name in group.programs if right(name))
            / sum(view.votes[name] for name in group.programs)
            for group, _ in kept
        ),
    )


def fit(
    problems: Iterable[Sequence[Examples]],
    *,
    ridge: float = RIDGE,
    pools: str = "",
    without: Collection[str] = (),
) -> BeliefWeights:
    """Fit a ridge-penalised conditional logit by Newton's method.

    Weights keep the signs of `features.SIGNS`: a feature whose weight comes out with the other one
    is left out, and the rest fitted again.

    Args:
        problems: Examples of each problem; every problem counts alike, and its subtasks among
            themselves.
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
    chosen = [[one for one in parts if one.features] for parts in problems]
    table = np.array([row for parts in chosen for one in parts for row in one.features])
    table = table.reshape(-1, len(NAMES))
    means = table.mean(axis=0) if len(table) else np.zeros(len(NAMES))
    scales = table.std(axis=0) if len(table) else np.ones(len(NAMES))
    scales[scales < 1e-9] = 1.0
    left_out = set(without)
    while True:
        used = np.array([name not in left_out for name in NAMES])
        sets = [
            (*_alternatives(one, means, scales, used), 1 / len(parts))
            for parts in chosen
            for one in parts
        ]
        weights = _newton(sets, ridge)
        wrong = {
            name
            for name, weight in zip(NAMES, weights, strict=False)
            if weight * SIGNS.get(name, 0) < 0
        }
        if not wrong:
            break
        left_out |= wrong
    return BeliefWeights(
        names=NAMES,
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
        weights=tuple(map(float, weights[:-1])),
        none=float(weights[-1]),
        pools=pools,
    )


def _newton(sets: Sequence[tuple[Any, Any, float]], ridge: float) -> Any:
    """Return the weights of features, and last the score of "none"."""
    import numpy as np

    penalty = np.diag([ridge] * len(NAMES) + [1e-3])
    weights = np.zeros(len(NAMES) + 1)
    for _ in range(_STEPS):
        gradient, curvature = -penalty @ weights, penalty.copy()
        for rows, right, weight in sets:
            scores = rows @ weights
            chance = np.exp(scores - scores.max())
            chance /= chance.sum()
            given = chance * right
            given /= given.sum()
            mean = chance @ rows
            gradient += weight * (given @ rows - mean)
            curvature += weight * ((rows * chance[:, None]).T @ rows - np.outer(mean, mean))
        step = np.linalg.solve(curvature, gradient)
        largest = float(np.abs(step).max())
        weights += step / max(1.0, largest)
        if largest < 1e-8:
            break
    return weights


def _alternatives(one: Examples, means: Any, scales: Any, used: Any) -> tuple[Any, Any]:
    """Return a row for each cluster and one for "none", and what share of each is right."""
    import numpy as np

    rows = (np.array(one.features) - means) / scales * used
    count = len(rows)
    table = np.zeros((count + 1, rows.shape[1] + 1))
    table[:count, :-1] = rows
    table[count, -1] = 1.0
    right = np.array([*one.right, 0.0])
    if not right.any():
        right[count] = 1.0
    return table, right


def fit_without(problems: Sequence[Sequence[Examples]], left_out: int) -> BeliefWeights:
    """Fit on all problems but one: what may be used to choose on that one."""
    return fit([one for place, one in enumerate(problems) if place != left_out])
