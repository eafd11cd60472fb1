"""The geometry of a line chart; a template draws it, in the colours of the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from medalist.agent.report.facts import ReportFacts
from medalist.agent.report.number_text import dollars, short
from medalist.agent.report.scaling import Curve

WIDTH, HEIGHT = 780, 400
LEFT, RIGHT, TOP = 72, 660, 14
_ROW = 20  # height of a row of labels
_SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",  # circle
    "M-4-4h8v8h-8z",  # square
    "M0-5L5 4H-5z",  # triangle
    "M0-5.5L5.5 0L0 5.5L-5.5 0z",  # diamond
    "M-5-4H5L0 5z",  # triangle on its tip
)


@dataclass(frozen=True)
class Scale:
    """A way to count compute along the axis: its name, and how a number of samples reads."""

    name: str
    label: Callable[[int], str]


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: its place, and its labels (of the x axis one for each scale)."""

    at: float
    labels: tuple[str, ...]


@dataclass(frozen=True)
class ChartLine:
    """A curve: its place among the colours, its name and where that stands, and its paths.

    `band` outlines the interval of the first curve (more would hide each other), `above` is the
    upper bound where something is unknown.
    """

    number: int
    name: str
    name_at: float
    shape: str
    points: tuple[tuple[float, float], ...]
    path: str
    band: str | None
    above: str | None


@dataclass(frozen=True)
class Plot:
    """All that a template needs to draw a chart."""

    bottom: float
    height: float
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    scales: tuple[str, ...]
    lines: tuple[ChartLine, ...]

    width = WIDTH
    left, right, top = LEFT, RIGHT, TOP
    row = _ROW


def scales(facts: ReportFacts) -> list[Scale]:
    """Return the ways to count compute: each is a factor on the number of samples a problem.

    Tokens and dollars are left out where they are not known, dollars also where there are none.
    """
    chosen = facts.chosen
    if not chosen:
        return []
    tokens = sum(problem.calls.charged_tokens / problem.candidates for problem in chosen) / len(
        chosen
    )
    scales = [Scale("samples", short)]
    if tokens:
        scales.append(Scale("tokens", lambda k: short(k * tokens)))
    if facts.calls.usd:
        usd = sum((problem.calls.usd or 0.0) / problem.candidates for problem in chosen) / len(
            chosen
        )
        scales.append(Scale("dollars", lambda k: dollars(k * usd)))
    return scales


def plot(curves: Sequence[Curve], scales: Sequence[Scale]) -> Plot:
    """Lay out curves over a logarithmic axis, which the scales label each in a row."""
    bottom = HEIGHT - _ROW * len(scales) - 12
    counts = sorted({k for curve in curves for k, _ in curve.points})
    highest = max(estimate.interval_high for curve in curves for _, estimate in curve.points)
    top = max(0.2, min(1.0, math.ceil(highest * 5) / 5))

    def across(k: int) -> float:
        if counts[0] == counts[-1]:
            return (LEFT + RIGHT) / 2
        return LEFT + (RIGHT - LEFT) * math.log(k / counts[0]) / math.log(counts[-1] / counts[0])

    def up(value: float) -> float:
        return bottom - (bottom - TOP) * value / top

    ends = _apart([up(curve.points[-1][1].low) for curve in curves], bottom)
    return Plot(
        bottom=bottom,
        height=HEIGHT,
        across=tuple(Tick(across(k), tuple(scale.label(k) for scale in scales)) for k in counts),
        up=tuple(
            Tick(up(step / 5), (f"{20 * step}\u202f%",)) for step in range(round(top * 5) + 1)
        ),
        scales=tuple(scale.name for scale in scales),
        lines=tuple(
            _line(number, curve, end, across, up)
            for number, (curve, end) in enumerate(zip(curves, ends, strict=True))
        ),
    )


def _line(
    number: int,
    curve: Curve,
    name_at: float,
    across: Callable[[int], float],
    up: Callable[[float], float],
) -> ChartLine:
    points = tuple((across(k), up(estimate.low)) for k, estimate in curve.points)
    rim = [(across(k), up(estimate.interval_high)) for k, estimate in curve.points]
    rim += [(across(k), up(estimate.interval_low)) for k, estimate in reversed(curve.points)]
    exact = all(estimate.exact for _, estimate in curve.points)
    above = [(across(k), up(estimate.high)) for k, estimate in curve.points]
    return ChartLine(
        number=number % len(_SHAPES),
        name=curve.name,
        name_at=name_at,
        shape=_SHAPES[number % len(_SHAPES)],
        points=points,
        path=_path(points),
        band=None if number else _path(rim),
        above=None if exact else _path(above),
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _apart(places: Sequence[float], lowest: float, least: float = 17.0) -> list[float]:
    """Move names apart that would be on each other: down, and up again at the lower edge."""
    moved = list(places)
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    for index in reversed(order):
        moved[index] = min(moved[index], lowest)
        lowest = moved[index] - least
    return moved
