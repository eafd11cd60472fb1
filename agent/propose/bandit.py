"""Chooses the next prompts by the pass rates on samples so far in this run."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medalist.agent.propose.sample import Way, evenly


@dataclass(frozen=True)
class Record:
    """What a way to ask has brought so far.

    Attributes:
        reward: Sum of rewards, each 0 to 1.
        trials: How many answers.
        tokens: Tokens that these answers cost, 0 where the endpoint did not say.
    """

    reward: float = 0.0
    trials: int = 0
    tokens: int = 0

    def plus(self, reward: float, tokens: int) -> Record:
        """Return the record with one more answer."""
        return self.and_(Record(reward, 1, tokens))

    def and_(self, other: Record) -> Record:
        """Return both together."""
        return Record(
            self.reward + other.reward, self.trials + other.trials, self.tokens + other.tokens
        )

    def at_most(self, trials: int) -> Record:
        """Return the record scaled down to a maximum number of answers, with the same means."""
        if self.trials <= trials:
            return self
        share = trials / self.trials
        return Record(self.reward * share, trials, round(self.tokens * share))


def allocate(
    ways: Sequence[Way], records: Mapping[Way, Record], count: int, *, seed: int
) -> list[Way]:
    """Choose the ways of a round's `count` samples by Thompson sampling on reward a token.

    It depends on nothing but its arguments, and records change at round barriers only: a replay
    makes the same choices. Ways that were never tried come first.

    Args:
        ways: All ways to ask.
        records: What each has brought.
        count: How many picks to return.
        seed: The run's seed; together with the number of trials so far it decides all draws.
    """
    known = {way: records.get(way, Record()) for way in ways}
    untried = [way for way in ways if known[way].trials == 0]
    picks = evenly(untried, min(count, len(untried)))
    total = sum(record.trials for record in known.values())
    rng = random.Random(f"{seed}/{total}")
    price = _prices(known)
    while len(picks) < count:
        draws = {
            way: rng.betavariate(1 + record.reward, 1 + record.trials - record.reward) / price[way]
            for way, record in known.items()
        }
        picks.append(max(ways, key=lambda way: draws[way]))
    return picks


def _prices(known: Mapping[Way, Record]) -> dict[Way, float]:
    """Mean tokens of each way relative to the mean over all, 1 where they are not known."""
    means = {way: r.tokens / r.trials for way, r in known.items() if r.trials and r.tokens}
    middle = sum(means.values()) / len(means) if means else 1.0
    return {way: means.get(way, middle) / middle for way in known}
