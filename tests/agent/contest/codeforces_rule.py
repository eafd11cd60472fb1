"""Codeforces' rule of rating changes, from the product's expected places: for checking these."""

from __future__ import annotations

import math
from collections.abc import Sequence

from medalist.agent.contest.ratings import beats


def codeforces_changes(ratings: Sequence[float], places: Sequence[float]) -> list[int]:
    """Return how a Codeforces round changes the ratings of its participants.

    https://codeforces.com/blog/entry/20762: a participant's rating moves half of the way to the
    one that would expect the geometric mean of the expected and the reached place; then all are
    lowered alike so that the sum does not grow, and once more so that the best ones' does not.

    Args:
        ratings: Ratings before the round.
        places: Places from 1; equals share the last place of their group.
    """
    count = len(ratings)
    expected = _Expected(ratings)
    changes = []
    for rating, place in zip(ratings, places, strict=True):
        mean = math.sqrt(expected.of(rating, rating) * place)
        changes.append(int((expected.needed(mean, rating) - rating) / 2))
    lower = int(-sum(changes) / count) - 1
    changes = [change + lower for change in changes]
    best = sorted(range(count), key=lambda one: -ratings[one])
    top = min(count, 4 * round(math.sqrt(count)))
    lower = min(0, max(-10, int(-sum(changes[item] for item in best[:top]) / top)))
    return [change + lower for change in changes]


class _Expected:
    """Expected places among many participants, by their number at each whole rating."""

    def __init__(self, ratings: Sequence[float]) -> None:
        self._counts: dict[float, int] = {}
        for rating in ratings:
            self._counts[rating] = self._counts.get(rating, 0) + 1
        self._known: dict[float, float] = {}

    def of(self, rating: float, without: float) -> float:
        """The expected place of a rating among all but one of rating `without`."""
        if rating not in self._known:
            parts = (count * beats(other, rating) for other, count in self._counts.items())
            self._known[rating] = 1 + sum(parts)
        return self._known[rating] - beats(without, rating)

    def needed(self, place: float, without: float) -> int:
        """The highest whole rating that expects at least this place."""
        low, high = 1, 8000
        while high - low > 1:
            middle = (low + high) // 2
            if self.of(middle, without) < place:
                high = middle
            else:
                low = middle
        return low
