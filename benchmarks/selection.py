"""How well policies choose: share of problems solved within k submissions, on pools of programs.

    python benchmarks/selection.py [--pool FILE ...] [--problems DIR] [--programs N]
        [--resamples N] [--candidates N] [--box B] [--core N] [--no-embedded] [--shipped] [--json]

A pool is one of

- evidence, as `medalist.agent.choose.recorded_pool` describes it (`*.jsonl`, `*.jsonl.xz`);
- functions with calls, see `function_pool.py` (labels in a file beside it);
- completions (`problem, language, completion`), judged on the packages under `--problems`,
  see `completion_pool.py`.

Without `--pool` the development pools are taken: functions in shared data, all recorded answers of
the embedded models, and programs with their mutants (`program_pool.py`, `--programs` a problem), as
they are, with a wrong majority, and with a single right program. What is made of pools is kept in
the cache folder; the first run takes hours. Statistics: candidates are put into random order (ties)
or, with `--candidates N`, drawn without replacement, `--resamples` times; intervals are 95 %,
problems resampled 2,000 times. The belief of `medalist` is the one that ships; on the pool that it
was fitted on it is fitted again for every problem without that problem. Pools made of mutants are
shown apart: they carry no claim alone. Declared beforehand is one comparison,
medalist against CodeT at one submission on the function pool; all others carry Holm's correction.
With `--shipped` nothing is fitted on anything that is measured: the weights that ship are used on
every pool, and the share of points (where packages under `--problems`, or known ones, have
subtasks) and the belief's calibration are shown for each pool (`points`, `calibration`).
With `--json` the last line is one object: `real` and `mutants` (as `pools`, over all pools of
either kind), `policies` (name -> k -> mean, lo, hi over all problems),
`gap_closed` (pool -> share at 0.5 % of the pool, at least 1 submission), `gap_closed_mean`,
`best_policy` (by the mean over k = 1, 3, 10), `pools` in detail, and `bands` (the same means for
problems by their rate of right programs, and where the largest cluster is wrong).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import frozen
from selection_pools import MUTANTS, development_pools, load_pools, problem_folders

from medalist.agent.choose.belief import shipped
from medalist.agent.choose.examples import examples
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.fitting import fit
from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import Policy, PolicyRules
from medalist.agent.choose.policy_replay import (
    Draws,
    Scores,
    compare,
    gap_closed,
    holm,
    mean_interval,
    measure,
)
from medalist.agent.choose.recorded_pool import Recorded
from medalist.errors import MedalistError

SUBMISSIONS = (1, 3, 10, 50)
OURS = "medalist"
DECLARED = ("codet", 1)
BANDS = ((0.001, "to 0.1 %"), (0.01, "to 1 %"), (0.1, "to 10 %"), (1.0, "above 10 %"))


def right_share(recorded: Recorded) -> float:
    """The share of candidates that are right."""
    votes = recorded.view.votes
    right = sum(count for name, count in votes.items() if recorded.truth[name].solved)
    return right / max(1, sum(votes.values()))


def main() -> int:
    """Measure, print tables, and with --json one line."""
    parser = argparse.ArgumentParser(description="How well policies choose.")
    parser.add_argument("--pool", type=Path, action="append", help="a pool; may be repeated")
    parser.add_argument("--problems", type=Path, help="packages for pools of completions")
    parser.add_argument("--programs", type=int, default=2000, help="programs of a problem")
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    parser.add_argument("--resamples", type=int, default=5)
    parser.add_argument("--candidates", type=int, help="draw so many candidates a problem")
    parser.add_argument("--no-embedded", action="store_true", help="without their answers")
    parser.add_argument("--shipped", action="store_true", help="fit nothing")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        if options.pool:
            pools = load_pools(options.pool, options.problems, options.box, options.core)
        else:
            pools = development_pools(
                options.programs, options.box, options.core, embedded=not options.no_embedded
            )
        result = report(pools, options.resamples, options.candidates, as_shipped=options.shipped)
        if options.shipped:
            folders = [options.problems] if options.problems else problem_folders()
            result["points"] = frozen.points(pools, folders, options.resamples)
            result["calibration"] = {}
            for name, rows in pools.items():
                print(f"{name}:")
                result["calibration"][name] = frozen.calibration(rows)
    except MedalistError as error:
        print(f"selection: {error}", file=sys.stderr)
        return error.exit_code
    if options.json:
        print(json.dumps(result))
    return 0


def baselines() -> list[Policy]:
    """Every policy that needs no fitting."""
    return [make() for name, make in POLICIES.items() if name != OURS]


def ours(pool: str, rows: Sequence[Recorded], *, as_shipped: bool) -> dict[str, ExpectedGain]:
    """The policy for each problem of a pool: as it ships; where that saw the pool, fitted again."""
    if as_shipped or pool.removesuffix("-even") not in shipped().pools:
        return dict.fromkeys((row.problem_id for row in rows), ExpectedGain())
    described = {row.problem_id: examples(row) for row in rows}
    return {
        name: ExpectedGain(fit([ex for other, ex in described.items() if other != name]))
        for name in described
    }


def _policies(own: dict[str, ExpectedGain], one: Recorded) -> list[Policy]:
    return [*baselines(), own[one.problem_id]]


def _few(rows: Sequence[Recorded]) -> int:
    """0.5 % of a pool's candidates, at least one submission."""
    return max(1, round(0.005 * max((sum(row.view.votes.values()) for row in rows), default=0)))


