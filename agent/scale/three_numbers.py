"""Three numbers that say what choosing is worth: at random, chosen, and everything submitted.

After the setting in which they are usually given: 50 of many samples drawn at random, 50 chosen by
a policy, and all of them; and the same with 0.5 % of the samples in place of 50.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medalist.agent.choose.policy import Policy
from medalist.agent.report.estimates import IntervalEstimate, mean_of_known
from medalist.agent.scale.compute_curves import of_chosen, of_drawn
from medalist.agent.scale.scale_source import SampledProblem, SampledStrategy

FEW, SHARE = 50, 0.005


@dataclass(frozen=True)
class ThreeNumbers:
    """Mean shares of the points over the problems of a strategy.

    Attributes:
        strategy: Its name.
        allowed: How many submissions, in words.
        problems: How many problems.
        at_random: So many samples drawn at random.
        chosen: So many submissions, by each policy; empty where nothing was recorded that a
            policy could go by.
        everything: All samples.
    """

    strategy: str
    allowed: str
    problems: int
    at_random: IntervalEstimate
    chosen: dict[str, IntervalEstimate]
    everything: IntervalEstimate


def three_numbers(
    strategy: SampledStrategy, policies: Sequence[Policy], plays: int
) -> list[ThreeNumbers]:
    """Return the numbers at 50 submissions and at 0.5 % of each problem's samples (at least 1)."""
    problems = strategy.problems
    few = [FEW for _ in problems]
    share = [max(1, round(SHARE * problem.samples)) for problem in problems]
    played = {
        policy.name: [
            of_chosen(one, policy, (FEW, small), one.samples, plays)
            for one, small in zip(problems, share, strict=True)
        ]
        for policy in policies
        if all(problem.recorded is not None for problem in problems)
    }
    everything = mean_of_known([of_drawn(problem, problem.samples) for problem in problems])
    return [
        ThreeNumbers(
            strategy.name,
            allowed,
            len(problems),
            at_random=_drawn(problems, numbers),
            chosen={
                name: mean_of_known([row[place] for row in rows]) for name, rows in played.items()
            },
            everything=everything,
        )
        for place, (allowed, numbers) in enumerate(
            ((f"{FEW}", few), (f"{100 * SHARE:g} % of the samples", share))
        )
    ]


def _drawn(problems: Sequence[SampledProblem], numbers: Sequence[int]) -> IntervalEstimate:
    return mean_of_known([of_drawn(one, n) for one, n in zip(problems, numbers, strict=True)])
