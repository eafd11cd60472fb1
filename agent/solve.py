"""One problem: statement -> many candidates -> few behaviours -> the best next submission.

Every step is a pure function of what is journalled (answers of the model, outcomes, verdicts),
so a run that was stopped anywhere goes on where it was, and ends as the undisturbed run would.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

from pydantic import JsonValue

from medalist.agent.choose.policy import Policy, Rules, View
from medalist.agent.choose.recorded import record
from medalist.agent.evidence.matrix import fill
from medalist.agent.evidence.mutate import sample_inputs
from medalist.agent.evidence.samples import sample_table, share_passed
from medalist.agent.evidence.table import Table
from medalist.agent.evidence.trial import SampleTrials
from medalist.agent.journal import Journal
from medalist.agent.llm.types import Model
from medalist.agent.propose.builds import build_keys, merge_builds
from medalist.agent.propose.extract import of_candidate
from medalist.agent.propose.identity import merge
from medalist.agent.propose.pool import record_candidate
from medalist.agent.propose.sample import Arm, Sampler, arms, evenly
from medalist.agent.propose.search import search, strategy
from medalist.agent.words import Candidate, Feedback, Program, Submission
from medalist.errors import BudgetExhausted
from medalist.problems.assemble import submission
from medalist.problems.model import Kind, PublicProblem
from medalist.sandbox.box import CompileResult, Executable
from medalist.sandbox.limits import MIB, Limits
from medalist.sandbox.pool import Pool


@dataclass(frozen=True)
class Settings:
    """What decides how a run goes; equal settings and answers give an equal run.

    Attributes:
        candidates: How many completions to ask for.
        languages: Language families to ask for, in order of preference.
        prompts: Prompts of the portfolio.
        evidence: How many inputs to make by mutating the samples.
        small: Whether the model is small: shorter prompts, answers begun for it.
        search: How to search (see `propose.search.SEARCHES`); `once` asks for everything at once.
        width: Answers a round of the other searches.
    """

    candidates: int
    languages: tuple[str, ...] = ("cpp", "python")
    prompts: tuple[str, ...] = ("direct", "reason")
    seed: int = 0
    max_tokens: int = 1024
    evidence: int = 40
    small: bool = False
    search: str = "once"
    width: int = 8


@dataclass
class Tally:
    """What has happened so far, for whoever watches."""

    candidates: int = 0
    wanted: int = 0
    refused: int = 0
    without_program: int = 0
    programs: int = 0
    compiled: int = 0
    failed_to_compile: int = 0
    pass_samples: int = 0
    inputs: int = 0
    observed: int = 0
    clusters: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0
    verdicts: list[str] = field(default_factory=list)


class Watcher(Protocol):
    """Is told of progress; must not fail and should return at once."""

    def __call__(self, stage: str, tally: Tally) -> None:
        """`stage` is `sampling`, `compiling`, `observing`, `submitting` or `done`."""
        ...


class Judge(Protocol):
    """Takes submissions under a contest's rules and shows what those let a contestant see."""

    def submit(self, program: Program) -> Feedback:
        """Judge one program; counts it."""
        ...


@dataclass(frozen=True)
class Tools:
    """The parts that a run works with.

    `overlap` says that compiling while the model answers slows neither (a remote model).
    `judge` is None where there is nothing to submit to; `rules` are those it submits under.
    `given` are candidates that came from elsewhere: then the model is not asked at all.
    """

    model: Model
    pool: Pool
    journal: Journal
    policy: Policy
    judge: Judge | None = None
    rules: Rules = field(default_factory=Rules)
    overlap: bool = True
    given: tuple[Candidate, ...] | None = None


@dataclass(frozen=True)
class Solution:
    """How a run ended.

    Attributes:
        program: The program to hand in, None if there is none worth it.
        reason: Why this one, or why none.
        feedback: The judge's word on `program`, None where it was not submitted.
        history: All submissions with their feedback.
        passes_samples: Whether `program` passes all samples.
        budget_ended: The cap that ended the sampling early, in words.
    """

    program: Program | None
    reason: str
    feedback: Feedback | None
    history: tuple[tuple[Submission, Feedback], ...]
    passes_samples: bool
    tally: Tally
    seconds: float
    budget_ended: str | None = None

    @property
    def solved(self) -> bool:
        """Whether the judge accepted `program` with full score."""
        return self.feedback is not None and self.feedback.solved


