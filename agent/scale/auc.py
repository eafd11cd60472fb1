"""How well scores of programs go with the verdicts on them: areas under the ROC curve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medalist.agent.choose.recorded_choice import each_choice
from medalist.agent.export.training_answers import agreement
from medalist.agent.journal import Journal
from medalist.agent.propose.self_scores import scores_of
from medalist.agent.report.estimates import mean_of_known


def auc(scored: Sequence[tuple[float, bool]]) -> float | None:
    """Return the chance that a right one is scored higher than a wrong one; ties count one half."""
    right = [score for score, good in scored if good]
    wrong = [score for score, good in scored if not good]
    if not right or not wrong:
        return None
    return _pairs_won(right, wrong) / (len(right) * len(wrong))


def agreement_auc(run: Path) -> float | None:
    """Return the AUC of agreement (the share of the samples that behave alike) with verdicts.

    Pairs of a right and a wrong sample of one problem count; ties count one half.
    """
    better, pairs = 0.0, 0
    with Journal.open(run, readonly=True) as journal:
        for choice in each_choice(journal):
            scored = agreement(choice)
            right = [scored[name] for name, one in choice.labels.items() if one.solved]
            wrong = [scored[name] for name, one in choice.labels.items() if not one.solved]
            better += _pairs_won(right, wrong)
            pairs += len(right) * len(wrong)
    return better / pairs if pairs else None


def self_scores(run: Path) -> dict[str, Any]:
    """Return how many programs of a run were scored, and the AUC of the scores against verdicts.

    The AUC is the mean over problems that have right and wrong programs with a score, with a 95 %
    interval over these problems; None without any.
    """
    scored = scores_of(run)
    known: list[float | None] = []
    with Journal.open(run, readonly=True) as journal:
        for choice in each_choice(journal):
            scores = scored.get(choice.problem_id, {})
            judged = choice.labels.keys() & scores.keys()
            known.append(auc([(scores[name], choice.labels[name].solved) for name in judged]))
    aucs = [value for value in known if value is not None]
    return {
        "scored": sum(map(len, scored.values())),
        "problems": len(scored),
        "comparable": len(aucs),
        "auc": mean_of_known(aucs).figures() if aucs else None,
    }


def _pairs_won(right: Sequence[float], wrong: Sequence[float]) -> float:
    return sum((high > low) + 0.5 * (high == low) for high in right for low in wrong)
