"""What a run works with, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from medalist.agent.choose.allocation import Allocation
from medalist.agent.choose.judged_by import evidence_suite
from medalist.agent.choose.policy import Policy, PolicyRules
from medalist.agent.evidence.brute_force_trial import TrialMemory
from medalist.agent.evidence.input_vote import ValidatorMemory
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.evidence.judged import OutputsJudge
from medalist.agent.journal import Journal
from medalist.agent.llm.contract import Model
from medalist.agent.llm.lease import CoreLease
from medalist.agent.propose.bandit import Record
from medalist.agent.propose.moves import Move
from medalist.agent.propose.progress_forecast import Outlook
from medalist.agent.steps.run_settings import RunSettings
from medalist.agent.types import Candidate, Feedback, JudgedSubmission, Program
from medalist.problems.model import PublicProblem
from medalist.sandbox.pool import Pool


@dataclass
class RunProgress:
    """Progress so far, for watchers; the steps keep it up to date.

    `in_flight` and `in_flight_usd` are the gate's: questions without an answer yet, and what they
    can cost at most. `cut_while_thinking` are answers that never began. `mutants` says how many the
    inputs tell apart from the leading program, and of how many; None where that was not measured.
    `helpers` are the generators and validators that came, `written` the inputs kept of them;
    `tests` are answers with test cases that came; `checkers` those that came, `equality` by what
    outputs were compared; `pairs` are generators for pairs of programs that came;
    `duels` are comparisons of two programs that came, each pair in both orders. `settled` says that
    the answers of rounds with feedback agree (see `is_settled`). `allocated` is the newest
    decision of an allocation, in words.
    """

    candidates: int = 0
    wanted: int = 0
    refused: int = 0
    without_program: int = 0
    cut_while_thinking: int = 0
    settled: bool = False
    programs: int = 0
    compiled: int = 0
    failed_to_compile: int = 0
    pass_samples: int = 0
    inputs: int = 0
    observed: int = 0
    helpers: int = 0
    helpers_wanted: int = 0
    written: int = 0
    tests: int = 0
    tests_wanted: int = 0
    checkers: int = 0
    checkers_wanted: int = 0
    equality: str = ""
    pairs: int = 0
    pairs_wanted: int = 0
    duels: int = 0
    duels_wanted: int = 0
    mutants: tuple[int, int] | None = None
    clusters: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0
    in_flight: int = 0
    in_flight_usd: float = 0.0
    verdicts: list[str] = field(default_factory=list)
    outlook: Outlook | None = None
    allocated: str = ""


class Watcher(Protocol):
    """Is told of progress; must not fail and should return at once."""

    def __call__(self, stage: str, progress: RunProgress) -> None:
        """Show a stage: `sampling`, `compiling`, `writing`, `predicting`, `checking`, `observing`,
        `separating`, `reviewing`, `dueling`, `submitting` or `done`."""
        ...


class SubmissionJudge(Protocol):
    """Takes submissions under a contest's rules and shows what those let a contestant see."""

    def submit(self, program: Program) -> Feedback:
        """Judge one program; counts it."""
        ...


@dataclass(frozen=True)
class Tools:
    """The parts that a run works with.

    Where the model shares the cores with the judge (see `ModelTraits`), nothing is compiled while
    it answers, and `lease` hands out the cores among several problems.
    `judge` is None where there is nothing to submit to; `rules` are those it submits under.
    `given` are candidates that came from elsewhere: then the model is not asked at all.
    `reviewer` reads the best programs before anything is submitted, if there is one.
    `shares` says whether the caps are shared out among the stages (see `budget_shares`), as is
    right where the run is about one problem.
    `equality` judges outputs with the package's own checker, where that was asked for.
    `open_judge` takes what the model itself submits while it answers; None where it may not.
    `moves` is what the moves of rounds with feedback earned in earlier runs (see `move_priors`).
    `allocation` says how many candidates the problem gets (see `steps.allocating`), and
    `other_models` are those of the strategies that it may change to, by their names.
    """

    model: Model
    pool: Pool
    journal: Journal
    policy: Policy
    judge: SubmissionJudge | None = None
    rules: PolicyRules = field(default_factory=PolicyRules)
    lease: CoreLease = field(default_factory=lambda: CoreLease(shared=True))
    given: tuple[Candidate, ...] | None = None
    reviewer: Model | None = None
    shares: bool = False
    equality: OutputsJudge | None = None
    open_judge: SubmissionJudge | None = None
    moves: Mapping[Move, Record] = field(default_factory=dict)
    allocation: Allocation | None = None
    other_models: Mapping[str, Model] = field(default_factory=dict)


