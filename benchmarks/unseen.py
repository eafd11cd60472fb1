"""How well choosing holds on pools that it has never seen: shipped weights, and one pool left out.

    python benchmarks/unseen.py [POOL ...] [--resamples N] [--only NAME ...] [--test POOL ...]
        [--ablation] [--json FILE]
    python benchmarks/unseen.py --kinds

POOLs are evidence with its truth (`*.pool.jsonl`, `*.pool.jsonl.xz`); by default all of
`benchmarks/pools/` (see the cards there). On each of them every policy is played twice: `medalist`
with the weights that ship, which may have been fitted on it, and `medalist, pool left out` with
weights fitted on the other POOLs alone, less the problems that are in both. With `--test` pools
are measured that no weights may be fitted on. Shown are the share of problems solved within 1, 3,
10 and 50 submissions and, where there are subtasks, the share of points under olympiad rules
(subtasks worth the same, since a pool does not say); 95 % intervals over problems. Then, with the
pool left out, how honest beliefs are (see `frozen.calibration`), and the comparison declared for
pools from elsewhere: medalist against the o1-ioi-like rule within 1 and 10, one-sided.

`--ablation` plays, on each pool, weights fitted on the others without one source of evidence.
`--kinds` shows how honest beliefs are on each kind of pool, with the untouched pools of that kind
too, and weights that were fitted on no pool of the kind.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import frozen
from left_one_out import Described, describe, pool_left_out

from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import PolicyRules
from medalist.agent.choose.policy_replay import Draws, Scores, mean_interval, measure
from medalist.agent.choose.recorded_pool import Recorded, read_pool
from medalist.errors import BadInput, MedalistError

FOLDER = Path(__file__).parent / "pools"
SUBMISSIONS = (1, 3, 10, 50)
DECLARED = ("o1-ioi-like", (1, 10))
LEFT_OUT = "medalist, pool left out"
UNTOUCHED = {
    "codeflaws-even": "untouched/codeflaws-even-8",
    "mutants": "untouched/mutants-bundled",
}
"""Pools on which nothing is fitted, by the pool whose kind they are."""
SOURCES: dict[str, tuple[str, ...]] = {
    "agreement input by input": ("agreement", "agreement_log"),
    "claims of tests": ("dual",),
    "votes": ("supported", "share", "lone"),
    "constant outputs": ("constant",),
}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Choosing on pools that were never seen.")
    parser.add_argument("pools", nargs="*", type=Path)
    parser.add_argument("--only", action="append", help="measure on this pool only; repeatable")
    parser.add_argument("--test", action="append", type=Path, default=[], help="never fitted on")
    parser.add_argument("--resamples", type=int, default=2)
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--kinds", action="store_true", help="beliefs alone, by kind of pool")
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    try:
        fitted = read_pools(options.pools or sorted(FOLDER.glob("*.pool.jsonl.xz")))
        tested = read_pools(options.test)
        described = describe(fitted)
        if options.kinds:
            return honest_by_kind(fitted, described)
        wanted = set(options.only or [*fitted, *tested])
        result: dict[str, Any] = {}
        for name, rows in {**fitted, **tested}.items():
            if name in wanted:
                result[name] = one_pool(name, rows, described, options.resamples)
                if options.ablation:
                    result[name]["ablation"] = ablation(name, rows, described, options.resamples)
    except MedalistError as error:
        print(f"unseen: {error}", file=sys.stderr)
        return error.exit_code
    if options.json is not None:
        options.json.write_text(json.dumps(result) + "\n", encoding="utf-8")
    return 0


def honest_by_kind(fitted: Mapping[str, list[Recorded]], described: Described) -> int:
    """Print how honest beliefs are on each kind of pool that was left out."""
    for name, rows in fitted.items():
        if name in UNTOUCHED:
            (more,) = read_pools([FOLDER / f"{UNTOUCHED[name]}.pool.jsonl.xz"]).values()
            rows = [*rows, *more]
        weights = pool_left_out(described, name, {row.problem_id for row in rows})
        print(f"{name}: {len(rows)} problems", flush=True)
        _honest(rows, weights)
    return 0


def _honest(rows: Sequence[Recorded], weights: BeliefWeights) -> dict[str, Any]:
    return frozen.calibration(rows, lambda _: ExpectedGain(weights))


def read_pools(paths: Sequence[Path]) -> dict[str, list[Recorded]]:
    """Return pools by the beginning of their file's name; problems without a program are left out.

    Raises:
        BadInput: A pool cannot be read, or two have one name.
    """
    result: dict[str, list[Recorded]] = {}
    for path in paths:
        name = path.name.split(".")[0]
        if name in result:
            raise BadInput(f"two pools have the name {name}", file=path)
        result[name] = [recorded for recorded in read_pool(path) if recorded.view.programs]
    return result


def one_pool(
    name: str, rows: Sequence[Recorded], described: Described, resamples: int
) -> dict[str, Any]:
    """Measure a pool under the rules that fit it, print the tables, and return the figures."""
    weights = pool_left_out(described, name, {row.problem_id for row in rows})
    policies = [make() for make in POLICIES.values()] + [ExpectedGain(weights, name=LEFT_OUT)]
    result: dict[str, Any] = {"problems": len(rows)}
    for rules, tables in kinds(rows).items():
        scores = measure(
            rows,
            policies,
            tables.__getitem__,
            Draws(submissions=SUBMISSIONS, resamples=resamples),
        )
        result[rules] = _shown(f"{name}: {rules}", scores)
        result[rules]["declared"] = declared(scores)
    print(f"{name}: beliefs with the pool left out", flush=True)
    result["calibration"] = _honest(rows, weights)
    return result


def kinds(rows: Sequence[Recorded]) -> dict[str, _Rules]:
    """Return the rules under which a pool is played: for whole problems, and for points."""
    result = {"solved": _Rules({})}
    subtasks = {
        row.problem_id: sorted({part for truth in row.truth.values() for part in truth.subtasks})
        for row in rows
    }
    if any(subtasks.values()):
        result["points"] = _Rules(subtasks)
    return result


class _Rules:
    """The rules of a problem, subtasks worth the same."""

    def __init__(self, subtasks: Mapping[str, Sequence[str]]) -> None:
        self._subtasks = subtasks

    def __getitem__(self, one: Recorded) -> PolicyRules:
        parts = self._subtasks.get(one.problem_id)
        return PolicyRules("ioi", subtasks=dict.fromkeys(parts, 1.0)) if parts else PolicyRules()


def _shown(title: str, scores: Scores) -> dict[str, Any]:
    everything = sum(scores.everything) / len(scores.everything)
    print(f"{title}, {len(scores.problems)} problems, everything submitted {everything:.3f}")
    table: dict[str, Any] = {}
    for policy, cells in scores.by_problem.items():
        intervals = {str(k): mean_interval(cells[k]) for k in SUBMISSIONS}
        table[policy] = {
            k: {"mean": one.mean, "lo": one.low, "hi": one.high} for k, one in intervals.items()
        }
        figures = "".join(
            f"{interval.mean:>8.3f} [{interval.low:.3f},{interval.high:.3f}]"
            for interval in intervals.values()
        )
        print(f"  {policy:<26}{figures}", flush=True)
    return {"everything": everything, "policies": table}


def declared(scores: Scores, ours: str = LEFT_OUT) -> dict[str, Any]:
    """Return medalist less the declared baseline, and the one-sided p value (signs flipped)."""
    other, counts = DECLARED
    result: dict[str, Any] = {}
    for k in counts:
        pairs = zip(scores.by_problem[ours][k], scores.by_problem[other][k], strict=True)
        differences = [one - theirs for one, theirs in pairs]
        rng = random.Random(0)
        observed = sum(differences)
        flips = sum(
            sum(value if rng.random() < 0.5 else -value for value in differences) >= observed - 1e-9
            for _ in range(2000)
        )
        mean = observed / len(differences)
        result[str(k)] = {"difference": mean, "p": (flips + 1) / 2001}
        print(f"  {ours} less {other} within {k}: {mean:+.3f}, p = {result[str(k)]['p']:.4f}")
    return result


def ablation(
    name: str, rows: Sequence[Recorded], described: Described, resamples: int
) -> dict[str, Any]:
    """Measure weights fitted on the other pools without one source of evidence each."""
    shared = {row.problem_id for row in rows}
    policies = [
        ExpectedGain(pool_left_out(described, name, shared, without), name=f"without {source}")
        for source, without in {"nothing": (), **SOURCES}.items()
    ]
    rules, tables = list(kinds(rows).items())[-1]
    scores = measure(
        rows, policies, tables.__getitem__, Draws(submissions=SUBMISSIONS, resamples=resamples)
    )
    return _shown(f"{name}: {rules}, evidence left out", scores)


if __name__ == "__main__":
    sys.exit(main())