def solve(public: PublicProblem, tools: Tools, settings: Settings, watch: Watcher) -> Solution:
    """Solve one problem as far as candidates and submissions reach.

    Raises:
        ModelFailure: The endpoint cannot be used; what it answered is kept in the journal.
        SandboxFailure: The sandbox broke; the same.
    """
    started = time.monotonic()
    tally = Tally(wanted=settings.candidates)
    candidates, ended = _candidates(public, tools, settings, tally, watch)
    programs = _programs(public, candidates, tools.journal, tally)
    executables = _executables(public, programs, tools.pool, tally, watch)
    programs = merge_builds(programs, build_keys(programs, executables, tools.pool))
    executables = {one.program_id: executables[one.program_id] for one in programs
                   if one.program_id in executables}  # fmt: skip
    tally.programs, tally.compiled = len(programs), len(executables)
    view = _view(public, programs, executables, tools, settings, tally, watch)
    record(
        tools.journal,
        public.problem_id,
        view,
        suite=_suite(public),
        rules=tools.rules,
        policy=tools.policy.name,
    )
    history = _submissions(view, tools, tally, watch)
    solution = _delivered(view, history, tools.policy, tally)
    watch("done", tally)
    return replace(solution, seconds=time.monotonic() - started, budget_ended=ended)


def _candidates(
    public: PublicProblem, tools: Tools, settings: Settings, tally: Tally, watch: Watcher
) -> tuple[list[Candidate], str | None]:
    """Ask for completions; stop at the budget's end with those that came."""
    if tools.given is not None:
        tally.candidates = tally.wanted = len(tools.given)
        return list(tools.given), None
    ways = arms(settings.prompts, settings.languages)
    sampler = Sampler(
        public,
        ways,
        seed=settings.seed,
        small=settings.small,
        max_tokens=settings.max_tokens,
    )
    ask = _all_at_once if settings.search == "once" else _in_rounds
    came: list[Candidate] = []
    ended = None
    watch("sampling", tally)
    try:
        for candidate in ask(sampler, ways, tools, settings):
            came.append(candidate)
            _count(candidate, tools.model, tally)
            watch("sampling", tally)
    except BudgetExhausted as error:
        ended = str(error)
    return sorted(came, key=sampler.place), ended


def _all_at_once(
    sampler: Sampler, ways: Sequence[Arm], tools: Tools, settings: Settings
) -> Iterator[Candidate]:
    """Yield answers as they come; where that slows nobody, compile them meanwhile."""
    requests = sampler.requests(evenly(ways, settings.candidates))
    # Compiling early only fills the compiler's cache: what is built counts later, in order.
    workers = ThreadPoolExecutor(1, thread_name_prefix="compile") if tools.overlap else None
    try:
        for candidate in sampler.sample(tools.model, requests):
            if workers is not None:
                workers.submit(_compile_early, sampler.public, candidate, tools.pool)
            yield candidate
    finally:
        if workers is not None:
            workers.shutdown(cancel_futures=True)


def _in_rounds(
    sampler: Sampler, ways: Sequence[Arm], tools: Tools, settings: Settings
) -> Iterator[Candidate]:
    """Yield answers round by round; what a round's programs did on the samples guides the next."""
    plan = strategy(
        settings.search, ways, settings.candidates, width=settings.width, seed=settings.seed
    )
    trials = SampleTrials(sampler.public, tools.pool)
    for attempt in search(plan, sampler, tools.model, trials):
        yield attempt.candidate


def _count(candidate: Candidate, model: Model, tally: Tally) -> None:
    tally.candidates += 1
    tally.refused += candidate.finish in ("refusal", "content_filter")
    tally.tokens = model.spent.tokens
    tally.cost_usd = model.spent.usd


def _compile_early(public: PublicProblem, candidate: Candidate, pool: Pool) -> None:
    for program in merge([(candidate, of_candidate(candidate, public))]):
        _compile(public, program, pool)


def _compile(public: PublicProblem, program: Program, pool: Pool) -> CompileResult:
    return pool.compile(submission(public, program.language, program.source))


def _programs(
    public: PublicProblem, candidates: Iterable[Candidate], journal: Journal, tally: Tally
) -> list[Program]:
    """Merge equal programs; the first candidate decides the order."""
    found = [(candidate, of_candidate(candidate, public)) for candidate in candidates]
    for candidate, extraction in found:
        record_candidate(journal, public.problem_id, candidate, extraction)
    tally.without_program = sum(extraction.source is None for _, extraction in found)
    programs = merge(found)
    tally.programs = len(programs)
    return programs


def _executables(
    public: PublicProblem, programs: Sequence[Program], pool: Pool, tally: Tally, watch: Watcher
) -> dict[str, Executable]:
    """Compile every program once; those that do not compile are left out."""
    built: dict[str, Executable] = {}
    watch("compiling", tally)
    with ThreadPoolExecutor(pool.size, thread_name_prefix="compile") as workers:
        results = workers.map(lambda program: _compile(public, program, pool), programs)
        for program, result in zip(programs, results, strict=True):
            if result.executable is None:
                tally.failed_to_compile += 1
            else:
                built[program.program_id] = result.executable
                tally.compiled += 1
            watch("compiling", tally)
    return built


