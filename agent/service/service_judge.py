"""What the service does in its boxes: judge, reward and run programs. Everything here blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from medalist.agent.extract import detect
from medalist.agent.extract.answer import Extraction, extract
from medalist.agent.languages import WRITTEN
from medalist.agent.service.asked import GivenTests, JudgeAsked, RunAsked, beside_program
from medalist.agent.service.catalogue import ProblemCatalogue
from medalist.agent.service.rewards import (
    ALL_TESTS,
    BY_ALL_TESTS,
    has_subtask,
    reward_of,
    reward_of_subtask,
)
from medalist.errors import BadInput
from medalist.problems.formats.given_tests import given_tests
from medalist.problems.judging import Judgement, JudgeOptions
from medalist.problems.judging import judge as judge_source
from medalist.problems.judging.calibrate import Calibration
from medalist.problems.judging.judgement_row import judgement_row, why
from medalist.problems.judging.read_source import by_standard, language_named, source_of_text
from medalist.problems.judging.scoring import full_score
from medalist.problems.model import Kind, PublicProblem
from medalist.problems.secret import Group, Problem
from medalist.sandbox.box import CompileResult, Run, Source
from medalist.sandbox.languages import LANGUAGES, language_of
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import Pool

_LOOKED_THROUGH = 1 << 17
"""Characters of an answer in which its program is looked for."""


@dataclass(frozen=True)
class Rewarded:
    """What an answer earned.

    Attributes:
        reward: From 0 to 1; None where the judge failed, which says nothing of the answer.
        verdict: The verdict; empty where the answer holds no program.
        message: Why, as far as that gives no answer of the tests away.
        language: Of the program.
        program: The program that was taken out of the answer.
        judgement: The judgement, if there was one.
    """

    reward: float | None
    verdict: str
    message: str
    language: str | None = None
    program: str | None = None
    judgement: Judgement | None = None

    def row(self) -> dict[str, Any]:
        """Return the part that is shown to the client."""
        tests = self.judgement.tests if self.judgement else ()
        return {
            "reward": self.reward,
            "verdict": self.verdict or None,
            "score": self.judgement.score if self.judgement else None,
            "passed": sum(test.verdict.accepted for test in tests),
            "tests": len(tests),
            "message": self.message,
            "language": self.language,
        }


class ServiceJudge:
    """Judges for all doors, in the boxes of one pool; safe to share between threads."""

    def __init__(self, catalogue: ProblemCatalogue, pool: Pool, *, quote: bool = True) -> None:
        """Take the problems and the boxes; without `quote` no program's stderr is quoted."""
        self._catalogue = catalogue
        self._pool = pool
        self._quote = quote

    def problem(self, named: str | None, tests: GivenTests | None) -> tuple[Problem, Calibration]:
        """Return what is to be judged on: a problem that is served, or a request's tests.

        Raises:
            BadInput: There is no such problem, or the tests have no known shape.
        """
        if named is not None:
            return self._catalogue.get(named)
        assert tests is not None
        text = tests.model_dump_json().encode()
        values = {"inputs": tests.inputs, "outputs": tests.outputs, "fn_name": tests.fn_name}
        problem = self._catalogue.given(
            text, lambda: given_tests(values, tests.limits(), tests.equality)
        )
        return problem, Calibration(problem.public.limits)

    def judge(self, asked: JudgeAsked) -> dict[str, Any]:
        """Judge a program as `medalist judge --json` does.

        Raises:
            BadInput: There is no such problem, or the program is in no language that is judged.
        """
        problem, calibration = self.problem(asked.problem, asked.tests)
        row = language_named(asked.language, asked.standard) or _told(asked.source)
        program = source_of_text(asked.source, row, problem)
        if asked.standard is not None:
            program = by_standard(program, asked.standard)
        if asked.stop == "first-failing":
            problem = _until_first_failure(problem)
        calibration = calibration.scaled(asked.limit_scale)
        judgement = self._judged(problem, program, calibration, asked.stop == "never")
        return judgement_row(
            asked.name, judgement, calibration, problem.doubts, quote=self._quotes(asked.tests)
        )

    def extractions(
        self, answers: Sequence[str], problem: Problem, language: str | None
    ) -> list[Extraction]:
        """Take the program out of each answer; an answer without a fence may be one itself."""
        return [_program_of(text, language, problem.public) for text in answers]

    def reward(
        self,
        extraction: Extraction,
        on: tuple[Problem, Calibration],
        kind: str,
        *,
        scale: float = 1.0,
        subtask: str | None = None,
    ) -> Rewarded:
        """Judge the program of an answer and say what it earned.

        Raises:
            BadInput: The problem has no such subtask.
        """
        if extraction.source is None:
            return Rewarded(0.0, "", extraction.reason)
        problem, calibration = on
        if kind == "first-failing" and subtask is None:
            problem = _until_first_failure(problem)
        try:
            program = source_of_text(extraction.source, _row_of(extraction), problem)
        except BadInput as error:  # a language that is not judged: the model's choice
            return Rewarded(0.0, "", str(error), extraction.language, extraction.source)
        judgement = self._judged(problem, program, calibration.scaled(scale), kind in BY_ALL_TESTS)
        if subtask == ALL_TESTS and not has_subtask(judgement, ALL_TESTS):
            subtask = None
        if subtask is not None:
            reward = reward_of_subtask(kind, judgement, subtask)
        else:
            tests = [test_id for test_id, counts in _tests(problem) if counts]
            reward = reward_of(kind, judgement, tests, _full(problem))
        message = why(judgement, quote=self._quote)
        return Rewarded(
            reward, judgement.verdict, message, extraction.language, extraction.source, judgement
        )

    def run(self, asked: RunAsked) -> dict[str, Any]:
        """Compile a program and run it on inputs.

        Raises:
            BadInput: It is in no language that is run.
        """
        program = program_source(asked.source, asked.language, asked.standard)
        others = {beside_program(name): text.encode() for name, text in asked.files.items()}
        program = replace(program, files={**others, **program.files})
        limits = RunLimits(
            cpu_s=asked.limits.cpu_s,
            wall_s=asked.limits.wall_s,
            memory_bytes=asked.limits.memory_mb * MIB,
            output_bytes=asked.limits.output_mb * MIB,
            processes=asked.limits.processes,
        )
        runs = [Run(stdin=text.encode()) for text in asked.stdins]
        result, outcomes = self.run_source(program, runs, limits, stop=asked.stop_on_failure)
        return {
            "language": result.language,
            "compiled": result.executable is not None,
            "message": result.message,
            "outcomes": [_outcome_row(outcome) for outcome in outcomes],
        }

    def run_source(
        self, source: Source, runs: Iterable[Run], limits: RunLimits, *, stop: bool = False
    ) -> tuple[CompileResult, list[Outcome]]:
        """Compile a source, and run it as often as it is asked to; no runs where it fails."""
        result = self._pool.compile(source)
        if result.executable is None:
            return result, []
        with self._pool.box() as box:
            return result, list(box.run_many(result.executable, runs, limits, stop_on_failure=stop))

    def _judged(
        self,
        problem: Problem,
        program: Source,
        calibration: Calibration,
        keep_going: bool,
    ) -> Judgement:
        how = JudgeOptions(keep_going=keep_going)
        return judge_source(problem, program, self._pool, limits=calibration.limits, how=how)

    def _quotes(self, tests: GivenTests | None) -> bool:
        """Whether a program's stderr is quoted: who gave the tests knows them anyway."""
        return self._quote or tests is not None


