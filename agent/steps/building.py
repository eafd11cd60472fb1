"""Second step: distinct programs, compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from medalist.agent.extract.answer import of_candidate
from medalist.agent.extract.builds import binary_key, bytecode_keys, merge_builds
from medalist.agent.extract.identity import merge
from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import record_candidates
from medalist.agent.steps.problem_run import Tally, Tools, Watcher
from medalist.agent.types import Candidate, Program
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
) -> tuple[list[Program], Executables]:
    """Return the distinct programs, and by program id what those that compile compile to."""
    programs = _programs(public, candidates, tools.journal, tally)
    languages, keys = _compiled(public, programs, tools.pool, tally, watch)
    programs = merge_builds(programs, keys)
    executables = Executables(
        public, [one for one in programs if one.program_id in languages], tools.pool
    )
    tally.programs, tally.compiled = len(programs), len(executables)
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


def _programs(
    public: PublicProblem, candidates: Iterable[Candidate], journal: Journal, tally: Tally
) -> list[Program]:
    """Merge equal programs; the first candidate decides the order."""
    found = [(candidate, of_candidate(candidate, public)) for candidate in candidates]
    record_candidates(journal, public.problem_id, found)
    tally.without_program = sum(extraction.source is None for _, extraction in found)
    programs = merge(found)
    tally.programs = len(programs)
    return programs


def _compiled(
    public: PublicProblem, programs: Sequence[Program], pool: Pool, tally: Tally, watch: Watcher
) -> tuple[dict[str, str], dict[str, str]]:
    """Compile every program once; return the language and the key of the build, by program id.

    Those that do not compile have neither.
    """
    languages: dict[str, str] = {}
    keys: dict[str, str] = {}
    scripts: dict[str, list[Program]] = {}
    watch("compiling", tally)
    with ThreadPoolExecutor(pool.size, thread_name_prefix="compile") as workers:
        results = workers.map(lambda program: compile_program(public, program, pool), programs)
        for program, result in zip(programs, results, strict=True):
            executable = result.executable
            if executable is None:
                tally.failed_to_compile += 1
            else:
                languages[program.program_id] = executable.language
                tally.compiled += 1
                if program.language == "python":
                    scripts.setdefault(executable.language, []).append(program)
                else:
                    keys[program.program_id] = binary_key(executable)
            watch("compiling", tally)
    for language, some in scripts.items():
        keys.update(bytecode_keys(some, language, pool))
    return languages, keys
