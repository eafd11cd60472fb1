"""What the ways of running a submission share: programs, limits, loaded tests, facts of a run."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from itertools import chain

from medalist.errors import BadInput, MedalistError
from medalist.problems.assemble import public_files, with_files
from medalist.problems.file_io import RunTerms, run_program
from medalist.problems.helper import Helper
from medalist.problems.judging.carried import carrying
from medalist.problems.judging.classify import classify
from medalist.problems.judging.dmoj_answers import Submitted
from medalist.problems.judging.helper_limits import helper_limits
from medalist.problems.judging.results import Checked, Measured
from medalist.problems.model import Kind, ProblemLimits
from medalist.problems.secret import Problem, SecretProblem, TestCase
from medalist.problems.startup import lent, unbuffered
from medalist.sandbox import limits as box_limits
from medalist.sandbox.box import Box, Executable, Run, Source
from medalist.sandbox.languages import FAMILIES, LANGUAGES
from medalist.sandbox.limits import MIB
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.pool import Pool

_SAID_CHARS = 200


class HelperBroken(MedalistError):
    """A package's own program does not compile, or never answers.

    That is a judge error, never a word on a submission; asking it again would gain nothing.
    """


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
        own = (self.test.output_flags, self.test.time_share, self.test.memory_share)
        parts += [repr((*own, _told(self.test))).encode()]
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

    Programs run under limits raised by the factor `raised`; `limits` are the real ones. `source`
    is the submission, of which DMOJ's Python checkers are told.
    """

    problem: Problem
    secret: SecretProblem
    pool: Pool
    limits: ProblemLimits
    raised: float
    source: Source | None = None

    @property
    def helper_limits(self) -> box_limits.RunLimits:
        """The limits under which the package's own programs run."""
        return helper_limits(self.secret.validation_s)

    @property
    def box_limits(self) -> box_limits.RunLimits:
        """The limits under which programs run."""
        return box_limits.RunLimits(
            cpu_s=self.limits.time_s * self.raised,
            memory_bytes=self.limits.memory_mb * MIB,
            output_bytes=self.limits.output_mb * MIB,
        )

    def checker(self, test: TestCase) -> Helper | None:
        """Return what decides a test: its own checker or the problem's; None is the equality."""
        return test.checker or self.secret.checker

    def submitted(self, outcome: Outcome | None = None) -> Submitted:
        """Return what a checker in Python is told of the submission and its run."""
        source, problem_id = self.source, self.problem.public.problem_id
        language = source.language if source else ""
        content = source.files.get(source.main, b"") if source else b""
        if outcome is None:
            return Submitted(problem_id, language, content)
        return Submitted(
            problem_id, language, content, outcome.cpu_s, outcome.memory_bytes, outcome.status
        )

    def run(
        self,
        box: Box,
        program: Executable,
        runs: Iterable[Run],
        *,
        stop_on_failure: bool = False,
    ) -> Generator[Outcome, None, None]:
        """Run a submission as `Box.run_many` does, by the files that the problem names."""
        terms = RunTerms(self.box_limits, self.problem.public.files)
        return run_program(box, program, runs, terms, stop_on_failure=stop_on_failure)

    def ends(self, loaded: Loaded, facts: Measured) -> bool:
        """Whether the tests that were to follow may be unwanted now."""
        return loaded.ends_group and not classify(facts, self.limits).verdict.accepted

    def helper(self, helper: Helper) -> Executable:
        """Compile a checker or interactor (once: the sandbox keeps what it compiled).

        Raises:
            HelperBroken: It cannot be run, or does not compile.
        """
        if helper.cannot_run:
            raise HelperBroken(f"{helper.name} cannot be run: {helper.cannot_run}")
        files, main = helper.files, helper.main
        if self.problem.public.kind is Kind.MULTIPASS and helper.protocol == "kattis":
            more, main = carrying(LANGUAGES[helper.language].family, main)
            files = {**files, **more}
        result = self.pool.compile(Source(helper.language, files, main, helper.compile_flags))
        if result.executable is None:
            raise HelperBroken(f"{helper.name} does not compile: {result.message}")
        return result.executable


