"""Questions for what helps to choose (generators, checkers, tests): made and asked alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from medalist.agent.extract.answer import extract
from medalist.agent.llm.contract import Completion, Model, Request
from medalist.agent.prompts.render import PromptParts
from medalist.errors import BudgetExhausted

LANGUAGE = "python"
"""Helper programs are Python, whatever the candidates are."""

T = TypeVar("T")


@dataclass(frozen=True)
class ReadAnswers(Generic[T]):
    """What was read out of the answers that came.

    Attributes:
        by_id: By the id of the question, in the order of asking.
        ended: The cap that ended the asking early, in words.
    """

    by_id: dict[str, T]
    ended: str | None = None

    @property
    def answered(self) -> tuple[str, ...]:
        """The ids of the questions that were answered, in the order of asking."""
        return tuple(self.by_id)


def helper_question(
    request_id: str, parts: PromptParts, *, max_tokens: int, seed: int = 0
) -> Request:
    """Return a question, with its own seed drawn from the run's.

    Args:
        request_id: Names the question in the journal.
        parts: The prompt.
        max_tokens: Most tokens of the answer; what a model thinks before it comes on top.
        seed: Seed of the run.
    """
    digest = hashlib.sha256(f"{seed}/{request_id}".encode()).digest()
    return Request(
        request_id=request_id,
        messages=parts.messages,
        max_tokens=max_tokens,
        think_apart=True,
        seed=int.from_bytes(digest[:4], "big") >> 1,
        stop=parts.stop,
        prefill=parts.prefill,
    )


def ask_helpers(
    model: Model,
    requests: Sequence[Request],
    read: Callable[[Completion], T],
    came: Callable[[], None] = lambda: None,
) -> ReadAnswers[T]:
    """Ask, and read each answer; a cap that is reached ends the asking with what came.

    Args:
        model: Who is asked; what it answered before, it is not asked again.
        requests: The questions.
        read: Reads one answer.
        came: Called after each answer.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    answers: dict[str, T] = {}
    ended = None
    try:
        for answer in model.complete(requests):
            answers[answer.request_id] = read(answer)
            came()
    except BudgetExhausted as error:
        ended = str(error)
    # In the order of asking, whichever was answered first.
    known = {
        request.request_id: answers[request.request_id]
        for request in requests
        if request.request_id in answers
    }
    return ReadAnswers(known, ended)


def program_of(answer: Completion) -> str | None:
    """Return the program of an answer; None if there is none."""
    return extract(answer.text, language=LANGUAGE, finish=answer.finish).source
