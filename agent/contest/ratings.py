"""How good a result is, among people of known ratings.

The model behind all of it is Elo's as Codeforces uses it: whoever has rating `a` is placed before
one of rating `b` with probability `1 / (1 + 10 ** ((b - a) / 400))`
(https://codeforces.com/blog/entry/102, https://codeforces.com/blog/entry/20762).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_LOWEST, _HIGHEST = -8000.0, 12000.0
_RESAMPLES = 1000


@dataclass(frozen=True)
class Outing:
    """One contest of somebody: the ratings of the others, and the place among them.

    `place` counts from 1: one more than those who did better, plus half of those who did equally
    well (so that a tie is neither won nor lost).
    """

    others: tuple[float, ...]
    place: float


@dataclass(frozen=True)
class Rating:
    """A rating with its 95 % interval; None where one contest is too few to tell."""

    rating: float
    low: float | None
    high: float | None


def beats(first: float, second: float) -> float:
    """Return the probability that the first rating is placed before the second."""
    return 1 / (1 + 10 ** ((second - first) / 400))


def expected_place(rating: float, others: Sequence[float]) -> float:
    """Return the place (from 1) that a rating may expect among others."""
    return 1 + sum(beats(other, rating) for other in others)


def performance(outing: Outing) -> float:
    """Return the rating that would expect the place that was reached.

    Infinite for who left everybody behind, minus infinity for who came after everybody: no
    rating expects that.
    """
    if not outing.others or outing.place <= 1:
        return math.inf
    if outing.place >= len(outing.others) + 1:
        return -math.inf
    return _falling(lambda rating: expected_place(rating, outing.others), outing.place)


def rating_over(outings: Sequence[Outing], seed: int = 0) -> Rating:
    """Return the rating that explains the places of several contests best.

    It is the one under which the places that were reached add up to those expected, which is
    where the likelihood of all comparisons with the others is highest. The interval comes from
    resampling contests, since the comparisons within one are not independent.
    """

    def fitted(chosen: Sequence[Outing]) -> float:
        places = sum(outing.place for outing in chosen)

        def expected(rating: float) -> float:
            return sum(expected_place(rating, outing.others) for outing in chosen)

        return _falling(expected, places)

    whole = fitted(outings)
    if len(outings) < 2:
        return Rating(whole, None, None)
    rng = random.Random(seed)
    drawn = sorted(fitted(rng.choices(outings, k=len(outings))) for _ in range(_RESAMPLES))
    return Rating(whole, drawn[int(0.025 * _RESAMPLES)], drawn[int(0.975 * _RESAMPLES)])


def _falling(function: Callable[[float], float], wanted: float) -> float:
    """Return where a falling function has a value; the end of the range if it never has."""
    low, high = _LOWEST, _HIGHEST
    for _ in range(60):
        middle = (low + high) / 2
        if function(middle) < wanted:
            high = middle
        else:
            low = middle
    return (low + high) / 2