def _told(test: TestCase) -> object:
    """What a test's checker is told besides the data; the number of a case only in Python."""
    checker, case = test.checker, test.case
    own = checker and (checker.name, checker.protocol, sorted(checker.settings.items()))
    return own, case and (case.points, case.position, case.batch, case.binary, case.output_bytes)


def whole_source(problem: Problem, source: Source) -> Source:
    """Return a submission with all files that are compiled with it.

    Raises:
        BadInput: A language that is not in the sandbox's table.
        HelperBroken: One that the package's grader does not take.
    """
    if source.language not in LANGUAGES:
        raise BadInput(f"unknown language {source.language!r}", hint=", ".join(LANGUAGES))
    secret, family = problem.secret, LANGUAGES[source.language].family
    if secret is None:
        return with_files(source, public_files(problem.public, family))
    if secret.before_submission:
        if family not in secret.before_submission:
            raise HelperBroken(f"its grader takes no submissions in {source.language}")
        content = secret.before_submission[family] + source.files[source.main]
        source = replace(source, files={**source.files, source.main: content})
    files = {**public_files(problem.public, family), **secret.grader_files.get(family, {})}
    source = with_files(source, files)
    if secret.lent_imports and FAMILIES[family].runtime == "python":
        more, main = lent(secret.lent_imports, source.files, source.main)
        source = replace(source, files={**source.files, **more}, main=main)
    if secret.unbuffered:
        more, main = unbuffered(family, source.main)
        source = replace(source, files={**source.files, **more}, main=main)
    return source


def run_helper(
    box: Box, executable: Executable, runs: Iterable[Run], limits: box_limits.RunLimits
) -> Generator[Outcome, None, None]:
    """Run a package's own program as `Box.run_many` does; one stopped as idle is run once more.

    Such a program waits for nobody, so that the machine is as likely to be at fault.
    """
    fresh = iter(runs)
    unanswered: deque[Run] = deque()
    repeated: Run | None = None
    while True:
        first = list(unanswered)
        unanswered.clear()

        def feed(first: list[Run] = first) -> Iterator[Run]:
            for run in chain(first, fresh):
                unanswered.append(run)
                yield run

        with closing(box.run_many(executable, feed(), limits)) as outcomes:
            for outcome in outcomes:
                if outcome.status is Status.IDLE and unanswered[0] is not repeated:
                    repeated = unanswered[0]
                    break
                unanswered.popleft()
                yield outcome
            else:
                return


def answered(
    helper: Helper, test: TestCase, outcome: Outcome, limits: box_limits.RunLimits
) -> Outcome:
    """Return the outcome of a helper that ended by itself.

    Raises:
        HelperBroken: It was stopped by its time limit.
    """
    if outcome.status in (Status.TIME, Status.IDLE):
        raise HelperBroken(
            f"{test.test_id}: {helper.name} gave no answer: {limits.that_ended(outcome)}"
        )
    return outcome


def _last_line(stderr: bytes) -> str:
    """Return what a program said last, in which an exception has its name; hostile text."""
    lines = stderr.decode(errors="replace").strip().splitlines() or [""]
    shown = "".join(char if char.isprintable() else " " for char in lines[-1])
    return shown.strip()[:_SAID_CHARS]


def signal_name(number: int) -> str:
    """Return `SIGSEGV` for 11, and so on; most real-time signals have no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


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
        detail = signal_name(outcome.signal)
    elif outcome.exit_code:
        detail = f"exit code {outcome.exit_code}"
    if detail and (said := _last_line(outcome.stderr)):
        detail += f": {said}"
    return Measured(
        test.test_id,
        outcome.status,
        outcome.cpu_s,
        outcome.memory_bytes,
        checked,
        checker_first,
        detail,
        outcome.trusted,
        test.time_share,
        test.memory_share,
    )
