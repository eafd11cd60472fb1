"""Where the next candidates of a batch are worth most.

A batch has one budget: so many candidates a problem on average. It is spent in waves. After
each wave every problem says how it stands (`Round`), and the next wave goes to where another
step is expected to gain most: the belief that the problem is not solved yet, times the chance
that the step brings a right candidate. So easy problems stop early, and hopeless ones get less
and less until they are capped. All of it is a pure function of the rounds, which are journalled:
a batch that was stopped continues with the same choices.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import History, PolicyRules, View
from medalist.agent.choose.standing import share
from medalist.agent.journal import EventKind

PRIOR = (0.3, 1.2)
"""Beta prior of the chance that a sample is right (as in `agent.forecast`)."""

CAP = 4
"""No problem gets more than this many times its equal share."""

DOUBT = 3.0
"""Beliefs from n candidates are scaled by n / (n + DOUBT). On the function
pool they claim 0.92 where 0.59 are solved after 4 candidates, and 0.90 for 0.88 after 16."""

LEAST = 0.0005
"""A step is not made for less than this expected gain a candidate."""


@dataclass(frozen=True)
class Round:
    """The state of a problem after some candidates.

    Attributes:
        wanted: Candidates that it was granted so far.
        asked: Candidates that came.
        solved: The belief that what would be submitted now solves it (with subtasks: the share
            of its worth), 0 to 1.
        right: Expected number of right candidates among the others, if that is not so.
        tokens: Tokens of all its answers.
        cost_usd: Dollars of all its answers; None where a price is not known.
        end: Why nothing more can be asked: the `search` has ended of its own accord, or the
            `budget` of the whole batch.
    """

    wanted: int
    asked: int
    solved: float
    right: float
    tokens: int = 0
    cost_usd: float | None = 0.0
    end: Literal["search", "budget"] | None = None


ROUND = EventKind(
    "round",
    Round,
    key="<problem>/<number, from 1>",
    doc="The state of a problem of a batch after it got candidates.",
)


@dataclass(frozen=True)
class ScheduleTerms:
    """What a schedule has to spend, in candidates.

    Attributes:
        share: Candidates a problem on average.
        first: Candidates of every problem in the first wave.
        step: Candidates that are granted at once in the others.
    """

    share: int
    first: int
    step: int

    @classmethod
    def of(cls, share: int, width: int) -> ScheduleTerms:
        """Return the terms for so many candidates a problem, asked for `width` at a time."""
        return cls(share, -(-share // 2), max(1, min(width, share // 4)))


def gain(now: Round, more: int) -> float:
    """Return by how much `more` candidates are expected to raise `solved`."""
    alpha = PRIOR[0] + now.right
    beta = PRIOR[1] + max(0.0, now.asked - now.right)
    miss = math.exp(
        math.lgamma(beta + more)
        - math.lgamma(alpha + beta + more)
        - math.lgamma(beta)
        + math.lgamma(alpha + beta)
    )
    return (1 - now.solved) * (1 - miss)


def early_submissions(submissions: int, wanted: int, share: int) -> int:
    """Return how many submissions may be made before the schedule is over.

    They are spent along with the candidates, since nothing ends the work on a problem as surely as
    a right answer; the last one is kept for the end.
    """
    return min(submissions * wanted // share, submissions - 1)


def is_over(now: Round, terms: ScheduleTerms) -> bool:
    """Whether a problem gets nothing more, whatever is left."""
    if now.end is not None or now.wanted >= CAP * terms.share:
        return True
    return gain(now, terms.step) < LEAST * terms.step


def next_wave(
    rounds: Mapping[str, Round], terms: ScheduleTerms, closed: Container[str] = ()
) -> dict[str, int]:
    """Return how many candidates each problem of the next wave should have in all.

    A wave is half of what is left, so that early choices, which rest on little, leave room for
    later ones. Nothing to return means that the schedule is over.

    Args:
        rounds: The newest round of every problem.
        terms: What there is to spend.
        closed: Problems that take no further part; what they have used counts.
    """
    step = terms.step
    left = terms.share * len(rounds) - sum(round_.asked for round_ in rounds.values())
    steps = left // step
    steps = steps if steps <= 2 else (steps + 1) // 2
    # By gain a candidate at equal cost of candidates; by place where gains are equal.
    queue = [
        (-_rate(one, 0, step, rounds), place, name, 0)
        for place, (name, one) in enumerate(rounds.items())
        if name not in closed and not is_over(one, terms)
    ]
    heapq.heapify(queue)
    granted: dict[str, int] = {}
    while queue and steps > 0:
        _, place, name, more = heapq.heappop(queue)
        more += step
        steps -= 1
        one = rounds[name]
        granted[name] = one.wanted + more
        if granted[name] < CAP * terms.share:
            heapq.heappush(queue, (-_rate(one, more, step, rounds), place, name, more))
    return granted


def _rate(now: Round, more: int, step: int, rounds: Mapping[str, Round]) -> float:
    """The gain of the step after `more`, against what its answers cost (mean answer: 1)."""
    tokens = sum(round_.tokens for round_ in rounds.values())
    asked = sum(round_.asked for round_ in rounds.values())
    price = 1.0
    if tokens and now.tokens:
        price = (now.tokens / now.asked) / (tokens / asked)
    return (gain(now, more + step) - gain(now, more)) / price


def outlook(
    view: View, history: History, rules: PolicyRules, policy: ExpectedGain, asked: Round
) -> Round:
    """Return a round with the beliefs of a policy after some submissions."""
    chances = policy.chances(view, history, rules)
    left = max(1, rules.submissions) - len(history)
    trust = asked.asked / (asked.asked + DOUBT)
    worth = rules.subtasks or {"": 1.0}
    total = sum(worth.values()) or 1.0
    solved = right = 0.0
    for part, points in worth.items():
        held = max((share(feedback, part) for _, feedback in history), default=0.0)
        chance = {name: by_submissions.get(part, 0.0) for name, by_submissions in chances.items()}
        first, others = _part(view, chance, left)
        solved += points / total * (held + (1 - held) * trust * first)
        right += points / total * others
    return replace(asked, solved=round(solved, 6), right=round(right, 6))


def _part(view: View, chance: Mapping[str, float], submissions: int) -> tuple[float, float]:
    """Return the chance that the best clusters hold a right program, and what is in the rest."""
    best = sorted(
        (max(chance[name] for name in one.programs), -place, one.votes)
        for place, one in enumerate(view.clusters)
    )
    best.reverse()
    solved = min(1.0, sum(solve_chance for solve_chance, _, _ in best[:submissions]))
    rest = sum(solve_chance * votes for solve_chance, _, votes in best[submissions:])
    return solved, rest / max(1 - solved, 0.01) if solved < 1 else 0.0
