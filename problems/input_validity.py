"""Which inputs are valid, and in which group of a package's tests they belong.

Valid is what all of the package's input validators accept with the flags of some group (and, where
not all can be run, what fits the statement).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from medalist.errors import BadInput
from medalist.problems.data_faults import accepts, input_flags, validator_run
from medalist.problems.helper import Helper
from medalist.problems.judging.context import run_helper
from medalist.problems.judging.helper_limits import helper_limits
from medalist.problems.secret import Blob, Group, Problem, TestCase
from medalist.sandbox.box import Executable, Source
from medalist.sandbox.pool import Pool


class InputValidity:
    """Makes tests of the inputs that are valid for one package.

    Attributes:
        validated: Whether the package has input validators, and all of them can be run.
    """

    def __init__(self, problem: Problem, pool: Pool, plausible: Callable[[bytes], bool]) -> None:
        """Take the package, and what says of an input that it is plausible.

        Raises:
            BadInput: No tests, or a validator that does not compile.
        """
        where = problem.public.problem_id
        if problem.secret is None or not problem.secret.all_tests():
            raise BadInput("has no tests", file=where)
        self._secret = problem.secret
        self._pool = pool
        self._plausible = plausible
        places = list(_places(self._secret.groups))
        self._places = places or [("secret", self._secret.all_tests()[0])]
        self._validators = [
            (helper, compiled(Source(helper.language, helper.files, helper.main), pool, where))
            for helper in self._secret.validators
        ]
        self.validated = bool(self._validators) and not self._secret.unread_validators

    def tests(self, inputs: Sequence[bytes]) -> list[TestCase]:
        """Return the valid inputs as tests without an answer, each in the first fitting group."""
        left = list(dict.fromkeys(inputs))
        if not self.validated:
            left = [content for content in left if self._plausible(content)]
        if not self._validators:
            group_id, like = self._places[-1]
            return _tests(group_id, like, left)
        made_tests = []
        for group_id, like in self._places:
            good = left
            for helper, executable in self._validators:
                good = self._accepted(helper, executable, good, input_flags(helper, like))
            made_tests += _tests(group_id, like, good)
            left = [content for content in left if content not in set(good)]
        return made_tests

    def _accepted(
        self,
        helper: Helper,
        executable: Executable,
        inputs: Sequence[bytes],
        flags: tuple[str, ...],
    ) -> list[bytes]:
        runs = (validator_run(helper, content, flags) for content in inputs)
        limits = helper_limits(self._secret.validation_s)
        with self._pool.box(secret=True) as box:
            outcomes = list(run_helper(box, executable, runs, limits))
        return [c for c, o in zip(inputs, outcomes, strict=True) if accepts(helper, o)]


def compiled(source: Source, pool: Pool, where: str) -> Executable:
    """Compile a program that must compile.

    Raises:
        BadInput: It does not; the message names `where` and the file.
    """
    result = pool.compile(source)
    if result.executable is None:
        message = " ".join(result.message.split())
        raise BadInput(f"does not compile: {message}", file=where, field=source.main)
    return result.executable


def _places(groups: Sequence[Group]) -> Iterator[tuple[str, TestCase]]:
    """Yield the groups that count and have their own tests, each with one of its tests."""
    for group in groups:
        if group.ignore or group.group_id == "sample":
            continue
        own = [test for test in group.tests if not test.test_id.startswith("sample")]
        if own:
            yield group.group_id, own[0]
        yield from _places(group.children)


def _tests(group_id: str, like: TestCase, inputs: Sequence[bytes]) -> list[TestCase]:
    """Make tests of a group that are judged as `like` is, still without answers."""
    return [
        replace(like, test_id=f"{group_id}/{number}", input=Blob.of(content), answer=None)
        for number, content in enumerate(inputs)
    ]
