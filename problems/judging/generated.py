"""Runs the generators of tests that are made when they are judged (DMOJ).

What was made lies in a folder of this process until it ends, so that a problem's generators run
once however many submissions are judged.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from medalist.problems.judging.checkers import helper_limits, own_limits
from medalist.problems.judging.context import HelperBroken, run_helper
from medalist.problems.secret import Blob, Group, Helper, Made, Problem, TestCase
from medalist.problems.text_data import normal
from medalist.sandbox.box import Run, Source
from medalist.sandbox.limits import MIB
from medalist.sandbox.pool import Pool

_OUTPUT_BYTES = 512 * MIB
_busy = threading.Lock()
_folders: list[Path] = []


def with_generated(problem: Problem, pool: Pool) -> Problem:
    """Return the problem with every test that a generator makes.

    Raises:
        HelperBroken: A generator cannot be run or fails: a judge error for every submission.
    """
    secret = problem.secret
    if secret is None:
        return problem
    missing = [test for test in secret.all_tests() if test.made is not None]
    if not missing:
        return problem
    with _busy:  # the second of two equal problems finds everything made
        ready = {test.test_id: test for test in _made(missing, pool)}
    groups = tuple(_filled(group, ready) for group in secret.groups)
    return replace(problem, secret=replace(secret, groups=groups))


def _filled(group: Group, ready: dict[str, TestCase]) -> Group:
    tests = tuple(ready.get(test.test_id, test) for test in group.tests)
    return replace(group, tests=tests, children=tuple(_filled(g, ready) for g in group.children))


def _made(tests: Sequence[TestCase], pool: Pool) -> Iterator[TestCase]:
    programs: dict[int, tuple[Helper, list[TestCase]]] = {}
    for test in tests:
        assert test.made is not None
        programs.setdefault(id(test.made.program), (test.made.program, []))[1].append(test)
    for program, own in programs.values():
        paths = {test.test_id: _path(test) for test in own}
        left = [test for test in own if not paths[test.test_id].exists()]
        if left:
            _run(program, left, paths, pool)
        for test in own:
            assert test.made is not None
            path, made = paths[test.test_id], test.made
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


def _run(program: Helper, tests: Sequence[TestCase], paths: dict[str, Path], pool: Pool) -> None:
    if program.cannot_run:
        raise HelperBroken(f"generator {program.name} cannot be run: {program.cannot_run}")
    source = Source(program.language, program.files, program.main, program.compile_flags)
    compiled = pool.compile(source)
    if compiled.executable is None:
        raise HelperBroken(f"generator {program.name} does not compile: {compiled.message}")
    limits = replace(
        own_limits(helper_limits(60.0), program),
        output_bytes=_OUTPUT_BYTES,
        stderr_bytes=_OUTPUT_BYTES,
    )
    mades = [test.made or Made(program) for test in tests]
    runs = (Run(made.stdin.read() if made.stdin else b"", made.args) for made in mades)
    with (
        pool.box(secret=True) as box,
        closing(run_helper(box, compiled.executable, runs, limits)) as outcomes,
    ):
        for test, outcome in zip(tests, outcomes, strict=True):
            if not outcome.ok:
                why = f"exit code {outcome.exit_code}" if outcome.exit_code else outcome.status
                raise HelperBroken(f"{test.test_id}: generator {program.name} failed: {why}")
            path = paths[test.test_id]
            path.with_suffix(".ans").write_bytes(outcome.stderr)
            path.write_bytes(outcome.stdout)  # last: it marks both as complete


def _path(test: TestCase) -> Path:
    made = test.made
    assert made is not None
    program = made.program
    told = (program.language, program.main, program.compile_flags, sorted(program.files.items()))
    digest = hashlib.sha256(repr((told, made.args)).encode())
    digest.update(made.stdin.read() if made.stdin else b"")
    return _folder() / f"{digest.hexdigest()}.in"


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
