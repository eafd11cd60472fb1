"""The secret half of a problem: tests, answers, checker, interactor, labelled submissions.

Only readers, the judging room and the judge of a contest may import this module.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from medalist.problems.helper import Helper
from medalist.problems.model import PublicProblem
from medalist.problems.verdict import Verdict


@dataclass(frozen=True)
class Blob:
    """Bytes that are read when they are needed (test data can be gigabytes).

    `name` is for messages; `load` returns the content and may raise `BadInput`.
    """

    name: str
    load: Callable[[], bytes] = field(repr=False, compare=False)
    size: int | None = None

    @classmethod
    def of(cls, content: bytes, name: str = "inline") -> Blob:
        """Make a blob that is already in memory."""
        return cls(name, lambda: content, len(content))

    def read(self) -> bytes:
        """Return the content."""
        return self.load()


@dataclass(frozen=True)
class CaseFacts:
    """What a DMOJ package says of a single case, for its checker.

    Attributes:
        points: What the case is worth.
        position: Its number in judging order, from 0.
        batch: The number of its batch, from 1; 0 outside batches.
        binary: Whether its data were left as they are (`binary_data`).
        output_bytes: The most that a program may print, where the package says so.
    """

    points: float = 1.0
    position: int = 0
    batch: int = 0
    binary: bool = False
    output_bytes: int | None = None


@dataclass(frozen=True)
class GeneratedTest:
    """How a generator makes a test: its stdout is the input, its stderr the answer (DMOJ).

    `stdin` is what it reads; `makes_input` and `makes_answer` say which of the two are taken,
    the other one being a file. With `output` the input is the file of that name that it writes.
    """

    program: Helper
    args: tuple[str, ...] = ()
    stdin: Blob | None = None
    makes_input: bool = True
    makes_answer: bool = True
    output: str = ""


@dataclass(frozen=True)
class TestCase:
    """One test. `files` are extra input files, `args` the program's command line (2025-09).

    `checker` decides this test instead of the problem's; `case` is what DMOJ tells it. What a
    generator makes (`made`), or a solution that answers the input (`solution`), is there only once
    it has run: see `judging/generated.py`.
    `input_flags` are for every input validator, those of `input_flags_by` for the one of that
    name. Where a test has its own limits (Hydro), they are these shares of the problem's.
    """

    test_id: str
    input: Blob
    answer: Blob | None
    files: Mapping[str, Blob] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    input_flags: tuple[str, ...] = ()
    output_flags: tuple[str, ...] = ()
    checker: Helper | None = None
    case: CaseFacts | None = None
    made: GeneratedTest | None = None
    solution: Helper | None = None
    input_flags_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    time_share: float = 1.0
    memory_share: float = 1.0

    __test__ = False  # its name begins with Test, and pytest collects such classes


@dataclass(frozen=True)
class ProofCase:
    """Test data that proves validators and checkers, and on which no submission is judged.

    `invalid_input`: at least one input validator must reject the input. `invalid_output` and
    `valid_output`: the checker must reject, or accept, the output.
    """

    kind: Literal["invalid_input", "invalid_output", "valid_output"]
    test: TestCase
    output: Blob | None = None


@dataclass(frozen=True)
class Group:
    """A group of tests, worth points together.

    Attributes:
        group_id: `sample`, `secret`, `secret/group1`, ...
        tests: Own tests, in judging order.
        children: Nested groups, in order.
        aggregate: How the scores of tests and children combine: pass-fail groups use `min`.
        points: Points of a test that is accepted without its own score (`accept_score`),
            or the group's full points with `min`.
        reject_points: Points of a test that is not accepted.
        low, high: Range of the group's score, where stated; `high` is infinite where a checker
            gives points without any bound.
        stop_on_failure: Whether the first rejected test ends the group.
        ignore: Tests are run for feedback only and count for nothing.
        depends: Groups that must be accepted first.
        subtask_id: The public subtask that this group decides, if any.
        verdict_mode: `first_error`, `worst_error` or `always_accept`, as in Kattis's default
            grader.
        accept_if_any: Kattis's `accept_if_any_accepted`.
        lenient: DMOJ's rules: a group that was accepted in part satisfies `depends`, and a
            checker may give points to an output that it rejects.
        grader_flags: Where the package's own grader program aggregates this group
            (`SecretProblem.grader`), its arguments; None means the fields above do.
    """

    group_id: str
    tests: tuple[TestCase, ...] = ()
    children: tuple[Group, ...] = ()
    aggregate: Literal["sum", "min", "max", "avg"] = "sum"
    points: float = 1.0
    reject_points: float = 0.0
    low: float | None = None
    high: float | None = None
    stop_on_failure: bool = True
    ignore: bool = False
    depends: tuple[str, ...] = ()
    subtask_id: str | None = None
    verdict_mode: Literal["first_error", "worst_error", "always_accept"] = "worst_error"
    accept_if_any: bool = False
    lenient: bool = False
    grader_flags: tuple[str, ...] | None = None

    def all_tests(self) -> list[TestCase]:
        """All tests of this group and the groups below it, in judging order."""
        return [*self.tests, *(test for child in self.children for test in child.all_tests())]

    @property
    def full(self) -> float | None:
        """The most points that it can give: its stated range, else by its parts; None: no bound."""
        if self.high is not None:
            return self.high if math.isfinite(self.high) else None
        parts = [child.full for child in self.children if not child.ignore]
        if None in parts:
            return None
        return self.combine([*([self.points] * len(self.tests)), *(part or 0.0 for part in parts)])

    def within(self, score: float) -> float:
        """Return a score of the group, bounded by its range."""
        score = score if self.high is None else min(score, self.high)
        return score if self.low is None else max(score, self.low)

    def combine(self, scores: Sequence[float]) -> float:
        """Return the group's score from those of its tests and children; 0 where it has none."""
        if not scores:
            return 0.0
        match self.aggregate:
            case "sum":
                return math.fsum(scores)
            case "min":
                return min(scores)
            case "max":
                return max(scores)
            case "avg":
                return math.fsum(scores) / len(scores)


