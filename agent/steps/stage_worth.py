"""What a stage that asks a model was worth to a problem so far, in bits, and what it has used.

A stage that brings programs or inputs is worth what it adds to the entropy of the behaviours (a
program drawn by votes; which behaviour has it?): sampling all of it, a stage of inputs as much as
would be missing without its inputs. A stage that gives opinions is worth what they teach: the
Kullback-Leibler divergence of the belief with them from the belief without, the mean over the
subtasks. Checkers, which merge outputs, have no such measure. Tests with outputs count as both.

It is journalled after each look at a problem's programs, for `explain` and reports.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.journal import EventKind, Journal
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.steps.stage_account import STAGES, stage_accounts

_ORIGIN_OF = {"writing": "written", "predicting": "predicted", "separating": "pair"}
"""How the inputs of a stage say that they were made."""

_LEAST = 1e-6
"""A chance that counts as none."""


@dataclass(frozen=True)
class StageWorth:
    """What a stage was worth.

    Attributes:
        bits: See above.
        tokens: What it has used.
        finished: Whether it has asked all that it ever asks.
    """

    bits: float
    tokens: int
    finished: bool = False


@dataclass(frozen=True)
class WorthRecord:
    """What the stages were worth at a look.

    Attributes:
        candidates: How many candidates the look was about.
        stages: By stage; those that asked nothing are left out.
    """

    candidates: int = 0
    stages: Mapping[str, StageWorth] = field(default_factory=dict)


WORTH = EventKind(
    "worth",
    WorthRecord,
    key="<problem>/<candidates>",
    doc="How much each stage that asks a model contributed so far, at a choice between a "
    "problem's programs.",
)


@dataclass(frozen=True)
class Looks:
    """A view before and after those stages that give opinions.

    Attributes:
        before: Before both.
        reviewed: With reviews.
        dueled: With reviews and duels.
        finished: Stages that have asked all that they ever ask.
    """

    before: View
    reviewed: View
    dueled: View
    finished: frozenset[str] = frozenset()


def record_worth(run: ProblemRun, looks: Looks) -> None:
    """Journal what the stages were worth, once a number of candidates."""
    journal, wanted = run.tools.journal, run.settings.candidates
    key = f"{run.problem_id}/{wanted}"
    accounts = stage_accounts(journal, run.problem_id)
    rules = run.tools.rules
    bits = {
        "sampling": entropy(looks.before),
        **{stage: _missing_without(looks.before, how) for stage, how in _ORIGIN_OF.items()},
        "reviewing": divergence(rules, looks.before, looks.reviewed),
        "dueling": divergence(rules, looks.reviewed, looks.dueled),
    }
    opinions = [claim for claim in looks.before.claims if not claim.predicted]
    if len(opinions) < len(looks.before.claims):
        without = replace(looks.before, claims=tuple(opinions))
        bits["predicting"] += divergence(rules, without, looks.before)
    stages = {
        stage: StageWorth(
            round(bits.get(stage, 0.0), 6), accounts[stage].tokens, stage in looks.finished
        )
        for stage in STAGES
        if stage in accounts
    }
    record = WorthRecord(wanted, stages)
    if stages and journal.get(WORTH, key) != record:
        journal.append(WORTH, key, record, durable=False)


def newest_worth(journal: Journal, problem_id: str) -> WorthRecord | None:
    """Return what is known of the stages' worth; None where nothing was asked."""
    looks = [event.value for event in journal.events(WORTH, f"{problem_id}/")]
    # Of equal ones the newest.
    return max(reversed(looks), key=lambda one: one.candidates, default=None)


def entropy(view: View, without: str | None = None) -> float:
    """Return the entropy, in bits, of the behaviours by their votes.

    Args:
        view: The programs and what they did.
        without: Leave out the inputs that were made in this way.
    """
    places = [
        place
        for place, origin in enumerate(view.origins)
        if origin.how != without and place not in view.set_aside
    ]
    votes: Counter[tuple[object, ...]] = Counter()
    for name, row in view.behaviours.items():
        behaviour = tuple(row.keys[place] for place in places if place < len(row.keys))
        votes[behaviour] += view.votes.get(name, 1)
    total = sum(votes.values())
    return sum(count / total * math.log2(total / count) for count in votes.values())


def _missing_without(view: View, how: str) -> float:
    if not any(origin.how == how for origin in view.origins):
        return 0.0
    return max(0.0, entropy(view) - entropy(view, how))


def divergence(rules: PolicyRules, before: View, after: View) -> float:
    """Return what the belief learned from one view to the other, in bits a subtask."""
    if before is after:
        return 0.0
    policy = ExpectedGain()
    old, new = (policy.chances(view, (), rules) for view in (before, after))
    parts = sorted({part for chances in new.values() for part in chances})
    clusters = [cluster.programs for cluster in after.clusters]

    def belief(chances: Mapping[str, Mapping[str, float]], part: str) -> list[float]:
        beliefs = [
            max(chances.get(name, {}).get(part, 0.0) for name in cluster) for cluster in clusters
        ]
        beliefs.append(max(0.0, 1.0 - sum(beliefs)))  # none of them is right
        total = sum(beliefs)
        return [max(_LEAST, belief / total) for belief in beliefs]

    gained = [
        sum(p * math.log2(p / q) for q, p in zip(belief(old, part), belief(new, part), strict=True))
        for part in parts
    ]
    return max(0.0, sum(gained) / len(gained)) if gained else 0.0
