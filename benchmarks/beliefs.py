"""How honest the beliefs are, and what each source of evidence is worth.

    python benchmarks/beliefs.py [POOL ...] [--folds N] [--resamples N] [--json]

A POOL is a pool of evidence (see `medalist.agent.choose.recorded_pool`); without any, the
development pools are taken as far as `selection.py` made them before. Problems are split into
folds, all pools together; whatever is fitted is fitted without the fold it is used on.

- Calibration of the top belief of each problem: Brier skill against always saying the mean, with
  its interval over problems; expected calibration error in five bins beside what a perfectly
  calibrated forecaster would get with these very beliefs (mean of 500 simulations).
- Ablation: the share solved within 1, 3 and 10 submissions without each source of evidence and
  without each update by a verdict.

With `--json` the last line is one object: `brier_skill` (mean, lo, hi), `ece`, `ece_perfect`,
`bins` (belief, right, count), `ablation` (pool -> what is left out -> k -> share).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from frozen import bins, error, skill
from selection_pools import DERIVED, development_pools, load_pools

from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.fitting import Examples, examples, fit
from medalist.agent.choose.policy import PolicyRules
from medalist.agent.choose.policy_replay import Draws, Scores, measure
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.choose.standing import Updates
from medalist.errors import MedalistError

SOURCES: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "cluster size": ("size", "rank"),
    "agreement input by input": ("agreement", "agreement_log"),
    "claims of tests": ("dual",),
    "variety of outputs": ("varied", "constant"),
}
UPDATES = {
    "cluster after a rejection": Updates(cluster=1.0),
}
COUNTS = (1, 3, 10)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How honest the beliefs are.")
    parser.add_argument("pools", type=Path, nargs="*")
    parser.add_argument("--programs", type=int, default=2000, help="programs of a problem")
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--resamples", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        if options.pools:
            pools = load_pools(options.pools, None)
        else:
            pools = development_pools(options.programs, options.box, options.core)
            for name in DERIVED:
                pools.pop(name)
        rows = [one for found in pools.values() for one in found]
        described = [examples(one) for one in rows]
        ablations = ablation(rows, described, options.folds, options.resamples)
        result = {**calibration(described, options.folds), "ablation": {}}
        first = 0
        for name, found in pools.items():  # two pools may hold the same problem
            places = range(first, first + len(found))
            result["ablation"][name] = _means(name, ablations, places)
            first += len(found)
    except MedalistError as error:
        print(f"beliefs: {error}", file=sys.stderr)
        return error.exit_code
    if options.json:
        print(json.dumps(result))
    return 0


def fold_weights(
    described: Sequence[Sequence[Examples]], folds: int, without: Sequence[str] = ()
) -> list[BeliefWeights]:
    """Weights for each problem, fitted without its fold."""
    each = [
        fit([one for place, one in enumerate(described) if place % folds != fold], without=without)
        for fold in range(folds)
    ]
    return [each[place % folds] for place in range(len(described))]


def calibration(described: Sequence[Sequence[Examples]], folds: int) -> dict[str, Any]:
    """Brier skill and calibration error of the top belief a problem (or subtask)."""
    pairs = []
    for parts, weights in zip(described, fold_weights(described, folds), strict=True):
        for one in parts:
            if one.features:
                chances = weights.probabilities([weights.score(row) for row in one.features])
                top = max(range(len(chances)), key=lambda place: chances[place])
                pairs.append((chances[top], one.right[top]))
    rng = random.Random(0)
    draws = sorted(skill(rng.choices(pairs, k=len(pairs))) for _ in range(2000))
    perfect = [
        error([(chance, float(rng.random() < chance)) for chance, _ in pairs]) for _ in range(500)
    ]
    result = {
        "brier_skill": {"mean": skill(pairs), "lo": draws[50], "hi": draws[1949]},
        "ece": error(pairs),
        "ece_perfect": sum(perfect) / len(perfect),
        "bins": [
            {"belief": mean, "right": right, "count": count} for mean, right, count in bins(pairs)
        ],
    }
    print(f"Brier skill {result['brier_skill']}")
    print(f"calibration error {result['ece']:.3f}, a perfect one's {result['ece_perfect']:.3f}")
    for mean, right, count in bins(pairs):
        print(f"  believed {mean:.2f}, right {right:.2f} ({count} problems)")
    return result


def ablation(
    rows: Sequence[Recorded],
    described: Sequence[Sequence[Examples]],
    folds: int,
    resamples: int,
) -> Scores:
    """Solved shares of every problem without each source and each update."""
    whole = fold_weights(described, folds)
    variants = {name: fold_weights(described, folds, gone) for name, gone in SOURCES.items()}
    policies = [
        [
            *(ExpectedGain(weights[place], name=name) for name, weights in variants.items()),
            *(ExpectedGain(whole[place], change, name) for name, change in UPDATES.items()),
        ]
        for place in range(len(rows))
    ]
    order = {id(one): place for place, one in enumerate(rows)}
    return measure(
        rows,
        lambda one: policies[order[id(one)]],
        lambda _: PolicyRules(),
        Draws(submissions=COUNTS, resamples=resamples),
    )


def _means(pool: str, scores: Scores, places: Sequence[int]) -> dict[str, dict[str, float]]:
    """Means over the problems of one pool, printed."""
    result = {}
    print(f"{pool}: share solved within {COUNTS}")
    for name, cells in scores.by_problem.items():
        result[name] = {
            str(k): sum(cells[k][place] for place in places) / len(places) for k in COUNTS
        }
        figures = "  ".join(f"{share:.3f}" for share in result[name].values())
        print(f"  without {name:<34} {figures}")
    return result


if __name__ == "__main__":
    sys.exit(main())
