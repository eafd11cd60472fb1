"""How coverage grows with samples: an exponentiated power law, fitted and put to the test.

Coverage (the share of problems that k samples solve, pass@k) is modelled as exp(-a k^-b), as
Brown et al. (2024, *Large Language Monkeys*, arXiv:2407.21787) do. The fit is by least squares on
coverage itself (Levenberg-Marquardt on log a and b); intervals resample the problems.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from medalist.agent.report.scaling import pass_at_k
from medalist.agent.scale.scale_source import SampledProblem

_RESAMPLES = 400
_STEPS = 60
_MOST_LOG_A, _MOST_B = 30.0, 5.0
_DRAWS = 20  # of the samples that a held-out fit may see

Points = Sequence[tuple[int, float]]
"""Numbers of samples, each with the coverage there."""


@dataclass(frozen=True)
class CoverageLaw:
    """Coverage = exp(-a k^-b)."""

    a: float
    b: float

    def at(self, k: float) -> float:
        """Return the coverage of k samples."""
        return math.exp(-self.a * k**-self.b)


@dataclass(frozen=True)
class Ranged:
    """A figure with its 95 % interval over problems; the ends are None where one problem is all."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class FittedLaw:
    """The law of one strategy.

    Attributes:
        a, b: Its parameters.
        error: Mean absolute difference from the coverage that it was fitted to.
        most: The number of samples up to which it was fitted.
        beyond: Numbers of samples beyond `most`, each with the extrapolated coverage.
    """

    a: Ranged
    b: Ranged
    error: float
    most: int
    beyond: tuple[tuple[int, Ranged], ...]

    @property
    def law(self) -> CoverageLaw:
        """The law itself."""
        return CoverageLaw(self.a.value, self.b.value)


@dataclass(frozen=True)
class HeldOut:
    """How well a law that saw a quarter of the samples predicts the coverage of all.

    Attributes:
        seen: How many samples of each problem it was fitted to.
        most: The number of samples up to which it was put to the test.
        error: Mean absolute error of the coverage at the numbers between.
        bias: The mean error with its sign: above 0 it promises too much.
        flat_error: The same error if coverage stayed what it was at `seen`.
        predicted: The coverage at `most` that it predicts.
        measured: The coverage at `most`.
    """

    seen: int
    most: int
    error: Ranged
    bias: float
    flat_error: float
    predicted: Ranged
    measured: float


def numbers_between(least: int, most: int) -> list[int]:
    """Return whole numbers from `least` to `most`, four or fewer in each doubling."""
    steps = {round(2 ** (power / 4)) for power in range(4 * most.bit_length() + 1)}
    return sorted({step for step in steps | {least, most} if least <= step <= most})


def fit_law(points: Points) -> CoverageLaw | None:
    """Fit the law; None where there is nothing to fit.

    That is where coverage is 0 everywhere or 1 everywhere, or where there is one point only.
    """
    if len(points) < 2 or max(c for _, c in points) <= 0 or min(c for _, c in points) >= 1:
        return None
    log_a, b = _begin(points)
    error, damping = _squares(points, log_a, b), 1e-3
    for _ in range(_STEPS):
        step = _step(points, log_a, b, damping)
        next_a = min(_MOST_LOG_A, max(-_MOST_LOG_A, log_a + step[0]))
        next_b = min(_MOST_B, max(0.0, b + step[1]))
        squares = _squares(points, next_a, next_b)
        if squares < error:
            gained = error - squares
            log_a, b, error, damping = next_a, next_b, squares, damping / 4
            if gained < 1e-14:
                break
        else:
            damping *= 6
            if damping > 1e9:
                break
    return CoverageLaw(math.exp(log_a), b)


def _begin(points: Points) -> tuple[float, float]:
    """The line through log(-log coverage) against log k."""
    inside = [(math.log(k), math.log(-math.log(c))) for k, c in points if 0 < c < 1]
    middle, height = (fmean(column) for column in zip(*inside, strict=True)) if inside else (0, 0)
    spread = sum((x - middle) ** 2 for x, _ in inside)
    slope = sum((x - middle) * (y - height) for x, y in inside) / spread if spread else -0.5
    b = min(_MOST_B, max(0.0, -slope))
    return min(_MOST_LOG_A, max(-_MOST_LOG_A, height + b * middle)), b


def _squares(points: Points, log_a: float, b: float) -> float:
    law = CoverageLaw(math.exp(log_a), b)
    return sum((law.at(k) - c) ** 2 for k, c in points)


