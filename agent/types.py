"""The words of the agent: what flows from a statement to a submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from medalist.problems.verdict import Verdict

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


@dataclass(frozen=True)
class Usage:
    """Tokens of one model call; None where the endpoint did not say.

    Attributes:
        prompt_tokens: Tokens of the prompt.
        cached_tokens: Of these, read from a cache.
        completion_tokens: Tokens of the answer.
        reasoning_tokens: Of these, reasoning.
        cache_written_tokens: Of the prompt's, written to a cache for others.
    """

    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    cache_written_tokens: int | None = None


@dataclass(frozen=True)
class Candidate:
    """One completion of a model.

    Attributes:
        candidate_id: Unique in its run, stable under replay.
        text: The completion; hostile text.
        reasoning: Reasoning that came apart from the text, if any.
        finish: `stop`, `length`, `content_filter`, `refusal`, ...
        prompt_id: Which prompt of the portfolio asked for it.
        model: The model's name.
        parent: The candidate that this one repairs or continues.
        language: The language that was asked for (`cpp` or `python`), if one was.
        source: The program itself, where it came from a pool instead of a model.
        subtask: The subtask with whose own statement it was asked for; None for the whole problem.
        shown: Other candidates whose programs its prompt showed.
    """

    candidate_id: str
    text: str
    reasoning: str = ""
    finish: str = "stop"
    prompt_id: str = "direct"
    model: str = ""
    usage: Usage = Usage()
    parent: str | None = None
    language: str | None = None
    source: str | None = None
    logprob: float | None = None
    subtask: str | None = None
    shown: tuple[str, ...] = ()

    @property
    def cut_while_thinking(self) -> bool:
        """Whether all its tokens went into thinking, so that the answer never began."""
        no_source = self.source is None and not self.text.strip()
        return no_source and self.finish in ("length", "stop")


class AnswerFigures(NamedTuple):
    """What is known of the answers in which a program came, means of them.

    Attributes:
        thinking: Characters of the reasoning that came apart from the text.
        tokens: Tokens of the whole answer; 0 where the endpoint did not say.
        logprob: Log probability of the answer; 0 where the endpoint did not say.
    """

    thinking: float
    tokens: float = 0.0
    logprob: float = 0.0


@dataclass(frozen=True)
class Program:
    """A distinct source with the candidates that voted for it (first one first).

    `program_id` is a content hash: equal programs have equal ids in every run.
    """

    program_id: str
    language: str
    source: str
    candidates: tuple[str, ...]


class OutcomeKey(str):
    """What a program did on one input, in short: equal for what counts as equal.

    As text, which is what journals and pools hold, it is `=<hash of the canonical output>` or
    `!<kind of failure>`; so a crash, a time-out and an empty output are three different things.
    """

    __slots__ = ()

    @classmethod
    def of_output(cls, digest: str) -> OutcomeKey:
        """Return the key of an output, by the hash of its canonical form."""
        return cls(f"={digest}")

    @classmethod
    def of_failure(cls, kind: str) -> OutcomeKey:
        """Return the key of a failure, by its kind (`runtime`, `time`, ...)."""
        return cls(f"!{kind}")

    @property
    def is_output(self) -> bool:
        """Whether the program ended properly; else it failed."""
        return self[0] == "="

    @property
    def digest(self) -> str | None:
        """The hash of the output; None for a failure."""
        return self[1:] if self[0] == "=" else None

    @property
    def failure(self) -> str | None:
        """The kind of failure; None for an output."""
        return None if self[0] == "=" else self[1:]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> CoreSchema:
        from pydantic_core import core_schema

        pattern = core_schema.str_schema(pattern="^[=!]")
        return core_schema.no_info_after_validator_function(cls, pattern)


class InternedKeys(dict[str, OutcomeKey]):
    """Keys by their text, each made once: millions of outcomes share few keys."""

    def __missing__(self, text: str) -> OutcomeKey:
        key = self[text] = OutcomeKey(text)
        return key


@dataclass(frozen=True)
class Behaviour:
    """What a program did on the inputs of a suite: one key per input, in order; None is not run."""

    program_id: str
    keys: tuple[OutcomeKey | None, ...]
    cpu_s: tuple[float, ...] = ()

    @classmethod
    def of(
        cls,
        program_id: str,
        texts: Iterable[str | None],
        cpu_s: tuple[float, ...] = (),
        known: InternedKeys | None = None,
    ) -> Behaviour:
        """Return what a program did, from keys as text; `known` holds keys that exist."""
        known = InternedKeys() if known is None else known
        keys = tuple(None if text is None else known[text] for text in texts)
        return cls(program_id, keys, cpu_s)


@dataclass(frozen=True)
class Cluster:
    """Programs that behave alike on all evidence inputs, best first."""

    cluster_id: str
    programs: tuple[str, ...]
    votes: int


class Duel(NamedTuple):
    """A model's comparison of two programs.

    Attributes:
        first: The program that was shown first.
        second: The other one.
        winner: The better one; None where the answer could not be read.
        chance: How likely the model took the first to be the better one, 0 to 1, by the
            log-probabilities of the letters; None where the endpoint gave none.
    """

    first: str
    second: str
    winner: str | None
    chance: float | None = None

    @property
    def value(self) -> float | None:
        """How far the first is better: the chance, else 1 or 0; None if nothing is known."""
        if self.chance is not None:
            return self.chance
        return None if self.winner is None else float(self.winner == self.first)


@dataclass(frozen=True)
class Submission:
    """A program that is to be, or was, submitted, with the reason in one line."""

    program_id: str
    reason: str


@dataclass(frozen=True)
class Feedback:
    """What the contest shows the contestant about a submission, and no more.

    Attributes:
        verdict: The verdict.
        score: Points, where the rules show them.
        subtasks: Subtask id to the share of its points (0 to 1), where the rules show it.
        failing_test: The first failing test, where the rules show it.
    """

    verdict: Verdict
    score: float | None = None
    subtasks: Mapping[str, float] = field(default_factory=dict)
    failing_test: str | None = None

    @property
    def solved(self) -> bool:
        """Whether nothing is left to gain."""
        return self.verdict is Verdict.AC


JudgedSubmission: TypeAlias = tuple[Submission, Feedback]
"""A submission with what came back."""
