"""Figures that are not known exactly: intervals over problems, and bounds where labels lack.

A value of a problem has bounds: both are the value where everything it depends on was judged,
else what it would be were every unknown program wrong, and right.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul

_DRAWS = 2000
_MOST_WORK = 400_000  # draws times problems; of a thousand problems fewer draws tell enough
_Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True)
class EstimateBounds:
    """The least and the most that a value can be."""

    low: float
    high: float


@dataclass(frozen=True)
class IntervalEstimate:
    """A mean over problems: its bounds, and a 95 % interval that covers both ends."""

    low: float
    high: float
    interval_low: float
    interval_high: float

    def figures(self) -> dict[str, float]:
        """Return mean and interval as JSON shows them, where nothing is unknown."""
        return {"mean": self.low, "low": self.interval_low, "high": self.interval_high}

    @property
    def exact(self) -> bool:
        """Whether nothing it depends on is unknown."""
        return self.high - self.low < 1e-9


def wilson(count: int, total: int) -> IntervalEstimate:
    """Return a share with Wilson's 95 % score interval (Wilson, 1927)."""
    if total == 0:
        return IntervalEstimate(0.0, 0.0, 0.0, 1.0)
    share = count / total
    spread = _Z**2 / total
    centre = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    return IntervalEstimate(share, share, max(0.0, centre - half), min(1.0, centre + half))


def mean(values: Sequence[EstimateBounds]) -> IntervalEstimate:
    """Return the mean over problems with a 95 % percentile bootstrap interval (Efron, 1979).

    Problems are what is resampled. The interval runs from the 2.5 % point of the lower bounds
    to the 97.5 % point of the upper ones.
    """
    low = [value.low for value in values]
    high = [value.high for value in values]
    below, above = _bootstrap(low)
    if high != low:
        above = _bootstrap(high)[1]
    return IntervalEstimate(sum(low) / len(low), sum(high) / len(high), below, above)


def mean_of_known(values: Sequence[float]) -> IntervalEstimate:
    """Return the mean over problems of which nothing is unknown; see `mean`."""
    return mean([EstimateBounds(value, value) for value in values])


def _bootstrap(values: Sequence[float]) -> tuple[float, float]:
    if min(values) == max(values):
        return values[0], values[0]
    weights = resamples(len(values))
    sums = sorted(sum(map(mul, drawn, values)) for drawn in weights)
    cut = int(0.025 * len(sums))
    return sums[cut] / len(values), sums[-1 - cut] / len(values)


@cache
def resamples(size: int) -> list[list[int]]:
    """The number of draws of each problem per bootstrap resample: the same for all figures."""
    rng = random.Random(0)
    draws = max(200, min(_DRAWS, _MOST_WORK // size))
    counts = [Counter(rng.choices(range(size), k=size)) for _ in range(draws)]
    return [[count[place] for place in range(size)] for count in counts]
