"""IOI rules end to end: choosing on problems with subtasks, against traps.

    python benchmarks/subtasks.py [ID ...] [--programs N] [--trap SHARE] [--resamples N] [--json]

For every bundled problem with subtasks a pool is made of the package's labelled submissions
(right, partial, slow, wrong) and of their mutants, equal programs merged; mutants that no test
tells from the reference are left out. The trap: one partial solution is given as many votes as
makes it `--trap` (0.5) of all, so that the majority is wrong. Programs are run on samples and
made inputs, which are tagged with the subtasks whose bounds they keep, and judged on the secret
tests; pools are kept in the cache folder. With `--json` the last line is one object: `policies`
(name -> k -> mean, lo, hi of the share of points), `everything`, `problems`, `programs`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import completion_pool
from platformdirs import user_cache_path

from medalist.agent.choose.expected import ExpectedGain, Updates
from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import Policy, Rules
from medalist.agent.choose.pool import Recorded, read_pool, write_pool
from medalist.agent.choose.replay import mean_interval, measure
from medalist.agent.evidence.mutants import Family, mutants
from medalist.agent.words import Program
from medalist.errors import BadInput, MedalistError
from medalist.problems.formats import load
from medalist.problems.model import Kind
from medalist.problems.secret import LabelledSubmission, Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.pool import open_pool

ARCHIVE = Path(__file__).resolve().parents[1] / "problems" / "archive"
SUBMISSIONS = (1, 5, 10, 50)
FORMAT = 1  # of what is kept in the cache


def main() -> int:
    """Make the pools, measure, and print."""
    parser = argparse.ArgumentParser(description="IOI rules end to end.")
    parser.add_argument("ids", nargs="*", help="bundled problems; all with subtasks")
    parser.add_argument("--programs", type=int, default=1000, help="programs a problem")
    parser.add_argument("--trap", type=float, default=0.5, help="share of votes of the trap")
    parser.add_argument("--resamples", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        problems = [load(ARCHIVE / name) for name in options.ids or _with_subtasks()]
        rows = [_pool(one, options.programs, options.trap) for one in problems]
        rules = {
            one.public.problem_id: Rules(
                "ioi", subtasks={sub.subtask_id: sub.points for sub in one.public.subtasks}
            )
            for one in problems
        }
        result = report(rows, rules, options.resamples)
    except MedalistError as error:
        print(f"subtasks: {error}", file=sys.stderr)
        return error.exit_code
    if options.json:
        print(json.dumps(result))
    return 0


def _with_subtasks() -> list[str]:
    found = []
    for folder in sorted(ARCHIVE.iterdir()):
        try:
            public = load(folder).public if folder.is_dir() else None
        except BadInput:
            continue
        if public is not None and public.subtasks and public.kind is Kind.BATCH:
            found.append(folder.name)
    return found


def _pool(problem: Problem, programs: int, trap: float) -> Recorded:
    name = problem.public.problem_id
    folder = user_cache_path("medalist") / "subtasks"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{name}-{programs}-{FORMAT}.jsonl.xz"
    if not kept.is_file():
        print(f"{name}: running and judging {programs} programs", file=sys.stderr)
        with open_pool() as pool:
            found = completion_pool.observe(problem, _programs(problem, programs), pool)
        write_pool(kept, [found])
    return _trapped(next(iter(read_pool(kept))), trap)


def _programs(problem: Problem, count: int) -> list[Program]:
    """The labelled submissions and, in turn, mutants of each."""
    assert problem.secret is not None
    originals = [_program(one) for one in problem.secret.submissions if one.language]
    streams = [_mutants(one, count) for one in originals]
    chosen = {one.source: one for one in originals}
    while streams and len(chosen) < count:
        for stream in list(streams):
            mutant = next(stream, None)
            if mutant is None:
                streams.remove(stream)
            else:
                chosen.setdefault(mutant.source, mutant)
    return list(chosen.values())[:count]


def _program(one: LabelledSubmission) -> Program:
    assert one.language is not None
    family = LANGUAGES[one.language].family
    source = one.files[one.main].decode("utf-8", "replace")
    return Program(one.name, family, source, (one.name,))


def _mutants(one: Program, count: int) -> Iterator[Program]:
    family: Family = "python" if one.language == "python" else "cpp"
    for faults in (1, 2):
        for number, mutant in enumerate(
            mutants(one.source, family, count=count, seed=1, faults=faults)
        ):
            name = f"{one.program_id}~{faults}.{number}"
            yield Program(name.replace("/", "_"), one.language, mutant.source, (name,))


def _trapped(found: Recorded, share: float) -> Recorded:
    """Give one partial solution so many votes that it is that share of all.

    Mutants that no test rejects are left out; the labelled right ones stay.
    """
    programs = [
        one
        for one in found.view.programs
        if "~" not in one.program_id or found.truth[one.program_id].verdict != Verdict.AC
    ]
    partial = [one for one in programs if (found.truth[one.program_id].score or 0) > 0]
    partial = [one for one in partial if not found.truth[one.program_id].solved]
    if partial:
        trap = random.Random(found.problem_id).choice(partial)
        extra = round(share / (1 - share) * (len(programs) - 1))
        votes = tuple(f"{trap.program_id}#{number}" for number in range(max(1, extra)))
        replaced = Program(trap.program_id, trap.language, trap.source, votes)
        programs = [replaced if one is trap else one for one in programs]
    view = replace(found.view, programs=tuple(programs))
    return Recorded(found.problem_id, view, found.truth)


def report(rows: list[Recorded], rules: dict[str, Rules], resamples: int) -> dict[str, Any]:
    """Measure every policy, and ours with and without the superset filter."""
    policies: list[Policy] = [
        *(make() for make in POLICIES.values()),
        ExpectedGain(updates=Updates(superset=False), name="medalist, no superset filter"),
    ]
    scores = measure(
        rows,
        policies,
        lambda one: rules[one.problem_id],
        submissions=SUBMISSIONS,
        resamples=resamples,
    )
    table: dict[str, dict[str, dict[str, float]]] = {}
    everything = sum(scores.everything) / len(scores.everything)
    print(f"{len(rows)} problems, everything submitted {everything:.3f} of the points")
    for name, cells in scores.by_problem.items():
        table[name] = {}
        for k in SUBMISSIONS:
            found = mean_interval(cells[k])
            table[name][str(k)] = {"mean": found.mean, "lo": found.low, "hi": found.high}
        print(f"{name:<30}" + "".join(f"{table[name][str(k)]['mean']:>8.3f}" for k in SUBMISSIONS))
    return {
        "policies": table,
        "everything": everything,
        "problems": [one.problem_id for one in rows],
        "programs": [len(one.view.programs) for one in rows],
    }


if __name__ == "__main__":
    sys.exit(main())
