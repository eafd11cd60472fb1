"""Second step: distinct programs, compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from medalist.agent.extract.builds import build_key, merge_builds, script_keys
from medalist.agent.extract.extractor import Extractor
from medalist.agent.extract.identity import merge
from medalist.agent.languages import written
from medalist.agent.propose.candidate_file import record_candidates
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.types import Candidate, Program
from medalist.problems.assemble import submission
from medalist.problems.model import PublicProblem
from medalist.sandbox.box import CompileResult, Executable
from medalist.sandbox.pool import Pool


def build(run: ProblemRun, candidates: Iterable[Candidate]) -> tuple[list[Program], Executables]:
    """Return the distinct programs, and by program id what those that compile compile to."""
    programs = _programs(run, candidates)
    languages, keys = _compiled(run, programs)
    programs = merge_builds(programs, keys)
    compiled = [program for program in programs if program.program_id in languages]
    executables = Executables(run.public, compiled, run.tools.pool)
    run.progress.programs, run.progress.compiled = len(programs), len(executables)
    return programs, executables


class Executables(Mapping[str, Executable]):
    """What programs compile to, by program id.

    Binaries take megabytes, and there may be ten thousand: none is kept, each comes from the
    compiler's cache when it is asked for.
    """

    def __init__(self, public: PublicProblem, programs: Iterable[Program], pool: Pool) -> None:
        """Take programs that compile."""
        self._public = public
        self._pool = pool
        self._programs = {program.program_id: program for program in programs}

    def __getitem__(self, program_id: str) -> Executable:
        """Return the executable of a program."""
        built = compile_program(self._public, self._programs[program_id], self._pool)
        assert built.executable is not None, "it compiled before"
        return built.executable

    def __contains__(self, program_id: object) -> bool:
        """Whether a program is there; nothing is fetched."""
        return program_id in self._programs

    def __iter__(self) -> Iterator[str]:
        """Iterate over the program ids, in order."""
        return iter(self._programs)

    def __len__(self) -> int:
        """Return how many programs there are."""
        return len(self._programs)


def compile_program(public: PublicProblem, program: Program, pool: Pool) -> CompileResult:
    """Compile a program as the problem wants it; equal sources only once."""
    return pool.compile(submission(public, program.language, program.source))


def _programs(run: ProblemRun, candidates: Iterable[Candidate]) -> list[Program]:
    """Merge equal programs; the first candidate decides the order."""
    extract = Extractor(run.public)
    extractions = [(candidate, extract(candidate)) for candidate in candidates]
    record_candidates(run.tools.journal, run.problem_id, extractions)
    run.progress.without_program = sum(answer.source is None for _, answer in extractions)
    programs = merge(extractions)
    run.progress.programs = len(programs)
    return programs


def _compiled(
    run: ProblemRun, programs: Sequence[Program]
) -> tuple[dict[str, str], dict[str, str]]:
    """Compile every program once; return the language and the key of the build, by program id.

    Those that do not compile have neither.
    """
    languages: dict[str, str] = {}
    keys: dict[str, str] = {}
    scripts: dict[tuple[str, str], list[Program]] = {}
    pool, progress = run.tools.pool, run.progress
    run.tell("compiling")
    with ThreadPoolExecutor(pool.size, thread_name_prefix="compile") as workers:
        results = workers.map(lambda program: compile_program(run.public, program, pool), programs)
        for program, result in zip(programs, results, strict=True):
            executable = result.executable
            if executable is None:
                progress.failed_to_compile += 1
            else:
                languages[program.program_id] = executable.language
                progress.compiled += 1
                tool = written(program.language).build_tool
                if tool is None:
                    keys[program.program_id] = build_key(executable)
                else:
                    scripts.setdefault((executable.language, tool), []).append(program)
            run.tell("compiling")
    for (language, tool), some in scripts.items():
        keys.update(script_keys(some, language, tool, pool))
    return languages, keys
