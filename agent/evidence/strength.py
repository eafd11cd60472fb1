"""How strong a suite of inputs is, measured before it is trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from medalist.agent.types import Behaviour

WEAK = 0.8
"""Inputs that kill a smaller share of the mutants than this are weak. Some mutants behave like the
original on every input, so the share is seldom 1."""


@dataclass(frozen=True)
class Strength:
    """What a suite does to wrong programs.

    Attributes:
        killed: Wrong programs that behave differently from the leader on some input.
        total: Wrong programs looked at.
        survivors: Those that no input tells apart, in the order given.
        kills: For each input, how many wrong programs it tells apart.
    """

    killed: int
    total: int
    survivors: tuple[str, ...]
    kills: tuple[int, ...]

    @property
    def rate(self) -> float | None:
        """The share killed; None where there was nothing to kill."""
        return self.killed / self.total if self.total else None

    def order(self) -> list[int]:
        """Return the inputs' indices, the deadliest first; it separates fastest."""
        return sorted(range(len(self.kills)), key=lambda index: -self.kills[index])


def strength(leader: Behaviour, wrong: Iterable[Behaviour]) -> Strength:
    """Measure a suite by programs that are wrong if the leader is right (its mutants, say).

    Where one of them or the leader was not run, it is not killed.
    Mutants that behave like the leader on every possible input cannot be known from here and
    count as survivors: the rate is a lower bound.
    """
    kills: Counter[int] = Counter()
    survivors = []
    total = 0
    for program in wrong:
        total += 1
        pairs = enumerate(zip(leader.keys, program.keys, strict=True))
        told = [
            index
            for index, (ours, theirs) in pairs
            if None not in (ours, theirs) and ours != theirs
        ]
        kills.update(told)
        if not told:
            survivors.append(program.program_id)
    width = len(leader.keys)
    counts = tuple(kills[index] for index in range(width))
    return Strength(total - len(survivors), total, tuple(survivors), counts)
