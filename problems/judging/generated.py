"""Runs the generators of tests that are made when they are judged (DMOJ, Polygon), and the
solution that answers them (Polygon).

What was made is in a folder of this process until it ends, so that a problem's generators run
once however many submissions are judged.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from medalist.problems.file_io import by_files, with_output
from medalist.problems.helper import Helper
from medalist.problems.judging.context import HelperBroken, run_helper
from medalist.problems.judging.helper_limits import helper_limits, own_limits
from medalist.problems.model import FileNames
from medalist.problems.secret import Blob, GeneratedTest, Group, Problem, TestCase
from medalist.problems.text_data import normal
from medalist.sandbox.box import Executable, Run, Source
from medalist.sandbox.limits import MIB
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import Pool

_OUTPUT_BYTES = 512 * MIB
_busy = threading.Lock()
_folders: list[Path] = []


def with_generated(problem: Problem, pool: Pool) -> Problem:
    """Return the problem with every test that a generator makes or a solution answers.

    Raises:
        HelperBroken: A program cannot be run or fails: a judge error for every submission.
    """
    missing = unmade(problem)
    if problem.secret is None or not missing:
        return problem
    with _busy:  # the second of two equal problems finds everything made
        inputs = {test.test_id: test for test in _generated(missing, pool)}
        missing = [inputs.get(test.test_id, test) for test in missing]
        answers = {test.test_id: test for test in _answered(missing, pool, problem.public.files)}
    groups = tuple(_filled(group, inputs | answers) for group in problem.secret.groups)
    return replace(problem, secret=replace(problem.secret, groups=groups))


def unmade(problem: Problem) -> list[TestCase]:
    """Return the tests that are there only once a program of the package has made them."""
    tests = problem.secret.all_tests() if problem.secret else []
    return [test for test in tests if test.made or test.solution]


def _filled(group: Group, ready: dict[str, TestCase]) -> Group:
    tests = tuple(ready.get(test.test_id, test) for test in group.tests)
    return replace(group, tests=tests, children=tuple(_filled(g, ready) for g in group.children))


def _generated(tests: Sequence[TestCase], pool: Pool) -> Iterator[TestCase]:
    """Yield the tests that have a generator, with what it made."""
    for program, own in _by_program(tests, lambda test: test.made.program if test.made else None):
        mades = {test.test_id: test.made or GeneratedTest(program) for test in own}
        paths = {test_id: _path(program, made) for test_id, made in mades.items()}
        left = [test for test in own if not paths[test.test_id].exists()]
        runs = partial(_runs, [mades[test.test_id] for test in left])
        for test, outcome in _outcomes("generator", program, left, runs, pool):
            path, made = paths[test.test_id], mades[test.test_id]
            if made.output and made.output not in outcome.files:
                raise HelperBroken(
                    f"{test.test_id}: generator {program.name} failed: it wrote no {made.output!r}"
                )
            path.with_suffix(".ans").write_bytes(outcome.stderr)
            # Last: it marks both as complete.
            path.write_bytes(outcome.files[made.output] if made.output else outcome.stdout)
        for test in own:
            path, made = paths[test.test_id], mades[test.test_id]
            yield replace(
                test,
                input=_blob(path, test) if made.makes_input else test.input,
                answer=_answer(path, test) if made.makes_answer else test.answer,
                files={
                    name: _blob(path, test) if made.makes_input and blob is test.input else blob
                    for name, blob in test.files.items()
                },
                made=None,
            )


def _answered(tests: Sequence[TestCase], pool: Pool, files: FileNames) -> Iterator[TestCase]:
    """Yield the tests that a solution answers, with the answer."""
    for program, own in _by_program(tests, lambda test: test.solution):
        paths = {test.test_id: _answer_path(program, test) for test in own}
        left = [test for test in own if not paths[test.test_id].exists()]

        def runs(executable: Executable, left: list[TestCase] = left) -> Iterator[Run]:
            return by_files((Run(test.input.read()) for test in left), files, executable)

        for test, outcome in _outcomes("solution", program, left, runs, pool):
            paths[test.test_id].write_bytes(with_output(outcome, files).stdout)
        for test in own:
            yield replace(test, answer=_blob(paths[test.test_id], test), solution=None)


def _by_program(
    tests: Sequence[TestCase], program_of: Callable[[TestCase], Helper | None]
) -> Iterator[tuple[Helper, list[TestCase]]]:
    programs: dict[int, tuple[Helper, list[TestCase]]] = {}
    for test in tests:
        if (program := program_of(test)) is not None:
            programs.setdefault(id(program), (program, []))[1].append(test)
    yield from programs.values()


def _outcomes(
    role: str,
    program: Helper,
    tests: Sequence[TestCase],
    runs: Callable[[Executable], Iterable[Run]],
    pool: Pool,
) -> Iterator[tuple[TestCase, Outcome]]:
    """Run a package's program once for each of some tests.

    Raises:
        HelperBroken: It cannot be run, or a run fails.
    """
    if not tests:
        return
    name = f"{role} {program.name}"
    if program.cannot_run:
        raise HelperBroken(f"{name} cannot be run: {program.cannot_run}")
    source = Source(program.language, program.files, program.main, program.compile_flags)
    compiled = pool.compile(source)
    if compiled.executable is None:
        raise HelperBroken(f"{name} does not compile: {compiled.message}")
    limits = replace(
        own_limits(helper_limits(60.0), program),
        output_bytes=_OUTPUT_BYTES,
        stderr_bytes=_OUTPUT_BYTES,
    )
    with (
        pool.box(secret=True) as box,
        closing(
            run_helper(box, compiled.executable, runs(compiled.executable), limits)
        ) as outcomes,
    ):
        for test, outcome in zip(tests, outcomes, strict=True):
            if not outcome.ok:
                why = f"exit code {outcome.exit_code}" if outcome.exit_code else outcome.status
                raise HelperBroken(f"{test.test_id}: {name} failed: {why}")
            yield test, outcome


def _runs(mades: Sequence[GeneratedTest], _: Executable) -> Iterator[Run]:
    for made in mades:
        collect = (made.output,) if made.output else ()
        yield Run(made.stdin.read() if made.stdin else b"", made.args, collect=collect)


def _path(program: Helper, made: GeneratedTest) -> Path:
    digest = hashlib.sha256(repr((_told(program), made.args, made.output)).encode())
    digest.update(made.stdin.read() if made.stdin else b"")
    return _folder() / f"{digest.hexdigest()}.in"


def _answer_path(program: Helper, test: TestCase) -> Path:
    digest = hashlib.sha256(repr(_told(program)).encode())
    digest.update(test.input.read())
    return _folder() / f"{digest.hexdigest()}.out"


def _told(program: Helper) -> object:
    files = sorted(program.files.items())
    return program.language, program.main, program.compile_flags, files


def _folder() -> Path:
    if not _folders:
        _folders.append(Path(tempfile.mkdtemp(prefix="medalist-generated-")))
        atexit.register(shutil.rmtree, _folders[0], True)
    return _folders[0]


def _answer(path: Path, test: TestCase) -> Blob:
    """Return the answer; unlike an input it is made text, as DMOJ does."""
    path = path.with_suffix(".ans")
    if test.case is not None and test.case.binary:
        return _blob(path, test)
    return Blob(test.input.name, lambda: normal(path.read_bytes()), path.stat().st_size)


def _blob(path: Path, test: TestCase) -> Blob:
    return Blob(test.input.name, path.read_bytes, path.stat().st_size)
