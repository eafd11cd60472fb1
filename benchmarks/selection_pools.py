"""The development pools of `selection.py`, and any pool that is given to it.

What is made of a pool (programs run on inputs, completions judged) is kept in the cache folder,
problem by problem: what was made before is not made again.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import completion_pool
import function_pool
import program_pool
from platformdirs import user_cache_path

from medalist.agent.choose.recorded_pool import Recorded, read_pool, write_pool
from medalist.agent.types import Program
from medalist.errors import BadInput
from medalist.problems.formats import load
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool, open_pool

ROOT = Path(__file__).resolve().parents[1]
ARCHIVE = ROOT / "problems" / "archive"
OURS = ("carousel", "meetings", "modpairs", "ornaments")
SHARED = ("kattisspeedrun", "siffrid")
BUNDLED = (
    "beads", "brackets", "climb", "decode", "fence", "freeride", "maze", "pairup", "passes",
    "strangers", "turnstile", "unpack", "villages",
)  # fmt: skip
"""The other bundled problems whose programs talk to no judge."""

TRAPPED = "programs, wrong majority"
RARE = "programs, one right"
DERIVED = (TRAPPED, RARE)
"""Pools made of another one: nothing is fitted on them."""

MUTANTS = ("programs", *DERIVED)
"""Pools of mutants: near-copies by construction, which samples of a model are not."""

FORMAT = 3  # of what is kept in the cache


def shared() -> Path:
    """The folder of shared data."""
    return Path(os.environ.get("MEDALIST_SHARED", ROOT.parent / "shared"))


def subtask_problems() -> list[Path]:
    """The packages with subtasks for which there are programs of our own."""
    olympiad = shared() / "archives" / "swedish-olympiad-2025"
    result = [*(ARCHIVE / name for name in OURS), *(olympiad / name for name in SHARED)]
    return [path for path in result if path.is_dir()]


def default_pools() -> list[Path]:
    """The files of pools in shared data."""
    folder = shared() / "pools"
    result = [*sorted(folder.glob("*.pool.jsonl.xz")), *sorted(folder.glob("*-archives.jsonl"))]
    if not result:
        raise BadInput("no pools found", hint="give --pool, or set MEDALIST_SHARED")
    return result


def development_pools(
    programs: int,
    box: str = "auto",
    cores: Sequence[int] | None = None,
    *,
    embedded: bool = True,
) -> dict[str, list[Recorded]]:
    """Return all development pools by name; what is missing on this machine is left out.

    Without `embedded` the embedded models' answers are left out: running them takes longest.
    """
    result = load_pools(sorted((shared() / "pools").glob("*.pool.jsonl.xz")), None, box, cores)
    if embedded:
        result["embedded models"] = embedded_pool(box, cores)
    rows = mutant_pool(programs, box, cores)
    result["programs"] = rows
    result[TRAPPED] = [trapped(row, 0.5) for row in rows]
    result[RARE] = [one_right(row) for row in rows]
    return result


def mutant_pool(
    programs: int,
    box: str = "auto",
    cores: Sequence[int] | None = None,
    problems: Sequence[Path] | None = None,
) -> list[Recorded]:
    """Return people's programs and their mutants, judged for real.

    Of problems with subtasks, if no packages are given.
    """
    rows = []
    with open_pool(box, cores=cores) as pool:  # type: ignore[arg-type]
        for path in subtask_problems() if problems is None else problems:
            problem = load(path)
            program_pool.judge_programs(problem, programs, pool)
            rows.append(without_equivalents(program_pool.recorded(problem, pool, programs)))
    return rows


def embedded_pool(box: str = "auto", cores: Sequence[int] | None = None) -> list[Recorded]:
    """Return all recorded answers of the embedded models as one pool."""
    answers = [
        ROOT / "tests" / "data" / "completions.jsonl",
        ROOT / "benchmarks" / "data" / "bundled-completions.jsonl",
        ROOT / "benchmarks" / "data" / "corpus-1.5b.jsonl",
        ROOT / "benchmarks" / "data" / "corpus-0.5b.jsonl",
        *sorted((shared() / "pools").glob("*-archives.jsonl")),
    ]
    there = [path for path in answers if path.is_file()]
    make = partial(completion_pool.load, there, problem_folders())
    return _kept("completion", "embedded", there, make, box, cores)


def problem_folders() -> list[Path]:
    """Where packages are looked for: the bundled archive, and shared data if it is there."""
    return [path for path in (ARCHIVE, shared() / "archives") if path.is_dir()]


def load_pools(
    paths: Sequence[Path],
    problems: Path | None,
    box: str = "auto",
    cores: Sequence[int] | None = None,
) -> dict[str, list[Recorded]]:
    """Return the pools of some files, each by the beginning of its name."""
    result: dict[str, list[Recorded]] = {}
    for path in paths:
        name = path.name.split(".")[0]
        if function_pool.is_function_pool(path):
            make = partial(function_pool.load, path)
            result[name] = _kept("function", name, [path], make, box, cores)
        elif completion_pool.is_completion_pool(path):
            where = [problems] if problems else problem_folders()
            make = partial(completion_pool.load, [path], where)
            result[name] = _kept("completion", name, [path], make, box, cores)
        else:
            result[name] = list(read_pool(path))
    return result


def _kept(
    kind: str,
    name: str,
    paths: Sequence[Path],
    make: Callable[[Pool, set[str]], Iterable[Recorded]],
    box: str,
    cores: Sequence[int] | None,
) -> list[Recorded]:
    here = Path(__file__).parent
    parts = [path.read_bytes() for path in (*paths, *sorted(here.glob(f"{kind}_*.py")))]
    digest = hashlib.sha256(b"".join(parts) + str(FORMAT).encode()).hexdigest()[:16]
    folder = user_cache_path("medalist") / "selection"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{name}-{digest}.jsonl"
    finished = kept.with_suffix(".complete")
    if not finished.is_file():
        print(f"running the programs of {name}: this takes a while", file=sys.stderr)
        done = {problem.problem_id for problem in read_pool(kept)} if kept.is_file() else set()
        with open_pool(box, cores=cores) as pool:  # type: ignore[arg-type]
            for item in make(pool, done):
                done_before = list(read_pool(kept)) if kept.is_file() else []
                write_pool(kept, [*done_before, item])
        finished.touch()
    return list(read_pool(kept)) if kept.is_file() else []


def without_equivalents(recorded: Recorded) -> Recorded:
    """Leave mutants out that no test tells from a right program; the labelled right ones stay."""
    programs = tuple(
        program
        for program in recorded.view.programs
        if "~" not in program.candidates[0]
        or recorded.truth[program.program_id].verdict != Verdict.AC
    )
    return Recorded(recorded.problem_id, replace(recorded.view, programs=programs), recorded.truth)


def trapped(recorded: Recorded, share: float) -> Recorded:
    """Give one partial solution so many votes that it is that share of all."""
    programs = list(recorded.view.programs)
    partial_ones = [
        place
        for place, one in enumerate(programs)
        if (recorded.truth[one.program_id].score or 0) > 0
        and not recorded.truth[one.program_id].solved
    ]
    if partial_ones:
        place = random.Random(recorded.problem_id).choice(partial_ones)
        one = programs[place]
        extra = max(1, round(share / (1 - share) * (len(programs) - 1)))
        votes = tuple(f"{one.candidates[0]}#{number}" for number in range(extra))
        programs[place] = Program(one.program_id, one.language, one.source, votes)
    view = replace(recorded.view, programs=tuple(programs))
    return Recorded(recorded.problem_id, view, recorded.truth)


def one_right(recorded: Recorded) -> Recorded:
    """Leave out all right programs but one."""
    right = [
        program for program in recorded.view.programs if recorded.truth[program.program_id].solved
    ]
    kept = random.Random(recorded.problem_id).choice(right) if right else None
    programs = tuple(
        program
        for program in recorded.view.programs
        if program is kept or not recorded.truth[program.program_id].solved
    )
    return Recorded(recorded.problem_id, replace(recorded.view, programs=programs), recorded.truth)
