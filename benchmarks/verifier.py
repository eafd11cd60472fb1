"""What a verifier tells and adds: `python benchmarks/verifier.py [--only POOL]... [POOLS]`.

Each pool is left out in turn: a verifier and the weights of the belief are trained on the other
pools, less the problems that are in both. Printed are, on the pool left out, AUC over all
programs and within a problem, Brier skill and calibration error; the share of problems solved
within 1, 3 and 10 submissions by medalist with and without it (at the weight that training chose,
and at 0.5), and by the verifier alone, with 95 % intervals over problems of the differences; and
best-of-k by the verifier's score over all subsets of k candidates (the estimator of V-STaR,
Hosseini et al., 2024) beside a random one's. `--problems` leaves out problems of the pool (five
folds) instead, the other problems of all pools being learned from.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from left_one_out import Described, describe, pool_left_out
from unseen import FOLDER, read_pools

from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.fitting import fit_pools
from medalist.agent.choose.policy import Policy, PolicyRules, RankingPolicy, View
from medalist.agent.choose.policy_replay import Draws, mean_interval, measure
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.choose.verifier import Verifier
from medalist.agent.choose.verifier_training import FOLDS, Taught, measured, train
from medalist.agent.types import Submission

SUBMISSIONS = (1, 3, 10)
BEST_OF = (1, 2, 4, 8, 16, 32, 64)
BARE, WITH, HALF, ALONE = "medalist", "and verifier", "and verifier at 0.5", "verifier alone"
Pools = Mapping[str, Sequence[Recorded]]


class ByVerifier(RankingPolicy):
    """Submits the program with the highest score first."""

    name = ALONE

    def __init__(self, verifier: Verifier) -> None:
        super().__init__()
        self._verifier = verifier

    def rank(self, view: View) -> list[Submission]:
        """Order by score."""
        odds = self._verifier.log_odds(view)
        return [Submission(name, "") for name in sorted(odds, key=lambda name: -odds[name])]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a verifier tells and adds.")
    parser.add_argument("pools", nargs="*", type=Path)
    parser.add_argument("--only", action="append", help="measure on this pool only; repeatable")
    parser.add_argument("--problems", action="store_true", help="leave out problems, not pools")
    parser.add_argument("--resamples", type=int, default=2)
    options = parser.parse_args()
    pools = read_pools(options.pools or sorted(FOLDER.glob("*.pool.jsonl.xz")))
    described = describe(pools)
    for name in options.only or pools:
        folds = by_problem if options.problems else by_pool
        one_pool(name, list(folds(name, pools, described)), options.resamples)
    return 0


Fold = tuple[Sequence[Recorded], Verifier, BeliefWeights]


def by_pool(name: str, pools: Pools, described: Described) -> Iterator[Fold]:
    """Yield the pool, and what was learned on the others."""
    shared = {pool.problem_id for pool in pools[name]}
    others = [
        row
        for pool, rows in pools.items()
        for row in rows
        if pool != name and row.problem_id not in shared
    ]
    yield pools[name], learned(others), pool_left_out(described, name, shared)


def by_problem(name: str, pools: Pools, described: Described) -> Iterator[Fold]:
    """Yield a fifth of the pool's problems at a time, and what was learned on all others."""
    for fold in range(FOLDS):
        left = pools[name][fold::FOLDS]
        if left:
            names = {problem.problem_id for problem in left}
            others = [row for rows in pools.values() for row in rows if row.problem_id not in names]
            kept = {
                pool: [parts for problem, parts in rows.items() if problem not in names]
                for pool, rows in described.items()
            }
            yield left, learned(others), fit_pools(kept)


def learned(problems: Sequence[Recorded]) -> Verifier:
    """Train on problems of pools."""
    taught = [
        Taught(
            problem.problem_id, problem.view, {name: t.solved for name, t in problem.truth.items()}
        )
        for problem in problems
    ]
    return train(taught, "").verifier


def one_pool(name: str, folds: Sequence[Fold], resamples: int) -> None:
    """Measure on the problems of all folds together."""
    rows = [row for left, _, _ in folds for row in left]
    made: dict[str, list[Policy]] = {}
    odds, right, number = [], [], []
    curves: list[list[float]] = []
    chosen = []
    for left, verifier, weights in folds:
        chosen.append(verifier.weight)
        policies: list[Policy] = [
            ExpectedGain(weights, name=BARE),
            ExpectedGain(weights, name=WITH, verifier=verifier),
            ExpectedGain(weights, name=HALF, verifier=replace(verifier, weight=0.5)),
            ByVerifier(verifier),
        ]
        for choice in left:
            made[choice.problem_id] = policies
            scores = verifier.log_odds(choice.view)
            odds += scores.values()
            right += [float(choice.truth[each].solved) for each in scores]
            number += [rows.index(choice)] * len(scores)
            curves.append(best_of(choice, scores))
    tells = measured(np.array(right), np.array(odds), np.array(number))
    figures = ", ".join(f"{key} {value:.3f}" for key, value in tells.items())
    print(f"{name}: {len(rows)} problems, weights {chosen}: {figures}")
    scores_ = measure(
        rows,
        lambda one: made[one.problem_id],
        lambda _: PolicyRules(),
        Draws(submissions=SUBMISSIONS, resamples=resamples),
    )
    for policy, cells in scores_.by_problem.items():
        bare = scores_.by_problem[BARE]
        row = ""
        for k in SUBMISSIONS:
            one = mean_interval(cells[k])
            more = mean_interval([x - y for x, y in zip(cells[k], bare[k], strict=True)])
            row += f"  {one.mean:.3f} ({more.mean:+.3f} [{more.low:+.3f}, {more.high:+.3f}])"
        print(f"  {policy:<20}{row}", flush=True)
    print("  best of k by the verifier, over all subsets; by chance")
    chance = [curve[0] for curve in curves]
    for place, k in enumerate(BEST_OF):
        enough = [curve[place] for curve in curves if not math.isnan(curve[place])]
        same = [c for c, curve in zip(chance, curves, strict=True) if not math.isnan(curve[place])]
        if enough:
            one, low = mean_interval(enough), mean_interval(same)
            print(
                f"    k={k:<3} {one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]; {low.mean:.3f} "
                f"({len(enough)} problems)",
                flush=True,
            )


def best_of(one: Recorded, scores: Mapping[str, float]) -> list[float]:
    """Return for each k of `BEST_OF` the share of subsets of k candidates whose best is right."""
    ranked = [
        (scores[program.program_id], float(one.truth[program.program_id].solved))
        for program in one.view.programs
        if program.program_id in scores
        for _ in program.candidates
    ]
    # Equal scores: the mean of their truths stands for each, as random order would have it.
    ties: dict[float, list[float]] = {}
    for score, truth in ranked:
        ties.setdefault(score, []).append(truth)
    truths = [
        sum(ties[score]) / len(ties[score])
        for score in sorted(ties, reverse=True)
        for _ in ties[score]
    ]
    count = len(truths)
    return [
        sum(
            truth * math.comb(count - place, k - 1) / math.comb(count, k)
            for place, truth in enumerate(truths, 1)
        )
        if 0 < k <= count
        else math.nan
        for k in BEST_OF
    ]


if __name__ == "__main__":
    sys.exit(main())
