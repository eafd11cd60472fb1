"""Fitting beliefs on pools whose truth is known (needs numpy, extra `learn`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.context_fit import with_context
from medalist.agent.choose.examples import Examples, Problems
from medalist.agent.choose.features import CHANCE, CONTEXT, NAMES, ORDER, SIGNS
from medalist.agent.choose.pooled_logit import (
    Alternatives,
    LabelledRows,
    Prior,
    fit_logistic,
    fit_logit,
)
from medalist.errors import MissingPrerequisite

RIDGE = 3.0
"""Strength of the penalty on a score's weights of standardised features."""

_EXPECTED: Mapping[str, float] = {"dual": 1.0, "constant": -2.0}
"""What is thought of a score's weights before any pool is seen, on features as they are (not
standardised); of the others nothing. With 1 for `dual` a cluster's odds of being the right one are
CodeT's score of its consensus set. A cluster that prints one thing whatever the input has a seventh
of the odds. Pools that have no claims, or no constant programs, leave these as they are."""

_EXPECTED_CHANCE: Mapping[str, float] = {"constant": -2.0}
"""The same of the log odds that a cluster is right where none before it is."""

_OWN = 5.0  # penalty on what is a pool's own
_CHANCE_RIDGE = 1.0
_BASE_RIDGE = 1e-3
_BASE_OWN = 1.0
_DEEPEST = 60  # clusters of a problem that say something of how sure one may be


def fit(problems: Problems) -> BeliefWeights:
    """Fit on the problems of one pool; see `fit_pools`."""
    return fit_pools({"": problems})


def fit_pools(
    pools: Mapping[str, Problems],
    *,
    ridge: float = RIDGE,
    without: Collection[str] = (),
    words: str = "",
) -> BeliefWeights:
    """Fit an order of clusters and how likely each is right, and return what all pools share.

    Each pool has its own weights around those that all share (see `pooled_logit`). Pools count
    by the root of their problems; the problems of a pool alike, and the examples of a problem among
    themselves. Weights are shrunk towards `_EXPECTED`, so that evidence which no pool has counts as
    its authors use it. They keep the signs of `features.SIGNS`: a feature whose weight comes out
    with the other one is left out, and the rest fitted again. Last comes what the context adds,
    calibrated on what was left out (see `context_fit`).

    Args:
        pools: Examples of each problem, by the name of the pool.
        ridge: Strength of the penalty on the score's weights.
        without: Features to leave out, for ablations; they get the weight 0.
        words: Recorded in the weights: what they were fitted on.

    Raises:
        MissingPrerequisite: numpy is not installed.
    """
    try:
        import numpy  # noqa: F401
    except ImportError as error:
        raise MissingPrerequisite(
            "fitting needs numpy", hint="pip install 'medalist[learn]'"
        ) from error
    fitted = partial(_without_context, ridge=ridge, without=without, words=words)
    weights = fitted(pools)
    return weights if CONTEXT in without else with_context(weights, pools, fitted)


def _without_context(
    pools: Mapping[str, Problems], *, ridge: float, without: Collection[str], words: str
) -> BeliefWeights:
    """Fit the order of the clusters, and hazards that do not depend on the context."""
    import numpy as np

    cases = list(_cases(pools))
    table = np.array([row for one, _, _ in cases for row in one.features])
    table = table.reshape(-1, len(NAMES))
    means = table.mean(axis=0) if len(table) else np.zeros(len(NAMES))
    scales = table.std(axis=0) if len(table) else np.ones(len(NAMES))
    scales[scales < 1e-9] = 1.0
    parts = [
        ((np.array(one.features) - means) / scales, np.array(one.right), group, weight)
        for one, group, weight in cases
    ]
    expected = scales * _by_name(_EXPECTED)
    prior = Prior(expected, np.full(len(NAMES), ridge), np.full(len(NAMES), _OWN))
    score = _score(parts, prior, without)
    base, chances = _chances(parts, score, scales * _by_name(_EXPECTED_CHANCE), without)
    return BeliefWeights(
        names=NAMES,
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
        weights=tuple(map(float, score)),
        base=base,
        chances=tuple(map(float, chances)),
        pools=words,
    )


def _cases(pools: Mapping[str, Problems]) -> list[tuple[Examples, int, float]]:
    """Return every example with the number of its pool and its weight."""
    usual = sum(map(len, pools.values())) / max(1, len(pools))
    cases = []
    for number, problems in enumerate(pools.values()):
        for problem in problems:
            chosen = [each for each in problem if each.features]
            weight = (usual / len(problems)) ** 0.5
            cases += [(each, number, weight / len(chosen)) for each in chosen]
    return cases


Part = tuple[Any, Any, int, float]
"""Standardised features of clusters, which share of each is right, pool, and weight."""


def _by_name(known: Mapping[str, float]) -> Any:
    """Return a figure for each feature, 0 where nothing is known."""
    import numpy as np

    return np.array([known.get(name, 0.0) for name in NAMES])


def _score(parts: Sequence[Part], prior: Prior, without: Collection[str]) -> Any:
    """Return the weights of the score: of a problem's clusters one is right."""
    chosen = [part for part in parts if part[1].any() and not part[1].all()]

    def fitted(used: Any) -> Any:
        cases = [Alternatives(rows * used, right, pool, w) for rows, right, pool, w in chosen]
        return fit_logit(cases, prior) * used

    return _signed(fitted, ORDER, without)


def _chances(
    parts: Sequence[Part], score: Any, expected: Any, without: Collection[str]
) -> tuple[float, Any]:
    """Return the log odds that a cluster is right where none before it is: base, and weights."""
    import numpy as np

    rows, rights, weights, pools = [], [], [], []
    for table, right, pool, weight in parts:
        left = 1.0
        for place in np.argsort(-(table @ score), kind="stable")[:_DEEPEST]:
            rows.append(table[place])
            rights.append(right[place])
            weights.append(weight * left)
            pools.append(pool)
            left *= 1 - right[place]
            if left <= 0.02:
                break
    if not rows:
        return 0.0, expected
    table = np.column_stack([np.ones(len(rows)), np.array(rows)])
    prior = Prior(
        np.array([0.0, *expected]),
        np.array([_BASE_RIDGE, *[_CHANCE_RIDGE] * len(NAMES)]),
        np.array([_BASE_OWN, *[_OWN] * len(NAMES)]),
    )
    base = 0.0

    def fitted(used: Any) -> Any:
        nonlocal base
        kept = table * np.array([1.0, *used])
        columns = (np.array(rights), np.array(weights), np.array(pools))
        base, *coefficients = fit_logistic(LabelledRows(kept, *columns), prior)
        return np.array(coefficients) * used

    chances = _signed(fitted, CHANCE, without)
    return float(base), chances


def _signed(fitted: Any, names: Collection[str], without: Collection[str]) -> Any:
    """Fit with these features, leaving out what comes out with the wrong sign."""
    import numpy as np

    left_out = set(without)
    while True:
        used = np.array([float(name in names and name not in left_out) for name in NAMES])
        weights = fitted(used)
        wrong = {name for name, w in zip(NAMES, weights, strict=True) if w * SIGNS.get(name, 0) < 0}
        if not wrong:
            return weights
        left_out |= wrong


def fit_without(problems: Problems, left_out: int) -> BeliefWeights:
    """Fit on all problems but one: what may be used to choose on that one."""
    return fit([one for place, one in enumerate(problems) if place != left_out])
