"""Pools of completions for packages: one model answer a line, judged on the package's own tests.

A row is `{"problem": "folder/name" or "name", "completion": "...", "language": "cpp",
"finish": "stop"}`; other keys are ignored. The package is looked for under the folder of
problems. Evidence is what `medalist solve` makes without a model: samples and inputs made by
mutating them.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from medalist.agent.choose.make_view import Observed, make_view
from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.evidence.matrix import FillOptions, fill
from medalist.agent.evidence.origin import SAMPLE, EvidenceInput, Origin
from medalist.agent.extract.answer import extract
from medalist.agent.extract.identity import merge
from medalist.agent.journal import Journal
from medalist.agent.submit.contest_judge import ContestJudge
from medalist.agent.submit.package_judge import package_feedback
from medalist.agent.types import Candidate, Program
from medalist.errors import BadInput, SandboxFailure
from medalist.problems.assemble import submission
from medalist.problems.formats import load as load_problem
from medalist.problems.model import Kind, PublicProblem
from medalist.problems.secret import Problem
from medalist.sandbox.box import Executable
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.pool import Pool

_INPUTS = 40
_LARGE = 4


def is_completion_pool(path: Path) -> bool:
    """Whether the first row of a file is a row of such a pool."""
    return {"problem", "completion"} <= next(_rows(path), {}).keys()


def load(
    paths: Sequence[Path], problems: Sequence[Path], pool: Pool, done: Collection[str] = ()
) -> Iterator[Recorded]:
    """Extract, run and judge the completions of each problem that is not in `done`.

    Interactive problems are left out. A completion that is in several files (same problem,
    seed and text) counts once.

    Raises:
        BadInput: A package is missing, or has no tests.
    """
    rows: dict[str, dict[tuple[object, str], dict[str, Any]]] = {}
    for path in paths:
        for row in _rows(path):
            name = row["problem"].rpartition("/")[2]
            rows.setdefault(name, {})[row.get("seed"), row["completion"]] = row
    for name, completions in rows.items():
        problem = problem_named(name, problems)
        # Interactive programs have no behaviour without the judge's own side.
        known = problem.public.kind in (Kind.BATCH, Kind.FUNCTION)
        if known and problem.public.problem_id not in done:
            try:
                yield _problem(problem, list(completions.values()), pool)
            except SandboxFailure as error:
                # Data alone, without the checker that the package needs.
                print(f"{problem.public.problem_id} is left out: {error}", file=sys.stderr)


def problem_named(name: str, problems: Sequence[Path]) -> Problem:
    """Load the package of that name from the first of these folders that holds it."""
    for folder in problems:
        for where in (folder / name, *sorted(folder.glob(f"*/{name}"))):
            if where.is_dir():
                return load_problem(where)
    raise BadInput(f"no package {name}", file=problems[0])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".xz":
        return
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot be read: {error}", file=path) from error


def _problem(problem: Problem, rows: Sequence[dict[str, Any]], pool: Pool) -> Recorded:
    public = problem.public
    candidates = [
        Candidate(
            candidate_id=str(number),
            text=row["completion"],
            finish=row.get("finish", "stop"),
            language=row.get("language"),
        )
        for number, row in enumerate(rows)
    ]
    programs = merge(
        (
            candidate,
            extract(
                candidate.text, language=candidate.language, public=public, finish=candidate.finish
            ),
        )
        for candidate in candidates
    )
    return observe(problem, programs, pool)


def observe(problem: Problem, programs: Sequence[Program], pool: Pool) -> Recorded:
    """Look at what programs do, and judge each that compiles on the secret tests."""
    public = problem.public
    view = view_of(public, programs, pool)
    everybody = ContestJudge(problem, package_feedback(public), pool)
    truth = {program.program_id: everybody.submit(program) for program in view.programs}
    return Recorded(public.problem_id, view, truth)


def view_of(
    public: PublicProblem,
    programs: Sequence[Program],
    pool: Pool,
    *,
    seconds: float | None = None,
    journal: Journal | None = None,
) -> View:
    """Run programs on samples, generated inputs and large ones; those that compile are in the view.

    Args:
        seconds: CPU time limit of a run, instead of the problem's.
        journal: Keeps outcomes, so that a program is run on an input once only.
    """
    seconds = seconds or public.limits.time_s
    table, origins = table_of(public, programs, pool, seconds=seconds, journal=journal)
    known = set(table.programs)
    kept = [program for program in programs if program.program_id in known]
    return make_view(Observed(InputSuite(public), table, origins, time_limit_s=seconds), kept)


def table_of(
    public: PublicProblem,
    programs: Sequence[Program],
    pool: Pool,
    *,
    seconds: float | None = None,
    journal: Journal | None = None,
) -> tuple[BehaviourTable, list[Origin]]:
    """Run programs on samples, generated inputs and large ones, as `view_of` does.

    Returns:
        What they did, and how each input was made.
    """
    given = [EvidenceInput(sample.input.encode(), SAMPLE) for sample in public.samples]
    suite = InputSuite(public)
    given += suite.made(_INPUTS) + suite.large(_LARGE)
    digest = hashlib.sha256(b"\0".join(generated.content for generated in given)).hexdigest()[:12]
    table = BehaviourTable(f"{public.problem_id}/{digest}", public.equality, journal)
    origins: dict[int, Origin] = {}
    for place, one in zip(
        table.add_inputs(generated.content for generated in given), given, strict=True
    ):
        origins.setdefault(place, one.origin)
    limits = RunLimits(
        cpu_s=seconds or public.limits.time_s,
        memory_bytes=public.limits.memory_mb * MIB,
        output_bytes=public.limits.output_mb * MIB,
    )
    for _ in fill(
        table, _executables(public, programs, table, pool), pool, FillOptions(limits, workers=2)
    ):
        pass
    return table, [origins[place] for place in range(len(table.inputs))]


def _executables(
    public: PublicProblem, programs: Sequence[Program], table: BehaviourTable, pool: Pool
) -> Iterator[tuple[str, Executable]]:
    todo = (program for program in programs if table.missing(program.program_id))

    def built(one: Program) -> tuple[str, Executable | None]:
        source = submission(public, one.language, one.source)
        return one.program_id, pool.compile(source).executable

    # A few ahead: one after the other, compiling would be slower than all the runs.
    ahead: deque[Future[tuple[str, Executable | None]]] = deque()
    with ThreadPoolExecutor(pool.size) as threads:
        while True:
            fresh = islice(todo, 4 * pool.size - len(ahead))
            ahead.extend(threads.submit(built, item) for item in fresh)
            if not ahead:
                return
            program_id, executable = ahead.popleft().result()
            if executable is not None:
                yield program_id, executable