@dataclass(frozen=True)
class Expectation:
    """What a label says of some of the tests (2025-09's `submissions.yaml`).

    Attributes:
        tests: Pattern of the ids of tests, or of groups that they are in; empty means all.
            `*` stands for any part of one name between slashes.
        permitted: Every one of these tests must have one of these verdicts.
        required: At least one of them must have one of these.
        score: The points of the group of that name, or of the whole, from and to.
        message: Must be part of what the checker says of at least one of them.
    """

    tests: str = ""
    permitted: frozenset[Verdict] | None = None
    required: frozenset[Verdict] | None = None
    score: tuple[float, float] | None = None
    message: str = ""


@dataclass(frozen=True)
class LabelledSubmission:
    """A submission of the package with the verdicts that its label permits.

    `permitted` are verdicts on the whole submission (None: the label says nothing that can be
    checked).
    `groups` are labels of single groups (`@EXPECTED_GRADES@`), `score` is a range of points,
    `expectations` are what is said of single tests. `times_limit` is False where the submission
    must not decide a time limit although it is accepted.
    """

    name: str
    language: str | None
    files: Mapping[str, bytes] = field(repr=False)
    main: str
    permitted: frozenset[Verdict] | None = None
    score: tuple[float, float] | None = None
    groups: Mapping[str, frozenset[Verdict]] = field(default_factory=dict)
    label: str = ""
    expectations: tuple[Expectation, ...] = ()
    times_limit: bool = True


@dataclass(frozen=True)
class SecretProblem:
    """All that a contestant must not see.

    Attributes:
        groups: Top-level groups in order (`sample`, `secret`).
        checker: The package's own checker; None means the declared equality. In multi-pass
            problems it also writes the next pass's input.
        interactor: The program that the submission talks to (interactive problems; also
            multi-pass ones that are interactive as well). Where both it and a checker are given,
            the checker reads what a testlib interactor wrote.
        grader: A program that aggregates groups (Kattis's `graders/`).
        validation_passes: The most passes of a multi-pass problem.
        grader_files: Secret files compiled with a submission (an IOI grader), by family.
        before_submission: Text put before a submission, by family; the families that are not
            here cannot be judged, if any is (DMOJ's signature grading).
        unbuffered: Whether submissions need not flush what they print.
        lent_imports: Lines of imports whose names a submission in Python may use without them.
        validators: Input validators.
        unread_validators: Paths of further ones, in languages that are not run.
        submissions: Labelled submissions.
        scoring: Whether points are given; otherwise pass/fail.
        objective: `max`, or `min` for problems where fewer points are better.
        time_multiplier: The format's factor from the slowest accepted submission to the limit.
        proofs: Test data that proves the validators and the checker.
        validation_s: CPU time that a checker, interactor or validator may use on a test, seconds.
    """

    groups: tuple[Group, ...]
    checker: Helper | None = None
    interactor: Helper | None = None
    grader_files: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    validators: tuple[Helper, ...] = ()
    unread_validators: tuple[str, ...] = ()
    submissions: tuple[LabelledSubmission, ...] = ()
    scoring: bool = False
    objective: Literal["max", "min"] = "max"
    time_multiplier: float = 5.0
    grader: Helper | None = None
    validation_passes: int = 2
    before_submission: Mapping[str, bytes] = field(default_factory=dict)
    unbuffered: bool = False
    lent_imports: tuple[str, ...] = ()
    validation_s: float = 60.0
    proofs: tuple[ProofCase, ...] = ()

    def all_tests(self) -> list[TestCase]:
        """All tests in judging order."""
        return [test for group in self.groups for test in group.all_tests()]


@dataclass(frozen=True)
class Problem:
    """A problem as a reader returns it. `secret` is None for a bare statement.

    `warnings` are faults of a package; `doubts` what was read from the text of a statement and
    may have been meant otherwise.
    """

    public: PublicProblem
    secret: SecretProblem | None = None
    warnings: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
