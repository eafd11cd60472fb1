"""How well a model's scores of programs go with the verdicts on them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from medalist.agent.choose.recorded_choice import each_choice
from medalist.agent.journal import Journal
from medalist.agent.propose.self_scores import scores_of
from medalist.agent.report.estimates import mean_of_known


def self_scores(run: Path) -> dict[str, Any]:
    """Return how many programs of a run were scored, and the AUC of the scores against verdicts.

    The AUC is the chance that a right program has the higher score than a wrong one of the same
    problem (ties count one half), the mean over problems that have both, with a 95 % interval over
    these; None without any.
    """
    scored = scores_of(run)
    aucs: list[float] = []
    with Journal.open(run, readonly=True) as journal:
        for choice in each_choice(journal):
            sides: tuple[list[float], list[float]] = [], []
            for name, score in scored.get(choice.problem_id, {}).items():
                if name in choice.labels:
                    sides[choice.labels[name].solved].append(score)
            wrong, right = sides
            if wrong and right:
                aucs.append(pair_auc(right, wrong))
    estimate = mean_of_known(aucs) if aucs else None
    return {
        "scored": sum(map(len, scored.values())),
        "problems": len(scored),
        "comparable": len(aucs),
        "auc": estimate
        and {
            "mean": estimate.low,
            "low": estimate.interval_low,
            "high": estimate.interval_high,
        },
    }


def pair_auc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return the share of pairs in which the right one is higher; ties count one half."""
    pairs = [(high > low) + 0.5 * (high == low) for high, low in product(right, wrong)]
    return sum(pairs) / len(pairs)
