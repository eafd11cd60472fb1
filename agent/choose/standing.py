"""The state of clusters on one subtask (or on a whole problem), as verdicts come in.

At most one behaviour is right, so probabilities of clusters and of "none of them" add up to one:
what a verdict takes from one cluster goes to the others in proportion.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.features import (
    ClusterGroup,
    contradicts,
    describe,
    groups,
    likely,
)
from medalist.agent.choose.model_words import duel_score, heard, trust_in_suite
from medalist.agent.choose.policy import History, View
from medalist.agent.choose.predicted_tests import TestVotes
from medalist.agent.evidence.judged import UNEQUAL
from medalist.agent.types import Feedback, JudgedSubmission, OutcomeKey, Submission

LIMITS = ("TLE", "MLE", "ILE")


@dataclass(frozen=True)
class Updates:
    """How strongly evidence that comes late changes beliefs.

    Attributes:
        cluster: Factor on the rest of a rejected program's cluster.
        failed: Factor on the cluster of a program that was too slow or took too much memory.
        slower: Factor on members at least nearly as slow as one that was too slow.
        superset: Whether solved subtasks filter those that contradict their solvers.
        opinion: How a reviewer's opinion of members changes their cluster, before any verdict:
            the exponent on its odds, below 1 because reviewers are surer than they should be.
    """

    cluster: float = 0.02
    failed: float = 0.5
    slower: float = 0.1
    superset: bool = True
    opinion: float = 0.5


_ORACLE = 3.0
"""What giving all outputs that brute-force programs agree on adds to a cluster's score."""

_LIKENESS = 8.0
_EXACT = 1.0
_REFUTED = 8.0
_MODEST = 0.5
"""Where right answers may differ: the weight of the logarithm of a cluster's likeness to the others
(see `View.likeness`), what printing exactly the samples' outputs adds to its score, what failing on
a sample takes from it, and the share of a belief that is left where nothing has checked an answer.
Chosen beforehand, not fitted."""

_REJECTED = 4.0
"""What it takes from a cluster's score that checkers, all believed, reject one of its outputs where
they accept another's; more where they reject a larger share, as for `_LIKENESS`. Not fitted either:
what they say is worth somewhat more than one contradiction to brute force, since several agreed,
and somewhat less than failing on a sample."""


@dataclass
class SubtaskBelief:
    """The clusters of a subtask and what is believed of them.

    Attributes:
        subtask: Its id; empty for a whole problem.
        inputs: The inputs within its bounds; None for all.
        groups: Programs with the same outcomes on these inputs.
        group_of: Program id to the place of its group.
    """

    subtask: str
    inputs: Sequence[int] | None
    groups: list[ClusterGroup]
    group_of: dict[str, int]
    updates: Updates
    _after: list[list[float]]  # beliefs after the first so many submissions of `_seen`
    _seen: list[JudgedSubmission] = field(default_factory=list)
    _contested: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        view: View,
        subtask: str,
        weights: BeliefWeights,
        updates: Updates,
        learned: Mapping[str, float],
    ) -> SubtaskBelief:
        """Return the state of the clusters before any verdict.

        `learned` is what a verifier adds to the log odds of programs, where there is one.
        """
        inputs = view.inputs_of(subtask) if subtask else None
        clusters = groups(view, inputs)
        beliefs = [0.0] * len(clusters)
        places, voters = likely(view, clusters, inputs)
        tests = TestVotes(view, voters, inputs)
        contested = _contested(view, voters)
        rows = describe(view, voters, inputs)
        first, second = (*sorted((voter.votes for voter in voters), reverse=True), 0.0, 0.0)[:2]
        said = [
            updates.opinion * _opinion(view, group)
            + _ORACLE * _as_oracles(view, group, inputs)
            + _shared(view, group)
            + heard(
                duel_score(view, group) + tests.score(group),
                group.votes,
                second if group.votes == first else first,
            )
            + _checked(view, group, contested)
            + sum(learned.get(name, 0.0) for name in group.programs) / len(group.programs)
            for group in voters
        ]
        scores = [weights.score(row) + more for row, more in zip(rows, said, strict=True)]
        odds = [weights.odds(row) + more for row, more in zip(rows, said, strict=True)]
        doubt = _sureness(view) * trust_in_suite(view.mutants)
        chances = weights.probabilities(scores, odds)
        for place, chance in zip(places, chances, strict=True):
            beliefs[place] = chance * doubt
        group_of = {name: place for place, one in enumerate(clusters) for name in one.programs}
        return cls(subtask, inputs, clusters, group_of, updates, [beliefs])

    def beliefs(self, view: View, history: History) -> list[float]:
        """Return each group's probability after a history.

        What is known of the history's beginning is not worked out again.
        """
        contested = contested_inputs(view, history) if self.updates.superset else frozenset()
        if contested != self._contested:
            # What the solvers of a subtask contradict each other on proves nothing: think again.
            self._contested = contested
            del self._seen[:], self._after[1:]
        known = 0
        while known < min(len(self._seen), len(history)) and self._seen[known] == history[known]:
            known += 1
        del self._seen[known:], self._after[known + 1 :]
        for submission, feedback in history[known:]:
            self._seen.append((submission, feedback))
            self._after.append(self._learn(self._after[-1], view, submission, feedback))
        return self._after[-1]

    def _learn(
        self, before: list[float], view: View, submission: Submission, feedback: Feedback
    ) -> list[float]:
        masses = list(before)
        if self.updates.superset and self.inputs is not None:
            truth = truth_of(view, submission, feedback)
            firm = {index: key for index, key in truth.items() if index not in self._contested}
            masses = self._filtered(masses, firm)
        place = self.group_of.get(submission.program_id)
        if place is not None and share(feedback, self.subtask) < 1.0:
            if feedback.verdict in LIMITS:
                masses[place] *= self.updates.failed
            else:
                masses[place] *= self.updates.cluster
        none = max(0.0, 1 - math.fsum(before))
        total = none + math.fsum(masses)
        return [mass / total for mass in masses] if total > 0 else masses

    def _filtered(self, masses: list[float], truth: Mapping[int, OutcomeKey]) -> list[float]:
        """Take those out that contradict outputs known to be right.

        Where that would leave no program that was not submitted yet, the outputs are doubted
        instead
        (an input may be outside the bounds after all, or be invalid), and no program is ruled out.
        """
        tried = {self.group_of.get(submission.program_id) for submission, _ in self._seen}
        left = [
            0.0 if mass > 0 and contradicts(group, self.inputs, truth) else mass
            for mass, group in zip(masses, self.groups, strict=True)
        ]
        alive = any(mass > 0 for place, mass in enumerate(left) if place not in tried)
        return left if alive else masses


