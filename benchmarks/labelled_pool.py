"""Labelled submissions of contest packages as a pool: right, wrong, partial and slow ones.

    python benchmarks/labelled_pool.py [--repos DIR] [--shared DIR] [--seconds S] [--programs N]
        [--box B] [--core N] [--out FILE]

Packages are the bundled ones and, with `--repos`, those of the manifest of `--shared`, taken from
git directories as `inputs.py` takes them. Programs are the submissions that a package comes with
(for bundled ones those in `tests/data/submissions` and `benchmarks/data/programs`, too), judged
again on its tests with at most `--seconds` of CPU time a test; inputs are made from the statement
and its samples as `solve` makes them. Interactive problems are left out, and those with fewer than
`--programs` programs that compile. What was made before is not made again.

Written are outcome keys, times and verdicts. In place of a source stands a text of its length, for
policies that go by that; never a source, a test or an answer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import completion_pool
from inputs import packages
from program_pool import originals

from medalist.agent.choose.recorded_pool import Recorded, read_pool, write_pool
from medalist.agent.choose.within_cluster import length
from medalist.agent.types import Program
from medalist.errors import MedalistError
from medalist.problems.formats import load
from medalist.problems.model import Kind
from medalist.problems.secret import Problem
from medalist.sandbox.pool import open_pool


def main() -> int:
    """Make the pool, problem by problem."""
    parser = argparse.ArgumentParser(description="A pool of labelled submissions.")
    parser.add_argument("--repos", type=Path)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--programs", type=int, default=4)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    parser.add_argument("--out", type=Path, default=Path("labelled.pool.jsonl"))
    options = parser.parse_args()
    options.packages = None
    made = list(read_pool(options.out)) if options.out.is_file() else []
    done = {problem.problem_id for problem in made}
    with (
        tempfile.TemporaryDirectory() as folder,
        open_pool(options.box, cores=options.core) as pool,
    ):
        for path in packages(options, Path(folder)):
            if path.name in done:
                continue
            try:
                problem = load(path)
                if problem.public.kind not in (Kind.BATCH, Kind.FUNCTION):
                    continue
                programs = list(originals(problem))
                if len(programs) < options.programs:
                    continue
                recorded = completion_pool.observe(_quick(problem, options.seconds), programs, pool)
            except MedalistError as error:
                print(f"{path.name} is left out: {error}", file=sys.stderr, flush=True)
                continue
            right = sum(verdict.solved for verdict in recorded.truth.values())
            count = len(recorded.view.programs)
            print(f"{path.name}: {count} programs, {right} right", file=sys.stderr, flush=True)
            if count >= options.programs:
                made.append(without_sources(recorded))
                write_pool(options.out, made)
    print(f"{len(made)} problems in {options.out}")
    return 0


def _quick(problem: Problem, seconds: float) -> Problem:
    limits = problem.public.limits
    less = limits.model_copy(update={"time_s": min(seconds, limits.time_s)})
    return replace(problem, public=problem.public.model_copy(update={"limits": less}))


def without_sources(recorded: Recorded) -> Recorded:
    """Take the sources out: a pool of other people's programs holds what they did, no more."""
    programs = tuple(_without_source(program) for program in recorded.view.programs)
    view = replace(recorded.view, programs=programs)
    return Recorded(recorded.problem_id, view, recorded.truth)


def _without_source(one: Program) -> Program:
    return replace(one, source="x" * length(one.language, one.source))


if __name__ == "__main__":
    sys.exit(main())
