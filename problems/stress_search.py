"""The search of a stress test: many inputs at once, the first difference, a smaller one."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from medalist.problems.input_validity import InputValidity
from medalist.problems.stress import Compared, StressDifference, StressTest, TriedInput
from medalist.problems.verdict import Verdict
from medalist.sandbox.outcome import Outcome

Ending = Literal["difference", "inputs", "seconds", "exhausted", "interrupted"]
"""Why a search ended: a difference, as many inputs as wanted, the time, no new inputs."""

_CHUNK = 8  # inputs that one box runs before another look at the results
_TIMED = (Verdict.TLE, Verdict.ILE)
_SMALLER_S = 5.0  # how long smaller inputs of the same sources are looked for
_SHRINKING_S = 20.0

Shrink = Callable[[bytes, Callable[[bytes], bool]], bytes]
"""Takes an input and what must stay true of it; returns a smaller one of which it is true."""


@dataclass
class StressReport:
    """What a search brought; it is brought up to date while the search continues.

    Attributes:
        compared: Inputs on which both programs were compared.
        skipped: Inputs on which the brute force failed.
        invalid: Inputs that are not valid, and were not run.
        counterexample: What was found; the smallest one known.
        found_bytes: Bytes of the input that was found first.
        repeated: Whether the programs differed again on the same input.
        ended: Why the search ended; `interrupted` until it did.
        failure: How the brute force failed first.
        seconds: How long it took to the first difference, or to the end without one.
    """

    compared: int = 0
    skipped: int = 0
    invalid: int = 0
    counterexample: StressDifference | None = None
    found_bytes: int = 0
    repeated: bool = True
    ended: Ending = "interrupted"
    failure: Outcome | None = None
    seconds: float = 0.0


class StressSearch:
    """Looks for a difference between two programs.

    Args:
        test: The programs.
        validity: Makes tests of the inputs that are valid.
        workers: How many boxes to use.
        until: Compare on this many inputs at most.
        seconds: Look no longer than this for a first difference.
    """

    def __init__(
        self,
        test: StressTest,
        validity: InputValidity,
        workers: int,
        *,
        until: int | None,
        seconds: float,
    ) -> None:
        self.report = StressReport()
        self._test = test
        self._validity = validity
        self._workers = workers
        self._until = until
        self._taken = 0
        self._started = time.monotonic()
        self._deadline = self._started + seconds

    def run(
        self, batches: Iterable[Sequence[tuple[bytes, str]]], *, smallest: Callable[[bytes], bool]
    ) -> None:
        """Look for a difference, and fill the report.

        Args:
            batches: Inputs, each with its origin.
            smallest: Whether to continue for a while after a first difference on this input, for a
                smaller one.

        Raises:
            BadInput: A generator fails.
            SandboxFailure: A box failed.
        """
        report = self.report
        more = iter(batches)
        with ThreadPoolExecutor(self._workers, thread_name_prefix="stress") as workers:
            try:
                ended = self._first(self._valid(more), workers)
                report.seconds = time.monotonic() - self._started
                counterexample = report.counterexample
                if counterexample is not None and smallest(counterexample.found.content):
                    self._until, self._deadline = None, time.monotonic() + _SMALLER_S
                    self._smaller(self._valid(more), workers)
                report.ended = ended
            finally:
                self._deadline = 0.0  # what is under way ends with its run

    def shrink(self, shrink: Shrink) -> None:
        """Make the input that was found smaller, for as long as the verdict stays the same."""
        self._deadline = time.monotonic() + _SHRINKING_S
        report = self.report
        assert report.counterexample is not None

        def interesting(content: bytes) -> bool:
            first = report.counterexample
            if first is None or self._late():
                return False
            tests = self._validity.tests([content])
            if not tests:
                return False
            asked = TriedInput(tests[0], content, first.found.origin)
            counterexample = self._test.compare([asked]).counterexample
            if counterexample is None or counterexample.verdict is not first.verdict:
                return False
            report.counterexample = counterexample
            return True

        shrink(report.counterexample.found.content, interesting)

    def _first(self, chunks: Iterator[list[TriedInput]], workers: ThreadPoolExecutor) -> Ending:
        """Compare up to the first difference, and say why it ended."""
        report = self.report
        for done in self._results(chunks, workers):
            report.compared += done.compared
            report.skipped += done.skipped
            report.failure = report.failure or done.failure
            if done.counterexample is not None and self._stands(done.counterexample):
                return "difference"
            if self._late():
                return "seconds"
        if self._has_all():
            return "inputs"
        return "seconds" if self._late() else "exhausted"

    def _stands(self, counterexample: StressDifference) -> bool:
        """Look twice: a program that was only slow once, on a busy machine, is not wrong."""
        again = self._test.repeats(counterexample)
        if again is None and counterexample.verdict in _TIMED:
            return False
        self.report.repeated = again is not None
        self.report.counterexample = again or counterexample
        self.report.found_bytes = counterexample.size
        return True

    def _smaller(self, chunks: Iterator[list[TriedInput]], workers: ThreadPoolExecutor) -> None:
        """Take smaller inputs with the same verdict as they come."""
        assert self.report.counterexample is not None
        best: StressDifference = self.report.counterexample

        def shorter() -> Iterator[list[TriedInput]]:
            for chunk in chunks:
                yield [each for each in chunk if len(each.content) < best.size]

        for done in self._results(shorter(), workers):
            counterexample = done.counterexample
            if (
                counterexample is not None
                and counterexample.verdict is best.verdict
                and counterexample.size < best.size
            ):
                self.report.counterexample = best = counterexample
            if self._late():
                return

    def _results(
        self, chunks: Iterator[list[TriedInput]], workers: ThreadPoolExecutor
    ) -> Iterator[Compared]:
        """Yield the result of each chunk, in order; a few chunks are under way at a time."""
        waiting: deque[Future[Compared]] = deque()
        try:
            for chunk in chunks:
                waiting.append(workers.submit(self._test.compare, chunk, self._late))
                if len(waiting) > self._workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for job in waiting:
                job.cancel()

    def _valid(self, batches: Iterator[Sequence[tuple[bytes, str]]]) -> Iterator[list[TriedInput]]:
        """Yield the valid inputs in chunks, small ones of a batch first."""
        for batch in batches:
            origins = dict(batch)
            tests = self._validity.tests(list(origins))
            self.report.invalid += len(origins) - len(tests)
            inputs = []
            for test in tests:
                content = test.input.read()
                inputs.append(TriedInput(test, content, origins[content]))
            inputs.sort(key=lambda each: len(each.content))
            if self._until is not None:
                inputs = inputs[: self._until - self._taken]
            self._taken += len(inputs)
            for start in range(0, len(inputs), _CHUNK):
                yield inputs[start : start + _CHUNK]
            if self._late() or self._has_all():
                return

    def _has_all(self) -> bool:
        return self._until is not None and self._taken >= self._until

    def _late(self) -> bool:
        return time.monotonic() > self._deadline
