"""The interface of policies: from what is known of the programs to the next action.

A policy is a pure function of a `View` and of the submissions so far with their feedback, so
that any recorded run can be replayed with any policy, and a stopped run continues where it was.
It never sees a label: `Feedback` is all that a judge shows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol, TypeAlias

from medalist.agent.choose.clusters import cluster
from medalist.agent.evidence.alike import Alike
from medalist.agent.evidence.origin import Origin
from medalist.agent.types import (
    AnswerFigures,
    Behaviour,
    Cluster,
    Duel,
    JudgedSubmission,
    OutcomeKey,
    Program,
    Submission,
)

MIN_BELIEF = 0.005
"""Below this expected gain nothing is submitted, where nobody says otherwise."""


@dataclass(frozen=True)
class More:
    """Candidates that may be asked for.

    Attributes:
        count: How many at a time.
        cost: What so many cost, as a share of the problem's worth.
    """

    count: int
    cost: float


@dataclass(frozen=True)
class PolicyRules:
    """What a contest kind lets a policy gain and lose on one problem.

    Attributes:
        kind: How the contest counts: `ioi` (best score of each subtask over all submissions),
            `icpc` or `codeforces` (pass or fail, a rejected submission costs), or what another
            kind of contest calls itself. Our own policies go by the numbers below.
        submissions: How many submissions may be made.
        wrong_cost: What a rejected submission costs, as a share of the problem's worth.
        subtasks: Subtask id to its share of the problem's worth, in order; empty for pass/fail.
        more: The candidates that may be had before the first submission; None if none.
        least: The expected gain below which nothing is submitted at all, and at which (if it is
            above 0) no program without any chance is; 0 where submissions are free.
    """

    kind: str = "icpc"
    submissions: int = 1
    wrong_cost: float = 0.0
    subtasks: Mapping[str, float] = field(default_factory=dict)
    more: More | None = None
    least: float = 0.0


class ExpectedOutput(NamedTuple):
    """Somebody says what the output on an input is.

    Attributes:
        input_index: The input.
        key: The key of the output (see `Behaviour`).
        weight: How much it counts.
        oracle: Whether independent brute-force programs agree on it, which is worth more than a
            test that a model wrote.
        predicted: Whether a model that was asked for tests predicted it (`--tests`); then `weight`
            is how often it did, and what it counts is bounded (see `predicted_tests`).
    """

    input_index: int
    key: OutcomeKey
    weight: float = 1.0
    oracle: bool = False
    predicted: bool = False


@dataclass(frozen=True)
class View:
    """All that is known of a problem's programs before any verdict.

    Attributes:
        programs: Distinct programs that compile, in the order in which they came.
        behaviours: Program id to what it did on the evidence inputs (same inputs for all).
        sample_share: Program id to the share of samples passed; absent means 1.
        claims: Claimed outputs, for policies that trust generated tests.
        input_subtasks: For each evidence input the subtasks whose bounds it keeps; empty where
            there are no subtasks.
        origins: For each evidence input how it was made and how far it is trusted; empty where
            that is not known.
        seed: For policies that draw lots.
        known: Inputs with their right outputs' keys, where these are beyond doubt (samples).
        time_limit_s: CPU seconds that a program may take, against which its times are seen.
        duels: Comparisons of programs by a model, if one was asked.
        opinions: Program id to how likely a reviewing model thinks it right, for those it read.
        mutants: How many mutants of the leading program the inputs tell apart from it, and of how
            many; None where that was not measured.
        alike: For each input, keys of outputs that count as equal to another's, with that one's
            key (see `evidence.alike`); `behaviours` have it applied. Empty where nothing is merged.
        set_aside: Inputs that are believed invalid, with the reason; in `behaviours` no program
            was run on them.
        likeness: Where right answers may differ, program id to the share of inputs on which it
            prints the same words and kinds of numbers as most others; else None.
        lineage: Candidate id to the candidate that it depends on (that it repairs or revises, at
            the beginning of the chain), for those that depend on one.
        equality: By what outputs were compared, in words; empty in early journals.
        checked: Where right answers may differ and checkers judged them, how far these are
            believed, 0 to 1; else None. Then `alike` says `!rejected` of outputs that break the
            rules, and `!worse` of those than which a better one was seen.
        answers: Program id to how long its answers were and how likely their model found them,
            for those that came from answers of which that is known.
    """

    programs: tuple[Program, ...]
    behaviours: Mapping[str, Behaviour]
    sample_share: Mapping[str, float] = field(default_factory=dict)
    claims: tuple[ExpectedOutput, ...] = ()
    input_subtasks: tuple[frozenset[str], ...] = ()
    origins: tuple[Origin, ...] = ()
    seed: int = 0
    known: Mapping[int, OutcomeKey] = field(default_factory=dict)
    time_limit_s: float | None = None
    duels: tuple[Duel, ...] = ()
    opinions: Mapping[str, float] = field(default_factory=dict)
    mutants: tuple[int, int] | None = None
    alike: tuple[Alike, ...] = ()
    set_aside: Mapping[int, str] = field(default_factory=dict)
    likeness: Mapping[str, float] | None = None
    lineage: Mapping[str, str] = field(default_factory=dict)
    equality: str = ""
    checked: float | None = None
    answers: Mapping[str, AnswerFigures] = field(default_factory=dict)

    @cached_property
    def votes(self) -> dict[str, int]:
        """Program id to its votes: candidates that are this program, one of each lineage."""
        return {program.program_id: self._independent([program]) for program in self.programs}

    def votes_of(self, programs: Sequence[str]) -> int:
        """Return the votes of several programs together: one of each lineage."""
        if not self.lineage:
            return sum(self.votes[name] for name in programs)
        return self._independent([self._by_id[name] for name in programs])

    def _independent(self, programs: Sequence[Program]) -> int:
        if not self.lineage:
            return sum(len(program.candidates) for program in programs)
        return len(
            {self.lineage.get(name, name) for program in programs for name in program.candidates}
        )

    @cached_property
    def _by_id(self) -> dict[str, Program]:
        return {program.program_id: program for program in self.programs}

    @cached_property
    def inputs(self) -> int:
        """How many evidence inputs there are."""
        return max((len(row.keys) for row in self.behaviours.values()), default=0)

    @cached_property
    def clusters(self) -> list[Cluster]:
        """Programs that have been run, by behaviour; see `clusters.cluster`."""
        known = [self.behaviours.get(program.program_id) for program in self.programs]
        return cluster([row for row in known if row is not None], self.votes, self.votes_of)

    def slowness(self, program_id: str, inputs: Sequence[int] | None = None) -> float | None:
        """Return the share of the time limit that a program's slowest run took.

        Args:
            inputs: The runs looked at; None for all.

        Returns:
            None where times or the limit are not known.
        """
        row = self.behaviours.get(program_id)
        if row is None or not row.cpu_s or not self.time_limit_s:
            return None
        times = row.cpu_s if inputs is None else [row.cpu_s[index] for index in inputs]
        return max(times, default=0.0) / self.time_limit_s

    def inputs_of(self, subtask: str) -> Sequence[int] | None:
        """Return the inputs within a subtask's bounds; None, for all, if none is known to be."""
        indices = [index for index, tags in enumerate(self.input_subtasks) if subtask in tags]
        return indices or None

    @property
    def many_answers(self) -> bool:
        """Whether right answers may differ, so that a sample's output is only one of them, and
        nothing judged them.
        """
        return self.likeness is not None

    def passes(self, program_id: str) -> bool:
        """Whether a program passes all samples.

        Where right answers may differ: whether it ends properly on them, which is all that can be
        asked without a checker.
        """
        enough = 0.5 if self.many_answers else 1.0
        return self.sample_share.get(program_id, 1.0) >= enough


