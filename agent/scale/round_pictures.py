"""Rounds of training as a picture (needs matplotlib)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from medalist.agent.report.pictures import STYLE, need_matplotlib, save


def draw_rounds(rows: Sequence[Mapping[str, Any]], folder: Path) -> Iterator[Path]:
    """Draw coverage, pass@1 and the AUCs of agreement and of self-scores by round; yield the files.

    Raises:
        MissingPrerequisite: matplotlib is not installed.
        BadInput: The folder cannot be written.
    """
    need_matplotlib()
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 4.0), layout="constrained")
        axes = figure.subplots()
        across = [row["round"] for row in rows]
        for name, label in (("coverage", "coverage"), ("pass1", "pass@1")):
            means = [row[name]["mean"] for row in rows]
            low = [row[name]["mean"] - row[name]["low"] for row in rows]
            high = [row[name]["high"] - row[name]["mean"] for row in rows]
            axes.errorbar(across, means, yerr=[low, high], marker="o", capsize=3, label=label)
        for name, label, marker in (
            ("auc", "AUC of agreement", "^"),
            ("self_auc", "AUC of its own scores", "v"),
        ):
            known = [row for row in rows if row.get(name) is not None]
            if known:
                axes.plot(
                    [row["round"] for row in known],
                    [_mean(row[name]) for row in known],
                    marker=marker,
                    linestyle="--",
                    label=label,
                )
        axes.set_xlabel("round of training")
        axes.set_ylim(0, 1.02)
        axes.set_xticks(across)
        axes.legend()
        yield from save(figure, folder, "rounds")


def _mean(value: Any) -> float:
    return float(value["mean"] if isinstance(value, Mapping) else value)
