"""What models and mutants say of clusters, as parts of a belief that are bounded.

None of it was fitted: a judge model, a predicted test or a weak suite may be wrong, so each moves a
score by so much at most, however often it is said. The bounds were chosen beforehand.
"""

from __future__ import annotations

from medalist.agent.choose.features import ClusterGroup
from medalist.agent.choose.policy import View
from medalist.agent.evidence.strength import WEAK
from medalist.agent.forecast import TRUST
from medalist.agent.propose.tournament import pair_values

_DUEL = 0.4
_MOST_DUELS = 0.5
"""What a pair won in both orders adds to a score (the log odds of a judge that is right three times
in five), and the most that all duels together may add or take."""

_MUTANTS_BEFORE = 5
"""The measured share of mutants counts beside so many that were killed as often as by inputs that
are just strong enough."""


def duel_score(view: View, group: ClusterGroup) -> float:
    """Return what duels against other behaviours add to a cluster's score, within bounds.

    A pair counts if it met in both orders, by the mean of both: what a judge says by the order
    cancels out.
    """
    members = set(group.programs)
    net = 0.0
    for (first, second), value in pair_values(view.duels).items():
        if (first in members) != (second in members):
            net += (2 * value - 1) * (1 if first in members else -1)
    return max(-_MOST_DUELS, min(_MOST_DUELS, _DUEL * net))


def heard(said: float, votes: float, others: float) -> float:
    """Return how far a model's words on a cluster count: less, the more votes speak against them.

    Praise counts by the cluster's votes over those of the largest other one, blame the other way
    round, neither more than whole. So words decide between clusters of like size, and no number of
    them turns a wide majority.
    """
    if said > 0 and others > votes:
        return said * votes / others
    if said < 0 and votes > others:
        return said * others / votes
    return said


def trust_in_suite(mutants: tuple[int, int] | None) -> float:
    """Return the share of a belief that is left by how strong the inputs are, 0 to 1.

    `TRUST` of the programs that pass the samples are right. Of the others, inputs that kill the
    share s of mutants leave 1 - s; so of the programs that behave alike on them
    TRUST / (TRUST + (1 - TRUST) (1 - s)) are right. Beliefs are made for inputs that are strong
    enough (`WEAK`), so it is compared with that: 1 there, and 0.76 where no mutant is killed.

    Args:
        mutants: How many were killed, and of how many; None where that was not measured.
    """
    if mutants is None:
        return 1.0
    killed, total = mutants
    share = (killed + _MUTANTS_BEFORE * WEAK) / (total + _MUTANTS_BEFORE)
    return min(1.0, _right_of_alike(share) / _right_of_alike(WEAK))


def _right_of_alike(killed: float) -> float:
    return TRUST / (TRUST + (1 - TRUST) * (1 - killed))
