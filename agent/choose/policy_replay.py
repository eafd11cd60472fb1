"""Playing policies on recorded evidence: no model, no sandbox.

The judge is played from the recorded truth; a policy sees its feedback only for what it
submitted. Figures are means over problems with intervals by bootstrap over problems.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from medalist.agent.choose.policy import Policy, PolicyRules
from medalist.agent.choose.recorded_pool import Recorded, resample
from medalist.agent.types import JudgedSubmission, Submission

BOOTSTRAP = 2000


def play(policy: Policy, recorded: Recorded, rules: PolicyRules) -> list[JudgedSubmission]:
    """Let a policy submit until it stops or the rules end it, and return what happened."""
    history: list[JudgedSubmission] = []
    while isinstance(decision := policy.decide(recorded.view, history, rules), Submission):
        history.append((decision, recorded.truth[decision.program_id]))
    return history


def gains(history: Sequence[JudgedSubmission], rules: PolicyRules) -> list[float]:
    """Return the share of the problem's worth (0 to 1) held after each submission."""
    held: list[float] = []
    best: dict[str, float] = {}
    top = 0.0
    for _, feedback in history:
        if rules.subtasks:
            for subtask, share in feedback.subtasks.items():
                best[subtask] = max(best.get(subtask, 0.0), share)
            worth = sum(rules.subtasks.values()) or 1.0
            gained = sum(rules.subtasks.get(name, 0) * share for name, share in best.items())
            top = 1.0 if feedback.solved else max(top, gained / worth)
        else:
            top = max(top, float(feedback.solved))
        held.append(top)
    return held


def everything(recorded: Recorded, rules: PolicyRules) -> float:
    """Return what submitting every program would hold."""
    held = gains([(Submission(name, ""), one) for name, one in recorded.truth.items()], rules)
    return held[-1] if held else 0.0


@dataclass(frozen=True)
class Scores:
    """Gains of policies on a pool: `by_problem[policy][k]` has one mean a problem, in order."""

    problems: tuple[str, ...]
    by_problem: Mapping[str, Mapping[int, tuple[float, ...]]]
    everything: tuple[float, ...]


@dataclass(frozen=True)
class Draws:
    """How a policy is measured.

    Attributes:
        submissions: After how many submissions the gain is read.
        resamples: How many times candidates are drawn (`pool.resample`).
        candidates: How many candidates each time; None takes all in a random order.
        seed: First seed; each draw takes the next.
    """

    submissions: Sequence[int]
    resamples: int
    candidates: int | None = None
    seed: int = 0


def measure(
    pool: Sequence[Recorded],
    policies: Sequence[Policy] | Callable[[Recorded], Sequence[Policy]],
    rules: Callable[[Recorded], PolicyRules],
    draws: Draws,
) -> Scores:
    """Play policies on every problem as often as candidates are drawn.

    Args:
        pool: The problems.
        policies: The policies, or a function that gives those to be used on a problem (fitted
            without it); their names must be the same for all problems.
        rules: The rules of a problem; its number of submissions is replaced.
        draws: How candidates are drawn, all policies seeing the same draws.
    """
    submissions, resamples = draws.submissions, draws.resamples
    sums: dict[str, dict[int, list[float]]] = {}
    for place, recorded in enumerate(pool):
        active = policies(recorded) if callable(policies) else policies
        own = replace(rules(recorded), submissions=max(submissions))
        for draw in range(resamples):
            drawn = resample(recorded.view, draws.seed + draw, draws.candidates)
            seen = Recorded(recorded.problem_id, drawn, recorded.truth)
            for policy in active:
                held = gains(play(policy, seen, own), own)
                cells = sums.setdefault(policy.name, {k: [0.0] * len(pool) for k in submissions})
                for k in submissions:
                    cells[k][place] += held[min(k, len(held)) - 1] if held else 0.0
    return Scores(
        problems=tuple(problem.problem_id for problem in pool),
        by_problem={
            name: {k: tuple(sum_ / resamples for sum_ in column) for k, column in cells.items()}
            for name, cells in sums.items()
        },
        everything=tuple(everything(recorded, rules(recorded)) for recorded in pool),
    )


@dataclass(frozen=True)
class MeanInterval:
    """A mean with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


def mean_interval(values: Sequence[float], seed: int = 0) -> MeanInterval:
    """Return the mean of per-problem values, problems resampled."""
    return _interval([(value, 1.0) for value in values], seed)


def gap_closed(scores: Scores, policy: str, k: int) -> MeanInterval:
    """Return the share of the gap between `random` and everything that a policy closes."""
    columns = zip(
        scores.by_problem[policy][k],
        scores.by_problem["random"][k],
        scores.everything,
        strict=True,
    )
    return _interval([(ours - low, top - low) for ours, low, top in columns])


@dataclass(frozen=True)
class PolicyComparison:
    """How much better one policy is than another: mean difference and two-sided p value."""

    difference: MeanInterval
    p_value: float


def compare(scores: Scores, first: str, second: str, k: int) -> PolicyComparison:
    """Compare two policies on the same problems by a paired sign-flip test."""
    pairs = zip(scores.by_problem[first][k], scores.by_problem[second][k], strict=True)
    differences = [one - other for one, other in pairs]
    observed = abs(sum(differences))
    rng = random.Random(0)
    nonzero = [value for value in differences if value]
    extreme = sum(
        abs(sum(value if rng.random() < 0.5 else -value for value in nonzero)) >= observed - 1e-12
        for _ in range(BOOTSTRAP)
    )
    return PolicyComparison(mean_interval(differences), (extreme + 1) / (BOOTSTRAP + 1))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p values corrected for their number (Holm, 1979)."""
    corrected: dict[str, float] = {}
    worst = 0.0
    for rank, (name, value) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        worst = max(worst, min(1.0, value * (len(p_values) - rank)))
        corrected[name] = worst
    return corrected


def _interval(ratios: Sequence[tuple[float, float]], seed: int = 0) -> MeanInterval:
    """The ratio of two sums over problems, with its bootstrap interval."""
    rng = random.Random(seed)

    def ratio(chosen: Sequence[tuple[float, float]]) -> float:
        below = sum(bottom for _, bottom in chosen)
        return sum(top for top, _ in chosen) / below if below else 0.0

    draws = sorted(ratio(rng.choices(ratios, k=len(ratios))) for _ in range(BOOTSTRAP))
    return MeanInterval(ratio(ratios), draws[int(0.025 * BOOTSTRAP)], draws[int(0.975 * BOOTSTRAP)])
