"""Points against compute: of each strategy with each policy and each number of submissions."""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from medalist.agent.choose.policy import Policy
from medalist.agent.choose.policy_replay import gains, play
from medalist.agent.choose.recorded_pool import Recorded, resample
from medalist.agent.report.estimates import IntervalEstimate, mean_of_known
from medalist.agent.report.scaling import pass_at_k
from medalist.agent.scale.scale_source import UNITS, SampledProblem, SampledStrategy
from medalist.agent.types import Feedback, Submission

AT_RANDOM, UNLIMITED = "random", "unlimited"

_SETS = 200  # drawn of a problem with subtasks, whose points no formula gives


@dataclass(frozen=True)
class ComputePoint:
    """The mean share of the points that k samples a problem bring, and what these cost.

    `costs` maps units to the mean over problems.
    """

    k: int
    points: IntervalEstimate
    costs: Mapping[str, float]


@dataclass(frozen=True)
class ComputeCurve:
    """A strategy, who chooses among its samples, and how many may be submitted.

    Attributes:
        strategy: Its name.
        policy: A policy's name, `random`, or `unlimited`: every sample is submitted.
        submissions: How many; None where unlimited.
        along: The points, by growing k.
    """

    strategy: str
    policy: str
    submissions: int | None
    along: tuple[ComputePoint, ...]

    @property
    def name(self) -> str:
        """What tells it from the others."""
        if self.submissions is None:
            return f"{self.strategy}, {UNLIMITED}"
        return f"{self.strategy}, {self.submissions} by {self.policy}"


@dataclass(frozen=True)
class Playing:
    """How curves are measured: the policies, the numbers of submissions, plays a problem."""

    policies: Sequence[Policy]
    submissions: Sequence[int]
    plays: int


def doublings(most: int) -> list[int]:
    """Return 1, 2, 4 ... and `most`."""
    return sorted({1 << power for power in range(most.bit_length())} | {most})


def compute_curves(strategy: SampledStrategy, most: int, playing: Playing) -> list[ComputeCurve]:
    """Return the curves of a strategy whose problems all have `most` samples."""
    counts = doublings(most)
    problems = strategy.problems
    units = common_units([strategy])
    costs = {unit: fmean(problem.costs[unit] for problem in problems) for unit in units}

    def curve(
        policy: str, submissions: int | None, columns: Sequence[Sequence[float]]
    ) -> ComputeCurve:
        along = tuple(
            ComputePoint(
                k,
                mean_of_known(column),
                {unit: k * each for unit, each in costs.items()},
            )
            for k, column in zip(counts, columns, strict=True)
        )
        return ComputeCurve(strategy.name, policy, submissions, along)

    curves = [
        curve(UNLIMITED, None, [[of_drawn(problem, k) for problem in problems] for k in counts])
    ]
    for n in playing.submissions:
        columns = [[of_drawn(problem, min(n, k)) for problem in problems] for k in counts]
        curves.append(curve(AT_RANDOM, n, columns))
    if any(problem.recorded is None for problem in problems):
        return curves
    for policy in playing.policies:
        played = [
            [
                of_chosen(problem, policy, playing.submissions, k, playing.plays)
                for problem in problems
            ]
            for k in counts
        ]
        for place, n in enumerate(playing.submissions):
            curves.append(curve(policy.name, n, [[row[place] for row in rows] for rows in played]))
    return curves


def common_units(strategies: Sequence[SampledStrategy]) -> list[str]:
    """Return the units that are known of every problem of every strategy."""
    problems = [problem for strategy in strategies for problem in strategy.problems]
    return [unit for unit in UNITS if all(unit in problem.costs for problem in problems)]


def of_drawn(problem: SampledProblem, k: int) -> float:
    """Return the share of the points that k samples hold, drawn at random and all submitted."""
    k = min(k, problem.samples)
    if problem.recorded is None or not problem.rules.subtasks:
        return pass_at_k(problem.samples, problem.right, k)
    held = _feedbacks(problem.recorded)
    rng = random.Random(0)
    sets = [[]] if k == 0 else [rng.sample(range(problem.samples), k) for _ in range(_SETS)]
    return fmean(
        _worth(problem, [held[place] for place in drawn if place < len(held)]) for drawn in sets
    )


def of_chosen(
    problem: SampledProblem, policy: Policy, submissions: Sequence[int], k: int, plays: int
) -> list[float]:
    """Return the share of the points within each number of submissions, the mean over plays.

    Each play draws k samples without replacement, also those without a program.
    """
    recorded = problem.recorded
    assert recorded is not None
    rules = replace(problem.rules, submissions=max(submissions))
    if not any(feedback.solved or any(feedback.subtasks.values())
               for feedback in recorded.truth.values()):  # fmt: skip
        return [0.0] * len(submissions)
    held = sum(recorded.view.votes.values())
    totals = [0.0] * len(submissions)
    for number in range(plays):
        seed = zlib.crc32(f"{number} {problem.problem_id}".encode())  # another one each problem
        rng = random.Random(f"samples {seed}")  # not the stream that then draws which ones
        drawn = sum(place < held for place in rng.sample(range(problem.samples), k))
        seen = replace(recorded, view=resample(recorded.view, seed, drawn))
        shares = gains(play(policy, seen, rules), rules)
        for place, n in enumerate(submissions):
            totals[place] += shares[min(n, len(shares)) - 1] if shares else 0.0
    return [total / plays for total in totals]


def _feedbacks(recorded: Recorded) -> list[Feedback]:
    """One a sample."""
    votes = recorded.view.votes
    return [recorded.truth[name] for name, count in votes.items() for _ in range(count)]


def _worth(problem: SampledProblem, judged: Sequence[Feedback]) -> float:
    held = gains([(Submission("", ""), feedback) for feedback in judged], problem.rules)
    return held[-1] if held else 0.0
