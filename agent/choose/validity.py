"""Which inputs are believed valid, seen from what the programs do on them.

An input that the statement does not allow is not an evidence: right programs crash on it or print
whatever their way of reading makes of it, each in its own way. Which programs are reliable and
which inputs are valid is estimated jointly, by expectation maximisation over a small latent model
in the manner of Dawid and Skene (1979):

- a program is as reliable as it agrees with others on inputs believed valid;
- on a valid input reliable programs print one thing, or (where it uncovers a common fault) one of
  two; on an invalid one they crash or scatter. How often they do which on invalid inputs is
  estimated from the problem's own inputs, with a prior.

Running out of time, memory or output says nothing, nor does crashing on an input at the bounds:
large valid inputs do that. Two outputs that divide the programs cleanly are what an input is for,
and are not held against it. Where bounds are guessed, an input on which a program crashes and
another that agrees with it everywhere else does not is set aside in any case.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medalist.agent.evidence.origin import Origin
from medalist.agent.types import Behaviour, OutcomeKey

DOUBTFUL = 0.5
"""Inputs less likely to be valid than this are set aside."""

_GUESSED = 0.8  # inputs that were trusted less than this rest on guesses
_MOST_ROWS = 64  # behaviours looked at, those with most votes: time grows with their square
_FEWEST = 3  # programs: fewer cannot tell an invalid input from a hard one
_ROUNDS = 12
_SHARPNESS = 8.0  # how fast reliability falls with agreement
_MOST_WITNESSES = 12.0  # programs of one model are not independent: so many count at most

Keys = tuple[OutcomeKey | None, ...]
Shares = tuple[float, float, float, float]

_SILENT = ("!time", "!idle", "!memory", "!output")
# What a reliable program does on an input: prints what most print, what second most print,
# something else, or crashes.
_VALID = (0.79, 0.12, 0.04, 0.05)
_INVALID = (0.30, 0.15, 0.25, 0.30)
_PRIOR_WEIGHT = 10.0  # inputs that the prior on `_INVALID` is worth


@dataclass(frozen=True)
class Validity:
    """How likely each input is valid, and which are set aside, each with the reason in words."""

    chances: tuple[float, ...]
    set_aside: Mapping[int, str]


def validity(
    rows: Sequence[Behaviour], votes: Mapping[str, int], origins: Sequence[Origin]
) -> Validity:
    """Estimate which inputs are valid.

    Args:
        rows: What programs that may be right (that pass the samples) did, all on the same inputs.
        votes: Program id to the number of its candidates.
        origins: How each input was made; samples are valid beyond doubt.

    Returns:
        What was believed before where too few programs were run to say anything; then nothing is
        set aside.
    """
    kinds = _distinct(rows, votes, origins)
    if sum(min(_FEWEST, count) for _, count in kinds) < _FEWEST or not origins:
        return Validity(tuple(origin.trust for origin in origins), {})
    certain = {index for index, origin in enumerate(origins) if origin.how == "sample"}
    trust = [origin.trust for origin in origins]
    model = _Model([keys for keys, _ in kinds], [count for _, count in kinds], trust, certain)
    for _ in range(_ROUNDS):
        model.improve()
    reasons = {
        index: model.reason(index)
        for index, chance in enumerate(model.valid)
        if index not in certain and chance < DOUBTFUL
    }
    guessed = [
        index
        for index, origin in enumerate(origins)
        if index not in reasons and origin.how != "sample" and _is_guessed(origin)
    ]
    kept = [index for index in range(len(origins)) if index not in reasons]
    for index in _lone_crashes([keys for keys, _ in kinds], kept, guessed):
        reasons[index] = "its bounds are guessed, and programs that agree elsewhere crash on it"
    return Validity(tuple(model.valid), dict(sorted(reasons.items())))


def _is_guessed(origin: Origin) -> bool:
    return bool(origin.guessed) or origin.trust < _GUESSED


def _lone_crashes(rows: Sequence[Keys], kept: Sequence[int], guessed: Sequence[int]) -> list[int]:
    """Return guessed inputs on which programs that agree on all others do and do not crash."""
    doubted = set(guessed)
    firm = [index for index in kept if index not in doubted]
    alike: dict[Keys, list[Keys]] = defaultdict(list)
    for row in rows:
        alike[tuple(row[index] for index in firm)].append(row)
    lone = []
    for index in guessed:
        for members in alike.values():
            keys = {key for row in members if (key := row[index]) is not None}
            if len({key[0] for key in keys if key not in _SILENT}) > 1:
                lone.append(index)
                break
    return lone


def _distinct(
    rows: Sequence[Behaviour], votes: Mapping[str, int], origins: Sequence[Origin]
) -> list[tuple[Keys, float]]:
    """Return behaviours with their votes, crashes at the bounds left out, most votes first."""
    large = [origin.how == "large" for origin in origins]
    counts: dict[Keys, float] = defaultdict(float)
    for row in rows:
        keys = tuple(
            None if key is None or key in _SILENT or (at_bounds and not key.is_output) else key
            for key, at_bounds in zip(row.keys, large, strict=True)
        )
        counts[keys] += votes.get(row.program_id, 1)
    return sorted(counts.items(), key=lambda item: -item[1])[:_MOST_ROWS]


class _Model:
    """The state of the estimate: chances of inputs, reliability of behaviours."""

    def __init__(
        self,
        rows: Sequence[Keys],
        counts: Sequence[float],
        trust: Sequence[float],
        certain: set[int],
    ) -> None:
        self._rows = rows
        self._counts = counts
        self._certain = certain
        self._prior = [_logit(chance) for chance in trust]
        self.valid = [1.0 if index in certain else chance for index, chance in enumerate(trust)]
        self._reliable = [1.0] * len(rows)
        self._invalid = list(_INVALID)
        self._columns = list(zip(*rows, strict=True))
        self._equal = [
            [_agreements(one, other) for other in rows[:place]] for place, one in enumerate(rows)
        ]

    def improve(self) -> None:
        """One round: programs by inputs, inputs by programs, then what invalid inputs do."""
        self._reliable = self._reliabilities()
        shares = [self.shares(index) for index in range(len(self.valid))]
        for index, share in enumerate(shares):
            if index not in self._certain:
                self.valid[index] = self._chance(index, share)
        self._learn(shares)

    def _reliabilities(self) -> list[float]:
        size = len(self._rows)
        agreed = [[1.0] * size for _ in range(size)]
        for number in range(size):
            for other in range(number):
                seen, equal = 0.0, 0.0
                for index, alike in self._equal[number][other]:
                    seen += self.valid[index]
                    equal += self.valid[index] * alike
                agreed[number][other] = agreed[other][number] = (equal + 0.5) / (seen + 1.0)
        raw = [
            sum(
                count * agreed[number][other] ** _SHARPNESS
                for other, count in enumerate(self._counts)
            )
            for number in range(size)
        ]
        return [value / max(raw) for value in raw]

    def shares(self, index: int) -> Shares | None:
        """How programs on an input are shared out (see `_VALID`), weighed by their reliability.

        None where nothing was said.
        """
        weights: dict[str, float] = defaultdict(float)
        crashed = 0.0
        column = self._columns[index]
        for key, count, reliable in zip(column, self._counts, self._reliable, strict=True):
            if key is None:
                continue
            if key.is_output:
                weights[key] += count * reliable
            else:
                crashed += count * reliable
        total = sum(weights.values()) + crashed
        if total <= 0:
            return None
        first, second = (*sorted(weights.values(), reverse=True), 0.0, 0.0)[:2]
        rest = sum(weights.values()) - first - second
        return first / total, second / total, max(0.0, rest) / total, crashed / total

    def _witnesses(self, index: int) -> float:
        """How many programs' word a column is worth (Kish's effective size, bounded)."""
        column = self._columns[index]
        weights = [
            (reliable, count)
            for key, count, reliable in zip(column, self._counts, self._reliable, strict=True)
            if key is not None
        ]
        total = sum(weight * count for weight, count in weights)
        squares = sum(weight * weight * count for weight, count in weights)
        return min(_MOST_WITNESSES, total * total / squares) if squares > 0 else 0.0

    def _chance(self, index: int, share: Shares | None) -> float:
        if share is None:
            return _logistic(self._prior[index])
        gain = sum(
            part * math.log(valid / invalid)
            for part, valid, invalid in zip(share, _VALID, self._invalid, strict=True)
        )
        return _logistic(self._prior[index] + self._witnesses(index) * gain)

    def _learn(self, shares: Sequence[Shares | None]) -> None:
        sums = [_PRIOR_WEIGHT * part for part in _INVALID]
        for index, share in enumerate(shares):
            if share is not None and index not in self._certain:
                for place, part in enumerate(share):
                    sums[place] += (1 - self.valid[index]) * part
        # A clean division is not a mark of invalid inputs, however many of them divide so.
        learned = [value / sum(sums) for value in sums]
        self._invalid = [
            min(learned[0], _INVALID[0]),
            min(learned[1], _INVALID[1]),
            *learned[2:],
        ]

    def reason(self, index: int) -> str:
        """Say in words what speaks against an input."""
        share = self.shares(index)
        if share is None:
            return "nothing is known of it"
        if share[3] >= share[2] and share[3] > 0:
            return (
                "reliable programs crash on it" if share[3] > 0.5 else "some programs crash on it"
            )
        return "programs that agree elsewhere disagree on it"


def _agreements(first: Keys, second: Keys) -> list[tuple[int, bool]]:
    """Where both did something that counts, and whether they gave the same output there."""
    return [
        (index, one == other and one.is_output)
        for index, (one, other) in enumerate(zip(first, second, strict=True))
        if one is not None and other is not None
    ]


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -500 else 0.0
