"""Which inputs are kept: the vote of validators, each with the weight that it has earned.

A validator that rejects a sample of the statement has no vote. One that accepts broken samples
(`broken_inputs`) has little: it checks nothing. The statement's grammar, where it was read, votes
too. An input is kept where enough of the weight accepts it, and where those who accept it are
together worth believing: any number of validators that accept everything are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medalist.agent.evidence.grammar import Grammar

ACCEPTING = 0.75
"""The share of the weight that must accept an input (o1-ioi's and GenCluster's, of validators)."""

_LEAST_TRUST = 0.5  # below, an input is not kept
_MOST_TRUST = 0.9
_LEAST_WEIGHT = 0.05  # of a validator that accepts whatever it gets
_UNTRIED = 0.3  # of one that could be tried on nothing
_RIGHT = 0.8  # how often a validator of full weight is taken to be right
_SURE_GRAMMAR, _UNSURE_GRAMMAR = 0.65, 0.3
"""The grammar's weight: alone enough where all of the statement was read, else not. Two validators
that accept what it rejects outvote it in any case."""


@dataclass(frozen=True)
class Voter:
    """A validator's word on each input, None where it has none, and the weight of it, 0 to 1."""

    weight: float
    accepts: Sequence[bool | None]


def weight_of(samples: Sequence[bool | None], broken: Sequence[bool | None]) -> float:
    """Return the weight of a validator by its verdicts on samples and on broken samples."""
    if not all(samples):
        return 0.0
    if not broken:
        return _UNTRIED
    accepted = sum(judged is True for judged in broken) / len(broken)
    return max(_LEAST_WEIGHT, (1 - accepted) ** 2)


def grammar_voter(grammar: Grammar | None, inputs: Sequence[bytes]) -> Voter:
    """Return the word of the statement's grammar; without one it has no weight."""
    if grammar is None:
        return Voter(0.0, [None] * len(inputs))
    unsure = grammar.unread or grammar.guessed or not grammar.sure
    return Voter(
        _UNSURE_GRAMMAR if unsure else _SURE_GRAMMAR, [grammar.allowed(input_) for input_ in inputs]
    )


def elected(voters: Sequence[Voter], inputs: int) -> dict[int, float]:
    """Return the indices of the inputs that are kept, each with the trust in it (0 to 1)."""
    kept = {}
    for index in range(inputs):
        saying = [
            voter for voter in voters if voter.weight > 0 and voter.accepts[index] is not None
        ]
        total = sum(item.weight for item in saying)
        accepting = [item.weight for item in saying if item.accepts[index]]
        if not accepting or sum(accepting) < ACCEPTING * total:
            continue
        doubt = 1.0
        for weight in accepting:
            doubt *= 1 - _RIGHT * weight
        trust = min(_MOST_TRUST, (1 - doubt) * sum(accepting) / total)
        if trust >= _LEAST_TRUST:
            kept[index] = round(trust, 4)
    return kept
