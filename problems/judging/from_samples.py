"""A problem without tests (a bare statement, a row without them), judged on its samples alone."""

from __future__ import annotations

from dataclasses import replace

from medalist.errors import BadInput
from medalist.problems.model import Kind
from medalist.problems.secret import Blob, Group, Problem, SecretProblem, TestCase


def with_samples(problem: Problem, name: str) -> Problem:
    """Return the problem with its samples as tests, and a warning, where it has no tests.

    Raises:
        BadInput: It has no samples either, or they cannot decide: the problem is interactive, its
            programs are functions, or several answers are right and there is no checker.
    """
    public, secret = problem.public, problem.secret
    if secret is not None and secret.all_tests():
        return problem
    tests = tuple(
        TestCase(f"sample/{number}", _text(sample.input), _text(sample.output))
        for number, sample in enumerate(public.samples, start=1)
        if sample.input and sample.output is not None
    )
    if not tests or public.kind is not Kind.BATCH or public.special_checker or public.grader_files:
        raise BadInput("has no tests to judge with", file=name)
    groups = (Group("sample", tests, aggregate="min"), Group("secret"))
    base = secret or SecretProblem(())
    warning = f"{name}: has no tests: judged on the samples of the statement alone"
    return replace(
        problem, secret=replace(base, groups=groups), warnings=(*problem.warnings, warning)
    )


def _text(text: str) -> Blob:
    content = text.encode()
    return Blob.of(content if content.endswith(b"\n") else content + b"\n", "sample")
