"""How well policies choose: share of problems solved within k submissions, on pools of programs.

    python benchmarks/selection.py [--pool FILE ...] [--problems DIR] [--resamples N] [--json]

A pool is one of

- evidence, as `medalist.agent.choose.pool` describes it (`*.jsonl`, `*.jsonl.xz`);
- functions with calls, see `function_pool.py` (labels in a file beside it);
- completions (`problem, language, completion`), judged on the packages under `--problems`,
  see `completion_pool.py`.

What is made from the last two is kept in the cache folder. Statistics: candidates are put into
random order (ties) or, with `--candidates N`, drawn without replacement, `--resamples` times;
intervals are 95 %, problems resampled 2,000 times. The belief of `medalist` is fitted for every
problem anew without that problem (all pools together). Declared beforehand is one comparison,
medalist against CodeT at one submission on the function pool; all others carry Holm's
correction. With `--json` the last line is one object: `policies` (name -> k -> mean, lo, hi over
all problems), `gap_closed` (pool -> share at 0.5 % of the pool, at least 1 submission),
`gap_closed_mean`, `best_policy` (by the mean over k = 1, 3, 10), and `pools` in detail.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import completion_pool
import function_pool
from platformdirs import user_cache_path

from medalist.agent.choose.expected import ExpectedGain
from medalist.agent.choose.fitting import Examples, examples, fit_without
from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import Policy, Rules
from medalist.agent.choose.pool import Recorded, append_pool, read_pool
from medalist.agent.choose.replay import (
    Scores,
    compare,
    gap_closed,
    holm,
    mean_interval,
    measure,
)
from medalist.errors import BadInput, MedalistError
from medalist.sandbox.pool import Pool, open_pool

SUBMISSIONS = (1, 3, 10, 50)
OURS = "medalist"
DECLARED = ("codet", 1)
FORMAT = 2  # of what is kept in the cache
ARCHIVE = Path(__file__).resolve().parents[1] / "problems" / "archive"


def main() -> int:
    """Measure, print tables, and with --json one line."""
    parser = argparse.ArgumentParser(description="How well policies choose.")
    parser.add_argument("--pool", type=Path, action="append", help="a pool; may be repeated")
    parser.add_argument("--problems", type=Path, help="packages for pools of completions")
    parser.add_argument("--resamples", type=int, default=20)
    parser.add_argument("--candidates", type=int, help="draw so many candidates a problem")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        pools = load_pools(options.pool or default_pools(), options.problems)
        result = report(pools, options.resamples, options.candidates)
    except MedalistError as error:
        print(f"selection: {error}", file=sys.stderr)
        return error.exit_code
    if options.json:
        print(json.dumps(result))
    return 0


def shared() -> Path:
    """The folder of shared data."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("MEDALIST_SHARED", beside))


def default_pools() -> list[Path]:
    """The development pools: those in shared data, and those recorded in `benchmarks/pools`."""
    found = [
        *sorted((shared() / "pools").glob("*.pool.jsonl.xz")),
        *sorted((shared() / "pools").glob("*-archives.jsonl")),
        *sorted((Path(__file__).parent / "pools").glob("*.pool.jsonl.xz")),
    ]
    if not found:
        raise BadInput("no pools found", hint="give --pool, or set MEDALIST_SHARED")
    return found


def load_pools(paths: Sequence[Path], problems: Path | None) -> dict[str, list[Recorded]]:
    """Read pools, by the first part of their files' names; their programs are run once."""
    loaded: dict[str, list[Recorded]] = {}
    for path in paths:
        name = path.name.split(".")[0]
        if function_pool.is_function_pool(path):
            loaded[name] = _kept("function", path, partial(function_pool.load, path))
        elif completion_pool.is_completion_pool(path):
            where = [problems] if problems else [ARCHIVE, shared() / "archives"]
            loaded[name] = _kept("completion", path, partial(completion_pool.load, path, where))
        else:
            loaded[name] = list(read_pool(path))
    return loaded


