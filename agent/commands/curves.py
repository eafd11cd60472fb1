"""A line chart as SVG, without any library: curves over a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 720, 420, 56, 16, 170, 48
_COLOURS = ("#1b6ca8", "#d1495b", "#3a7d44", "#8d5a97", "#c77d0a", "#4a4e69", "#00798c", "#7f5539")


def curves(
    lines: Mapping[str, Sequence[tuple[float, float]]], *, across: str, up: str, top: float
) -> str:
    """Return an SVG of named curves.

    Args:
        lines: Name to points; x is at least 1, y between 0 and 1.
        across: Label of the x axis.
        up: Label of the y axis.
        top: A dashed line at this y: the most that can be reached.
    """
    furthest = max((x for points in lines.values() for x, _ in points), default=1)
    across_width, up_height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        share = math.log(x) / math.log(furthest) if furthest > 1 else 0.5
        return _LEFT + share * across_width, _TOP + (1 - y) * up_height

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        '<g font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
    ]
    for step in range(6):
        _, y = place(1, step / 5)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{step / 5}</text>')
    for x in sorted({x for points in lines.values() for x, _ in points}):
        at, bottom = place(x, 0)
        parts.append(f'<text x="{at:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{x:g}</text>')
    _, y = place(1, top)
    parts.append(
        f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#888" stroke-dasharray="5 4"/>'
    )
    for number, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in (place(*point) for point in points):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
        row, beside = _TOP + 14 + 18 * number, _WIDTH - _RIGHT + 12
        parts.append(f'<path d="M{beside} {row - 4}h18" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{beside + 24}" y="{row}">{escape(name)}</text>')
    middle = _LEFT + across_width / 2
    parts.append(
        f'<text x="{middle}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(across)}</text>'
    )
    parts.append(
        f'<text transform="translate(14 {_TOP + up_height / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(up)}</text>'
    )
    return "\n".join([*parts, "</g>", "</svg>\n"])
