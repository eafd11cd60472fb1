"""What the ways of running a submission share: programs, limits, loaded tests, facts of a run."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from medalist.errors import MedalistError
from medalist.problems.judging.classify import classify
from medalist.problems.judging.results import Checked, Measured
from medalist.problems.model import Limits
from medalist.problems.secret import Helper, Problem, SecretProblem, TestCase
from medalist.sandbox import limits as box_limits
from medalist.sandbox.box import Executable, Run, Source
from medalist.sandbox.limits import MIB
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import Pool


class HelperBroken(MedalistError):
    """A package's own program does not compile: a judge error, never a word on a submission."""


@dataclass(frozen=True)
class Loaded:
    """A test with its content in memory; it lives only as long as the test is under way.

    With `ends_group`, tests after this one may be unwanted once it is rejected.
    """

    test: TestCase
    ends_group: bool
    content: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def of(cls, test: TestCase, *, ends_group: bool = False) -> Loaded:
        """Read a test."""
        return cls(
            test,
            ends_group,
            test.input.read(),
            test.answer.read() if test.answer else b"",
            {name: blob.read() for name, blob in test.files.items()},
        )

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.content) + len(self.answer) + sum(map(len, self.files.values()))

    @cached_property
    def key(self) -> str:
        """Equal for tests that no program and no checker can tell apart (shared by link)."""
        parts = [self.content, self.answer, repr(self.test.args).encode()]
        parts += [repr(self.test.output_flags).encode()]
        parts += [part for name in sorted(self.files) for part in (name.encode(), self.files[name])]
        digest = sha256()
        for part in parts:
            digest.update(sha256(part).digest())
        return digest.hexdigest()

    def run(self, stdin: bytes | None = None) -> Run:
        """Return the program's run on this test, or on the input of a later pass."""
        return Run(
            stdin=self.content if stdin is None else stdin, args=self.test.args, files=self.files
        )


@dataclass(frozen=True)
class Context:
    """A problem, where to run things, and the limits of a submission.

    Programs run under limits raised by the factor `raised`; `limits` are the real ones.
    """

    problem: Problem
    secret: SecretProblem
    pool: Pool
    limits: Limits
    raised: float

    @property
    def box_limits(self) -> box_limits.Limits:
        """The limits under which programs run."""
        return box_limits.Limits(
            cpu_s=self.limits.time_s * self.raised,
            memory_bytes=self.limits.memory_mb * MIB,
            output_bytes=self.limits.output_mb * MIB,
        )

    def ends(self, loaded: Loaded, facts: Measured) -> bool:
        """Whether the tests that were to follow may be unwanted now."""
        return loaded.ends_group and not classify(facts, self.limits).verdict.accepted

    def helper(self, helper: Helper) -> Executable:
        """Compile a checker or interactor (once: the sandbox keeps what it compiled).

        Raises:
            HelperBroken: It does not compile.
        """
        result = self.pool.compile(Source(helper.language, helper.files, helper.main))
        if result.executable is None:
            raise HelperBroken(f"{helper.name} does not compile: {result.message}")
        return result.executable


def measured(
    test: TestCase,
    outcome: Outcome,
    checked: Checked | None,
    *,
    checker_first: bool = False,
) -> Measured:
    """Keep the facts of a run and throw its output away."""
    detail = ""
    if outcome.signal is not None:
        try:
            detail = signal.Signals(outcome.signal).name
        except ValueError:
            detail = f"signal {outcome.signal}"
    elif outcome.exit_code:
        detail = f"exit code {outcome.exit_code}"
    return Measured(
        test.test_id,
        outcome.status,
        outcome.cpu_s,
        outcome.memory_bytes,
        checked,
        checker_first,
        detail,
        outcome.trusted,
    )
