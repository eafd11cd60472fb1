"""The charts of a report as files, SVG and PNG, for papers and slides (needs matplotlib)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medalist.agent.quote import printable
from medalist.agent.report import tables
from medalist.agent.report.facts import ReportFacts
from medalist.agent.report.plot import Scale, scales
from medalist.agent.report.scaling import Curve
from medalist.agent.report.tables import Bars
from medalist.errors import BadInput, MissingPrerequisite

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = ("#1d5f8a", "#b3471f", "#2f7d4f", "#7a4a99", "#8a6100")
_MARKERS = "os^Dv"
_DPI = 160
STYLE: dict[Any, Any] = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dfe1dd",
    "svg.hashsalt": "medalist",  # the same figures give the same file
    "text.parse_math": False,  # a `$` in a name is a dollar sign
}


def need_matplotlib() -> None:
    """See that pictures can be drawn.

    Raises:
        MissingPrerequisite: matplotlib is not installed.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise MissingPrerequisite(
            "pictures need matplotlib", hint="pip install 'medalist[report]'"
        ) from error


def draw(facts: ReportFacts, folder: Path) -> Iterator[Path]:
    """Draw every chart that there is something to show in, and yield the files.

    Raises:
        MissingPrerequisite: matplotlib is not installed.
        BadInput: The folder cannot be written.
    """
    need_matplotlib()
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        if facts.curves:
            figure = Figure(figsize=(7.2, 4.2), layout="constrained")
            _curves(figure.subplots(), facts.curves, scales(facts))
            yield from save(figure, folder, "scaling")
        for table in _bar_charts(facts):
            figure = Figure(figsize=(7.2, 1.2 + 0.34 * len(table.rows)), layout="constrained")
            _bars(figure.subplots(), table)
            yield from save(figure, folder, table.key)


def _bar_charts(facts: ReportFacts) -> list[Bars]:
    charts = [
        *tables.groups(facts.problems),
        tables.fates(facts.problems),
        tables.causes(facts.problems),
        tables.stages(facts.problems),
        tables.latencies(facts.calls),
    ]
    return [table for table in charts if table.rows]


def _curves(axes: Axes, curves: Sequence[Curve], across_by: Sequence[Scale]) -> None:
    for number, curve in enumerate(curves):
        across = [k for k, _ in curve.points]
        estimates = [estimate for _, estimate in curve.points]
        colour = _COLOURS[number % len(_COLOURS)]
        if number == 0:  # the bands of all would hide each other
            axes.fill_between(
                across,
                [estimate.interval_low for estimate in estimates],
                [estimate.interval_high for estimate in estimates],
                color=colour,
                alpha=0.12,
                linewidth=0,
            )
        axes.plot(
            across,
            [estimate.low for estimate in estimates],
            color=colour,
            marker=_MARKERS[number % len(_MARKERS)],
            label=curve.name,
        )
        if not all(estimate.exact for estimate in estimates):
            axes.plot(
                across, [estimate.high for estimate in estimates], color=colour, linestyle="--"
            )
    counts = [k for k, _ in curves[0].points]
    axes.set_xscale("log", base=2)
    axes.set_xticks(counts, ["\n".join(scale.label(k) for scale in across_by) for k in counts])
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.set_xlabel(f"{', '.join(scale.name for scale in across_by)} per problem")
    axes.set_ylabel("problems solved")
    axes.legend(frameon=False)


def _bars(axes: Axes, table: Bars) -> None:
    names = [printable(row.label) for row in table.rows]
    places = range(len(names))
    furthest = max(row.interval.interval_high if row.interval else row.share for row in table.rows)
    axes.barh(places, [row.share for row in table.rows], color="#3d7ea6", height=0.62)
    for place, row in enumerate(table.rows):
        end = row.interval.interval_high if row.interval else row.share
        axes.text(end + 0.01 * furthest, place, f" {row.numbers[0]}", va="center")
        if row.interval:
            axes.plot(
                [row.interval.interval_low, row.interval.interval_high],
                [place, place],
                color="#1d2226",
                linewidth=1.4,
            )
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.15 * max(furthest, 0.01))
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.grid(visible=False, axis="y")
    axes.set_title(table.caption, loc="left", fontsize=11)


def save(figure: Figure, folder: Path, name: str) -> Iterator[Path]:
    """Write a figure as SVG and PNG, and yield the files.

    Raises:
        BadInput: The folder cannot be written.
    """
    for ending in ("svg", "png"):
        path = folder / f"{name}.{ending}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # No date in an SVG: equal figures are equal files.
            meta = {"Date": None} if ending == "svg" else {}
            figure.savefig(path, dpi=_DPI, metadata=meta)
        except OSError as error:
            raise BadInput(error.strerror or str(error), file=path) from error
        yield path
