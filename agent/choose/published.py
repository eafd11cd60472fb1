"""Three systems' ways to choose that need more than clusters: o1-ioi, GenCluster, S*.

Each follows its paper or source as far as those say, without the faults seen in code: a cluster
that is missing or used up burns no submission, equal code is never submitted twice, a solved
subtask is recognised, and a comparison that could not be read counts for nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from medalist.agent.choose.consensus import claims_fulfilled
from medalist.agent.choose.features import ClusterGroup, groups
from medalist.agent.choose.policy import Decision, History, PolicyRules, Stop, View, finished
from medalist.agent.choose.ranking import ClusterPolicy, any_output
from medalist.agent.choose.within_cluster import length
from medalist.agent.types import Cluster, Submission


class O1Ioi:
    """o1-ioi's schedule: round-robin over subtasks from the hardest, best cluster first.

    A cluster's score is the mean of its programs' (share of claims fulfilled, less the share of
    inputs failed, less 1 if samples fail), less a penalty for each try of the cluster; the
    paper's weights are unpublished, these are plain. Where some subtasks are solved, programs
    that disagree with the solver inside those subtasks are dropped for the others.
    """

    name = "o1-ioi-like"

    def __init__(self, penalty: float = 0.5) -> None:
        self._penalty = penalty

    def decide(self, view: View, history: History, rules: PolicyRules) -> Decision:
        """Return the best program for the subtask whose turn it is."""
        over = finished(view, history, rules)
        if over is not None:
            return over
        tried = {submission.program_id for submission, _ in history}
        order = list(rules.subtasks)[::-1] or [""]
        held = {
            subtask: max((one.subtasks.get(subtask, 0.0) for _, one in history), default=0.0)
            for subtask in order
        }
        open_ones = [subtask for subtask in order if held[subtask] < 1.0]
        for turn in range(len(open_ones)):
            subtask = open_ones[(len(history) + turn) % len(open_ones)]
            best = self._best(view, history, subtask, tried)
            if best is not None:
                return best
        rest = [program.program_id for program in view.programs if program.program_id not in tried]
        return Submission(rest[0], "the only one left") if rest else Stop("nothing is left")

    def _best(
        self, view: View, history: History, subtask: str, tried: set[str]
    ) -> Submission | None:
        inputs = None
        if subtask and view.input_subtasks:
            inputs = [index for index, tags in enumerate(view.input_subtasks) if subtask in tags]
        best: tuple[float, float, str] | None = None
        for group in groups(view, inputs):
            left = [
                name
                for name in group.programs
                if name not in tried and not _contradicts_solver(view, history, name)
            ]
            if not left or not group.alive:
                continue
            tries = sum(name in tried for name in group.programs)
            score = self._score(view, group) - self._penalty * tries
            if best is None or (score, group.votes) > best[:2]:
                best = (score, group.votes, left[0])
        if best is None:
            return None
        where = f" on subtask {subtask}" if subtask else ""
        return Submission(best[2], f"best cluster{where}: score {best[0]:.2f}, {best[1]:g} votes")

    def _score(self, view: View, group: ClusterGroup) -> float:
        total = sum(claim.weight for claim in view.claims) or 1.0
        failed = sum(key is None or not key.is_output for key in group.keys)
        errors = failed / len(group.keys) if group.keys else 0.0
        means = [
            claims_fulfilled(view, name) / total - (not view.passes(name))
            for name in group.programs
        ]
        share = group.votes / (sum(view.votes.values()) or 1)
        return sum(means) / len(means) - errors + share


def _contradicts_solver(view: View, history: History, name: str) -> bool:
    """Whether a program differs from a solved subtask's solver inside that subtask's bounds."""
    keys = view.behaviours[name].keys
    for submission, feedback in history:
        solver = view.behaviours.get(submission.program_id)
        solved = {subtask for subtask, share in feedback.subtasks.items() if share >= 1.0}
        if solver is not None and solved:
            for tags, ours, theirs in zip(view.input_subtasks, keys, solver.keys, strict=False):
                if tags & solved and ours != theirs:
                    return True
    return False


class GenCluster(ClusterPolicy):
    """GenCluster's ranking: clusters by wins of their representatives in a tournament.

    A cluster is represented by its longest program; comparisons are `View.duels`. Without any
    (no model was asked), it is its round-robin over clusters by size. Inside a cluster the
    longest program comes first.
    """

    name = "gencluster"

    def clusters(self, view: View) -> Sequence[Cluster]:
        """Return the clusters with the longest program first; comments have no length."""
        lengths = {
            program.program_id: length(program.language, program.source)
            for program in view.programs
        }
        return [
            Cluster(
                cluster.cluster_id,
                tuple(sorted(cluster.programs, key=lambda name: -lengths[name])),
                cluster.votes,
            )
            for cluster in view.clusters
        ]

    def score(self, view: View, clusters: Sequence[Cluster]) -> list[float]:
        """Score by duels won; votes decide between equals; failures alone are last."""
        home = {name: place for place, one in enumerate(clusters) for name in one.programs}
        wins = [0.0] * len(clusters)
        for duel in view.duels:
            value = duel.value
            if value is not None:
                for name, won in ((duel.first, value), (duel.second, 1 - value)):
                    if name in home:
                        wins[home[name]] += won
        most = max((cluster.votes for cluster in clusters), default=1) + 1
        return [
            wins[place] + one.votes / most - (0 if any_output(view, one.programs[0]) else 10**9)
            for place, one in enumerate(clusters)
        ]


class SStar(GenCluster):
    """S*'s selection: every pair of clusters meets; one point for each pair won in both orders.

    Duels are those in which the model saw a distinguishing input and both outputs; a pair whose
    two orders disagree gives no point. Without duels it falls back on the cluster's size.
    """

    name = "s-star"

    def score(self, view: View, clusters: Sequence[Cluster]) -> list[float]:
        """Score by consistent pairs won, then by votes."""
        home = {name: place for place, one in enumerate(clusters) for name in one.programs}
        results: dict[tuple[int, int], list[int | None]] = {}
        for duel in view.duels:
            first, second = home.get(duel.first), home.get(duel.second)
            if first is not None and second is not None and first != second:
                winner = None if duel.winner is None else home.get(duel.winner)
                results.setdefault((min(first, second), max(first, second)), []).append(winner)
        points = [0.0] * len(clusters)
        for answers in results.values():
            if answers[0] is not None and len(set(answers)) == 1 and len(answers) > 1:
                points[answers[0]] += 1
        most = max((cluster.votes for cluster in clusters), default=1) + 1
        return [
            points[place] + one.votes / most - (0 if any_output(view, one.programs[0]) else 10**9)
            for place, one in enumerate(clusters)
        ]
