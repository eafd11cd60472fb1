"""The bins of difficulty at one look, each with the action that is worth most there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, stdev
from typing import TypeAlias

from medalist.agent.choose.allocation import MORE, STOP, DifficultyBin, change_to
from medalist.agent.scale.allocation_plays import AllocationPlay

BINS = 4
_LEAST = 4
"""Fewer problems than this make no bin."""

_SURE = 2.0
"""So many standard errors must a bin gain by doing otherwise than the others."""

PlayRow: TypeAlias = tuple[AllocationPlay, Sequence[float]]
"""A play, and the chance of being solved at each of its looks."""


@dataclass(frozen=True)
class PlayOutcome:
    """What a play held and cost in the end, and how many samples it took; also means of several."""

    held: float
    cost: float
    samples: float


@dataclass(frozen=True)
class LookRows:
    """The plays at one look: what follows if one goes on (nothing at the last), or changes."""

    rows: Sequence[PlayRow]
    place: int
    going: Sequence[PlayOutcome]
    after: Mapping[str, Mapping[str, PlayOutcome]]

    def ends(self, place: int) -> dict[str, tuple[float, float]]:
        """Return what each action holds, and further costs, in one play."""
        play = self.rows[place][0]
        now = play.looks[self.place]
        ends = {STOP: (now.held, 0.0)}
        if self.going:
            ends[MORE] = self.going[place].held, self.going[place].cost - now.cost
        for name, outcomes in self.after.items():
            after = outcomes[play.problem_id]
            ends[change_to(name)] = after.held, after.cost
        return ends

    def worths(self, places: Sequence[int]) -> dict[str, list[tuple[float, float]]]:
        """Return what each action holds and further costs: of each problem, the mean over plays."""
        by_name: dict[str, list[dict[str, tuple[float, float]]]] = {}
        for n in places:
            by_name.setdefault(self.rows[n][0].problem_id, []).append(self.ends(n))
        return {
            action: [
                (fmean(ends[action][0] for ends in some), fmean(ends[action][1] for ends in some))
                for some in by_name.values()
            ]
            for action in self.ends(places[0])
        }


def bins_of(at: LookRows, price: float) -> tuple[DifficultyBin, ...]:
    """Return the bins of a look, each with its action.

    Taken is what is worth most over all bins; a bin has another one only where that is worth more
    by more than twice the standard error of the difference, over its problems.
    """
    unsolved = [n for n, (play, _) in enumerate(at.rows) if not play.looks[at.place].solved]
    if not unsolved:
        return (DifficultyBin(1.0, STOP),)
    unsolved.sort(key=lambda n: at.rows[n][1][at.place])
    usual = _best(at.worths(unsolved), price, None)
    bins = []
    for places, below in _parts(at, unsolved):
        worths = at.worths(places)
        then = _best(worths, price, usual)
        means = {
            action: (fmean(held for held, _ in rows), fmean(cost for _, cost in rows))
            for action, rows in worths.items()
        }
        others = {action: row for action, row in means.items() if action != STOP}
        later, cost = others.get(then) or max(
            others.values(), key=lambda row: price * row[0] - row[1], default=(None, None)
        )
        bins.append(
            DifficultyBin(
                below=below,
                then=then,
                problems=len(worths[STOP]),
                solved=round(means[STOP][0], 4),
                later=None if later is None else round(later, 4),
                cost=None if cost is None else round(cost, 6),
            )
        )
    return tuple(bins)


def _best(
    worths: Mapping[str, Sequence[tuple[float, float]]], price: float, usual: str | None
) -> str:
    """Return the action of most worth; another than the usual one must gain beyond doubt."""
    values = {
        action: [price * held - cost for held, cost in rows] for action, rows in worths.items()
    }
    if usual is None:
        return max(values, key=lambda action: fmean(values[action]))
    best, most = usual, 0.0
    for action, row in values.items():
        gains = [mine - theirs for mine, theirs in zip(row, values[usual], strict=True)]
        error = stdev(gains) / math.sqrt(len(gains)) if len(gains) > 1 else math.inf
        if fmean(gains) > max(most, _SURE * error):
            best, most = action, fmean(gains)
    return best


def _parts(at: LookRows, places: Sequence[int]) -> list[tuple[list[int], float]]:
    """Cut plays in the order of their chances into bins of equal size, with the upper ends.

    Bins of fewer than `_LEAST` problems go to their neighbours.
    """
    parts: list[tuple[list[int], float]] = []
    some: list[int] = []

    def chance_of(n: int) -> float:
        return at.rows[n][1][at.place]

    def enough() -> bool:
        return len({at.rows[n][0].problem_id for n in some}) >= _LEAST

    for number, (n, following) in enumerate(pairwise(places), 1):
        some.append(n)
        full = number >= len(places) / BINS * (len(parts) + 1)
        if full and enough() and chance_of(n) < chance_of(following):
            below = round((chance_of(n) + chance_of(following)) / 2, 6)
            if chance_of(n) < below <= chance_of(following):
                parts.append((some, below))
                some = []
    some += places[-1:]
    if parts and not enough():
        some = parts.pop()[0] + some
    return [*parts, (some, 1.0)] if some else parts
