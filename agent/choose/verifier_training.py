"""Training a verifier on programs whose verdicts are known (needs scikit-learn, extra `learn`).

A logistic regression and gradient boosting each learn on the whole; how they are mixed, how honest
the result is, and how much of it a choice should count are found on problems left out: in folds by
problem, so that no program of a problem tells on another of it.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from medalist.agent.choose.belief import BeliefWeights, shipped
from medalist.agent.choose.policy import View
from medalist.agent.choose.program_features import (
    BUCKETS,
    NAMES,
    Row,
    hashed_tokens,
    program_rows,
)
from medalist.agent.choose.standing import SubtaskBelief, Updates
from medalist.agent.choose.verifier import Tree, Verifier
from medalist.agent.types import Program
from medalist.errors import BadInput, MissingPrerequisite

FOLDS = 5
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_TREES = {
    "n_estimators": 60, "learning_rate": 0.1, "max_depth": 3, "subsample": 0.7,
    "min_samples_leaf": 10, "random_state": 0, "init": "zero",
}  # fmt: skip
_LINEAR = {"C": 0.3, "max_iter": 2000}
_BINS = 10
_TINY = 1e-4


@dataclass(frozen=True)
class Taught:
    """A problem to learn from: what was known before any verdict, and which programs are right.

    Programs of unknown verdict are not in `right`.
    """

    problem_id: str
    view: View
    right: Mapping[str, bool]


@dataclass(frozen=True)
class _Rows:
    """Programs of all problems: figures, tokens, truth, weights, and the number of the problem."""

    programs: tuple[Program, ...]
    rows: tuple[Row, ...]
    right: Any
    weights: Any
    problem: Any

    @classmethod
    def of(cls, problems: Sequence[Taught]) -> _Rows:
        import numpy as np

        numbers = {name: place for place, name in enumerate({p.problem_id: 0 for p in problems})}
        programs, rows, right, weights, numbered = [], [], [], [], []
        for problem in problems:
            known = {each.program_id: each for each in problem.view.programs}
            described = program_rows(problem.view)
            names = [name for name in described if name in problem.right]
            programs += [known[name] for name in names]
            rows += [described[name] for name in names]
            right += [float(problem.right[name]) for name in names]
            # Problems count by the root of their programs: those of one tell much the same.
            weights += [len(names) ** -0.5] * len(names)
            numbered += [numbers[problem.problem_id]] * len(names)
        return cls(
            tuple(programs), tuple(rows), np.array(right), np.array(weights), np.array(numbered)
        )


@dataclass(frozen=True)
class Training:
    """A verifier, and what is known of how good it is: see `docs/verifier.md` for the card."""

    verifier: Verifier
    card: dict[str, Any]


def train(problems: Sequence[Taught], data: str) -> Training:
    """Train on problems, those of one name being one.

    Args:
        problems: The problems.
        data: What they are, in words.

    Raises:
        BadInput: There are fewer than two problems, or no right or no wrong program.
        MissingPrerequisite: scikit-learn is not installed.
    """
    try:
        import numpy as np
        import sklearn
        from sklearn.model_selection import GroupKFold
    except ImportError as error:
        raise MissingPrerequisite(
            "training needs scikit-learn", hint="pip install 'medalist[learn]'"
        ) from error
    table = _Rows.of(problems)
    count = len(set(table.problem.tolist()))
    if count < 2 or len(set(table.right.tolist())) < 2:
        raise BadInput("a verifier needs right and wrong programs, of two problems at least")
    parts = np.zeros((len(table.rows), 2))
    for learned, left in GroupKFold(min(FOLDS, count)).split(table.rows, groups=table.problem):
        model = _fitted(table, learned)
        parts[left] = [model.parts(table.programs[n], table.rows[n]) for n in left]
    mix = _mixed(parts, table, np.arange(len(parts)))
    odds = _left_out_odds(parts, table)
    usual = float(np.average(odds, weights=table.weights))
    weight, gains = _weight(problems, dict(zip(_keys(problems), odds, strict=True)), usual)
    whole = _fitted(table, np.arange(len(table.rows)))
    verifier = replace(whole, mix=mix, usual=usual, weight=weight, data=data)
    card = {
        "problems": count,
        "programs": len(table.rows),
        "right": int(table.right.sum()),
        "folds": min(FOLDS, count),
        "out_of_fold": measured(table.right, odds, table.problem),
        "weight": weight,
        "gain_in_log_belief": gains,
        "scikit_learn": sklearn.__version__,
    }
    return Training(verifier, card)


def _keys(problems: Sequence[Taught]) -> list[tuple[int, str]]:
    """Name the rows of `_Rows.of`: the place of the problem, and the program."""
    return [
        (place, name)
        for place, one in enumerate(problems)
        for name in program_rows(one.view)
        if name in one.right
    ]


def _fitted(table: _Rows, chosen: Any) -> Verifier:
    """Return both models of some rows, not mixed yet."""
    import numpy as np
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    figures = np.array([table.rows[n] for n in chosen])
    right, weights = table.right[chosen], table.weights[chosen]
    weights = weights * (len(weights) / weights.sum())
    means, scales = figures.mean(axis=0), figures.std(axis=0)
    scales[scales < 1e-9] = 1.0
    trees: tuple[Tree, ...] = ()
    if len(set(right.tolist())) < 2:
        linear = np.zeros(len(NAMES) + BUCKETS)
    else:
        tokens = np.zeros((len(figures), BUCKETS))
        for place, n in enumerate(chosen):
            program = table.programs[n]
            for bucket, value in hashed_tokens(program.language, program.source).items():
                tokens[place, bucket] = value
        wide = np.concatenate([(figures - means) / scales, tokens], axis=1)
        linear = LogisticRegression(**_LINEAR).fit(wide, right, weights).coef_[0]
        boosted = GradientBoostingClassifier(**_TREES).fit(figures, right, weights)
        trees = tuple(_tree(estimator.tree_) for estimator in boosted.estimators_[:, 0])
    return Verifier(
        names=NAMES,
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
        linear=tuple(map(float, linear)),
        trees=trees,
        mix=(0.0, 0.5, 0.5),
    )


def _tree(tree: Any) -> Tree:
    rate = float(str(_TREES["learning_rate"]))
    return Tree(
        feature=tuple(max(0, int(item)) for item in tree.feature),
        threshold=tuple(map(float, tree.threshold)),
        left=tuple(map(int, tree.children_left)),
        right=tuple(map(int, tree.children_right)),
        value=tuple(rate * float(item) for item in tree.value[:, 0, 0]),
    )


def _mixed(parts: Any, table: _Rows, chosen: Any) -> tuple[float, float, float]:
    """Return the calibrated mix of both models' sums on problems that they did not see."""
    from sklearn.linear_model import LogisticRegression

    right = table.right[chosen]
    if len(set(right.tolist())) < 2:
        return 0.0, 0.5, 0.5
    # The models are trusted alike beforehand: only what both say is scaled.
    said = parts[chosen].mean(axis=1, keepdims=True)
    fitted = LogisticRegression(C=1.0).fit(said, right, table.weights[chosen])
    slope = max(0.0, float(fitted.coef_[0, 0])) / 2
    return float(fitted.intercept_[0]), slope, slope


