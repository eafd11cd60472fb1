"""Pools of completions for packages: one model answer a line, judged on the package's own tests.

A row is `{"problem": "folder/name" or "name", "completion": "...", "language": "cpp",
"finish": "stop"}`; other keys are ignored. The package is looked for under the folder of
problems. Evidence is what `medalist solve` makes without a model: samples and inputs made by
mutating them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from medalist.agent.choose.policy import View
from medalist.agent.choose.pool import Recorded
from medalist.agent.evidence.inputs import evidence_inputs, input_subtasks
from medalist.agent.evidence.matrix import fill
from medalist.agent.evidence.samples import share_passed
from medalist.agent.evidence.table import Table
from medalist.agent.propose.extract import extract
from medalist.agent.propose.identity import merge
from medalist.agent.submit.judge import Judge
from medalist.agent.submit.rules import Rules
from medalist.agent.words import Candidate, Program
from medalist.errors import BadInput
from medalist.problems.assemble import submission
from medalist.problems.formats import load as load_problem
from medalist.problems.secret import Problem
from medalist.sandbox.limits import MIB, Limits
from medalist.sandbox.pool import Pool

_INPUTS = 60


def is_completion_pool(path: Path) -> bool:
    """Whether the first row of a file is a row of such a pool."""
    return {"problem", "completion"} <= next(_rows(path), {}).keys()


def load(path: Path, problems: Path, pool: Pool) -> Iterator[Recorded]:
    """Extract, run and judge the completions of each problem.

    Raises:
        BadInput: A package is missing, or has no tests.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(path):
        rows.setdefault(row["problem"], []).append(row)
    for name, completions in rows.items():
        yield _problem(load_problem(_find(problems, name)), completions, pool)


def _find(problems: Path, name: str) -> Path:
    for where in (problems / name, *sorted(problems.glob(f"*/{name}"))):
        if where.is_dir():
            return where
    raise BadInput(f"no package {name}", file=problems)


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
        (one, extract(one.text, language=one.language, public=public, finish=one.finish))
        for one in candidates
    )
    return observe(problem, programs, pool)


def observe(problem: Problem, programs: Sequence[Program], pool: Pool) -> Recorded:
    """Run programs on samples and mutated samples, and judge each on the secret tests."""
    public = problem.public
    sources = {one.program_id: submission(public, one.language, one.source) for one in programs}
    built = {name: pool.compile(source).executable for name, source in sources.items()}
    table = Table(f"{public.problem_id}/evidence", public.equality)
    table.add_inputs(sample.input.encode() for sample in public.samples)
    table.add_inputs(evidence_inputs(public, _INPUTS, seed=0))
    limits = Limits(
        cpu_s=public.limits.time_s,
        memory_bytes=public.limits.memory_mb * MIB,
        output_bytes=public.limits.output_mb * MIB,
    )
    runnable = [(name, executable) for name, executable in built.items() if executable]
    for _ in fill(table, runnable, pool, limits, workers=pool.size):
        pass
    view = View(
        programs=tuple(one for one in programs if built[one.program_id]),
        behaviours={name: table.behaviour(name) for name, _ in runnable},
        sample_share={name: share_passed(public, table, name) for name, _ in runnable},
        input_subtasks=input_subtasks(public, table.inputs),
    )
    rules = Rules("ioi", None, shows_subtasks=True) if public.subtasks else Rules("icpc", None)
    everybody = Judge(problem, rules, pool)
    truth = {one.program_id: everybody.submit(one) for one in view.programs}
    return Recorded(public.problem_id, view, truth)
