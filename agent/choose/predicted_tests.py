"""What tests with predicted outputs say of programs, though any of these outputs may be wrong.

Tests vote, each with a weight by how well it separates:

- CodeT (Chen et al., 2023): programs that pass the same tests are a consensus set, worth the root
  of its candidates times its tests.
- ACES (arXiv 2604.03922, variant ACES-C): a test is held out, candidates are ranked by how many of
  the others they pass, and the area under the curve (AUC) says how well the held-out test agrees
  with that ranking. With p the share of candidates that pass it, its weight is
  max(0, AUC - 1/2) p (1 - p): a test that all pass, that none passes, or that the others
  contradict has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from medalist.agent.choose.features import ClusterGroup, groups, likely
from medalist.agent.choose.policy import ExpectedOutput, View

Passed = tuple[bool, ...]
"""Which tests a program passes."""

_MOST = 1.5
"""What passing all tests adds to a score at most: chosen beforehand so that where two thirds of
the candidates behave alike no number of wrong tests outweighs their votes."""


def aces_weights(passed: Sequence[Passed], votes: Sequence[float]) -> list[float]:
    """Return the weight of each test by ACES-C.

    Args:
        passed: For each group of programs, which tests it passes.
        votes: For each group, how many candidates it has.
    """
    total = sum(votes)
    counts = [sum(row) for row in passed]
    weights = []
    for test in range(len(passed[0]) if passed else 0):
        # Candidates by how many of the other tests they pass: those that pass this one, and not.
        passing: dict[int, float] = defaultdict(float)
        failing: dict[int, float] = defaultdict(float)
        for row, count, vote in zip(passed, counts, votes, strict=True):
            (passing if row[test] else failing)[count - row[test]] += vote
        pairs = sum(passing.values()) * sum(failing.values())
        if pairs <= 0:
            weights.append(0.0)
            continue
        agreeing = sum(
            many * few * (1.0 if high > low else 0.5)
            for high, many in passing.items()
            for low, few in failing.items()
            if high >= low
        )
        share = sum(passing.values()) / total
        weights.append(max(0.0, agreeing / pairs - 0.5) * share * (1 - share))
    return weights


class TestVotes:
    """The votes of the predicted tests among the groups of a view.

    Args:
        view: What is known; its `claims` hold the tests.
        voters: Groups that may be right, on `inputs`.
        inputs: The inputs looked at; None for all.
    """

    __test__ = False  # no test, whatever pytest thinks of the name

    def __init__(
        self, view: View, voters: Sequence[ClusterGroup], inputs: Sequence[int] | None
    ) -> None:
        place = {index: place for place, index in enumerate(inputs or range(view.inputs))}
        self.tests = [
            (place[claim.input_index], claim)
            for claim in view.claims
            if claim.predicted and claim.input_index in place and not view.many_answers
        ]
        passed = [self.passed(group) for group in voters]
        self._votes = sum(group.votes for group in voters) or 1.0
        self._agreeing: dict[Passed, float] = defaultdict(float)
        for row, group in zip(passed, voters, strict=True):
            self._agreeing[row] += group.votes
        self.weights = mixed(aces_weights(passed, [group.votes for group in voters]))

    def passed(self, group: ClusterGroup) -> Passed:
        """Return which tests a group passes."""
        return tuple(group.keys[place] == claim.key for place, claim in self.tests)

    def score(self, group: ClusterGroup) -> float:
        """Return what the tests add to a group's score: from 0 to a bound.

        It is the weight of the tests that it passes, times the root of the share of candidates
        that pass just the same: many candidates do not fail a right test together in the same way.
        """
        if not self.tests or not self.weights:
            return 0.0
        passed = self.passed(group)
        weight = sum(one for one, passes in zip(self.weights, passed, strict=True) if passes)
        share = self._agreeing.get(passed, 0.0) / self._votes
        return _MOST * min(1.0, weight) * min(1.0, float(share**0.5))


def mixed(weights: Sequence[float]) -> list[float]:
    """Return weights that add up to 1: half by ACES, half the same for all.

    ACES alone says nothing of tests that every candidate passes.
    """
    total = sum(weights)
    if not weights:
        return []
    even = 1 / len(weights)
    return [0.5 * (weight / total if total > 0 else even) + 0.5 * even for weight in weights]


@dataclass(frozen=True)
class TestStanding:
    """The agreement of the programs with a predicted test.

    Attributes:
        claim: The test.
        weight: Its share of all weight, 0 to 1.
        votes: How many candidates pass it.
        programs: The first program of each group that passes it.
    """

    __test__ = False

    claim: ExpectedOutput
    weight: float
    votes: float
    programs: tuple[str, ...]


def standings(view: View) -> list[TestStanding]:
    """Return the state of each predicted test, in order."""
    if not any(claim.predicted for claim in view.claims):
        return []
    clusters = groups(view)
    _, voters = likely(view, clusters, None)
    votes = TestVotes(view, voters, None)
    told = []
    for number, (place, claim) in enumerate(votes.tests):
        passing = [voter for voter in voters if voter.keys[place] == claim.key]
        told.append(
            TestStanding(
                claim,
                votes.weights[number] if votes.weights else 0.0,
                sum(group.votes for group in passing),
                tuple(group.programs[0] for group in passing),
            )
        )
    return told
