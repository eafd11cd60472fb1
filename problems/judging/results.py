"""What judging finds out: of a test, of a group, of a submission."""

from __future__ import annotations

from dataclasses import dataclass, field

from medalist.problems.verdict import Verdict
from medalist.sandbox.outcome import Status

MIB = 1 << 20


@dataclass(frozen=True)
class Checked:
    """What a comparison or a checker says of an output.

    Attributes:
        verdict: AC, PAC, WA, PE, or JE where the checker itself failed.
        points: Absolute points, where the checker gives them (`score.txt`).
        fraction: Share (0 to 1) of what the test is worth, where the checker gives it.
        message: For the judges only: it may quote answers.
    """

    verdict: Verdict
    points: float | None = None
    fraction: float | None = None
    message: str = ""


@dataclass(frozen=True)
class Measured:
    """The facts of one test, before any time limit is applied.

    Attributes:
        test_id: The test.
        status: How the program ended under the raised limit.
        cpu_s: CPU time, seconds; the slowest pass of several.
        memory_bytes: Peak memory.
        checked: What the checker says; None where there was no output to check.
        checker_first: Whether an interactor's verdict fell before the program ended, so that
            nothing that the program did afterwards counts.
        detail: Signal or exit code of a run-time error.
        trusted: False where the box could not hold every promise.
        time_share, memory_share: The test's own limits as a share of the problem's.
    """

    test_id: str
    status: Status
    cpu_s: float
    memory_bytes: int
    checked: Checked | None = None
    checker_first: bool = False
    detail: str = ""
    trusted: bool = True
    time_share: float = 1.0
    memory_share: float = 1.0


@dataclass(frozen=True)
class TestResult:
    """The verdict on one test.

    `points` and `fraction` are what the checker gave, as in `Checked`. `message` is for the
    judges only (it may quote answers).
    """

    test_id: str
    verdict: Verdict
    cpu_s: float = 0.0
    memory_mb: float = 0.0
    points: float | None = None
    fraction: float | None = None
    message: str = ""

    __test__ = False  # its name begins with Test, and pytest collects such classes


@dataclass(frozen=True)
class GroupResult:
    """The verdict on a group, its points, and the share of its full points (0 to 1)."""

    group_id: str
    verdict: Verdict
    score: float
    share: float
    subtask_id: str | None = None
    ignored: bool = False


@dataclass(frozen=True)
class Judgement:
    """The verdict on a submission.

    Attributes:
        verdict: The verdict under the problem's rules.
        score: Points, or None for a pass/fail problem.
        cpu_s: CPU time of the slowest test, seconds.
        memory_mb: Peak memory of any test, MiB.
        tests: Tests in judging order, those that were run.
        groups: Groups, parents after their children.
        message: Compiler's complaint, or why the judge failed; hostile text.
        measured: The facts behind `tests`, for reclassification under another time limit.
        trusted: False where the box could not hold every promise (see `Box.lost`).
        language: The row of the sandbox's table that the submission was compiled by; empty where
            it consists of outputs.
    """

    verdict: Verdict
    score: float | None
    cpu_s: float = 0.0
    memory_mb: float = 0.0
    tests: tuple[TestResult, ...] = ()
    groups: tuple[GroupResult, ...] = ()
    message: str = ""
    measured: tuple[Measured, ...] = field(default=(), repr=False)
    trusted: bool = True
    language: str = ""

    @property
    def failing_test(self) -> TestResult | None:
        """The first test that was not accepted."""
        return next((test for test in self.tests if not test.verdict.accepted), None)