def _left_out_odds(parts: Any, table: _Rows) -> Any:
    """Return log odds of each program, its problem unseen by the models and by their mix."""
    import numpy as np

    odds = np.zeros(len(parts))
    for fold in range(FOLDS):
        left = table.problem % FOLDS == fold
        if left.any():
            base, linear, trees = _mixed(parts, table, np.flatnonzero(~left))
            odds[left] = base + parts[left] @ np.array([linear, trees])
    return np.clip(odds, -6, 6)


def measured(right: Any, odds: Any, problem: Any) -> dict[str, float]:
    """Return how well log odds tell right programs from wrong ones, and how honest they are.

    `auc` is over all programs, `auc_within` the mean over problems that have both; `brier_skill`
    and `calibration_error` (of ten equal bins) say how far the probabilities can be believed.
    """
    import numpy as np
    from sklearn.metrics import roc_auc_score

    chance = 1 / (1 + np.exp(-odds))
    within = [
        roc_auc_score(right[problem == n], odds[problem == n])
        for n in sorted(set(problem.tolist()))
        if 0 < right[problem == n].mean() < 1
    ]
    bins = np.minimum((chance * _BINS).astype(int), _BINS - 1)
    error = sum(
        abs(chance[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in set(bins.tolist())
    )
    spread = float(right.var()) or 1.0
    return {
        "auc": float(roc_auc_score(right, odds)) if 0 < right.mean() < 1 else math.nan,
        "auc_within": float(np.mean(within)) if within else math.nan,
        "problems_with_both": float(len(within)),
        "brier_skill": 1 - float(((chance - right) ** 2).mean()) / spread,
        "calibration_error": float(error),
    }


def _weight(
    problems: Sequence[Taught], odds: Mapping[tuple[int, str], float], usual: float
) -> tuple[float, dict[str, float]]:
    """Return how much of the log odds a choice should count, and what each weight gained.

    By the logarithm of what is believed of the right behaviour, or of there being none. A weight
    above 0 must gain more than its standard error.
    """
    weights = shipped()
    losses = {weight: _beliefs(problems, odds, usual, weight, weights) for weight in WEIGHTS}
    best, gains = 0.0, {}
    for weight in WEIGHTS[1:]:
        pairs = zip(losses[weight], losses[0.0], strict=True)
        differences = [new - old for new, old in pairs]
        gain = statistics.fmean(differences)
        error = statistics.pstdev(differences) / math.sqrt(max(1, len(differences) - 1))
        gains[f"{weight:g}"] = gain
        if gain > error and gain > gains.get(f"{best:g}", 0.0):
            best = weight
    return best, gains


def _beliefs(
    problems: Sequence[Taught],
    odds: Mapping[tuple[int, str], float],
    usual: float,
    weight: float,
    weights: BeliefWeights,
) -> list[float]:
    beliefs = []
    for place, one in enumerate(problems):
        learned = {
            name: weight * (odds[place, name] - usual)
            for name in one.right
            if (place, name) in odds
        }
        belief = SubtaskBelief.of(one.view, "", weights, Updates(), learned)
        masses = belief.beliefs(one.view, ())
        right = {belief.group_of[name] for name, ok in one.right.items() if ok and name in learned}
        there = sum(masses[group] for group in right) if right else 1 - sum(masses)
        beliefs.append(math.log(max(there, _TINY)))
    return beliefs
