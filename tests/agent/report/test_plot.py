"""The geometry of the chart."""

from __future__ import annotations

import itertools

import pytest

from medalist.agent.report.estimates import IntervalEstimate
from medalist.agent.report.number_text import short
from medalist.agent.report.plot import Plot, Scale, plot
from medalist.agent.report.scaling import Curve


def laid_out(*ends: float, counts: tuple[int, ...] = (1, 2, 4)) -> Plot:
    curves = [
        Curve(f"{number}@k", tuple((k, IntervalEstimate(end, end, 0.0, 1.0)) for k in counts))
        for number, end in enumerate(ends)
    ]
    return plot(curves, [Scale("samples", short), Scale("tokens", lambda k: short(700 * k))])


@pytest.mark.parametrize("ends", [(0.0, 0.0, 0.0), (1.0, 1.0, 0.99), (0.5, 0.51, 0.0), (0.2,)])
def test_names_never_stand_on_each_other_nor_below_the_axis(ends: tuple[float, ...]) -> None:
    actual = laid_out(*ends)
    places = sorted(line.name_at for line in actual.lines)
    assert all(after - before >= 16.9 for before, after in itertools.pairwise(places))
    assert places[-1] <= actual.bottom
    assert places[0] > 0


def test_doubling_takes_the_same_way_everywhere() -> None:
    ends = laid_out(0.5, counts=(1, 2, 4, 8))
    at = [tick.at for tick in ends.across]
    steps = [after - before for before, after in itertools.pairwise(at)]
    assert steps == pytest.approx([steps[0]] * 3)
    assert ends.across[-1].labels == ("8", "5.6k")


def test_a_single_number_of_candidates_is_a_point_in_the_middle() -> None:
    ends = laid_out(0.5, counts=(1,))
    assert ends.left < ends.across[0].at < ends.right
    assert len(ends.lines[0].points) == 1
