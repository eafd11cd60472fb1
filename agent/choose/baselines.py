"""The simplest policies: what anything better is measured against."""

from __future__ import annotations

import random

from medalist.agent.choose.policy import RankingPolicy, View
from medalist.agent.words import Program, Submission


class RandomOrder(RankingPolicy):
    """Candidates in random order: a program is as likely as it has votes."""

    name = "random"

    def rank(self, view: View) -> list[Submission]:
        """Return all programs in an order drawn with the view's seed."""
        rng = random.Random(view.seed)
        candidates = [program for program in view.programs for _ in program.candidates]
        rng.shuffle(candidates)
        return [
            Submission(program.program_id, "drawn at random") for program in _unique(candidates)
        ]


class InOrder(RankingPolicy):
    """Programs in the order in which they came."""

    name = "first"

    def rank(self, view: View) -> list[Submission]:
        """Return all programs as they came."""
        return [
            Submission(program.program_id, f"number {place} in the order of arrival")
            for place, program in enumerate(view.programs, 1)
        ]


class LargestCluster(RankingPolicy):
    """One program of each cluster, largest cluster first; then the second of each, and so on."""

    name = "largest-cluster"

    def rank(self, view: View) -> list[Submission]:
        """Return the programs that were run, round-robin over clusters of decreasing size."""
        clusters = view.clusters
        total = sum(one.votes for one in clusters)
        deepest = max((len(one.programs) for one in clusters), default=0)
        return [
            Submission(
                one.programs[depth],
                f"cluster {place} of {len(clusters)}: {one.votes} of {total} candidates agree",
            )
            for depth in range(deepest)
            for place, one in enumerate(clusters, 1)
            if depth < len(one.programs)
        ]


def _unique(programs: list[Program]) -> list[Program]:
    return list({program.program_id: program for program in programs}.values())
