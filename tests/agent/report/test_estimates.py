"""Intervals against figures that were worked out elsewhere."""

from __future__ import annotations

import pytest

from medalist.agent.report.estimates import EstimateBounds, mean, wilson


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # Newcombe, 1998, table I: Wilson's score interval without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson(count: int, total: int, low: float, high: float) -> None:
    estimate = wilson(count, total)
    assert estimate.low == estimate.high == pytest.approx(count / total)
    assert estimate.interval_low == pytest.approx(low, abs=5e-5)
    assert estimate.interval_high == pytest.approx(high, abs=5e-5)


def test_wilson_of_nothing_says_nothing() -> None:
    estimate = wilson(0, 0)
    assert (estimate.interval_low, estimate.interval_high) == (0.0, 1.0)


def test_bootstrap_is_near_the_normal_interval_of_many_problems() -> None:
    values = [
        EstimateBounds(float(number % 4 == 0), float(number % 4 == 0)) for number in range(400)
    ]
    estimate = mean(values)
    assert estimate.low == estimate.high == 0.25
    half = 1.96 * (0.25 * 0.75 / 400) ** 0.5
    assert estimate.interval_low == pytest.approx(0.25 - half, abs=0.01)
    assert estimate.interval_high == pytest.approx(0.25 + half, abs=0.01)


def test_the_interval_covers_both_ends_of_what_is_not_known() -> None:
    known = [EstimateBounds(1.0, 1.0), EstimateBounds(0.0, 0.0)] * 20
    estimate = mean([*known, *[EstimateBounds(0.0, 1.0)] * 20])
    assert estimate.low == pytest.approx(1 / 3)
    assert estimate.high == pytest.approx(2 / 3)
    assert not estimate.exact
    assert estimate.interval_low < estimate.low < estimate.high < estimate.interval_high
