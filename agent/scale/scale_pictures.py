"""Scaling curves as files, SVG and PNG (needs matplotlib)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medalist.agent.quote import printable
from medalist.agent.report.number_text import dollars, short
from medalist.agent.report.pictures import STYLE, need_matplotlib, save
from medalist.agent.scale.coverage_law import CoverageLaw

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = "os^Dv*Xp"
_ALONG = 40  # points of a law's line


def draw_scaling(result: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    """Draw a result (`scale_result`) and yield the files.

    `laws` shows coverage by samples with the fitted laws, dashed where they are extrapolated;
    `by-UNIT` all curves, for each unit.

    Raises:
        MissingPrerequisite: matplotlib is not installed.
        BadInput: The folder cannot be written.
    """
    need_matplotlib()
    import matplotlib as mpl
    from matplotlib.figure import Figure

    if not result["strategies"]:
        return
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 4.2), layout="constrained")
        _laws(figure.subplots(), result["strategies"])
        yield from save(figure, folder, "laws")
        for unit in result["units"]:
            figure = Figure(figsize=(7.2, 4.6), layout="constrained")
            _curves(figure.subplots(), result, unit)
            yield from save(figure, folder, f"by-{unit}")


def _laws(axes: Axes, strategies: Sequence[Mapping[str, Any]]) -> None:
    for number, one in enumerate(strategies):
        points, colour = one["curves"][0]["points"], f"C{number % 10}"
        across = [point["k"] for point in points]
        axes.plot(
            across,
            [point["mean"] for point in points],
            color=colour,
            marker=_MARKERS[number % len(_MARKERS)],
            linestyle="",
            label=f"{printable(one['name'])}, measured",
        )
        if one["law"] is None:
            continue
        law = CoverageLaw(one["law"]["a"]["value"], one["law"]["b"]["value"])
        beyond = one["law"]["beyond"]
        inside = _spaced(1, one["most"])
        outside = _spaced(one["most"], beyond[-1]["k"])
        axes.plot(inside, [law.at(k) for k in inside], color=colour, label="law, fitted")
        axes.plot(
            outside,
            [law.at(k) for k in outside],
            color=colour,
            linestyle="--",
            label="extrapolated, not measured",
        )
        if beyond[0]["lo"] is not None:
            axes.fill_between(
                [row["k"] for row in beyond],
                [row["lo"] for row in beyond],
                [row["hi"] for row in beyond],
                color=colour,
                alpha=0.12,
                linewidth=0,
            )
    _finish(axes, "samples", "problems solved by one of them")


def _curves(axes: Axes, result: Mapping[str, Any], unit: str) -> None:
    curves = [curve for row in result["strategies"] for curve in row["curves"]]
    for number, curve in enumerate(curves):
        axes.plot(
            [point["costs"][unit] for point in curve["points"]],
            [point["mean"] for point in curve["points"]],
            color=f"C{number % 10}",
            marker=_MARKERS[number % len(_MARKERS)],
            label=printable(curve["name"]),
        )
    _finish(axes, unit, "share of the points")


def _finish(axes: Axes, unit: str, up: str) -> None:
    reads = dollars if unit == "dollars" else short
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: reads(value))  # the usual one writes in TeX
    axes.xaxis.set_minor_formatter(lambda *_: "")
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.set_xlabel(f"{unit} per problem")
    axes.set_ylabel(up)
    axes.legend(frameon=False, fontsize=8)


def _spaced(least: int, most: int) -> list[float]:
    step = math.log(most / least) / (_ALONG - 1)
    return [least * math.exp(step * place) for place in range(_ALONG)]
