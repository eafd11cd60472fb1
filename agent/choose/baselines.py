"""The simplest policies: what anything better is measured against."""

from __future__ import annotations

import random
from collections.abc import Sequence

from medalist.agent.choose.policy import RankingPolicy, View
from medalist.agent.choose.ranking import ClusterPolicy, any_output
from medalist.agent.types import Cluster, Program, Submission


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


class LargestCluster(ClusterPolicy):
    """The cluster with most votes first; programs that fail on every input are not consensus."""

    name = "largest-cluster"

    def score(self, view: View, clusters: Sequence[Cluster]) -> list[float]:
        """Score by votes."""
        return [
            float(cluster.votes if any_output(view, cluster.programs[0]) else cluster.votes - 10**9)
            for cluster in clusters
        ]


def _unique(programs: list[Program]) -> list[Program]:
    return list({program.program_id: program for program in programs}.values())
