"""Runs the test data that proves a package's validators and its checker."""

from __future__ import annotations

from collections.abc import Iterator

from medalist.problems.data_faults import accepts, compiled, input_flags, validator_run
from medalist.problems.judging.checkers import CheckedOutput, checker_run, compare, read_answer
from medalist.problems.judging.helper_limits import helper_limits
from medalist.problems.judging.results import Checked
from medalist.problems.model import Kind
from medalist.problems.secret import Problem, ProofCase, SecretProblem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool


def proof_faults(problem: Problem, secret: SecretProblem, pool: Pool) -> Iterator[str]:
    """Yield a line for each input that no validator rejects, and each output judged wrongly."""
    inputs = [case for case in secret.proofs if case.kind == "invalid_input"]
    outputs = [case for case in secret.proofs if case.kind != "invalid_input"]
    if inputs:
        yield from _inputs(secret, inputs, pool)
    if outputs and problem.public.kind not in (Kind.INTERACTIVE, Kind.MULTIPASS):
        yield from _outputs(problem, secret, outputs, pool)


def _inputs(secret: SecretProblem, cases: list[ProofCase], pool: Pool) -> Iterator[str]:
    left = cases
    for validator in secret.validators:
        executable = yield from compiled(validator, pool)
        if executable is None:
            return
        runs = (
            validator_run(validator, case.test.input.read(), input_flags(validator, case.test))
            for case in left
        )
        with pool.box(secret=True) as box:
            outcomes = list(box.run_many(executable, runs, helper_limits(secret.validation_s)))
        both = zip(left, outcomes, strict=True)
        left = [case for case, outcome in both if accepts(validator, outcome)]
    if secret.unread_validators:
        return  # one of those may be the one that rejects
    for case in left:
        yield f"{case.test.test_id}: no input validator rejects it"


def _outputs(
    problem: Problem, secret: SecretProblem, cases: list[ProofCase], pool: Pool
) -> Iterator[str]:
    checker = secret.checker
    checked: list[Checked] = []
    if checker is None:
        for case in cases:
            blobs = (case.test.answer, case.output)
            answer, output = (blob.read() if blob else b"" for blob in blobs)
            checked.append(compare(case.test, answer, output, problem.public.equality))
    else:
        executable = yield from compiled(checker, pool)
        if executable is None:
            return
        runs = (
            checker_run(
                checker,
                CheckedOutput(
                    case.test, case.test.input.read(), case.output.read() if case.output else b""
                ),
            )
            for case in cases
        )
        with pool.box(secret=True) as box:
            outcomes = list(box.run_many(executable, runs, helper_limits(secret.validation_s)))
        checked = [read_answer(checker, outcome) for outcome in outcomes]
    for case, result in zip(cases, checked, strict=True):
        wanted = case.kind == "valid_output"
        if result.verdict is Verdict.JE or result.verdict.accepted != wanted:
            said = f" {result.message}" if result.message else ""
            yield f"{case.test.test_id}: its output is {result.verdict}{said}"
