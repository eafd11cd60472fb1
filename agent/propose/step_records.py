"""What the journal of `medalist steps` holds, and the labels that follow from it.

After Math-Shepherd (Wang et al., 2024): a step is as good as the share of answers, continued from
after it, that are right. Here right is what the judge accepts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from medalist.agent.journal import EventKind, Journal

THE_STEPS = "steps"


@dataclass(frozen=True)
class StepsPlan:
    """What the roll-outs of a folder have in common.

    Attributes:
        model: Who rolls out.
        seed: Of the roll-outs.
        most_steps: Steps an answer at most.
        runs: Where the runs were.
        packages: What was given as `--problem`.
    """

    model: str
    seed: int
    most_steps: int
    runs: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedRecord:
    """How an answer was asked for; None where that is not known, as of a pool's.

    Attributes:
        stop: Strings before which the answer ends.
        max_tokens: The most tokens that it may have.
        temperature: How answers are drawn.
        top_p: Likewise.
    """

    stop: tuple[str, ...] = ()
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None


@dataclass(frozen=True)
class ThinkingRecord:
    """An answer whose thinking was split.

    Attributes:
        problem: The problem.
        question: The digest of the messages that asked for it, a JSON array.
        steps: The texts of its steps, in order.
        begins_answer: Whether the answer begins with its thinking.
        program: The id of its program.
        language: Of its program.
        source: The digest of its program.
        verdict: The judge's.
        cluster: Programs of one cluster behave alike.
        asked: How it was asked for: stops, limit, sampling.
    """

    problem: str
    question: str
    steps: tuple[str, ...]
    begins_answer: bool
    program: str
    language: str
    source: str
    verdict: str
    cluster: str
    asked: AskedRecord = AskedRecord()


@dataclass(frozen=True)
class RollOutRecord:
    """An answer that was continued from after a step.

    Attributes:
        answer: The answer whose step it is.
        step: The step, from 0.
        program: The id of the program that came; null where none did.
        verdict: The judge's; null where there is no program, which counts as not accepted.
    """

    answer: str
    step: int
    program: str | None = None
    verdict: str | None = None


@dataclass(frozen=True)
class StepScoreRecord:
    """What a model thought of a step, or of the program of an answer.

    Attributes:
        answer: The answer.
        step: The step, from 0; null for the program.
        score: How likely it is right, 0.05 to 0.95.
        model: Who was asked.
    """

    answer: str
    step: int | None
    score: float
    model: str


STEPS_PLAN = EventKind(
    "steps.plan", StepsPlan, key=THE_STEPS, only=THE_STEPS, doc="Roll-outs from steps were begun."
)
THINKING = EventKind(
    "steps.thinking",
    ThinkingRecord,
    key="<run>/<candidate>",
    doc="The thinking of a recorded answer was split into steps.",
)
ROLL_OUT = EventKind(
    "steps.roll_out",
    RollOutRecord,
    key="<request>",
    doc="An answer was continued from after a step, and judged.",
)
STEP_SCORE = EventKind(
    "steps.score", StepScoreRecord, key="<request>", doc="A model scored a step, or a program."
)


@dataclass(frozen=True)
class LabelledThinking:
    """An answer with what is known of its steps.

    Attributes:
        answer: Its run and its id.
        record: What it is.
        accepted: Of each step how many roll-outs from after it the judge accepted.
        rolled: Of each step how many roll-outs there were.
        scores: Of each step what a scoring model thought of it; empty where none was asked.
        outcome: What that one thought of the program.
    """

    answer: str
    record: ThinkingRecord
    accepted: tuple[int, ...]
    rolled: tuple[int, ...]
    scores: tuple[float, ...] = ()
    outcome: float | None = None

    @property
    def shares(self) -> tuple[float, ...]:
        """Of the steps, as far as all were rolled out, the share that was accepted."""
        shares: list[float] = []
        for good, count in zip(self.accepted, self.rolled, strict=True):
            if not count:
                break
            shares.append(good / count)
        return tuple(shares)

    @property
    def complete(self) -> bool:
        """Whether every step was rolled out."""
        return len(self.shares) == len(self.record.steps)


def labelled_thinking(journal: Journal) -> list[LabelledThinking]:
    """Return the answers of a folder of `medalist steps`, with their labels so far."""
    accepted: Counter[tuple[str, int]] = Counter()
    rolled: Counter[tuple[str, int]] = Counter()
    for roll in journal.events(ROLL_OUT):
        place = roll.value.answer, roll.value.step
        rolled[place] += 1
        accepted[place] += roll.value.verdict == "AC"
    scores = {
        (event.value.answer, event.value.step): event.value.score
        for event in journal.events(STEP_SCORE)
    }
    answers = []
    for entry in journal.events(THINKING):
        key, record = entry.key, entry.value
        places = [(key, at) for at in range(len(record.steps))]
        known = [scores[place] for place in places if place in scores]
        answers.append(
            LabelledThinking(
                answer=key,
                record=record,
                accepted=tuple(accepted[place] for place in places),
                rolled=tuple(rolled[place] for place in places),
                scores=tuple(known) if len(known) == len(places) else (),
                outcome=scores.get((key, None)),
            )
        )
    return answers
