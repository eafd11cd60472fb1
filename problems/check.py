"""Proves a package: its validators, its answers, its time limit and its labelled submissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from medalist.problems.check_memory import CheckRow, keep, package_digest, recall, submission_digest
from medalist.problems.data_faults import answer_faults, input_faults, line_end_remarks
from medalist.problems.expectations import unexpected
from medalist.problems.judging.calibrate import Calibration, Progress, calibrate, quiet
from medalist.problems.judging.classify import NEAR
from medalist.problems.judging.context import HelperBroken
from medalist.problems.judging.generated import with_generated
from medalist.problems.judging.judge import JudgeOptions, judge, reclassify
from medalist.problems.judging.results import Judgement
from medalist.problems.labelled import with_languages, with_python
from medalist.problems.model import ProblemLimits
from medalist.problems.proofs import proof_faults
from medalist.problems.secret import LabelledSubmission, Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.host import cache_dir
from medalist.sandbox.pool import Pool

_FEEDBACK_CHARS = 160


@dataclass(frozen=True)
class Report:
    """What checking a package found.

    Attributes:
        problem_id: The problem.
        limits: The limits that submissions were judged by.
        rows: Labelled submissions in a language that we run.
        faults: Everything else that is wrong, a line each.
        skipped: Submissions in other languages, by extension.
    """

    problem_id: str
    limits: ProblemLimits
    rows: tuple[CheckRow, ...]
    faults: tuple[str, ...]
    skipped: Counter[str]

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults and all(row.agrees for row in self.rows)


@dataclass(frozen=True)
class CheckOptions:
    """How a package is checked.

    Attributes:
        jobs: How many submissions are judged at the same time.
        recall: Take over what an earlier check of the unchanged package found, so that a check
            that was interrupted continues where it was.
        python: Which row of the language table runs the submissions in Python. Kattis gave its
            labels with PyPy.
    """

    jobs: int = 1
    recall: bool = True
    python: str = "python3"


def check(
    problem: Problem,
    pool: Pool,
    options: CheckOptions = CheckOptions(),
    *,
    done: Callable[[CheckRow], None] = lambda _: None,
    progress: Progress = quiet,
) -> Report:
    """Check a package.

    Args:
        problem: The package.
        pool: Where to run things.
        options: How it is checked.
        done: Called with each row as it is known, in order.
        progress: Told in a line what is being done.
    """
    try:
        problem = with_generated(with_python(problem, options.python), pool)
        problem, missing = with_languages(problem, pool)
    except HelperBroken as failure:
        name, limits = problem.public.problem_id, problem.public.limits
        return Report(name, limits, (), (str(failure),), Counter())
    secret = problem.secret
    if secret is None or not secret.all_tests():
        return Report(
            problem.public.problem_id, problem.public.limits, (), ("no tests",), Counter()
        )
    name, tests = problem.public.problem_id, len(secret.all_tests())

    def tell(line: str) -> None:
        progress(f"{name}: {line}")

    for line in missing:
        tell(line)
    tell(f"validating {tests} tests")
    for line in line_end_remarks(secret):
        tell(line)
    faults = [
        *input_faults(secret, pool),
        *answer_faults(problem, secret, pool),
        *proof_faults(problem, secret, pool),
    ]
    calibration = calibrate(problem, pool, recall=options.recall, jobs=options.jobs, progress=tell)
    known = [s for s in secret.submissions if s.language is not None and _says_something(s)]
    skipped = Counter(
        Path(s.main).suffix or s.main for s in secret.submissions if s.language is None
    )
    tell(f"judging {len(known)} labelled submissions")
    folder = cache_dir() / "check"
    package = package_digest(problem, secret, calibration.limits)

    def row_of(submission: LabelledSubmission) -> tuple[CheckRow, float]:
        path = folder / f"{submission_digest(package, submission)}.json"
        if options.recall and (kept := recall(path)) is not None:
            return kept
        judgement = _judgement(problem, submission, calibration, pool)
        row = compare_label(problem.public.problem_id, submission, judgement)
        if judgement.verdict is not Verdict.JE:
            keep(path, row, judgement.cpu_s)
        return row, judgement.cpu_s

    rows = []
    slowest = 0.0
    with ThreadPoolExecutor(options.jobs) as workers:
        for row, cpu_s in workers.map(row_of, known):
            done(row)
            rows.append(row)
            if row.verdict == Verdict.AC and row.expected == Verdict.AC:
                slowest = max(slowest, cpu_s)
    faults += _limit_faults(calibration.limits, slowest)
    return Report(
        problem.public.problem_id, calibration.limits, tuple(rows), tuple(faults), skipped
    )


def compare_label(
    problem_id: str, submission: LabelledSubmission, judgement: Judgement
) -> CheckRow:
    """Compare a judgement with all that a submission's label says."""
    reasons = list(_disagreements(submission, judgement))
    expected = "|".join(sorted(submission.permitted or ())) or "any"
    return CheckRow(
        problem_id,
        submission.name,
        expected,
        str(judgement.verdict),
        not reasons,
        "; ".join(reasons),
    )


