"""Runs a solution beside a brute force on many inputs, and finds one on which they differ.

Outputs are equal as the problem declares it; where they are not, a package's own checker decides,
with what the brute force printed as the answer. A solution that fails where the brute force ends
properly differs from it, too; of inputs on which the brute force fails nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from medalist.errors import BadInput, SandboxFailure
from medalist.problems.equality import equal
from medalist.problems.file_io import RunTerms, run_program
from medalist.problems.input_validity import compiled
from medalist.problems.judging.context import whole_source
from medalist.problems.judging.judge import judge
from medalist.problems.model import Kind
from medalist.problems.secret import Blob, Problem, TestCase
from medalist.problems.test_from_input import only
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Executable, Run, Source
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.pool import Pool

_KINDS = (Kind.BATCH, Kind.FUNCTION)
_TRIES = 3  # a box that fails says nothing about the programs
_BRUTE_MEMORY = 2048 * MIB

VERDICTS = {
    Status.OK: Verdict.WA,
    Status.RUNTIME: Verdict.RTE,
    Status.TIME: Verdict.TLE,
    Status.IDLE: Verdict.ILE,
    Status.MEMORY: Verdict.MLE,
    Status.OUTPUT: Verdict.OLE,
}
"""What a solution's way to end is called where it is not what the brute force did."""


@dataclass(frozen=True)
class TriedInput:
    """An input to compare on.

    Attributes:
        test: The input, as a test without an answer.
        content: Its bytes.
        origin: Where it comes from, for a person: `statement`, `generator, seed 7`.
    """

    test: TestCase
    content: bytes
    origin: str


@dataclass(frozen=True)
class StressDifference:
    """An input on which the two programs differ.

    Attributes:
        found: The input.
        verdict: What is wrong with the solution.
        expected: The run of the brute force.
        actual: The run of the solution.
        message: What the package's checker says.
    """

    found: TriedInput
    verdict: Verdict
    expected: Outcome
    actual: Outcome
    message: str = ""

    @property
    def size(self) -> int:
        """Bytes of the input."""
        return len(self.found.content)


@dataclass(frozen=True)
class Compared:
    """What a comparison on some inputs brought.

    Attributes:
        compared: Inputs on which both were compared.
        skipped: Inputs on which the brute force failed.
        counterexample: The first input on which they differ; later ones were not looked at.
        failure: How the brute force failed first.
    """

    compared: int = 0
    skipped: int = 0
    counterexample: StressDifference | None = None
    failure: Outcome | None = None


class StressTest:
    """A solution and a brute force of one problem, compiled. Thread-safe.

    Args:
        problem: What says how programs read, print and are compared, and their limits.
        solution: Runs under the problem's limits.
        brute: Is thought right.
        pool: Where to run them.
        brute_s: CPU seconds that the brute force may take on an input.

    Raises:
        BadInput: One does not compile, or the problem is of a kind that cannot be compared so.
    """

    def __init__(
        self, problem: Problem, solution: Source, brute: Source, pool: Pool, brute_s: float
    ) -> None:
        public = problem.public
        if public.kind not in _KINDS:
            raise BadInput(
                f"programs for {public.kind} problems cannot be compared", file=public.problem_id
            )
        self._problem = problem
        self._source = solution
        self._pool = pool
        self._solution = compiled(whole_source(problem, solution), pool, "solution")
        self._brute = compiled(whole_source(problem, brute), pool, "brute force")
        self._limits = RunLimits(
            cpu_s=public.limits.time_s,
            memory_bytes=public.limits.memory_mb * MIB,
            output_bytes=public.limits.output_mb * MIB,
        )
        self._brute_limits = replace(
            self._limits,
            cpu_s=brute_s,
            memory_bytes=max(self._limits.memory_bytes, _BRUTE_MEMORY),
        )

    def compare(
        self, inputs: Sequence[TriedInput], late: Callable[[], bool] = lambda: False
    ) -> Compared:
        """Run both programs on inputs, in order, up to the first on which they differ.

        Args:
            inputs: The inputs.
            late: Asked after each run; once it is true no further one is begun.

        Raises:
            SandboxFailure: A box failed several times in a row, or the package's checker failed.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return self._compare(inputs, late)
            except SandboxFailure:
                if attempt == _TRIES:
                    raise
        raise AssertionError("unreachable")

    def repeats(self, counterexample: StressDifference) -> StressDifference | None:
        """Compare once more on the same input, with nothing beside it; None if they agree now."""
        with self._pool.alone():
            return self.compare([counterexample.found]).counterexample

    def _compare(self, inputs: Sequence[TriedInput], late: Callable[[], bool]) -> Compared:
        answers = list(self._outcomes(self._brute, inputs, self._brute_limits, late))
        pairs = [(each, answer) for each, answer in zip(inputs, answers, strict=False) if answer.ok]
        failure = next((answer for answer in answers if not answer.ok), None)
        skipped, compared = len(answers) - len(pairs), 0
        # Whoever holds a box must not ask the judge, who wants one, too.
        outcomes = list(
            self._outcomes(self._solution, [each for each, _ in pairs], self._limits, late)
        )
        for (each, expected), actual in zip(pairs, outcomes, strict=False):
            compared += 1
            if (difference := self._differing(each, expected, actual)) is not None:
                return Compared(compared, skipped, difference, failure)
        return Compared(compared, skipped, None, failure)

    def _outcomes(
        self,
        program: Executable,
        inputs: Sequence[TriedInput],
        limits: RunLimits,
        late: Callable[[], bool],
    ) -> Generator[Outcome, None, None]:
        terms = RunTerms(limits, self._problem.public.files)
        if not inputs or late():
            return
        runs = [Run(stdin=each.content) for each in inputs]
        with (
            self._pool.box() as box,
            closing(run_program(box, program, runs, terms)) as outcomes,
        ):
            for outcome in outcomes:
                yield outcome
                if late():
                    return

    def _differing(
        self, each: TriedInput, expected: Outcome, actual: Outcome
    ) -> StressDifference | None:
        verdict, message = VERDICTS[actual.status], ""
        if actual.ok:
            if equal(expected.stdout, actual.stdout, self._problem.public.equality):
                return None
            verdict, message = self._checked(each, expected)
            if verdict is Verdict.AC:
                return None
        return StressDifference(each, verdict, expected, actual, message)

    def _checked(self, each: TriedInput, expected: Outcome) -> tuple[Verdict, str]:
        """Ask the package's checker about unequal outputs; without one they are wrong."""
        secret = self._problem.secret
        if secret is None or (secret.checker is None and each.test.checker is None):
            return Verdict.WA, ""
        test = replace(each.test, test_id="stress", answer=Blob.of(expected.stdout))
        judgement = judge(only(self._problem, [test]), self._source, self._pool)
        if judgement.verdict is Verdict.JE:
            raise SandboxFailure(f"the package's checker failed: {judgement.message}")
        failing = judgement.failing_test
        return judgement.verdict, failing.message if failing else ""