def program_source(
    text: str, language: str | None, standard: str | None = None, beside: Collection[str] = ()
) -> Source:
    """Return a program from its text; its language is detected if none is named.

    Its file is named as usual in its language, or else so that it can lie `beside` others.

    Raises:
        BadInput: A language, or a standard, that is not run here.
    """
    row = language_named(language, standard) or _told(text)
    if row is None:
        raise BadInput("cannot be told from the program", field="language")
    name = LANGUAGES[row].default_name
    while name in beside:
        name = f"_{name}"
    program = Source(row, {name: text.encode("utf-8", "surrogatepass")}, name)
    return by_standard(program, standard) if standard is not None else program


def _told(text: str) -> str | None:
    """Detect the language row of a program from its text: by a sure sign, else by likeness."""
    begin = text[:_LOOKED_THROUGH]
    row = language_of("", begin)
    if row is not None:
        return row
    told = detect.language_of(begin)
    return language_named(told) if told in WRITTEN else None


def _program_of(text: str, language: str | None, public: PublicProblem) -> Extraction:
    if public.kind is Kind.OUTPUT_ONLY:
        return Extraction(text, None, "the answer itself")
    # Programs are at the end of answers; to look through megabytes of a hostile one takes long.
    return extract(text[-_LOOKED_THROUGH:], language=language, public=public)


def _row_of(extraction: Extraction) -> str | None:
    return language_named(extraction.language) if extraction.language else None


def _until_first_failure(problem: Problem) -> Problem:
    """Return the problem with all its tests in one group that ends with the first failure."""
    secret = problem.secret
    if secret is None:
        return problem
    tests = [test for group in secret.groups if not group.ignore for test in group.all_tests()]
    group = Group("tests", tuple(tests), aggregate="min")
    return replace(problem, secret=replace(secret, groups=(group,), scoring=False, grader=None))


def _tests(problem: Problem) -> list[tuple[str, bool]]:
    """Return the ids of all tests, and whether they count."""
    groups = problem.secret.groups if problem.secret else ()
    return [(test.test_id, not group.ignore) for group in groups for test in group.all_tests()]


def _full(problem: Problem) -> float | None:
    if problem.public.full_score is not None:
        return problem.public.full_score
    return full_score(problem.secret.groups) if problem.secret else None


def _outcome_row(outcome: Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "exit_code": outcome.exit_code,
        "signal": outcome.signal,
        "cpu_s": round(outcome.cpu_s, 4),
        "wall_s": round(outcome.wall_s, 4),
        "memory_mb": round(outcome.memory_bytes / MIB, 2),
        "stdout": outcome.stdout.decode("utf-8", "replace"),
        "stderr": outcome.stderr.decode("utf-8", "replace"),
    }