def report(
    pools: dict[str, list[Recorded]], resamples: int, candidates: int | None, *, as_shipped: bool
) -> dict[str, Any]:
    """Measure all policies on all pools, print the tables, and return the figures."""
    outcome: dict[str, Scores] = {}
    for name, rows in pools.items():
        outcome[name] = measure(
            rows,
            partial(_policies, ours(name, rows, as_shipped=as_shipped)),
            lambda _: PolicyRules(),
            Draws(
                submissions=sorted({*SUBMISSIONS, _few(rows)}),
                resamples=resamples,
                candidates=candidates,
            ),
        )
    kinds = {
        kind: {
            name: part for name, part in outcome.items() if (name in MUTANTS) == (kind == "mutants")
        }
        for kind in ("real", "mutants")
    }
    pooled = _pooled(outcome)
    detail = {name: _detail(name, scores, pools[name]) for name, scores in outcome.items()}
    result = _detail("all pools", pooled, [row for rows in pools.values() for row in rows])
    bands = _bands(pooled, [row for rows in pools.values() for row in rows])
    best = max(
        result["policies"],
        key=lambda policy: sum(result["policies"][policy][str(k)]["mean"] for k in (1, 3, 10)),
    )
    shares = {name: part["gap_closed"][OURS] for name, part in detail.items()}
    apart = {
        kind: _detail(
            f"all pools ({kind})", _pooled(parts), [pool for name in parts for pool in pools[name]]
        )
        for kind, parts in kinds.items()
        if parts
    }
    return {
        **apart,
        "policies": result["policies"],
        "gap_closed": shares,
        "gap_closed_mean": sum(shares.values()) / len(shares),
        "best_policy": best,
        "bands": bands,
        "pools": detail,
    }


