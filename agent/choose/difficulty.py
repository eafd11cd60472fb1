"""How hard a problem looks after some samples: figures from evidence alone, before any verdict.

Snell et al. (2024, arXiv:2408.03314) estimate difficulty from a few samples and decide by it how
much more compute a problem gets. A verdict counts only where the rules let one submit meanwhile.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import History, Policy, PolicyRules, View
from medalist.agent.choose.standing import share

FIGURES = ("belief", "agreeing", "passing", "repeated", "log_samples")
"""What `DifficultyLook.figures` has; all but the last are higher for easier problems."""

_NEAR = 0.005  # log odds of a belief are taken no nearer to 0 and 1 than this


@dataclass(frozen=True)
class DifficultyLook:
    """What was seen of a problem.

    Attributes:
        samples: Answers that were asked for so far.
        belief: The belief that the submissions that are left hold a right program; with subtasks
            the share of the points that they are expected to hold, 0 to 1.
        agreeing: The share of the answers that behave like the largest cluster.
        passing: The share of the answers whose programs pass all samples of the statement.
        behaviours: How many different behaviours there are.
    """

    samples: int
    belief: float
    agreeing: float
    passing: float
    behaviours: int

    @property
    def figures(self) -> dict[str, float]:
        """The figures that `FIGURES` names."""
        belief = min(1 - _NEAR, max(_NEAR, self.belief))
        return {
            "belief": math.log(belief / (1 - belief)),
            "agreeing": self.agreeing,
            "passing": self.passing,
            "repeated": 1 - min(1.0, self.behaviours / max(1, self.samples)),
            "log_samples": math.log2(max(1, self.samples)),
        }


def look_at(
    view: View, history: History, rules: PolicyRules, samples: int, policy: Policy
) -> DifficultyLook:
    """Look at a problem.

    Args:
        view: Its programs.
        history: What was submitted, with what the judge showed.
        rules: How many submissions there are, and what they can gain.
        samples: Answers that were asked for, also those without a program.
        policy: Who chooses; one that has no beliefs is taken to have those that ship.
    """
    asked = max(1, samples)
    votes = view.votes
    passing = sum(count for name, count in votes.items() if view.passes(name))
    largest = max((cluster.votes for cluster in view.clusters), default=0)
    return DifficultyLook(
        samples=samples,
        belief=round(_belief(view, history, rules, policy), 6),
        agreeing=round(min(1.0, largest / asked), 6),
        passing=round(min(1.0, passing / asked), 6),
        behaviours=len(view.clusters),
    )


def chance(weights: Mapping[str, float], look: DifficultyLook) -> float:
    """Return the chance that a problem is solved with what is there.

    Args:
        weights: Of a logistic regression: of each figure, and `constant`.
        look: What was seen of the problem.
    """
    odds = weights["constant"] + math.fsum(
        weights[name] * value for name, value in look.figures.items()
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _belief(view: View, history: History, rules: PolicyRules, policy: Policy) -> float:
    left = max(0, rules.submissions - len(history))
    beliefs = policy if isinstance(policy, ExpectedGain) else ExpectedGain()
    chances = beliefs.chances(view, history, rules) if left and view.programs else {}
    worth = rules.subtasks or {"": 1.0}
    total = sum(worth.values()) or 1.0
    solved = 0.0
    for part, points in worth.items():
        held = max((share(feedback, part) for _, feedback in history), default=0.0)
        firsts = sorted(
            max(chances.get(name, {}).get(part, 0.0) for name in cluster.programs)
            for cluster in view.clusters
        )
        promised = min(1.0, sum(firsts[-left:])) if left else 0.0
        solved += points / total * (held + (1 - held) * promised)
    return min(1.0, solved)