def _disagreements(submission: LabelledSubmission, judgement: Judgement) -> Iterator[str]:
    verdict = judgement.verdict
    permitted = submission.permitted
    if Verdict.PAC in (permitted or ()) and _solves_for_nothing(judgement):
        permitted = None
    if permitted is not None and verdict not in permitted:
        failing = judgement.failing_test
        where = f" (first failure: {failing.test_id} {failing.verdict})" if failing else ""
        message = " ".join(judgement.message.split())[:_FEEDBACK_CHARS]
        message = f": {message}" if message else ""
        yield f"{verdict} is not permitted{where}{message}"
    if submission.score is not None:
        low, high = submission.score
        if judgement.score is None or not low <= judgement.score <= high:
            yield f"{judgement.score} points are not within {low:g} to {high:g}"
    for expected in submission.expectations:
        yield from unexpected(expected, judgement)
    by_id = {group.group_id: group for group in judgement.groups}
    for group_id, permitted in submission.groups.items():
        group = by_id.get(group_id)
        # A partial score of a group is an accepted one where labels know no partial verdict.
        actual = None if group is None else group.verdict
        if actual is Verdict.PAC:
            actual = Verdict.AC
        if actual is None or actual not in permitted:
            yield f"{group_id}: {actual or 'not judged'}, not {'|'.join(sorted(permitted))}"


def _solves_for_nothing(judgement: Judgement) -> bool:
    """Whether all that is solved is worth no points.

    Formats call that accepted with 0 points, and their labels partial; 0 points are WA here.
    """
    passed = [test.test_id for test in judgement.tests if test.verdict is Verdict.AC]
    return judgement.score == 0 and any(
        group.verdict is Verdict.AC
        and not group.ignored
        and group.group_id != "sample"
        and any(test_id.startswith(f"{group.group_id}/") for test_id in passed)
        for group in judgement.groups
    )


def _says_something(submission: LabelledSubmission) -> bool:
    return (
        submission.permitted is not None
        or submission.score is not None
        or bool(submission.groups)
        or bool(submission.expectations)
    )


def _judgement(
    problem: Problem, submission: LabelledSubmission, calibration: Calibration, pool: Pool
) -> Judgement:
    measured = calibration.judgements.get(submission.name)
    if measured is not None and measured.verdict is Verdict.AC and not submission.expectations:
        return reclassify(problem, measured, calibration.limits, pool)
    source = Source(submission.language or "", submission.files, submission.main)
    # What is said of single tests is said of all of them, also after the first failure.
    every = bool(submission.expectations)
    return judge(
        problem, source, pool, limits=calibration.limits, how=JudgeOptions(keep_going=every)
    )


def _limit_faults(limits: ProblemLimits, slowest: float) -> Iterator[str]:
    if slowest > (1 - NEAR) * limits.time_s:
        yield (
            f"time limit {limits.time_s:g} s: the slowest accepted submission takes "
            f"{slowest:.2f} s, which is within {NEAR:.0%} of it"
        )