@dataclass(frozen=True)
class Stop:
    """Submit nothing more."""

    reason: str


@dataclass(frozen=True)
class SampleMore:
    """More candidates promise more than any program at hand."""

    reason: str


Decision: TypeAlias = Submission | SampleMore | Stop
History: TypeAlias = Sequence[JudgedSubmission]


class Policy(Protocol):
    """Decides what to do next."""

    name: str

    def decide(self, view: View, history: History, rules: PolicyRules) -> Decision:
        """Return the next submission, or the reason to make none.

        The same arguments give the same answer. A program that was submitted is never returned
        again, nor anything once the problem is solved or the submissions are used up.
        """
        ...


class RankingPolicy(ABC):
    """A policy that orders programs once and submits them one after another.

    Whatever the order, programs that fail the samples come after those that pass them, and
    programs that were never run after those that were.
    """

    name: str

    def __init__(self) -> None:
        self._last: tuple[View, list[Submission]] | None = None

    @abstractmethod
    def rank(self, view: View) -> list[Submission]:
        """Return programs, best first, each with the reason."""
        ...

    def decide(self, view: View, history: History, rules: PolicyRules) -> Decision:
        """Return the first program of the order that was not submitted yet."""
        over = finished(view, history, rules)
        if over is not None:
            return over
        tried = {submission.program_id for submission, _ in history}
        for submission in self._order(view):
            if submission.program_id not in tried:
                return submission
        return Stop("every program of the order was submitted")

    def _order(self, view: View) -> list[Submission]:
        # A view is asked about once per submission: the order for the last one is kept.
        if self._last is None or self._last[0] is not view:
            share = view.sample_share
            ranked = sorted(self.rank(view), key=lambda one: -share.get(one.program_id, 1.0))
            self._last = (view, ranked)
        return self._last[1]


def finished(view: View, history: History, rules: PolicyRules) -> Stop | None:
    """Say why nothing can be submitted any more, if so."""
    if not view.programs:
        return Stop("there is no program")
    if any(feedback.solved for _, feedback in history):
        return Stop("the problem is solved")
    if len(history) >= rules.submissions:
        return Stop(f"all {rules.submissions} submissions are used")
    return None
