"""Fitting how hard a problem looks (needs numpy, extra `learn`)."""

from __future__ import annotations

from collections.abc import Sequence

from medalist.agent.choose.difficulty import FIGURES
from medalist.agent.choose.pooled_logit import LabelledRows, Prior, fit_logistic
from medalist.agent.scale.allocation_plays import AllocationPlay, by_problem
from medalist.errors import MissingPrerequisite

_RIDGE, _FREE = 1.0, 1e-6
_NAMES = ("constant", *FIGURES)
_ANY_SIGN = ("constant", "log_samples")


def difficulty_weights(plays: Sequence[AllocationPlay]) -> dict[str, float]:
    """Fit the chance of being solved now: a logistic regression over all looks, problems alike.

    No weight but that of the number of samples may be below 0: easier looks never say harder.

    Raises:
        MissingPrerequisite: numpy is not installed.
    """
    try:
        import numpy as np
    except ImportError as error:
        raise MissingPrerequisite(
            "fitting needs numpy", hint="pip install 'medalist[learn]'"
        ) from error
    rows: list[tuple[list[float], float, float]] = []
    for some in by_problem(plays).values():
        seen = [look for play in some for look in play.looks if not look.solved]
        for look in seen:
            values = [1.0, *(look.look.figures[name] for name in FIGURES)]
            rows.append((values, look.held, 1 / len(seen)))
    if not rows:
        return dict.fromkeys(_NAMES, 0.0)
    table, held, counts = (np.array(column) for column in zip(*rows, strict=True))
    names = list(_NAMES)
    while True:
        columns = table[:, [_NAMES.index(name) for name in names]]
        penalty = np.array([_FREE if name == "constant" else _RIDGE for name in names])
        prior = Prior(np.zeros(len(names)), penalty, penalty)
        cases = LabelledRows(columns, held, counts, np.zeros(len(held)))
        weights = dict(zip(names, fit_logistic(cases, prior).tolist(), strict=True))
        wrong = [name for name in names if name not in _ANY_SIGN and weights[name] < 0]
        if not wrong:
            return {name: round(weights.get(name, 0.0), 6) for name in _NAMES}
        names.remove(min(wrong, key=weights.__getitem__))