def _kept(
    kind: str, path: Path, make: Callable[[Pool, set[str]], Iterable[Recorded]]
) -> list[Recorded]:
    """What was made of a pool, problem by problem: what was made before is not made again."""
    here = Path(__file__).parent
    code = b"".join(one.read_bytes() for one in sorted(here.glob(f"{kind}_*.py")))
    digest = hashlib.sha256(path.read_bytes() + code + str(FORMAT).encode()).hexdigest()[:16]
    folder = user_cache_path("medalist") / "selection"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{path.name.split('.')[0]}-{digest}.jsonl"
    finished = kept.with_suffix(".complete")
    if not finished.is_file():
        print(f"running the programs of {path.name}: this takes a while", file=sys.stderr)
        done = {one.problem_id for one in read_pool(kept)} if kept.is_file() else set()
        with open_pool() as pool:
            for one in make(pool, done):
                append_pool(kept, [one])
        finished.touch()
    return list(read_pool(kept)) if kept.is_file() else []


def baselines() -> list[Policy]:
    """Every policy that needs no fitting."""
    return [make() for name, make in POLICIES.items() if name != OURS]


def left_one_out(pools: dict[str, list[Recorded]]) -> dict[tuple[str, str], ExpectedGain]:
    """The policy for each (pool, problem), fitted without any pool's rows of that problem."""
    described: dict[tuple[str, str], Examples] = {
        (pool, one.problem_id): examples(one) for pool, rows in pools.items() for one in rows
    }
    policies = {}
    for key in described:
        others = [ex for name, ex in described.items() if name[1] != key[1]]
        policies[key] = ExpectedGain(fit_without([described[key], *others], 0))
    return policies


def _policies(ours: dict[tuple[str, str], ExpectedGain], pool: str, one: Recorded) -> list[Policy]:
    return [*baselines(), ours[pool, one.problem_id]]


def report(
    pools: dict[str, list[Recorded]], resamples: int, candidates: int | None
) -> dict[str, Any]:
    """Measure all policies on all pools, print the tables, and return the figures."""
    ours = left_one_out(pools)
    found: dict[str, Scores] = {}
    for name, rows in pools.items():
        found[name] = measure(
            rows,
            partial(_policies, ours, name),
            lambda _: Rules(),
            submissions=SUBMISSIONS,
            resamples=resamples,
            candidates=candidates,
        )
    pooled = _pooled(found)
    detail = {name: _detail(name, scores, pools[name]) for name, scores in found.items()}
    result = _detail("all pools", pooled, [one for rows in pools.values() for one in rows])
    best = max(
        result["policies"],
        key=lambda policy: sum(result["policies"][policy][str(k)]["mean"] for k in (1, 3, 10)),
    )
    shares = {name: part["gap_closed"][OURS] for name, part in detail.items()}
    return {
        "policies": result["policies"],
        "gap_closed": shares,
        "gap_closed_mean": sum(shares.values()) / len(shares),
        "best_policy": best,
        "pools": detail,
    }


def _pooled(found: dict[str, Scores]) -> Scores:
    policies = next(iter(found.values())).by_problem
    return Scores(
        problems=tuple(f"{name}/{one}" for name, part in found.items() for one in part.problems),
        by_problem={
            policy: {
                k: tuple(value for part in found.values() for value in part.by_problem[policy][k])
                for k in SUBMISSIONS
            }
            for policy in policies
        },
        everything=tuple(value for part in found.values() for value in part.everything),
    )


def _detail(name: str, scores: Scores, rows: Sequence[Recorded]) -> dict[str, Any]:
    table = {
        policy: {str(k): _interval(mean_interval(cells[k])) for k in SUBMISSIONS}
        for policy, cells in scores.by_problem.items()
    }
    size = max((sum(one.view.votes.values()) for one in rows), default=0)
    few = max(1, round(0.005 * size))
    k = max((one for one in SUBMISSIONS if one <= few), default=1)
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
        "right_share": sum(one.right_share for one in rows) / max(1, len(rows)),
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
