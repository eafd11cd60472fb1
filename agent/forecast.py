"""How much more sampling would bring: the chance that some candidate is right, against money.

A problem's chance p that one sample is right is unknown; after `right` of `samples` it has a
Beta distribution. Coverage after m more samples is the mean of 1 - (1-p)^m under it, which has a
closed form. Before any verdict "right" means: passes the samples of the statement; `trust` is
the share of such programs that turned out right where verdicts are known, 1 if nobody can say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_PRIOR = (0.3, 1.2)
"""Beta prior of p over problems: most are either hardly ever or often solved by one sample."""

TRUST = 0.7
"""Share of sample-passing programs that are right; see docs/proposing.md for where it is from."""


class ForecastInterval(NamedTuple):
    """A mean with the ends of a central interval of about 80 %.

    Attributes:
        mean: The mean.
        low: The lower end.
        high: The upper end.
    """

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        """Show the mean and half the width: `0.31 ± 0.12`."""
        return f"{self.mean:.2f} ± {(self.high - self.low) / 2:.2f}"


@dataclass(frozen=True)
class Chance:
    """What samples have shown about one problem.

    Attributes:
        samples: Answers so far.
        right: How many of them pass what is known.
        trust: The chance that one that passes is right, 0 to 1.
    """

    samples: int = 0
    right: int = 0
    trust: float = 1.0

    def coverage(self, more: int) -> ForecastInterval:
        """Predict the chance that a right candidate is there after `more` samples."""
        if self.right:
            # It is there already if what passes is right at all; independent tries of trust.
            now = 1 - (1 - self.trust) ** min(self.right, 3)
            left = 1 - now
        else:
            now, left = 0.0, self.trust
        alpha, beta = _PRIOR[0] + self.right, _PRIOR[1] + self.samples - self.right
        miss = _mean_power(alpha, beta, more)
        spread = math.sqrt(max(0.0, _mean_power(alpha, beta, 2 * more) - miss * miss))
        mean = now + left * (1 - miss)
        width = 1.28 * left * spread
        return ForecastInterval(mean, max(now, mean - width), min(now + left, mean + width))


def _mean_power(alpha: float, beta: float, power: int) -> float:
    """Return the mean of (1-p)^power for p ~ Beta(alpha, beta): B(a, b+m) / B(a, b)."""
    return math.exp(
        math.lgamma(beta + power)
        - math.lgamma(alpha + beta + power)
        - math.lgamma(beta)
        + math.lgamma(alpha + beta)
    )


def coverage(chances: Sequence[Chance], more: int) -> ForecastInterval:
    """Predict the share of several problems that are covered after `more` samples of each."""
    means = [chance.coverage(more).mean for chance in chances]
    mean = sum(means) / len(means)
    # Each problem will be covered or not, with a variance of m (1-m), whatever its p.
    half = 1.28 * math.sqrt(sum(mean * (1 - mean) for mean in means)) / len(means)
    return ForecastInterval(mean, max(0.0, mean - half), min(1.0, mean + half))


class Score(NamedTuple):
    """How good forecasts were, looked at afterwards.

    Attributes:
        forecasts: How many were scored.
        brier: Mean squared difference between forecast and what came; 0 is perfect.
        inside: Share of outcomes within their interval; about 0.8 if the intervals are honest,
            for forecasts over several problems (a single outcome is 0 or 1).
        bias: Mean forecast minus mean outcome.
    """

    forecasts: int
    brier: float
    inside: float
    bias: float


def score(pairs: Iterable[tuple[ForecastInterval, float]]) -> Score:
    """Compare forecasts with the coverage that was reached (0 or 1 for a single problem)."""
    scored = list(pairs)
    count = max(1, len(scored))
    return Score(
        len(scored),
        sum((forecast.mean - outcome) ** 2 for forecast, outcome in scored) / count,
        sum(forecast.low <= outcome <= forecast.high for forecast, outcome in scored) / count,
        sum(forecast.mean - outcome for forecast, outcome in scored) / count,
    )
