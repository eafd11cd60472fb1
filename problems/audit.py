"""Finds weak tests: wrong programs that a package's tests accept.

Each suspect (a changed reference solution, somebody's program) is judged by the package's tests.
One that is accepted is run on further inputs, of which the package's validators say that they are
valid and on which all reference solutions agree; one of them that is alone against at least three
others is a suspect itself. Where it is rejected there, the tests are weak:
the input is made small and offered as a new test, with the answer of the references.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain

from medalist.problems.judging.judge import JudgeOptions, judge
from medalist.problems.secret import Problem, TestCase
from medalist.problems.test_from_input import Oracle, only, source_of
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.pool import Pool

Shrink = Callable[[bytes, Callable[[bytes], bool]], bytes]
"""Takes an input and what must stay true of it; returns a smaller one of which it is true."""


@dataclass(frozen=True)
class Suspect:
    """A program that the tests may wrongly accept; `name` says where it comes from."""

    name: str
    source: Source


@dataclass(frozen=True)
class Weakness:
    """A program that the package's tests accept, and its verdict on the test that exposes it."""

    suspect: Suspect
    verdict: Verdict
    test: TestCase


@dataclass
class Audit:
    """What was found.

    Attributes:
        problem_id: The problem.
        inputs: How many inputs the suspects were run on.
        validated: Whether the package's own validators call them valid; otherwise they only fit
            what the statement says of its input.
        judged: How many suspects were judged, by verdict of the package's tests.
        weak: The suspects that were accepted and are wrong.
        unjudged: Suspects that were left when time ran out.
        disputes: Valid inputs on which the references do not agree, a line each.
    """

    problem_id: str
    inputs: int
    validated: bool
    judged: Counter[Verdict] = field(default_factory=Counter)
    weak: list[Weakness] = field(default_factory=list)
    unjudged: int = 0
    disputes: tuple[str, ...] = ()

    @property
    def tests(self) -> list[TestCase]:
        """The new tests, each once."""
        return list({weakness.test.test_id: weakness.test for weakness in self.weak}.values())


@dataclass(frozen=True)
class AuditSettings:
    """How an audit goes about it.

    Attributes:
        shrink: Makes an exposing input small.
        plausible: Whether an input is what the statement promises, asked where the package has
            no validators, or some that cannot be run.
        seconds: After this time no further suspect is judged and no input made smaller.
        jobs: Suspects judged at the same time.
        done: Called after each suspect.
    """

    shrink: Shrink
    plausible: Callable[[bytes], bool]
    seconds: float
    jobs: int = 1
    done: Callable[[], None] = lambda: None


def audit(
    problem: Problem,
    pool: Pool,
    suspects: Iterable[Suspect],
    inputs: Sequence[bytes],
    settings: AuditSettings,
) -> Audit:
    """Look for suspects that the package's tests accept wrongly.

    Args:
        problem: The package; its time limit must be known.
        pool: Where to run things.
        suspects: Programs to judge.
        inputs: Candidates for tests; those that are not valid are left out.
        settings: How to go about it.

    Raises:
        BadInput: The package has no reference solutions, no tests, or is of a kind for which
            tests cannot be made.
    """
    deadline = time.monotonic() + settings.seconds
    oracle = Oracle(problem, pool, settings.plausible)
    exposer = _Exposer(problem, oracle, pool, settings.shrink, deadline)
    tests = oracle.tests(inputs)
    report = Audit(problem.public.problem_id, len(tests), oracle.validated)
    wide = only(problem, tests)
    kills: Counter[str] = Counter()

    def trial(suspect: Suspect) -> tuple[Suspect, Verdict | None, TestCase | None]:
        if time.monotonic() > deadline:
            return suspect, None, None
        verdict = judge(problem, suspect.source, pool, how=JudgeOptions(kills=kills)).verdict
        exposed = None
        if verdict is Verdict.AC and tests:
            exposed = _rejecting(wide, suspect.source, pool)
        return suspect, verdict, exposed and exposed[0]

    outvoted = [Suspect(name, source_of(one)) for name, one in oracle.outvoted.items()]
    with ThreadPoolExecutor(settings.jobs) as workers:
        for suspect, verdict, test in workers.map(trial, chain(outvoted, suspects)):
            settings.done()
            if verdict is None:
                report.unjudged += 1
                continue
            report.judged[verdict] += 1
            if test is not None:
                report.weak += exposer.expose(suspect, test, report.tests)
    report.disputes = tuple(oracle.disputes)
    return report


def _rejecting(problem: Problem, source: Source, pool: Pool) -> tuple[TestCase, Verdict] | None:
    """Return the first test that a program is wrong on, with the verdict."""
    judgement = judge(problem, source, pool)
    assert problem.secret is not None
    by_id = {test.test_id: test for test in problem.secret.all_tests()}
    for result in judgement.tests:
        if result.verdict not in (Verdict.AC, Verdict.JE):
            return by_id[result.test_id], result.verdict
    return None


@dataclass(frozen=True)
class _Exposer:
    """Makes small tests that expose suspects."""

    problem: Problem
    oracle: Oracle
    pool: Pool
    shrink: Shrink
    deadline: float

    def expose(
        self, suspect: Suspect, test: TestCase, known: Sequence[TestCase]
    ) -> Iterator[Weakness]:
        """Yield the weakness that a suspect shows, by a new test that is known or a small one."""
        rejected = self._rejected(suspect, known) if known else None
        if rejected is not None:
            yield Weakness(suspect, rejected[1], rejected[0])
            return
        best: tuple[TestCase, Verdict] | None = None

        def exposing(content: bytes) -> bool:
            nonlocal best
            if best is not None and time.monotonic() > self.deadline:
                return False
            tests = self.oracle.tests([content])
            rejected = self._rejected(suspect, tests) if tests else None
            best = rejected or best
            return rejected is not None

        # Re-run once before shrinking; ignore verdicts that do not reproduce.
        if exposing(test.input.read()):
            self.shrink(test.input.read(), exposing)
            assert best is not None
            group = best[0].test_id.rpartition("/")[0]
            named = replace(best[0], test_id=f"{group}/audit-{len(known) + 1:02}")
            yield Weakness(suspect, best[1], named)

    def _rejected(
        self, suspect: Suspect, tests: Sequence[TestCase]
    ) -> tuple[TestCase, Verdict] | None:
        return _rejecting(only(self.problem, tests), suspect.source, self.pool)
