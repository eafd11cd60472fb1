"""What only DMOJ's format can say of a problem."""

from __future__ import annotations

from collections.abc import Iterator

from medalist.problems.secret import SecretProblem


def only_dmoj(secret: SecretProblem) -> Iterator[tuple[bool, str]]:
    """Yield whether the problem has it, and what it is: other formats would lose it."""
    tests = secret.all_tests()
    yield (
        any(test.made or test.solution for test in tests),
        "a generator makes its tests when they are judged",
    )
    yield any(test.checker for test in tests), "some of its tests have a checker of their own"
    yield (
        any(test.case and test.case.output_bytes is not None for test in tests),
        "its tests limit how much a program may print",
    )
    yield bool(secret.before_submission), "a text is put before its submissions"
    yield secret.unbuffered, "its submissions need not flush what they print"
    helpers = [helper for helper in (secret.checker, secret.interactor) if helper]
    yield (
        any(helper.call is not None or helper.settings for helper in helpers),
        "its checker or interactor is called in a way of its own",
    )