def _bands(scores: Scores, rows: Sequence[Recorded]) -> dict[str, Any]:
    """Means over the problems of each rate of right programs; those without any are left out."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(rows):
        if right_share(one) > 0:
            band = next(name for most, name in BANDS if right_share(one) <= most)
            places.setdefault(band, []).append(place)
            largest = one.view.clusters[0].programs
            if not any(one.truth[name].solved for name in largest):
                places.setdefault("largest cluster wrong", []).append(place)
    result: dict[str, Any] = {}
    for band, chosen in places.items():
        result[band] = {"problems": len(chosen), "policies": {}}
        print(f"right programs {band}: {len(chosen)} problems")
        for policy, cells in scores.by_problem.items():
            means = {
                str(k): sum(cells[k][place] for place in chosen) / len(chosen) for k in SUBMISSIONS
            }
            result[band]["policies"][policy] = means
            print(f"  {policy:<18}" + "".join(f"{mean:>8.3f}" for mean in means.values()))
    return result


def _pooled(by_name: dict[str, Scores]) -> Scores:
    policies = next(iter(by_name.values())).by_problem
    return Scores(
        problems=tuple(
            f"{name}/{problem}" for name, part in by_name.items() for problem in part.problems
        ),
        by_problem={
            policy: {
                k: tuple(value for part in by_name.values() for value in part.by_problem[policy][k])
                for k in SUBMISSIONS
            }
            for policy in policies
        },
        everything=tuple(value for part in by_name.values() for value in part.everything),
    )


def _detail(name: str, scores: Scores, rows: Sequence[Recorded]) -> dict[str, Any]:
    table = {
        policy: {str(k): _interval(mean_interval(cells[k])) for k in SUBMISSIONS}
        for policy, cells in scores.by_problem.items()
    }
    few = _few(rows)
    k = few if few in next(iter(scores.by_problem.values())) else 1
    everything = sum(scores.everything) / len(scores.everything)
    gaps = {policy: gap_closed(scores, policy, k).mean for policy in scores.by_problem}
    gaps_at = {str(at): _interval(gap_closed(scores, OURS, at)) for at in SUBMISSIONS[:3]}
    compared = {
        f"{policy} at {at}": compare(scores, OURS, policy, at)
        for policy in scores.by_problem
        if policy != OURS
        for at in SUBMISSIONS[:3]
    }
    declared = f"{DECLARED[0]} at {DECLARED[1]}"
    corrected = holm({key: one.p_value for key, one in compared.items() if key != declared})
    corrected[declared] = compared[declared].p_value
    _print(name, len(rows), table, everything, gaps, gaps_at)
    first = compared[declared].difference
    print(
        f"medalist against {declared}: {first.mean:+.3f} [{first.low:+.3f}, {first.high:+.3f}], "
        f"p = {corrected[declared]:.4f} (uncorrected: declared beforehand on the function pool)\n"
    )
    return {
        "problems": len(rows),
        "right_share": sum(right_share(row) for row in rows) / max(1, len(rows)),
        "policies": table,
        "everything": everything,
        "gap_closed": gaps,
        "gap_closed_at": gaps_at,
        "comparisons": {
            key: {**_interval(one.difference), "p": corrected[key]} for key, one in compared.items()
        },
    }


def _interval(one: Any) -> dict[str, float]:
    return {"mean": one.mean, "lo": one.low, "hi": one.high}


def _print(
    name: str,
    problems: int,
    table: dict[str, Any],
    everything: float,
    gaps: dict[str, float],
    gaps_at: dict[str, Any],
) -> None:
    print(f"{name}: {problems} problems, everything submitted {everything:.3f}")
    print(f"{'policy':<18}" + "".join(f"{f'k={k}':>22}" for k in SUBMISSIONS) + f"{'gap':>8}")
    for policy, cells in table.items():
        figures = "".join(
            f"{cell['mean']:>8.3f} [{cell['lo']:.3f},{cell['hi']:.3f}]"
            for cell in (cells[str(k)] for k in SUBMISSIONS)
        )
        print(f"{policy:<18}{figures}{gaps[policy]:>8.2f}")
    shares = ", ".join(
        f"{at}: {one['mean']:.2f} [{one['lo']:.2f}, {one['hi']:.2f}]" for at, one in gaps_at.items()
    )
    print(f"share of the gap closed by medalist within {shares}")


if __name__ == "__main__":
    sys.exit(main())
