"""What journals and pools hold of choosing: one type for what was known, one for each verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from medalist.agent.choose.policy import ExpectedOutput, PolicyRules, View
from medalist.agent.evidence.alike import Alike
from medalist.agent.evidence.origin import Origin
from medalist.agent.journal import EventKind
from medalist.agent.types import (
    AnswerFigures,
    Behaviour,
    Duel,
    Feedback,
    OutcomeKey,
    Program,
    Submission,
)


@dataclass(frozen=True)
class ProgramRecord:
    """A program of a view.

    Attributes:
        id: Its id.
        language: Its language family.
        source: In a journal the digest of its source, in a pool the source itself.
        candidates: The candidates that are this program, first one first.
    """

    id: str
    candidates: tuple[str, ...]
    language: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class ViewRecord:
    """A `View` without what the programs did.

    Attributes:
        programs: Distinct programs that compile, in the order in which they came.
        sample_share: Program id to the share of samples passed; absent means 1.
        claims: Claimed outputs: input, key, weight, whether brute-force programs agree on it, and
            whether a model predicted it.
        input_subtasks: For each evidence input the subtasks whose bounds it keeps.
        origins: For each evidence input how it was made, how far it is trusted, and the names of
            values in it that go beyond what is known to be allowed.
        seed: For policies that draw lots.
        known: Inputs whose right output is known, each with its key.
        time_limit_s: CPU seconds that a program may take.
        duels: Comparisons by a model: the two programs, the winner, and how likely the model took
            the first to be it.
        opinions: Program id to how likely a reviewing model thinks it right.
        mutants: How many mutants of the leading program the inputs tell apart, and of how many.
        alike: For each input the keys that count as equal to another's, with that one's key.
        set_aside: Inputs that are believed invalid, each with the reason.
        likeness: Where right answers may differ, program id to how like the others it is.
        lineage: Candidate id to the candidate that it depends on.
        equality: By what outputs were compared, in words.
        checked: How far checkers that judged the outputs are believed; null where none did.
        answers: Program id to the characters of thinking, the tokens and the log probability of
            its answers (means; 0 where that is not known).
    """

    programs: tuple[ProgramRecord, ...]
    sample_share: Mapping[str, float] = field(default_factory=dict)
    claims: tuple[ExpectedOutput, ...] = ()
    input_subtasks: tuple[tuple[str, ...], ...] = ()
    origins: tuple[Origin, ...] = ()
    seed: int = 0
    known: tuple[tuple[int, OutcomeKey], ...] = ()
    time_limit_s: float | None = None
    duels: tuple[Duel, ...] = ()
    opinions: Mapping[str, float] = field(default_factory=dict)
    mutants: tuple[int, int] | None = None
    alike: tuple[Alike, ...] = ()
    set_aside: tuple[tuple[int, str], ...] = ()
    likeness: Mapping[str, float] | None = None
    lineage: Mapping[str, str] = field(default_factory=dict)
    equality: str = ""
    checked: float | None = None
    answers: Mapping[str, AnswerFigures] = field(default_factory=dict)

    @classmethod
    def of(cls, view: View, source: Callable[[str], str]) -> ViewRecord:
        """Return the record of a view; `source` returns what stands for a source."""
        return ViewRecord(
            programs=tuple(
                ProgramRecord(
                    id=program.program_id,
                    candidates=program.candidates,
                    language=program.language,
                    source=source(program.source),
                )
                for program in view.programs
            ),
            sample_share=dict(view.sample_share),
            claims=view.claims,
            input_subtasks=tuple(tuple(sorted(tags)) for tags in view.input_subtasks),
            origins=view.origins,
            seed=view.seed,
            known=tuple(view.known.items()),
            time_limit_s=view.time_limit_s,
            duels=view.duels,
            opinions=dict(view.opinions),
            mutants=view.mutants,
            alike=tuple(dict(equal) for equal in view.alike) if any(view.alike) else (),
            set_aside=tuple(view.set_aside.items()),
            likeness=None if view.likeness is None else dict(view.likeness),
            lineage=dict(view.lineage),
            equality=view.equality,
            checked=view.checked,
            answers=dict(view.answers),
        )

    def view(self, source: Callable[[str], str], behaviours: Mapping[str, Behaviour]) -> View:
        """Return the view.

        Args:
            source: Returns the source of a program for what `ProgramRecord.source` holds.
            behaviours: What the programs did, as policies see it.
        """
        return View(
            programs=tuple(
                Program(
                    program_id=program.id,
                    language=program.language,
                    source=source(program.source),
                    candidates=program.candidates,
                )
                for program in self.programs
            ),
            behaviours=behaviours,
            sample_share=self.sample_share,
            claims=self.claims,
            input_subtasks=tuple(frozenset(tags) for tags in self.input_subtasks),
            origins=self.origins,
            seed=self.seed,
            known=dict(self.known),
            time_limit_s=self.time_limit_s,
            duels=self.duels,
            opinions=self.opinions,
            mutants=self.mutants,
            alike=self.alike,
            set_aside=dict(self.set_aside),
            likeness=self.likeness,
            lineage=self.lineage,
            equality=self.equality,
            checked=self.checked,
            answers=self.answers,
        )


@dataclass(frozen=True, kw_only=True)
class ChoiceRecord(ViewRecord):
    """What a policy is about to see, and under which rules it chooses.

    Attributes:
        suite: The suite of evidence inputs, whose `outcomes` say what the programs did.
        inputs: How many of its inputs were looked at (the suite may have grown since); None, in
            early journals, for all.
        rules: What the contest lets the policy gain and lose.
        policy: The policy's name.
    """

    suite: str
    inputs: int | None = None
    rules: PolicyRules
    policy: str


@dataclass(frozen=True, kw_only=True)
class SubmissionRecord(Feedback):
    """A submission and what came back.

    Attributes:
        problem: The problem; None in early journals of one problem.
        program: The program.
        reason: Why this one.
        call: The call of a tool with which the model itself submitted it, which is also the name
            of the candidate that the program counts as; None where the policy did.
    """

    problem: str | None = None
    program: str
    reason: str
    call: str | None = None

    @property
    def submission(self) -> Submission:
        """What was submitted."""
        return Submission(self.program, self.reason)

    @property
    def feedback(self) -> Feedback:
        """What came back."""
        return Feedback(self.verdict, self.score, self.subtasks, self.failing_test)


@dataclass(frozen=True)
class SeparatorRecord:
    """A small input on which two programs differ.

    Attributes:
        input: The digest of the input.
        keys: What each of the two does on it (an outcome key; null where it was not run).
    """

    input: str
    keys: tuple[OutcomeKey | None, OutcomeKey | None]


VIEW = EventKind(
    "view",
    ChoiceRecord,
    key="<problem>",
    doc="What is known of a problem's programs before the next decision; the newest counts.",
)
SUBMISSION = EventKind(
    "submission",
    SubmissionRecord,
    key="<problem>/<number, from 1>/<program>",
    doc="A program was submitted and judged.",
)
LABEL = EventKind(
    "label",
    Feedback,
    key="<problem>/<program>",
    doc="A verdict determined after the run, for reports. No policy sees it before submitting.",
)
SEPARATOR = EventKind(
    "separator",
    SeparatorRecord,
    key="<problem>/<program>/<program>",
    doc="A minimised input on which the chosen program and its strongest rival differ, for "
    "reports.",
)
