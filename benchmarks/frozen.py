"""A frozen test: the weights that ship, on pools from elsewhere, with nothing fitted on them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
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
    which nothing has a chance counts with the belief 0. `abstention` is about the problems on which
    it says with 0.9 that none of the programs is right: how many, and on which share that is so.

    Args:
        rows: The pool.
        policy_of: The policy for a problem; that of the weights that ship if not given.
    """
    usual = ExpectedGain(shipped())
    seen = [
        _first(row, policy_of(row.problem_id) if policy_of else usual)
        for row in rows
        if row.view.programs
    ]
    pairs = [(chance, right) for chance, right, _, _ in seen]
    if not pairs:
        return {}
    rng = random.Random(0)
    draws = sorted(skill(rng.choices(pairs, k=len(pairs))) for _ in range(2000))
    perfect = [
        error([(chance, float(rng.random() < chance)) for chance, _ in pairs]) for _ in range(500)
    ]
    hopeless = [none_right for _, _, none, none_right in seen if none >= _SURE]
    result: dict[str, Any] = {
        "problems": len(pairs),
        "brier_skill": {"mean": skill(pairs), "lo": draws[50], "hi": draws[1949]},
        "ece": error(pairs),
        "ece_perfect": sum(perfect) / len(perfect),
        "bins": [
            {"belief": mean, "right": right, "count": count} for mean, right, count in bins(pairs)
        ],
        "abstention": {"problems": len(hopeless), "none_right": _mean(hopeless)},
        "pairs": pairs,
    }
    interval = result["brier_skill"]
    print(
        f"Brier skill {interval['mean']:.3f} [{interval['lo']:.3f}, {interval['hi']:.3f}], "
        f"calibration error {result['ece']:.3f}, a perfect forecaster's {result['ece_perfect']:.3f}"
    )
    for mean, right, count in bins(pairs):
        print(f"  believed {mean:.2f}, right {right:.2f} ({count} problems)")
    if hopeless:
        print(f"  none is right, it says of {len(hopeless)}: so on {_mean(hopeless):.2f} of these")
    return result


def _first(one: Recorded, policy: ExpectedGain) -> tuple[float, float, float, float]:
    """The belief that the program which would be submitted first is right, and whether it is.

    Also the belief that none is right, and whether none is.
    """
    chances = {
        name: parts.get("", 0.0)
        for name, parts in policy.chances(one.view, (), PolicyRules()).items()
    }
    best = max(chances, key=lambda name: (chances[name], one.view.votes[name]))
    some = math.fsum(max(chances[name] for name in group.programs) for group in one.view.clusters)
    none_right = not any(one.truth[name].solved for name in chances)
    return chances[best], float(one.truth[best].solved), 1 - some, float(none_right)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def skill(pairs: Sequence[tuple[float, float]]) -> float:
    """Brier skill of (belief, right) against always saying the mean."""
    mean = sum(right for _, right in pairs) / len(pairs)
    usual = sum((right - mean) ** 2 for _, right in pairs)
    ours = sum((right - chance) ** 2 for chance, right in pairs)
    return 1 - ours / usual if usual else 0.0


def bins(pairs: Sequence[tuple[float, float]]) -> list[tuple[float, float, int]]:
    """Mean belief, share right and count in each fifth of the beliefs that is not empty."""
    result = []
    for number in range(_BINS):
        inside = [pair for pair in pairs if min(_BINS - 1, int(pair[0] * _BINS)) == number]
        if inside:
            mean = sum(chance for chance, _ in inside) / len(inside)
            result.append((mean, sum(right for _, right in inside) / len(inside), len(inside)))
    return result


def error(pairs: Sequence[tuple[float, float]]) -> float:
    """Expected calibration error over these bins."""
    return sum(abs(mean - right) * count for mean, right, count in bins(pairs)) / len(pairs)
