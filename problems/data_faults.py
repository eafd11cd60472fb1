"""Faults of a package's tests: inputs that its validators, answers that its checker rejects."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing

from medalist.problems.helper import Helper
from medalist.problems.judging.checkers import CheckedOutput, checker_run, read_answer
from medalist.problems.judging.context import run_helper, signal_name
from medalist.problems.judging.helper_limits import helper_limits, own_limits
from medalist.problems.model import Kind
from medalist.problems.secret import Problem, SecretProblem, TestCase
from medalist.sandbox.box import Executable, Run, Source
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.pool import Pool

_TEXT_CHARS = 160
_STOPPED = (Status.TIME, Status.IDLE)


def input_faults(secret: SecretProblem, pool: Pool) -> Iterator[str]:
    """Run every input validator on every input; yield a line for each that is not accepted.

    A validator that does not end within its time limit is asked nothing more.
    """
    tests = secret.all_tests()
    for validator in secret.validators:
        executable = yield from compiled(validator, pool)
        if executable is None:
            continue
        runs = (_validated(validator, test) for test in tests)
        limits = helper_limits(secret.validation_s)
        with (
            pool.box(secret=True) as box,
            closing(run_helper(box, executable, runs, limits)) as outcomes,
        ):
            for test, outcome in zip(tests, outcomes, strict=False):
                if accepts(validator, outcome):
                    continue
                said = _one_line(outcome.stderr or outcome.stdout)
                yield (
                    f"{test.test_id}: rejected by {validator.name} ({_ending(outcome)}) {said}"
                ).rstrip()
                if outcome.status in _STOPPED:
                    yield f"{validator.name}: not asked about the inputs after {test.test_id}"
                    break


def line_end_remarks(secret: SecretProblem) -> Iterator[str]:
    """Yield a line where inputs of text have lines that end in CR LF (made on Windows).

    Kattis, CMS and Hydro hand data out as they are, so programs see them here as there.
    """
    tests = secret.all_tests()
    ended = [test.test_id for test in tests if _has_returns(test.input.read())]
    if ended:
        yield (
            f"warning: lines of {len(ended)} of {len(tests)} inputs end in CR LF, which programs "
            f"see as they are (first: {ended[0]})"
        )


def _has_returns(content: bytes) -> bool:
    return b"\r\n" in content and b"\0" not in content


def _validated(validator: Helper, test: TestCase) -> Run:
    return validator_run(validator, test.input.read(), input_flags(validator, test))


def validator_run(validator: Helper, content: bytes, flags: tuple[str, ...]) -> Run:
    """Return the run that asks an input validator about an input."""
    return Run(stdin=content, args=(*validator.flags, *flags))


def input_flags(validator: Helper, test: TestCase) -> tuple[str, ...]:
    """Return the arguments that one input validator gets for a test: its own, then the test's.

    Where a map names the validators, those that it does not name get none.
    """
    name = validator.name.rsplit("/", 1)[-1]
    by = test.input_flags_by
    own = by.get(name, by.get(name.rsplit(".", 1)[0], ())) if by else test.input_flags
    return (*own, *test.args)


def accepts(validator: Helper, outcome: Outcome) -> bool:
    """Whether an input validator accepted: by exit code 42, or 0 outside Kattis."""
    return outcome.exit_code == (42 if validator.protocol == "kattis" else 0)


def answer_faults(problem: Problem, secret: SecretProblem, pool: Pool) -> Iterator[str]:
    """Ask the package's checker about its own answers; yield a line for each not accepted.

    A checker that does not end within its time limit is asked nothing more.
    """
    checker = secret.checker
    if checker is None or problem.public.kind not in (Kind.BATCH, Kind.FUNCTION, Kind.OUTPUT_ONLY):
        return
    if checker.protocol == "builtin":
        return  # a comparison of ours
    executable = yield from compiled(checker, pool)
    if executable is None:
        return
    tests = [t for t in secret.all_tests() if t.answer is not None and t.checker is None]
    runs = (_own_answer(checker, test) for test in tests)
    limits = own_limits(helper_limits(secret.validation_s), checker)
    with (
        pool.box(secret=True) as box,
        closing(run_helper(box, executable, runs, limits)) as outcomes,
    ):
        for test, outcome in zip(tests, outcomes, strict=False):
            checked = read_answer(checker, outcome, test)
            if not checked.verdict.accepted:
                yield f"{test.test_id}: its own answer is {checked.verdict} {checked.message}"
            if outcome.status in _STOPPED:
                yield f"{checker.name}: not asked about the answers after {test.test_id}"
                break


def compiled(helper: Helper, pool: Pool) -> Generator[str, None, Executable | None]:
    """Compile a program of the package, or yield why it cannot be; return the executable."""
    if helper.cannot_run:
        yield f"{helper.name}: cannot be run: {helper.cannot_run}"
        return None
    source = Source(helper.language, helper.files, helper.main, helper.compile_flags)
    result = pool.compile(source)
    if result.executable is None:
        yield f"{helper.name}: does not compile: {_one_line(result.message.encode())}"
    return result.executable


def _own_answer(checker: Helper, test: TestCase) -> Run:
    answer = test.answer.read() if test.answer else b""
    return checker_run(checker, CheckedOutput(test, test.input.read(), answer))


def _ending(outcome: Outcome) -> str:
    if outcome.status not in (Status.OK, Status.RUNTIME):
        return f"{outcome.status} limit"
    if outcome.signal is not None:
        return signal_name(outcome.signal)
    return f"exit code {outcome.exit_code}"


def _one_line(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split())[:_TEXT_CHARS]
