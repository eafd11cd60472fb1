"""A frozen test: the weights that ship, on pools from elsewhere, with nothing fitted on them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from completion_pool import problem_named

from medalist.agent.choose.belief import shipped
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import PolicyRules
from medalist.agent.choose.policy_replay import Draws, mean_interval, measure
from medalist.agent.choose.recorded_pool import Recorded
from medalist.errors import BadInput

SUBMISSIONS = (1, 3, 10, 50)
_BINS = 5
_SURE = 0.9


def points(
    pools: Mapping[str, Sequence[Recorded]], folders: Sequence[Path], resamples: int
) -> dict[str, Any]:
    """Print and return the share of points by policy, over the problems that have subtasks.

    What a subtask is worth is read from the package of that name in one of the folders; problems
    whose package is not there, or has no subtasks, are left out.
    """
    rules: dict[str, PolicyRules] = {}
    rows = [recorded for result in pools.values() for recorded in result]
    for row in rows:
        if any(part.subtasks for part in row.truth.values()):
            worth = _worth(row.problem_id, folders)
            if worth:
                rules[row.problem_id] = PolicyRules("ioi", subtasks=worth)
    rows = [row for row in rows if row.problem_id in rules]
    if not rows:
        return {}
    scores = measure(
        rows,
        [make() for make in POLICIES.values()],
        lambda one: rules[one.problem_id],
        Draws(submissions=SUBMISSIONS, resamples=resamples),
    )
    everything = sum(scores.everything) / len(scores.everything)
    print(f"points: {len(rows)} problems with subtasks, everything submitted {everything:.3f}")
    table: dict[str, Any] = {}
    for name, cells in scores.by_problem.items():
        intervals = {str(k): mean_interval(cells[k]) for k in SUBMISSIONS}
        table[name] = {
            k: {"mean": one.mean, "lo": one.low, "hi": one.high} for k, one in intervals.items()
        }
        print(
            f"  {name:<18}" + "".join(f"{interval.mean:>8.3f}" for interval in intervals.values())
        )
    return {"problems": len(rows), "everything": everything, "policies": table}


def _worth(problem_id: str, folders: Sequence[Path]) -> dict[str, float]:
    try:
        public = problem_named(problem_id, folders).public
    except BadInput:
        return {}
    return {subtask.subtask_id: subtask.points for subtask in public.subtasks}


def calibration(
    rows: Sequence[Recorded], policy_of: Callable[[str], ExpectedGain] | None = None
) -> dict[str, Any]:
    """Print and return how honest the belief in the first submission is: a pair a problem.

    Brier skill is against always saying the mean; the interval resamples problems. A problem on
    which nothing has a chance counts with the belief 0. `behaviours` is the skill of all beliefs: a
    pair a cluster, the problem's clusters resampled together. `abstention` is about the problems on
    which it says with 0.9 that none of the programs is right: their number, and the share on which
    that is so.

    Args:
        rows: The pool.
        policy_of: The policy for a problem; that of the weights that ship if not given.
    """
    usual = ExpectedGain(shipped())
    seen = [
        _believed(row, policy_of(row.problem_id) if policy_of else usual)
        for row in rows
        if row.view.programs
    ]
    pairs = [beliefs.first for beliefs in seen]
    if not pairs:
        return {}
    rng = random.Random(0)
    interval = _interval([[pair] for pair in pairs], rng)
    behaviours = _interval([beliefs.clusters for beliefs in seen], rng)
    perfect = [
        error([(chance, float(rng.random() < chance)) for chance, _ in pairs]) for _ in range(500)
    ]
    hopeless = [float(beliefs.none_right) for beliefs in seen if beliefs.none >= _SURE]
    result: dict[str, Any] = {
        "problems": len(pairs),
        "brier_skill": interval,
        "behaviours": behaviours,
        "ece": error(pairs),
        "ece_perfect": sum(perfect) / len(perfect),
        "bins": [
            {"belief": mean, "right": right, "count": count} for mean, right, count in bins(pairs)
        ],
        "abstention": {"problems": len(hopeless), "none_right": _mean(hopeless)},
        "pairs": pairs,
    }
    print(
        f"Brier skill {_shown(interval)}, of all behaviours {_shown(behaviours)}, "
        f"calibration error {result['ece']:.3f}, a perfect forecaster's {result['ece_perfect']:.3f}"
    )
    for mean, right, count in bins(pairs):
        print(f"  believed {mean:.2f}, right {right:.2f} ({count} problems)")
    if hopeless:
        print(f"  none is right, it says of {len(hopeless)}: so on {_mean(hopeless):.2f} of these")
    return result


Pair = tuple[float, float]
"""A belief, and 1 where what was believed right is right."""


@dataclass(frozen=True)
class _Beliefs:
    """What is believed of a problem, and what is so.

    Attributes:
        first: Of the program that would be submitted first.
        clusters: Of each cluster, by the program of it that would be submitted.
        none: The belief that none is right.
        none_right: Whether none is.
    """

    first: Pair
    clusters: list[Pair]
    none: float
    none_right: bool


def _believed(one: Recorded, policy: ExpectedGain) -> _Beliefs:
    chances = {
        name: parts.get("", 0.0)
        for name, parts in policy.chances(one.view, (), PolicyRules()).items()
    }

    def pair(names: Iterable[str]) -> Pair:
        best = max(names, key=lambda name: (chances[name], one.view.votes[name]))
        return chances[best], float(one.truth[best].solved)

    clusters = [pair(cluster.programs) for cluster in one.view.clusters]
    return _Beliefs(
        first=pair(chances),
        clusters=clusters,
        none=1 - math.fsum(chance for chance, _ in clusters),
        none_right=not any(one.truth[name].solved for name in chances),
    )


def _interval(problems: Sequence[Sequence[Pair]], rng: random.Random) -> dict[str, float]:
    """Return the Brier skill of the pairs of all problems, 95 % over problems drawn again."""

    def of(sample: Sequence[Sequence[Pair]]) -> float:
        return skill([pair for pairs in sample for pair in pairs])

    draws = sorted(of(rng.choices(problems, k=len(problems))) for _ in range(2000))
    return {"mean": of(problems), "lo": draws[50], "hi": draws[1949]}


def _shown(interval: Mapping[str, float]) -> str:
    return f"{interval['mean']:.3f} [{interval['lo']:.3f}, {interval['hi']:.3f}]"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def skill(pairs: Sequence[Pair]) -> float:
    """Brier skill of (belief, right) against always saying the mean."""
    mean = sum(right for _, right in pairs) / len(pairs)
    usual = sum((right - mean) ** 2 for _, right in pairs)
    ours = sum((right - chance) ** 2 for chance, right in pairs)
    return 1 - ours / usual if usual else 0.0


def bins(pairs: Sequence[Pair]) -> list[tuple[float, float, int]]:
    """Mean belief, share right and count in each fifth of the beliefs that is not empty."""
    result = []
    for number in range(_BINS):
        inside = [pair for pair in pairs if min(_BINS - 1, int(pair[0] * _BINS)) == number]
        if inside:
            mean = sum(chance for chance, _ in inside) / len(inside)
            result.append((mean, sum(right for _, right in inside) / len(inside), len(inside)))
    return result


def error(pairs: Sequence[Pair]) -> float:
    """Expected calibration error over these bins."""
    return sum(abs(mean - right) * count for mean, right, count in bins(pairs)) / len(pairs)