def unwatched(stage: str, progress: RunProgress) -> None:
    """A `Watcher` that looks away."""


@dataclass(frozen=True)
class SamplingStage:
    """A part of a problem's candidates that is asked for in its own way.

    Attributes:
        model: Who is asked.
        settings: How, and for how many.
        mark: Tells its questions from those of other stages.
    """

    model: Model
    settings: RunSettings
    mark: str = ""


@dataclass(frozen=True)
class ProblemRun:
    """The run of one problem: the problem, its tools, its settings and its progress.

    `solve`, `batch` and a contest's participants make it, and every step takes it.

    Attributes:
        inputs: Makes the problem's evidence inputs; reads its statement once.
        tools: What it is worked on with.
        settings: What decides how the run goes.
        tried: What programs did so far when they were tried, which they are not run for again.
        watch: Is told of progress.
        progress: How far it has come; steps keep it up to date.
        stages: What its candidates are asked in, one after the other; none where all are asked
            alike.
        mark: Of the stage that is being asked; empty for the only one.
        validators: What validators have said so far, which they are not asked again.
    """

    inputs: InputSuite
    tools: Tools
    settings: RunSettings
    tried: TrialMemory = field(repr=False)
    watch: Watcher = unwatched
    progress: RunProgress = field(default_factory=RunProgress)
    stages: tuple[SamplingStage, ...] = ()
    mark: str = ""
    validators: ValidatorMemory = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        public: PublicProblem,
        tools: Tools,
        settings: RunSettings,
        watch: Watcher = unwatched,
    ) -> ProblemRun:
        """Begin with a problem."""
        inputs = InputSuite(public, settings.seed)
        return cls(inputs, tools, settings, TrialMemory.of(public), watch)

    @property
    def public(self) -> PublicProblem:
        """The problem, without its secret half."""
        return self.inputs.public

    @property
    def problem_id(self) -> str:
        """The problem's id."""
        return self.public.problem_id

    @property
    def suite(self) -> str:
        """The name of the problem's evidence inputs in the journal."""
        return evidence_suite(self.tools.journal, self.problem_id)

    def tell(self, stage: str) -> None:
        """Tell the watcher how far the run has come."""
        self.watch(stage, self.progress)

    def begun_again(self, settings: RunSettings) -> ProblemRun:
        """Return this run before its first step, with these settings; what ran is remembered."""
        progress = RunProgress(wanted=settings.candidates, allocated=self.progress.allocated)
        return replace(self, settings=settings, progress=progress)


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
        belief: The share of the problem's worth (0 to 1) that `program` was expected to gain
            before it was submitted; without subtasks the belief that it is right.
        abstained: Why nothing was submitted although there was a program; None if that was not so.
        many_answers: Whether right answers may differ from the samples', and nothing judged them.
        equality: By what outputs were compared, in words; empty where none were.
        judged: Whether there was a judge to submit to.
    """

    program: Program | None
    reason: str
    feedback: Feedback | None
    history: tuple[JudgedSubmission, ...]
    passes_samples: bool
    progress: RunProgress
    seconds: float
    budget_ended: str | None = None
    belief: float | None = None
    abstained: str | None = None
    many_answers: bool = False
    equality: str = ""
    judged: bool = False

    @property
    def solved(self) -> bool:
        """Whether the judge accepted `program` with full score."""
        return self.feedback is not None and self.feedback.solved
