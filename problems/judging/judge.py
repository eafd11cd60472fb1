"""Judges a submission: compile, run, compare, score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from medalist.errors import BadInput, MissingPrerequisite, SandboxFailure
from medalist.problems.judging import batch_tests as batch
from medalist.problems.judging import interactive
from medalist.problems.judging.classify import classify, near_limit
from medalist.problems.judging.context import (
    Context,
    HelperBroken,
    Loaded,
    whole_source,
)
from medalist.problems.judging.generated import with_generated
from medalist.problems.judging.graders import own_grader
from medalist.problems.judging.results import Judgement, Measured, TestResult
from medalist.problems.judging.scoring import (
    Grade,
    full_score,
    grade,
    without_impossible_points,
)
from medalist.problems.judging.test_order import Needed, needed
from medalist.problems.model import Kind, ProblemLimits
from medalist.problems.secret import Problem, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import CompileResult, Executable, Source
from medalist.sandbox.outcome import Status
from medalist.sandbox.pool import Pool

RAISED = 1.5
"""Programs run under this many times their time limit, so that one run serves lower limits."""

_ATTEMPTS = 3
_ALONE_REPEATS = 2

Strategy = Callable[[Iterator[Loaded]], Iterator[tuple[Loaded, Measured]]]


@dataclass(frozen=True)
class JudgeOptions:
    """How a submission is judged.

    Attributes:
        raised: How far above the time limit programs are stopped.
        keep_going: Run every test, also those that can change nothing.
        kills: How often each test rejected a submission, read and brought up to date: within
            groups that end with the first rejected test the deadliest is run first. Only where
            nobody is told which test failed.
    """

    raised: float = RAISED
    keep_going: bool = False
    kills: Counter[str] | None = None


def judge(
    problem: Problem,
    source: Source,
    pool: Pool,
    *,
    limits: ProblemLimits | None = None,
    how: JudgeOptions = JudgeOptions(),
) -> Judgement:
    """Judge a submission on all tests of a problem.

    Args:
        problem: The problem, with its secret half.
        source: The submission; for output-only problems its files are the outputs.
        pool: Where to compile and run. At no time two boxes of one role are held at once, so
            any number of submissions may be judged at the same time.
        limits: Instead of the problem's own.
        how: Which tests are run, and how long.

    Raises:
        BadInput: The problem has no tests, or test data cannot be read.
    """
    secret = problem.secret
    if secret is None or not secret.all_tests():
        raise BadInput("has no tests to judge with", file=problem.public.problem_id)
    limits = limits or problem.public.limits
    try:
        problem = with_generated(problem, pool)
        context = Context(problem, problem.secret or secret, pool, limits, how.raised, source)
        built = _built(context, source)
        if built is not None and built.executable is None:
            score = 0.0 if secret.scoring else None
            return Judgement(Verdict.CE, score, message=built.message, language=built.language)
        strategy = _strategy(context, source, built.executable if built else None)
    except (HelperBroken, SandboxFailure) as failure:
        return Judgement(Verdict.JE, None, message=str(failure), language=source.language)
    language = built.language if built else ""
    trial = _Trial(context, strategy, how)
    message = trial.run()
    if message is not None:
        results = trial.results()
        return Judgement(Verdict.JE, None, tests=results, message=message, language=language)
    judgement = replace(_judgement(context, trial), language=language)
    if how.kills is not None and (failing := judgement.failing_test) is not None:
        how.kills[failing.test_id] += 1
    return judgement


def reclassify(
    problem: Problem, judgement: Judgement, limits: ProblemLimits, pool: Pool
) -> Judgement:
    """Return what the judgement would be under a lower time limit, without running again.

    `pool` is used only where the package aggregates groups with its own program.
    """
    if problem.secret is None or not judgement.measured:
        return judgement
    context = Context(problem, problem.secret, pool, limits, 1.0)
    trial = _Trial(context, lambda _: iter(()))
    trial.know(judgement.measured)
    return replace(_judgement(context, trial), language=judgement.language)


def _built(context: Context, source: Source) -> CompileResult | None:
    """Compile a submission; None where outputs are handed in.

    Raises:
        HelperBroken: Its language is not there: other submissions may be judged all the same.
    """
    if context.problem.public.kind is Kind.OUTPUT_ONLY:
        return None
    whole = whole_source(context.problem, source)
    try:
        return context.pool.compile(whole)
    except MissingPrerequisite as missing:
        raise HelperBroken(str(missing)) from missing


def _strategy(context: Context, source: Source, program: Executable | None) -> Strategy:
    """Return the way to run the submission, which `program` is unless outputs are handed in."""
    public, secret = context.problem.public, context.secret
    if program is None:
        return lambda tests: batch.handed_in(context, source.files, tests)
    if public.kind is Kind.MULTIPASS:
        return lambda tests: interactive.passes(context, program, tests)
    if public.kind is Kind.INTERACTIVE:
        return lambda tests: interactive.converse(context, program, tests)
    if batch.plain(context):
        return lambda tests: batch.stream(context, program, tests)
    # Compiled now, while no box is held; one that cannot be run is asked for only in earnest.
    if secret.checker is not None and not secret.checker.cannot_run:
        context.helper(secret.checker)
    return lambda tests: batch.checked_chunks(context, program, tests)


class _Trial:
    """What is known of one submission. Tests with equal content are run once."""

    def __init__(
        self,
        context: Context,
        strategy: Strategy,
        how: JudgeOptions = JudgeOptions(),
    ) -> None:
        self.context = context
        self.strategy = strategy
        self.limits = context.limits
        self.keep_going = how.keep_going
        self.kills = dict(how.kills or {})
        self.facts: dict[str, Measured] = {}
        self.keys: dict[str, str] = {}
        self.repeated: set[str] = set()

    def run(self) -> str | None:
        """Run until every test that counts is known; return why the judge failed, if it did."""
        failures = 0
        while True:
            try:
                # A strategy may return early, where what it ran ahead is not wanted any more.
                known = len(self.facts)
                for loaded, facts in self.strategy(self._unknown()):
                    self.facts[loaded.key] = facts
                if known < len(self.facts):
                    continue
                if not all(self._known(test) for test, _ in self._needed()):
                    raise SandboxFailure("a box gave no outcome")
                if not self._repeat_near():
                    return None
            except HelperBroken as failure:
                return str(failure)
            except SandboxFailure as failure:
                failures += 1
                if failures == _ATTEMPTS:
                    return f"the sandbox failed {failures} times: {failure}"

    def know(self, measured: Sequence[Measured]) -> None:
        """Take facts over from an earlier trial."""
        self.facts = {facts.test_id: facts for facts in measured}
        self.keys = {facts.test_id: facts.test_id for facts in measured}

    def results(self) -> tuple[TestResult, ...]:
        """Return the results of the tests that count."""
        return tuple(self._result(test) for test, _ in self._needed() if self._known(test))

    def measured(self) -> tuple[Measured, ...]:
        """Return the facts of all tests that were run, in judging order."""
        tests = (test for test in self.context.secret.all_tests() if self._known(test))
        return tuple(
            replace(self.facts[self.keys[test.test_id]], test_id=test.test_id) for test in tests
        )

    def _needed(self) -> Iterator[Needed]:
        return needed(
            self.context.secret, self._verdict, keep_going=self.keep_going, kills=self.kills
        )

    def _known(self, test: TestCase) -> bool:
        return self.keys.get(test.test_id) in self.facts

    def _verdict(self, test: TestCase) -> Verdict | None:
        return self._result(test).verdict if self._known(test) else None

    def _result(self, test: TestCase) -> TestResult:
        facts = self.facts[self.keys[test.test_id]]
        return replace(classify(facts, self.limits), test_id=test.test_id)

    def _unknown(self) -> Iterator[Loaded]:
        started = set(self.facts)
        for test, ends_group in self._needed():
            if self._known(test):
                continue
            loaded = Loaded.of(test, ends_group=ends_group)
            self.keys[test.test_id] = loaded.key
            if loaded.key not in started:
                started.add(loaded.key)
                yield loaded

    def _repeat_near(self) -> bool:
        """Repeat alone what a busy machine may have pushed over the limit; True if any was."""
        near = {
            key: test
            for test, _ in self._needed()
            if (key := self.keys[test.test_id]) not in self.repeated
            and near_limit(self.facts[key], self.limits)
        }
        for key, test in near.items():
            self.repeated.add(key)
            facts = self.facts[key]
            # Waiting for an idle program is expensive, and seldom the machine's fault.
            for _ in range(_ALONE_REPEATS if facts.status is not Status.IDLE else 1):
                with self.context.pool.alone():
                    ((_, facts),) = self.strategy(iter([Loaded.of(test)]))
                self.facts[key] = min(self.facts[key], facts, key=self._badness)
                if not near_limit(self.facts[key], self.limits):
                    break
        return bool(near)

    def _badness(self, facts: Measured) -> tuple[bool, float]:
        return classify(facts, self.limits).verdict is Verdict.ILE, facts.cpu_s


def _judgement(context: Context, trial: _Trial) -> Judgement:
    tests = without_impossible_points(context.secret, trial.results())
    measured = trial.measured()
    broken = next((test for test in tests if test.verdict is Verdict.JE), None)
    full = context.problem.public.full_score
    try:
        graded = grade(
            context.secret,
            {test.test_id: test for test in tests},
            full=full if full is not None else full_score(context.secret.groups),
            grader=own_grader(context),
        )
    except (HelperBroken, SandboxFailure) as failure:
        graded, message = Grade(Verdict.JE, None, ()), str(failure)
    else:
        message = f"{broken.test_id}: {broken.message}" if broken else ""
    return Judgement(
        verdict=graded.verdict,
        score=graded.score,
        cpu_s=max((test.cpu_s for test in tests), default=0.0),
        memory_mb=max((test.memory_mb for test in tests), default=0.0),
        tests=tests,
        groups=graded.groups,
        message=message,
        measured=measured,
        trusted=all(facts.trusted for facts in measured),
    )