def _step(points: Points, log_a: float, b: float, damping: float) -> tuple[float, float]:
    """One step of Levenberg and Marquardt: the damped normal equations of two unknowns."""
    aa = ab = bb = ga = gb = 0.0
    for k, c in points:
        power = math.exp(log_a) * k**-b
        model = math.exp(-power)
        by_a, by_b = -model * power, model * power * math.log(k)
        missing = c - model
        aa, ab, bb = aa + by_a * by_a, ab + by_a * by_b, bb + by_b * by_b
        ga, gb = ga + by_a * missing, gb + by_b * missing
    aa, bb = aa * (1 + damping) + 1e-15, bb * (1 + damping) + 1e-15
    size = aa * bb - ab * ab
    if size <= 0:
        return 0.0, 0.0
    return (ga * bb - gb * ab) / size, (gb * aa - ga * ab) / size


def fitted_law(problems: Sequence[SampledProblem], most: int) -> FittedLaw | None:
    """Fit pass@k of problems that all have `most` samples; None where there is nothing to fit."""
    numbers = numbers_between(1, most)
    rows = [[pass_at_k(problem.samples, problem.right, k) for k in numbers] for problem in problems]
    points = list(zip(numbers, _means(rows), strict=True))
    law = fit_law(points)
    if law is None:
        return None
    beyond = [2 * most, 4 * most, 10 * most]
    drawn: list[list[float]] = []
    for resample in _resamples(rows):
        means = _means(resample)
        again = fit_law(list(zip(numbers, means, strict=True)))
        if again is not None:
            drawn.append([again.a, again.b, *(again.at(k) for k in beyond)])
        else:  # no right sample at all, or nothing but right ones: it has no parameters
            drawn.append([math.nan, math.nan, *(means[-1] for _ in beyond)])
    columns = [list(column) for column in zip(*drawn, strict=True)] or [[] for _ in range(5)]
    ranged = [
        _ranged(value, column)
        for value, column in zip([law.a, law.b, *(law.at(k) for k in beyond)], columns, strict=True)
    ]
    return FittedLaw(
        a=ranged[0],
        b=ranged[1],
        error=fmean(abs(law.at(k) - c) for k, c in points),
        most=most,
        beyond=tuple(zip(beyond, ranged[2:], strict=True)),
    )


def held_out(problems: Sequence[SampledProblem], most: int) -> HeldOut | None:
    """Fit on a quarter of the samples, drawn at random, and compare with the coverage of all.

    None where a quarter is less than two samples, or where there is nothing to fit.
    """
    seen = most // 4
    if seen < 2:
        return None
    below, above = numbers_between(1, seen), numbers_between(seen, most)[1:]
    measured = [
        [pass_at_k(problem.samples, problem.right, k) for k in above] for problem in problems
    ]
    rng = random.Random(1)

    def predict(chosen: Sequence[int]) -> tuple[float, float, float, float]:
        """Error, bias, error of a flat line, and the coverage at `most`, of one draw."""
        drawn = []
        for place in chosen:
            one = problems[place]
            right = sum(number < one.right for number in rng.sample(range(one.samples), seen))
            drawn.append([pass_at_k(seen, right, k) for k in below])
        means = _means(drawn)
        law = fit_law(list(zip(below, means, strict=True)))
        truth = _means([measured[place] for place in chosen])
        guesses = [means[-1] if law is None else law.at(k) for k in above]
        off = [guess - right for guess, right in zip(guesses, truth, strict=True)]
        flat = fmean(abs(means[-1] - right) for right in truth)
        return fmean(map(abs, off)), fmean(off), flat, guesses[-1]

    everything = range(len(problems))
    truth = _means(measured)
    if fit_law(list(zip(above, truth, strict=True))) is None and truth[-1] in (0.0, 1.0):
        return None
    error, bias, flat, last = (
        fmean(column) for column in zip(*(predict(everything) for _ in range(_DRAWS)), strict=True)
    )
    again = [
        predict(rng.choices(everything, k=len(problems)))
        for _ in range(_RESAMPLES // 2 if len(problems) > 1 else 0)
    ]
    return HeldOut(
        seen=seen,
        most=most,
        error=_ranged(error, [item[0] for item in again]),
        bias=bias,
        flat_error=flat,
        predicted=_ranged(last, [item[3] for item in again]),
        measured=truth[-1],
    )


def _means(rows: Sequence[Sequence[float]]) -> list[float]:
    return [fmean(column) for column in zip(*rows, strict=True)]


def _resamples(rows: Sequence[list[float]]) -> list[list[list[float]]]:
    if len(rows) < 2:
        return []
    rng = random.Random(0)
    return [rng.choices(rows, k=len(rows)) for _ in range(_RESAMPLES)]


def _ranged(value: float, drawn: Sequence[float]) -> Ranged:
    known = sorted(value for value in drawn if not math.isnan(value))
    if not known:
        return Ranged(value, None, None)
    cut = int(0.025 * len(known))
    return Ranged(value, known[cut], known[-1 - cut])