def truth_of(view: View, submission: Submission, feedback: Feedback) -> dict[int, OutcomeKey]:
    """Return the outputs that a verdict shows to be right: a solver's inside a solved subtask."""
    row = view.behaviours.get(submission.program_id)
    solved = {name for name, part in feedback.subtasks.items() if part >= 1.0}
    if row is None or not solved:
        return {}
    return {
        index: key
        for index, (tags, key) in enumerate(zip(view.input_subtasks, row.keys, strict=False))
        if tags & solved and key is not None and key.is_output
    }


def contested_inputs(view: View, history: History) -> frozenset[int]:
    """Return the inputs on which programs that hold the same subtask contradict each other.

    Holding a subtask proves a program right on the judge's tests of it, not on every input of ours.
    """
    known: dict[int, OutcomeKey] = {}
    contested = set()
    for submission, feedback in history:
        for index, key in truth_of(view, submission, feedback).items():
            if known.setdefault(index, key) != key:
                contested.add(index)
    return frozenset(contested)


def share(feedback: Feedback, subtask: str) -> float:
    """Return the share of a subtask's points that a submission got."""
    if feedback.solved:
        return 1.0
    return feedback.subtasks.get(subtask, 0.0) if subtask else 0.0


def _as_oracles(view: View, group: ClusterGroup, inputs: Sequence[int] | None) -> float:
    """Return how far a cluster agrees with the oracles, 0 to 1.

    1 where it gives every output that they agree on; with one contradiction, which says most of it,
    a third of the share that it gives.
    """
    if not any(claim.oracle for claim in view.claims):
        return 0.0
    place = {index: place for place, index in enumerate(inputs or range(view.inputs))}
    given = [
        group.keys[place[claim.input_index]] == claim.key
        for claim in view.claims
        if claim.oracle and claim.input_index in place
    ]
    if not given:
        return 0.0
    return 1.0 if all(given) else sum(given) / len(given) / 3


def _shared(view: View, group: ClusterGroup) -> float:
    """Return what right programs share though their answers differ, as a part of the score."""
    if view.likeness is None:
        return 0.0
    likeness = [view.likeness.get(name, 1.0) for name in group.programs]
    exact = max(view.sample_share.get(name, 1.0) for name in group.programs) >= 1.0
    mean = sum(likeness) / len(likeness)
    refuted = not any(map(view.passes, group.programs))
    return _LIKENESS * math.log(max(mean, 1e-3)) + _EXACT * exact - _REFUTED * refuted


def _sureness(view: View) -> float:
    """Return the share of a belief that is left where right answers may differ."""
    if view.checked is not None:
        return 1 - _MODEST * (1 - view.checked)
    return _MODEST if view.many_answers else 1.0


def _contested(view: View, clusters: Sequence[ClusterGroup]) -> frozenset[int]:
    """Return the columns of checked outputs on which some group gives a right one."""
    if view.checked is None or not clusters:
        return frozenset()
    return frozenset(
        place
        for place in range(len(clusters[0].keys))
        if any((key := group.keys[place]) is not None and key.is_output for group in clusters)
    )


def _checked(view: View, group: ClusterGroup, contested: frozenset[int]) -> float:
    """Return what checkers say of a cluster, as a part of the score; 0 where none judged it."""
    if view.checked is None:
        return 0.0
    ran = [key for place in contested if (key := group.keys[place]) is not None]
    wrong = sum(key.failure in UNEQUAL for key in ran)
    refuted = not any(map(view.passes, group.programs))
    if not wrong:
        return -view.checked * _REFUTED * refuted
    share = math.log(max(1 - wrong / len(ran), 1e-3))
    return view.checked * (_LIKENESS * share - _REJECTED - _REFUTED * refuted)


def _opinion(view: View, group: ClusterGroup) -> float:
    """Return the log odds that a reviewer gives a cluster's members; 0 without a reviewer."""
    opinions = [view.opinions[name] for name in group.programs if name in view.opinions]
    if not opinions:
        return 0.0
    mean = min(max(sum(opinions) / len(opinions), 1e-6), 1 - 1e-6)
    return math.log(mean / (1 - mean))
