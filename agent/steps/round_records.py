"""What a journal holds of rounds with feedback: what each asked, and after which verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from medalist.agent.choose.judged_by import standing_submissions
from medalist.agent.journal import EventKind, Journal
from medalist.agent.propose.bandit import Record
from medalist.agent.propose.moves import Move
from medalist.agent.propose.sample import Arm, Ask


@dataclass(frozen=True)
class AskRecord:
    """One question of a round.

    Attributes:
        move: What it was asked for: `fresh`, `best`, `diverse`, `counterexample`, `combine`.
        prompt: The prompt.
        language: The language asked for.
        parent: The candidate that it revises; null for a new sample.
        shown: The candidates whose programs it shows.
        values: What was filled into the prompt, by name, as digests of texts.
        prefill: The digest of how the answer begins, if the prompt does not say it.
    """

    move: Move
    prompt: str
    language: str
    parent: str | None = None
    shown: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    prefill: str | None = None


class Shown(NamedTuple):
    """A submission that had been made.

    Attributes:
        program: The program.
        verdict: The verdict on it.
    """

    program: str
    verdict: str


@dataclass(frozen=True)
class RoundRecord:
    """A round of a search with feedback.

    Attributes:
        asks: Its questions, in order.
        after: The submissions whose feedback was known when it was asked, in order.
        earned: What each move had earned by then, in all rounds before.
    """

    asks: tuple[AskRecord, ...]
    after: tuple[Shown, ...] = ()
    earned: Mapping[Move, Record] = field(default_factory=dict)


FEEDBACK_ROUND = EventKind(
    "feedback.round",
    RoundRecord,
    key="<problem>/<number, from 1>",
    doc="A round of `--search feedback` is asked: its questions, made of what was known then.",
)


def rounds_of(journal: Journal, problem_id: str) -> list[RoundRecord]:
    """Return the rounds of a problem that were asked, in order."""
    rounds: dict[int, RoundRecord] = {}
    for entry in journal.events(FEEDBACK_ROUND, f"{problem_id}/"):
        name, _, number = entry.key.rpartition("/")
        if name == problem_id:
            rounds[int(number)] = entry.value
    return list(_in_a_row(rounds))


def _in_a_row(rounds: Mapping[int, RoundRecord]) -> Iterator[RoundRecord]:
    number = 1
    while number in rounds:
        yield rounds[number]
        number += 1


def known_verdicts(journal: Journal, problem_id: str) -> tuple[Shown, ...]:
    """Return what was submitted so far, with the verdicts, in order."""
    return tuple(
        Shown(entry.value.program, str(entry.value.verdict))
        for entry in standing_submissions(journal, problem_id)
    )


def recorded_ask(journal: Journal, move: Move, ask: Ask) -> AskRecord:
    """Return the record of a question; its texts go into the journal."""
    return AskRecord(
        move=move,
        prompt=ask.arm.prompt_id,
        language=ask.arm.language,
        parent=ask.parent,
        shown=ask.shown,
        values={name: journal.put_blob(text) for name, text in ask.values.items()},
        prefill=None if ask.prefill is None else journal.put_blob(ask.prefill),
    )


def ask_of(journal: Journal, record: AskRecord) -> Ask:
    """Return the question of a record."""

    def text(digest: str) -> str:
        return journal.blob(digest).decode("utf-8", "surrogatepass")

    return Ask(
        Arm(record.prompt, record.language),
        parent=record.parent,
        values={name: text(digest) for name, digest in record.values.items()},
        prefill=None if record.prefill is None else text(record.prefill),
        shown=record.shown,
    )
