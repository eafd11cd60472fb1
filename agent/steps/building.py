"""Second step: distinct programs, compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from medalist.agent.journal import Journal
from medalist.agent.propose.builds import build_keys, merge_builds
from medalist.agent.propose.extract import of_candidate
from medalist.agent.propose.identity import merge
from medalist.agent.propose.pool import record_candidate
from medalist.agent.steps.parts import Tally, Tools, Watcher
from medalist.agent.words import Candidate, Program
from medalist.problems.assemble import submission
from medalist.problems.model import PublicProblem
from medalist.sandbox.box import CompileResult, Executable
from medalist.sandbox.pool import Pool


def build(
    public: PublicProblem,
    candidates: Iterable[Candidate],
    tools: Tools,
    tally: Tally,
    watch: Watcher,
) -> tuple[list[Program], dict[str, Executable]]:
    """Return the distinct programs, and by program id what those that compile compile to."""
    programs = _programs(public, candidates, tools.journal, tally)
    executables = _executables(public, programs, tools.pool, tally, watch)
    programs = merge_builds(programs, build_keys(programs, executables, tools.pool))
    kept = {
        one.program_id: executables[one.program_id]
        for one in programs
        if one.program_id in executables
    }
    tally.programs, tally.compiled = len(programs), len(kept)
    return programs, kept


def compile_program(public: PublicProblem, program: Program, pool: Pool) -> CompileResult:
    """Compile a program as the problem wants it; equal sources only once."""
    return pool.compile(submission(public, program.language, program.source))


def _programs(
    public: PublicProblem, candidates: Iterable[Candidate], journal: Journal, tally: Tally
) -> list[Program]:
    """Merge equal programs; the first candidate decides the order."""
    found = [(candidate, of_candidate(candidate, public)) for candidate in candidates]
    for candidate, extraction in found:
        record_candidate(journal, public.problem_id, candidate, extraction)
    tally.without_program = sum(extraction.source is None for _, extraction in found)
    programs = merge(found)
    tally.programs = len(programs)
    return programs


def _executables(
    public: PublicProblem, programs: Sequence[Program], pool: Pool, tally: Tally, watch: Watcher
) -> dict[str, Executable]:
    """Compile every program once; those that do not compile are left out."""
    built: dict[str, Executable] = {}
    watch("compiling", tally)
    with ThreadPoolExecutor(pool.size, thread_name_prefix="compile") as workers:
        results = workers.map(lambda program: compile_program(public, program, pool), programs)
        for program, result in zip(programs, results, strict=True):
            if result.executable is None:
                tally.failed_to_compile += 1
            else:
                built[program.program_id] = result.executable
                tally.compiled += 1
            watch("compiling", tally)
    return built
