"""What `medalist steps` found, for people and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table as Screen

from medalist.agent.commands.console import data, out, say
from medalist.agent.propose.step_records import LabelledThinking
from medalist.agent.scale.auc import auc
from medalist.agent.scale.step_choice import WAYS, agreement_of, best_of, right


def steps_result(
    labelled: Sequence[LabelledThinking],
    others: Sequence[LabelledThinking] | None,
    left_out: Mapping[str, int],
) -> dict[str, Any]:
    """Return the labels' figures: how many, how they go with verdicts, what choosing by them does.

    Args:
        labelled: Answers with their labels.
        others: Those of another folder, to compare with.
        left_out: Reason to how many answers were left out.
    """
    whole = [each for each in labelled if each.complete]
    shares = [share for each in labelled for share in each.shares]
    scored = [each for each in labelled if each.scores]
    reviewed = [each for each in labelled if each.outcome is not None]
    step_scores = [
        (score, share > 0)
        for each in scored
        for score, share in zip(each.scores, each.shares, strict=False)
    ]
    return {
        "answers": len(labelled),
        "problems": len({each.record.problem for each in labelled}),
        "labelled": len(whole),
        "steps": sum(len(each.record.steps) for each in labelled),
        "roll_outs": sum(sum(each.rolled) for each in labelled),
        "good_steps": sum(share > 0 for share in shares) / len(shares) if shares else None,
        "mean_share": sum(shares) / len(shares) if shares else None,
        "left_out": dict(sorted(left_out.items())),
        "auc": {
            "last_label": auc([(each.shares[-1], right(each)) for each in whole]),
            "step_scores_against_labels": auc(step_scores),
            "product": auc([(math.prod(each.scores), right(each)) for each in scored]),
            "minimum": auc([(min(each.scores), right(each)) for each in scored]),
            "outcome": auc([(each.outcome or 0.0, right(each)) for each in reviewed]),
        },
        "best_of_n": best_of(labelled),
        "agreement": None if others is None else agreement_of(labelled, others),
    }


def show_steps(result: Mapping[str, Any], folder: Path) -> None:
    """Print the figures."""
    data(
        f"{result['labelled']} of {result['answers']} answers to {result['problems']} problems are "
        f"labelled: {result['steps']} steps, {result['roll_outs']} roll-outs, mean share accepted "
        f"{_number(result['mean_share'])}, "
        f"steps from which any was: {_number(result['good_steps'])}"
    )
    for reason, count in result["left_out"].items():
        say(f"left out: {count} ({reason})", style="yellow")
    told = ", ".join(f"{name} {_number(value)}" for name, value in result["auc"].items())
    data(f"AUC with verdicts: {told}")
    rows = result["best_of_n"]
    columns = [f"N = {row['n']} ({row['problems']} problems)" for row in rows]
    screen = Screen("chosen by", *columns, title="share of choices that are right")
    for name in (*WAYS, "any"):
        screen.add_row(name, *(_interval(row[name]) for row in rows))
    out.print(screen)
    if result["agreement"] is not None:
        figures = result["agreement"]
        told = ", ".join(f"{name} {_number(value)}" for name, value in figures.items())
        data(f"agreement with the other labels: {told}")
    data(f"`medalist export {folder} --as steps` writes the labels for a trainer")


def _interval(one: Mapping[str, float] | None) -> str:
    return "-" if one is None else f"{one['mean']:.2f} [{one['low']:.2f}, {one['high']:.2f}]"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.2f}"
