"""Published ways to choose, each from its formula; all order clusters and go round them.

Sources: minimum Bayes risk over execution results (Shi et al., 2022), CodeT's dual agreement
(Chen et al., 2023), ACES (arXiv 2604.03922), consensus of 64 (o1's technical report), and
SRank-like agreement between clusters. Where a paper leaves a tie, votes decide, then the order of
arrival.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from medalist.agent.choose.clusters import cluster
from medalist.agent.choose.policy import View
from medalist.agent.choose.predicted_tests import aces_weights
from medalist.agent.choose.ranking import ClusterPolicy, any_output
from medalist.agent.types import Cluster


class MinimumBayesRisk(ClusterPolicy):
    """The cluster whose outputs agree most with those of all candidates, input by input."""

    name = "mbr"

    def score(self, view: View, clusters: Sequence[Cluster]) -> list[float]:
        """Score by the votes that share the output, summed over inputs; failures earn nothing."""
        counts = votes_per_input(view)
        return [
            float(
                sum(
                    count[key]
                    for count, key in zip(
                        counts, view.behaviours[group.programs[0]].keys, strict=True
                    )
                    if key is not None and key.is_output
                )
            )
            for group in clusters
        ]


class CodeT(ClusterPolicy):
    """Dual agreement: programs that pass the same tests, by √programs · tests.

    Among programs that pass the same tests (all of them where there are no tests) those with more
    votes come first.
    """

    name = "codet"

    def clusters(self, view: View) -> Sequence[Cluster]:
        """Group programs by the set of claims that they fulfil."""
        groups: dict[tuple[bool, ...], list[str]] = {}
        for program in view.programs:
            row = view.behaviours.get(program.program_id)
            if row is not None:
                passed = _passed(view, program.program_id)
                groups.setdefault(passed, []).append(program.program_id)
        return [
            Cluster(
                str(number),
                tuple(sorted(programs, key=lambda name: -view.votes[name])),
                view.votes_of(programs),
            )
            for number, programs in enumerate(groups.values())
        ]

    def score(self, view: View, clusters: Sequence[Cluster]) -> list[float]:
        """Score a consensus set as the paper does; duplicates of programs and tests count."""
        return [
            math.sqrt(group.votes) * claims_fulfilled(view, group.programs[0]) for group in clusters
        ]


class Aces(CodeT):
    """Tests weighted by how well they agree with the ranking that the other tests make.

    Programs are ordered by the weight of the tests that they pass (ACES-C; see `predicted_tests`).
    Programs that pass the same tests are equal; of such those with more votes come first.
    """

    name = "aces"

    def score(self, view: View, clusters: Sequence[Cluster]) -> list[float]:
        """Score by weighted tests; votes decide between equals, as where there are no tests."""
        passed = [_passed(view, group.programs[0]) for group in clusters]
        votes = [float(group.votes) for group in clusters]
        weights = aces_weights(passed, votes)
        most = max(votes, default=0.0) + 1
        return [
            sum(weight for weight, passes in zip(weights, row, strict=True) if passes)
            + 1e-9 * vote / most
            for row, vote in zip(passed, votes, strict=True)
        ]


def _passed(view: View, program_id: str) -> tuple[bool, ...]:
    keys = view.behaviours[program_id].keys
    return tuple(keys[claim.input_index] == claim.key for claim in view.claims)


class ConsensusOf64(ClusterPolicy):
    """The largest cluster among the first 64 candidates; others after it by size."""

    name = "consensus-64"

    def clusters(self, view: View) -> Sequence[Cluster]:
        """Cluster with the votes of the first 64 candidates only."""
        first = Counter(candidates_in_order(view)[:64])
        rows = [view.behaviours[name] for name in view.votes if name in view.behaviours]
        return cluster(rows, {row.program_id: first[row.program_id] for row in rows})

    def score(self, view: View, clusters: Sequence[Cluster]) -> list[float]:
        """Score by votes; programs that fail on every input are not consensus."""
        return [
            float(group.votes if any_output(view, group.programs[0]) else group.votes - 10**9)
            for group in clusters
        ]


def candidates_in_order(view: View) -> list[str]:
    """Return the program id of every candidate, programs in order of arrival."""
    return [program.program_id for program in view.programs for _ in program.candidates]


def votes_per_input(view: View) -> list[Counter[str | None]]:
    """Return for each input how many candidates gave each key."""
    width = len(next(iter(view.behaviours.values())).keys) if view.behaviours else 0
    counts: list[Counter[str | None]] = [Counter() for _ in range(width)]
    for group in view.clusters:
        for count, key in zip(counts, view.behaviours[group.programs[0]].keys, strict=True):
            count[key] += group.votes
    return counts


def claims_fulfilled(view: View, program_id: str) -> float:
    """Return the weight of the claims that a program fulfils."""
    keys = view.behaviours[program_id].keys
    return sum(claim.weight for claim in view.claims if keys[claim.input_index] == claim.key)
