"""medalist from Python: load a problem, judge a program, solve a problem.

These functions do what the commands of the same names do, with the same defaults; what they can
raise is in `medalist.errors`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from medalist.agent.propose.review import ReviewBy
from medalist.agent.run.options import RunOptions, ToolRepair, ToolUse
from medalist.agent.run.run_plan import settings_for
from medalist.agent.run.solving import Assignment
from medalist.agent.run.usual import Effort
from medalist.agent.solve import Solution, Watcher
from medalist.agent.steps.problem_run import unwatched
from medalist.errors import BadInput
from medalist.problems import formats
from medalist.problems.judging import Judgement, JudgeOptions
from medalist.problems.judging import judge as judge_source
from medalist.problems.judging.calibrate import calibrate
from medalist.problems.judging.read_source import (
    by_standard,
    language_named,
    read_source,
    source_of_text,
)
from medalist.problems.secret import Problem
from medalist.sandbox.pool import open_pool

BoxName: TypeAlias = Literal["auto", "docker", "local"]


def load(path: str | Path) -> Problem:
    """Read a problem: a statement, a package in any format, or a bundled problem's id.

    Its `public` half is what a contestant sees; `secret` (tests, answers, checker) is None where
    there is only a statement. `warnings` and `doubts` say what may have been read wrongly.

    Raises:
        BadInput: There is no such problem, or it cannot be read.
    """
    return formats.load(formats.resolve(str(path)))


def judge(
    problem: Problem | str | Path,
    source: str | Path,
    *,
    language: str | None = None,
    standard: str | None = None,
    box: BoxName = "auto",
    limit_scale: float = 1.0,
    keep_going: bool = False,
) -> Judgement:
    """Judge a program on all tests of a problem.

    That a program fails is its verdict, never an exception.

    Args:
        problem: A problem, or what `load` takes.
        source: The program: its text, or the path (a `Path`) of its file or folder.
        language: As `--lang` of `medalist judge`; None tells it by the file's name or the text.
        standard: The standard of a C++ program (`17`, `gnu++20`, ...).
        box: The sandbox: `docker`, `local` (bubblewrap), or the first of these that is there.
        limit_scale: What to multiply the time limit by.
        keep_going: Whether to run every test, also after a failure.

    Raises:
        BadInput: The problem has no tests, or the program is in no language that is judged.
        MissingPrerequisite: This machine has no usable sandbox.
        SandboxFailure: The sandbox failed.
    """
    problem = _loaded(problem)
    if problem.secret is None or not problem.secret.all_tests():
        raise BadInput("has no tests to judge with", file=problem.public.problem_id)
    row = language_named(language, standard)
    if isinstance(source, Path):
        program = read_source(source, row, problem)
    else:
        program = source_of_text(source, row, problem)
    if standard is not None:
        program = by_standard(program, standard)
    with open_pool(box) as pool:
        limits = calibrate(problem, pool, jobs=pool.size).limits
        limits = limits.model_copy(update={"time_s": limits.time_s * limit_scale})
        return judge_source(
            problem, program, pool, limits=limits, how=JudgeOptions(keep_going=keep_going)
        )


def solve(
    problem: Problem | str | Path,
    *,
    effort: Effort | None = None,
    candidates: int | None = None,
    most: int | None = None,
    submissions: int | None = None,
    lang: str | Sequence[str] | None = None,
    model: str | None = None,
    prompts: str | Sequence[str] | None = None,
    search: str | None = None,
    width: int | None = None,
    rounds: int | None = None,
    last_round: int | None = None,
    round_submissions: int | None = None,
    moves_from: str | Path | None = None,
    evidence: int | None = None,
    mutants: int | None = None,
    generators: int | None = None,
    validators: int | None = None,
    subtask_generators: int | None = None,
    subtask_validators: int | None = None,
    brute: int | None = None,
    tests: int | None = None,
    checkers: int | None = None,
    privileged_equality: bool = False,
    pair_generators: int | None = None,
    duels: int | None = None,
    subtask_share: float | None = None,
    tools: ToolUse | None = None,
    tool_calls: int | None = None,
    tool_seconds: float | None = None,
    tool_tokens: int | None = None,
    tool_submissions: int | None = None,
    tool_repair: ToolRepair | None = None,
    min_belief: float | None = None,
    always_submit: bool = False,
    seed: int = 0,
    max_tokens: int | None = None,
    temperature: float | None = None,
    top_p: float | None = None,
    top_k: int | None = None,
    min_p: float | None = None,
    reasoning_effort: str | None = None,
    api: Literal["chat", "responses", "messages"] | None = None,
    context: int | None = None,
    extra_body: str | None = None,
    patience: float | None = None,
    timeout: float | None = None,
    concurrency: int | None = None,
    policy: str | None = None,
    weights: str | Path | None = None,
    verifier: str | Path | None = None,
    allocate: str | Path | None = None,
    max_usd: float | None = None,
    price: str | tuple[float, float] | None = None,
    max_run_tokens: int | None = None,
    max_requests: int | None = None,
    max_seconds: float | None = None,
    reviewer: str | None = None,
    review_by: ReviewBy | None = None,
    target: float | None = None,
    batch_api: bool = False,
    out: str | Path | None = None,
    box: BoxName = "auto",
    watch: Watcher = unwatched,
) -> Solution:
    """Solve one problem; the same call again continues where it stopped.

    All options but these are those of `medalist solve`, with the same names and defaults;
    `medalist solve --help` says what each means.

    Args:
        problem: A problem, or what `load` takes.
        out: The run directory; by default `runs/<problem>-<settings>`.
        box: The sandbox, as for `judge`.
        watch: Is called with the stage and the counts (`RunProgress`) whenever something happens.

    Raises:
        BadInput: An option is impossible, or the directory holds another run.
        MissingPrerequisite: There is no usable sandbox, or no embedded model.
        ModelFailure: The endpoint cannot be used. What it answered is kept.
        SandboxFailure: The sandbox failed.
        JournalFailure: The run's record cannot be read or written.
    """
    values = locals()
    options = RunOptions.given({name: values[name] for name in RunOptions.model_fields}).allocated()
    configured = options.configured()
    settings_for(options, configured)
    run_dir = None if out is None else Path(out)
    assignment = Assignment(_loaded(problem), options, configured, out=run_dir)
    with open_pool(box) as pool:
        return assignment.solve(pool, watch).solution


def _loaded(problem: Problem | str | Path) -> Problem:
    return problem if isinstance(problem, Problem) else load(problem)
