"""Rounds of sampling, judging, filtering and training: what is recorded, measured and concluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from medalist.agent.journal import EventKind
from medalist.agent.report.estimates import IntervalEstimate, mean_of_known
from medalist.agent.scale.auc import agreement_auc, self_scores
from medalist.agent.scale.scale_source import read_strategies


@dataclass(frozen=True)
class TrainingRound:
    """What a round's model does, and what was trained with.

    Attributes:
        model: The model.
        solved: Problem to the share of its samples that were accepted: problems of the test if
            there are any, else those that were trained on.
        covered: Problem to whether any sample was accepted.
        auc: How well the model's own agreement tells right from wrong programs: the chance that a
            right one has more (one half: no better than chance); None where no problem has both.
        self_auc: The same of its own scores of its programs: `mean`, and `low` and `high` of its
            95 % interval over problems; None where it scored none, or no problem has both.
        rows: Rows that it was trained with afterwards; None where it was not.
        trained: The model that the trainer made of it.
    """

    model: str
    solved: Mapping[str, float] = field(default_factory=dict)
    covered: Mapping[str, bool] = field(default_factory=dict)
    auc: float | None = None
    self_auc: Mapping[str, float] | None = None
    rows: int | None = None
    trained: str | None = None


TRAINING_ROUND = EventKind(
    "training.round",
    TrainingRound,
    key="<round, from 0>",
    doc="A model was measured, or another was trained from its answers; the newest counts.",
)


def measured(run: Path, model: str) -> TrainingRound:
    """Return what a model did in a run whose programs were all judged.

    Args:
        run: The run over the problems to measure by.
        model: The model.
    """
    (strategy,) = read_strategies([str(run)], None)
    problems = strategy.problems
    return TrainingRound(
        model=model,
        solved={problem.problem_id: problem.right / problem.samples for problem in problems},
        covered={problem.problem_id: problem.right > 0 for problem in problems},
        auc=agreement_auc(run),
        self_auc=self_scores(run)["auc"],
    )


def gain(before: TrainingRound, after: TrainingRound) -> IntervalEstimate | None:
    """Return the gain in pass@1 over the problems of both, with its interval; None without any."""
    both = [name for name in after.solved if name in before.solved]
    if not both:
        return None
    return mean_of_known([after.solved[name] - before.solved[name] for name in both])


def round_rows(rounds: Sequence[TrainingRound]) -> list[dict[str, object]]:
    """Return the rounds as a table for people and JSON: means with 95 % intervals over problems."""
    rows: list[dict[str, object]] = []
    for number, one in enumerate(rounds):
        row: dict[str, object] = {"round": number, "model": one.model, "auc": one.auc}
        row["self_auc"] = one.self_auc
        row["pass1"] = mean_of_known(list(one.solved.values())).figures()
        covered = [float(value) for value in one.covered.values()]
        row["coverage"] = mean_of_known(covered).figures()
        better = gain(rounds[number - 1], one) if number else None
        row["gain"] = None if better is None else better.figures()
        row["rows"] = one.rows
        rows.append(row)
    return rows
