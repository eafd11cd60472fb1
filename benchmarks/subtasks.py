"""IOI rules end to end: choosing on problems with subtasks, against traps.

    python benchmarks/subtasks.py [PROBLEM ...] [--programs N] [--trap SHARE] [--resamples N]
        [--box B] [--core N] [--json]

For every problem (a package's folder; by default six, two of them in shared data) the pool is
that of `program_pool.py`: labelled submissions and programs of our own (right, partial, slow,
wrong) and their mutants, judged for real; what was judged before is not judged again. Mutants that
no test tells from a right program are left out. The trap: one partial solution is given as many
votes as makes it `--trap` (0.5) of all, so that the majority is wrong; the figures without a trap
come first. With `--json` the last line is one object: `policies` (name -> k -> mean, lo, hi of the
share of points, with the trap), `without_trap` (the same), `everything`, `problems`, `programs`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import program_pool
from selection_pools import subtask_problems, trapped, without_equivalents

from medalist.agent.choose.examples import examples
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.fitting import fit
from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import Policy, PolicyRules
from medalist.agent.choose.policy_replay import Draws, mean_interval, measure
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.choose.standing import Updates
from medalist.errors import MedalistError
from medalist.problems.formats import load
from medalist.problems.secret import Problem
from medalist.sandbox.pool import open_pool

SUBMISSIONS = (1, 5, 10, 50)


def main() -> int:
    """Make the pools, measure, and print."""
    parser = argparse.ArgumentParser(description="IOI rules end to end.")
    parser.add_argument("problems", nargs="*", type=Path, help="packages with subtasks")
    parser.add_argument("--programs", type=int, default=2000, help="programs a problem")
    parser.add_argument("--trap", type=float, default=0.5, help="share of votes of the trap")
    parser.add_argument("--resamples", type=int, default=3)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        problems = [load(path) for path in options.problems or subtask_problems()]
        with open_pool(options.box, cores=options.core) as pool:
            for problem in problems:
                program_pool.judge_programs(problem, options.programs, pool)
            rows = [
                without_equivalents(program_pool.recorded(problem, pool, options.programs))
                for problem in problems
            ]
        rules = {problem.public.problem_id: rules_of(problem) for problem in problems}
        print("without a trap:")
        plain = report(rows, rules, options.resamples)
        print(f"a partial solution has {options.trap:.0%} of the votes:")
        result = report([trapped(row, options.trap) for row in rows], rules, options.resamples)
    except MedalistError as error:
        print(f"subtasks: {error}", file=sys.stderr)
        return error.exit_code
    if options.json:
        print(json.dumps({**result, "without_trap": plain["policies"]}))
    return 0


def rules_of(problem: Problem) -> PolicyRules:
    """The rules of an olympiad for a problem."""
    subtasks = {subtask.subtask_id: subtask.points for subtask in problem.public.subtasks}
    return PolicyRules("ioi", subtasks=subtasks)


def report(rows: list[Recorded], rules: dict[str, PolicyRules], resamples: int) -> dict[str, Any]:
    """Measure every policy, and ours with and without the superset filter.

    The belief for a problem is fitted on the other problems.
    """
    described = {row.problem_id: examples(row) for row in rows}

    def policies(one: Recorded) -> list[Policy]:
        weights = fit([parts for name, parts in described.items() if name != one.problem_id])
        return [
            *(make() for name, make in POLICIES.items() if name != "medalist"),
            ExpectedGain(weights),
            ExpectedGain(weights, Updates(superset=False), name="medalist, no superset filter"),
            ExpectedGain(name="medalist, shipped weights"),
        ]

    scores = measure(
        rows,
        policies,
        lambda one: rules[one.problem_id],
        Draws(submissions=SUBMISSIONS, resamples=resamples),
    )
    table: dict[str, dict[str, dict[str, float]]] = {}
    everything = sum(scores.everything) / len(scores.everything)
    print(f"{len(rows)} problems, everything submitted {everything:.3f} of the points")
    for name, cells in scores.by_problem.items():
        table[name] = {}
        for k in SUBMISSIONS:
            result = mean_interval(cells[k])
            table[name][str(k)] = {"mean": result.mean, "lo": result.low, "hi": result.high}
        print(f"{name:<30}" + "".join(f"{table[name][str(k)]['mean']:>8.3f}" for k in SUBMISSIONS))
    return {
        "policies": table,
        "everything": everything,
        "problems": [row.problem_id for row in rows],
        "programs": [len(row.view.programs) for row in rows],
    }


if __name__ == "__main__":
    sys.exit(main())
