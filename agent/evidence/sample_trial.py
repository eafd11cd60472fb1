"""Running a program on the public samples, and describing its failure in detail."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

from medalist.agent.evidence.canonical import canonical, same
from medalist.agent.evidence.matrix import Boxes, run_limits
from medalist.agent.extract.answer import Extraction
from medalist.agent.extract.identity import program_id
from medalist.agent.languages import written
from medalist.agent.propose.public_result import Failure, FailureKind, Trial
from medalist.agent.types import Candidate
from medalist.problems.assemble import submission
from medalist.problems.file_io import RunTerms, run_program
from medalist.problems.model import Kind, PublicProblem, Sample
from medalist.sandbox.box import CompileResult, Executable, Run, Source
from medalist.sandbox.outcome import Outcome, Status

_KINDS: dict[Status, FailureKind] = {
    Status.RUNTIME: "crash",
    Status.TIME: "time",
    Status.IDLE: "time",
    Status.MEMORY: "memory",
    Status.OUTPUT: "output",
}


class CompilingBoxes(Boxes, Protocol):
    """Boxes in which programs are compiled, too, and how many of them may be used at once."""

    @property
    def size(self) -> int:
        """How many programs can run at once."""
        ...

    def compile(self, source: Source) -> CompileResult:
        """Compile as `Box.compile` says."""
        ...


class SampleTrials:
    """Tries programs on a problem's samples; equal programs only once.

    Args:
        public: The problem.
        pool: Where programs run.
        known: Earlier trials by program id; new ones are added to them.
    """

    def __init__(
        self, public: PublicProblem, pool: CompilingBoxes, known: dict[str, Trial] | None = None
    ) -> None:
        self._public = public
        self._pool = pool
        self._known = {} if known is None else known
        self._limits = run_limits(public)

    def __call__(self, answers: Sequence[tuple[Candidate, Extraction]]) -> list[Trial]:
        """Return the trial of each program, in order; programs run side by side.

        Raises:
            SandboxFailure: A box failed.
        """
        named = {}
        for _, extraction in answers:
            assert extraction.source is not None
            assert extraction.language is not None
            key = program_id(extraction.language, extraction.source)
            named[key] = (extraction.language, extraction.source)
        fresh = [key for key in named if key not in self._known]
        with ThreadPoolExecutor(self._pool.size, thread_name_prefix="trial") as workers:
            trials = workers.map(lambda key: self._trial(*named[key]), fresh)
            for key, trial in zip(fresh, trials, strict=True):
                self._known[key] = replace(trial, program_id=key)
        return [
            self._known[program_id(extraction.language or "", extraction.source or "")]
            for _, extraction in answers
        ]

    def _trial(self, language: str, source: str) -> Trial:
        row = written(language)
        wrong = row.syntax_error(source)
        if wrong is not None:
            return Trial(failure=Failure("syntax", message=wrong))
        built = self._pool.compile(submission(self._public, language, source))
        if built.executable is None:
            return Trial(failure=Failure("compile", message=built.message))
        if self._public.kind not in (Kind.BATCH, Kind.FUNCTION):
            return Trial()  # without the judge's own side there is nothing to run it with
        outcomes = self._run(built.executable, self._public.samples)
        pairs = list(zip(self._public.samples, outcomes, strict=True))
        passed = tuple(self._passes(sample, outcome) for sample, outcome in pairs)
        first = next(
            (pair for pair, good in zip(pairs, passed, strict=True) if good is False), None
        )
        if first is None:
            return Trial(passed)
        failure = _failure(*first)
        if failure.kind == "crash" and row.checked is not None:
            failure = self._explained(row.checked, source, failure)
        return Trial(passed, failure)

    def _run(self, executable: Executable, samples: Sequence[Sample]) -> list[Outcome]:
        runs = [Run(stdin=sample.input.encode()) for sample in samples]
        with self._pool.box() as box:
            return list(
                run_program(box, executable, runs, RunTerms(self._limits, self._public.files))
            )

    def _passes(self, sample: Sample, outcome: Outcome) -> bool | None:
        if not outcome.ok:
            return False
        if sample.output is None:
            return None
        equality = self._public.equality
        ours, right = (
            canonical(text, equality) for text in (outcome.stdout, sample.output.encode())
        )
        if same(ours, right, equality):
            return True
        return None if self._public.special_checker else False

    def _explained(self, checked: str, source: str, failure: Failure) -> Failure:
        """Run a crash again in a build that says where and why."""
        built = self._pool.compile(submission(self._public, checked, source))
        if built.executable is None:
            return failure
        (outcome,) = self._run(built.executable, [Sample(input=failure.given)])
        said = _text(outcome.stderr)
        return replace(failure, message=said) if said.strip() else failure


def _failure(sample: Sample, outcome: Outcome) -> Failure:
    kind: FailureKind = "wrong" if outcome.ok else _KINDS[outcome.status]
    message = "" if outcome.ok else _text(outcome.stderr)
    if kind == "crash" and not message.strip():
        how = f"signal {outcome.signal}" if outcome.signal else f"exit code {outcome.exit_code}"
        message = f"it ended with {how}"
    return Failure(kind, sample.input, sample.output, _text(outcome.stdout[:4096]), message)


def _text(content: bytes) -> str:
    return content.decode(errors="replace")
