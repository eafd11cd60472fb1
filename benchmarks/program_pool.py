"""Pools of programs for one problem: labelled ones, recorded answers and mutants, judged for real.

    python benchmarks/program_pool.py PROBLEM ... [--programs N] [--box B] [--core N] [--out DIR]

A PROBLEM is the folder of a package. Its programs are the package's labelled submissions, those
in `tests/data/submissions/<id>` and `benchmarks/data/programs/<id>` (right, partial, slow and
wrong ones by the authors of medalist), and mutants of all of them, equal programs merged.
Mutants that do not compile, or run on a sample for half a second, are left out: nothing has to
choose against them. Every other program is judged once on the package's tests, with at most one
second a test; verdicts are kept in the cache folder (`programs/<id>.jsonl`), so that a call that
was stopped continues where it was and a larger N only adds. With `--out` each pool is written there
with its evidence, as `medalist replay --pool` reads it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import completion_pool
from platformdirs import user_cache_path

from medalist.agent.choose.recorded_pool import Recorded, write_pool
from medalist.agent.evidence.program_mutants import mutants
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import Journal
from medalist.agent.submit.contest_judge import ContestJudge
from medalist.agent.submit.package_judge import package_feedback
from medalist.agent.types import Feedback, Program
from medalist.errors import MedalistError
from medalist.problems.assemble import submission
from medalist.problems.formats import load
from medalist.problems.model import PublicProblem
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Run
from medalist.sandbox.languages import language_of
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Status
from medalist.sandbox.pool import Pool, open_pool

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 1.0
"""CPU seconds a test, at most: so that thousands of slow programs can be judged."""

_HANGS = 0.5
_FEW = 12
"""Mutants of a program that is expensive to compile or to judge: not plain C, or slow."""

_DEAR_S = 1.5


def main() -> int:
    """Judge what is not judged yet."""
    parser = argparse.ArgumentParser(description="Judge pools of programs.")
    parser.add_argument("problems", nargs="+", type=Path)
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    parser.add_argument("--out", type=Path, help="write <id>.pool.jsonl.xz there")
    options = parser.parse_args()
    try:
        with open_pool(options.box, cores=options.core) as pool:
            for path in options.problems:
                problem = load(path)
                judged = judge_programs(problem, options.programs, pool)
                right = sum(row["verdict"] == "AC" for row in judged)
                print(f"{problem.public.problem_id}: {len(judged)} programs, {right} accepted")
                if options.out is not None:
                    options.out.mkdir(parents=True, exist_ok=True)
                    name = f"{problem.public.problem_id}.pool.jsonl.xz"
                    write_pool(options.out / name, [recorded(problem, pool, options.programs)])
    except MedalistError as error:
        print(f"program_pool: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def recorded(problem: Problem, pool: Pool, count: int | None = None) -> Recorded:
    """Return the programs judged so far, the first `count`, with what they do on generated
    inputs."""
    result = load_programs(problem, count)
    folder = user_cache_path("medalist") / "programs" / problem.public.problem_id
    with Journal.open(folder) as journal:
        view = completion_pool.view_of(
            problem.public, [one for one, _ in result], pool, seconds=SECONDS, journal=journal
        )
    truth = {one.program_id: feedback for one, feedback in result}
    return Recorded(problem.public.problem_id, view, truth)


def load_programs(problem: Problem, count: int | None = None) -> list[tuple[Program, Feedback]]:
    """Return programs that were judged before, the first `count`, each with its feedback.

    A program that is a mutant has a `~` in the name of its only candidate.
    """
    rows = _rows(_kept(problem))
    listed = [row for row in rows.values() if row["verdict"] is not None]
    # People's programs first: a pool of few programs has them too.
    listed.sort(key=lambda one: "~" in one["origin"])
    return [
        (
            Program(row["id"], row["language"], row["source"], (row["origin"],)),
            Feedback(Verdict(row["verdict"]), row["score"], row["subtasks"]),
        )
        for row in listed[:count]
    ]


def judge_programs(problem: Problem, count: int, pool: Pool) -> list[dict[str, Any]]:
    """Judge programs until `count` are judged, and return their rows."""
    path = _kept(problem)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = _rows(path)
    judge = _judge(problem, pool)
    workers = 2 * pool.size
    people = list(originals(problem))
    with path.open("a", encoding="utf-8") as lines, ThreadPoolExecutor(workers) as threads:

        def judge_up_to(most: int, programs: Iterator[Program]) -> None:
            todo = (program for program in programs if program.program_id not in rows)
            judged = sum(row["verdict"] is not None for row in rows.values())
            while judged < most and (batch := list(islice(todo, 4 * workers))):
                for row in threads.map(lambda one: _row(one, judge, pool), batch):
                    rows[row["id"]] = row
                    judged += row["verdict"] is not None
                    lines.write(json.dumps(row) + "\n")
                lines.flush()

        judge_up_to(sys.maxsize, iter(people))
        dear = {
            person.program_id for person in people if rows[person.program_id]["seconds"] > _DEAR_S
        }
        judge_up_to(count, _all_mutants(people, dear, 4 * count))
    return [row for row in rows.values() if row["verdict"] is not None]


def _kept(problem: Problem) -> Path:
    return user_cache_path("medalist") / "programs" / f"{problem.public.problem_id}.jsonl"


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


def _judge(problem: Problem, pool: Pool) -> ContestJudge:
    public = problem.public
    limits = public.limits.model_copy(update={"time_s": min(SECONDS, public.limits.time_s)})
    quick = replace(problem, public=public.model_copy(update={"limits": limits}))
    return ContestJudge(quick, package_feedback(public), pool)


def _row(program: Program, judge: ContestJudge, pool: Pool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": program.program_id,
        "origin": program.candidates[0],
        "language": program.language,
        "source": program.source,
        "verdict": None,
    }
    started = time.monotonic()
    mutant = "~" in program.candidates[0]
    if mutant and not _worth_judging(judge.public, program, pool):
        return row
    feedback = judge.submit(program)
    if mutant and feedback.verdict == "CE":
        return row
    return {
        **row,
        "seconds": round(time.monotonic() - started, 2),
        "verdict": feedback.verdict,
        "score": feedback.score,
        "subtasks": dict(feedback.subtasks),
    }


def _worth_judging(public: PublicProblem, program: Program, pool: Pool) -> bool:
    """Whether a mutant compiles and ends on every sample."""
    executable = pool.compile(submission(public, program.language, program.source)).executable
    if executable is None:
        return False
    limits = RunLimits(cpu_s=_HANGS, memory_bytes=public.limits.memory_mb * MIB)
    runs = [Run(stdin=sample.input.encode()) for sample in public.samples]
    with pool.box() as box:
        return all(
            outcome.status not in (Status.TIME, Status.IDLE)
            for outcome in box.run_many(executable, runs, limits)
        )


def _all_mutants(people: Sequence[Program], dear: Collection[str], count: int) -> Iterator[Program]:
    """Mutants of each program in turn: those with one fault, then with more."""
    seen = {person.program_id for person in people}
    for faults in (1, 2, 3):
        streams = [
            _mutants(
                person,
                _FEW if person.program_id in dear or person.language != "c" else count,
                faults,
            )
            for person in people
        ]
        while streams:
            for stream in list(streams):
                mutant = next(stream, None)
                if mutant is None:
                    streams.remove(stream)
                elif mutant.program_id not in seen:
                    seen.add(mutant.program_id)
                    yield mutant


def originals(problem: Problem) -> Iterator[Program]:
    """Yield the programs that people wrote, equal ones once."""
    seen = set()
    for name, language, source in _written(problem):
        family = (
            "python" if language.startswith(("python", "pypy")) else language.rstrip("0123456789")
        )
        one = Program(program_id(family, source), family, source, (name,))
        if one.program_id not in seen:
            seen.add(one.program_id)
            yield one


def _written(problem: Problem) -> Iterable[tuple[str, str, str]]:
    if problem.secret is not None:
        for solution in problem.secret.submissions:
            if solution.language is not None and len(solution.files) == 1:
                yield (
                    solution.name,
                    solution.language,
                    solution.files[solution.main].decode("utf-8", "replace"),
                )
    name = problem.public.problem_id
    for folder in (
        ROOT / "tests/data/submissions" / name,
        ROOT / "benchmarks/data/programs" / name,
    ):
        for path in sorted(folder.glob("*")):
            source = path.read_text(encoding="utf-8")
            language = language_of(path.name, source)
            if language is not None:
                yield path.name, language, source


def _mutants(one: Program, count: int, faults: int) -> Iterator[Program]:
    family: str = "python" if one.language == "python" else "cpp"
    for number, mutant in enumerate(
        mutants(one.source, family, count=count, seed=faults, faults=faults)
    ):
        name = f"{one.candidates[0]}~{faults}.{number}"
        yield Program(program_id(one.language, mutant.source), one.language, mutant.source, (name,))


if __name__ == "__main__":
    sys.exit(main())