def _view(
    public: PublicProblem,
    programs: Sequence[Program],
    executables: dict[str, Executable],
    tools: Tools,
    settings: Settings,
    tally: Tally,
    watch: Watcher,
) -> View:
    """Run the programs on the samples, and those that pass on mutated samples too."""
    table = Table(_suite(public), public.equality, tools.journal)
    # Interactive and output-only programs have no behaviour without the judge's own side.
    if public.kind in (Kind.BATCH, Kind.FUNCTION):
        sample_table(public, table)
        _observe(table, executables, public, tools, tally, watch)
        table.add_inputs(sample_inputs(public, settings.evidence, settings.seed))
        passing = {
            program_id: executable
            for program_id, executable in executables.items()
            if share_passed(public, table, program_id) >= 1.0
        }
        _observe(table, passing or executables, public, tools, tally, watch)
    tools.journal.flush()
    view = View(
        programs=tuple(one for one in programs if one.program_id in executables),
        behaviours={program_id: table.behaviour(program_id) for program_id in executables},
        sample_share={
            program_id: share_passed(public, table, program_id) for program_id in executables
        },
        seed=settings.seed,
    )
    tally.inputs = len(table.inputs)
    tally.pass_samples = sum(view.passes(program_id) for program_id in executables)
    tally.clusters = len(view.clusters)
    return view


def _suite(public: PublicProblem) -> str:
    return f"{public.problem_id}/evidence"


def _observe(
    table: Table,
    executables: dict[str, Executable],
    public: PublicProblem,
    tools: Tools,
    tally: Tally,
    watch: Watcher,
) -> None:
    limits = Limits(
        cpu_s=public.limits.time_s,
        memory_bytes=public.limits.memory_mb * MIB,
        output_bytes=public.limits.output_mb * MIB,
    )
    tally.observed = 0
    for _ in fill(table, executables.items(), tools.pool, limits, workers=tools.pool.size):
        tally.observed += 1
        watch("observing", tally)


def _submissions(
    view: View, tools: Tools, tally: Tally, watch: Watcher
) -> list[tuple[Submission, Feedback]]:
    """Submit what the policy says, until it stops; verdicts of an earlier session stand."""
    if tools.judge is None:
        return []
    programs = {program.program_id: program for program in view.programs}
    history: list[tuple[Submission, Feedback]] = []
    watch("submitting", tally)
    while True:
        decision = tools.policy.decide(view, history, tools.rules)
        if not isinstance(decision, Submission):
            return history
        key = f"{len(history) + 1}/{decision.program_id}"
        event = tools.journal.get("submission", key)
        if event is not None:
            feedback = _feedback(event.body)
        else:
            feedback = tools.judge.submit(programs[decision.program_id])
            tools.journal.append("submission", key, _recorded(decision, feedback))
        history.append((decision, feedback))
        tally.verdicts.append(feedback.verdict)
        watch("submitting", tally)


def _recorded(submission: Submission, feedback: Feedback) -> dict[str, JsonValue]:
    return {
        "program": submission.program_id,
        "reason": submission.reason,
        "verdict": feedback.verdict,
        "score": feedback.score,
        "subtasks": dict(feedback.subtasks),
        "failing_test": feedback.failing_test,
    }


def _feedback(body: dict[str, JsonValue]) -> Feedback:
    return Feedback(
        verdict=cast("str", body["verdict"]),
        score=cast("float | None", body["score"]),
        subtasks=cast("dict[str, float]", body["subtasks"]),
        failing_test=cast("str | None", body["failing_test"]),
    )


def _delivered(
    view: View, history: list[tuple[Submission, Feedback]], policy: Policy, tally: Tally
) -> Solution:
    """The best submission; where nothing was submitted, what would be submitted first."""
    programs = {program.program_id: program for program in view.programs}
    feedback: Feedback | None = None
    if history:
        submission, feedback = max(history, key=lambda item: (item[1].solved, item[1].score or 0.0))
    else:
        decision = policy.decide(view, (), Rules())
        if not isinstance(decision, Submission):
            return Solution(None, decision.reason, None, (), False, tally, 0.0)
        submission = decision
    return Solution(
        program=programs[submission.program_id],
        reason=submission.reason,
        feedback=feedback,
        history=tuple(history),
        passes_samples=view.passes(submission.program_id),
        tally=tally,
        seconds=0.0,
    )
