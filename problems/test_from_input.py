"""Makes tests of inputs: what the answer to each valid one is (see `input_validity.py`).

The answer is what the reference solutions print, where all of them are accepted with it, or all but
one of at least four: that one is then a wrong program that the tests accept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace

from medalist.errors import BadInput
from medalist.problems.file_io import RunTerms, run_program
from medalist.problems.input_validity import InputValidity, compiled
from medalist.problems.judging.calibrate import references
from medalist.problems.judging.context import whole_source
from medalist.problems.judging.judge import JudgeOptions, judge
from medalist.problems.model import Kind
from medalist.problems.secret import Blob, Group, LabelledSubmission, Problem, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Run, Source
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.pool import Pool

_KINDS = (Kind.BATCH, Kind.FUNCTION, Kind.INTERACTIVE)
_SHOWN = 60
_MANY = 3  # references that outvote one that differs
_WRONG = (Verdict.WA, Verdict.RTE)  # too slow is another matter


class Oracle:
    """Makes tests for one package.

    Attributes:
        validated: Whether the package has input validators, and all of them can be run.
        disputes: Valid inputs on which the references do not agree, a line each; only where
            inputs are validated, since otherwise the input is as likely to be wrong.
        outvoted: References that alone were against at least three others, by name.
    """

    def __init__(self, problem: Problem, pool: Pool, plausible: Callable[[bytes], bool]) -> None:
        """Take the package, and what says of an input that it is plausible.

        Raises:
            BadInput: No tests, no references, or tests of a kind that cannot be made.
        """
        where = problem.public.problem_id
        if problem.secret is None or not problem.secret.all_tests():
            raise BadInput("has no tests", file=where)
        self.problem = problem
        self.secret = problem.secret
        self.pool = pool
        self.disputes: list[str] = []
        self.outvoted: dict[str, LabelledSubmission] = {}
        self.references = references(problem)
        if not self.references:
            raise BadInput("has no accepted solution that says what is right", file=where)
        if problem.public.kind not in _KINDS:
            raise BadInput(f"tests of {problem.public.kind} problems are not made", file=where)
        tests = self.secret.all_tests()
        if any(test.files or test.args for test in tests):
            raise BadInput("its tests have files or arguments of their own", file=where)
        if problem.public.kind is Kind.INTERACTIVE and any(
            test.answer and test.answer.read() != test.input.read() for test in tests
        ):
            raise BadInput("only its interactor knows what an answer file holds", file=where)
        self.validity = InputValidity(problem, pool, plausible)
        self.validated = self.validity.validated
        self.many = self.validated and len(self.references) > _MANY

    def tests(self, inputs: Sequence[bytes]) -> list[TestCase]:
        """Return a test for each input that is valid and has one answer."""
        left = self.validity.tests(inputs)
        agreed: list[TestCase] = []
        # If the first reference is the odd one out, the second one's answers count.
        givers = self.references[: 2 if self.many else 1]
        last = givers[-1]
        for giver in givers:
            answered = {test.test_id: test for test in self._answered(left, giver)}
            against = self._against(list(answered.values()))
            left = [test for test in left if test.test_id not in answered]
            for test in answered.values():
                rejected = against[test.test_id]
                if self.many and len(rejected) == 1 and rejected[0][1] in _WRONG:
                    self.outvoted[rejected[0][0].name] = rejected[0][0]
                elif giver is not last and len(rejected) == len(self.references) - 1:
                    left.append(test)
                    continue
                elif rejected:
                    self._dispute(*rejected[0], test)
                    continue
                agreed.append(test)
        return agreed

    def _against(
        self, tests: Sequence[TestCase]
    ) -> dict[str, list[tuple[LabelledSubmission, Verdict]]]:
        """Return, by test, the references that are not accepted on it, with their verdicts."""
        against: dict[str, list[tuple[LabelledSubmission, Verdict]]] = {
            test.test_id: [] for test in tests
        }
        for reference in self.references:
            left = [test for test in tests if self.many or not against[test.test_id]]
            if not left:
                break
            asked = only(self.problem, left)
            judgement = judge(
                asked, source_of(reference), self.pool, how=JudgeOptions(keep_going=True)
            )
            verdicts = {result.test_id: result.verdict for result in judgement.tests}
            for test in left:
                verdict = verdicts.get(test.test_id, judgement.verdict)
                if verdict is not Verdict.AC:
                    against[test.test_id].append((reference, verdict))
        return against

    def _dispute(self, reference: LabelledSubmission, verdict: Verdict, test: TestCase) -> None:
        if self.validated:
            shown = ascii(test.input.read().decode(errors="replace"))[:_SHOWN]
            self.disputes.append(f"{reference.name}: {verdict} on {shown}")

    def _answered(self, tests: Sequence[TestCase], reference: LabelledSubmission) -> list[TestCase]:
        """Give each test the answer of a reference; leave out those on which it fails."""
        if self.problem.public.kind is Kind.INTERACTIVE:
            return [replace(test, answer=test.input) for test in tests]
        whole = whole_source(self.problem, source_of(reference))
        executable = compiled(whole, self.pool, self.problem.public.problem_id)
        limits = self.problem.public.limits
        box_limits = RunLimits(
            cpu_s=limits.time_s,
            memory_bytes=limits.memory_mb * MIB,
            output_bytes=limits.output_mb * MIB,
        )
        runs = (Run(stdin=test.input.read()) for test in tests)
        with (
            self.pool.box() as box,
            closing(
                run_program(box, executable, runs, RunTerms(box_limits, self.problem.public.files))
            ) as outcomes,
        ):
            return [
                replace(test, answer=Blob.of(outcome.stdout))
                for test, outcome in zip(tests, outcomes, strict=True)
                if outcome.ok
            ]


def only(problem: Problem, tests: Sequence[TestCase]) -> Problem:
    """Return a pass/fail problem with these tests instead of its own."""
    assert problem.secret is not None
    group = Group("audit", tuple(tests), aggregate="min")
    secret = replace(problem.secret, groups=(group,), scoring=False, grader=None)
    return replace(problem, secret=secret)


def source_of(submission: LabelledSubmission) -> Source:
    """Return the source that a labelled submission consists of."""
    return Source(submission.language or "", submission.files, submission.main)
