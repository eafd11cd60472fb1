"""Policies that score clusters and go round them: one program of each, best cluster first."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from medalist.agent.choose.policy import RankingPolicy, View
from medalist.agent.types import Cluster, Submission


def go_round(groups: Sequence[tuple[Sequence[str], str]]) -> list[Submission]:
    """Return the first program of each group (programs, reason), then the second of each, ..."""
    deepest = max((len(programs) for programs, _ in groups), default=0)
    return [
        Submission(programs[depth], reason)
        for depth in range(deepest)
        for programs, reason in groups
        if depth < len(programs)
    ]


class ClusterPolicy(RankingPolicy):
    """Orders clusters by a score and goes round them."""

    @abstractmethod
    def score(self, view: View, clusters: Sequence[Cluster]) -> list[float]:
        """Return each cluster's score, higher is better."""
        ...

    def clusters(self, view: View) -> Sequence[Cluster]:
        """Return the groups to be ordered; by default the view's clusters."""
        return view.clusters

    def rank(self, view: View) -> list[Submission]:
        """Return programs of the clusters in turn, best cluster first."""
        clusters = self.clusters(view)
        scores = self.score(view, clusters)
        order = sorted(range(len(clusters)), key=lambda index: -scores[index])
        groups = []
        for place, index in enumerate(order, 1):
            one = clusters[index]
            standing = f"cluster {place} of {len(clusters)} by {self.name}"
            groups.append((one.programs, f"{standing}: {scores[index]:.3g}, {one.votes} votes"))
        return go_round(groups)


def any_output(view: View, program_id: str) -> bool:
    """Whether a program gave any output at all; true where it was run on nothing."""
    keys = view.behaviours[program_id].keys
    return not keys or any(key is not None and key.is_output for key in keys)
