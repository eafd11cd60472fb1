"""Asking for programs that make inputs (generators) and that check them (validators).

One generator a fault: each is told what to aim at, and where the problem has subtasks, some are
asked with the statement of one subtask only. All are Python, whatever the candidates are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from medalist.agent.llm.contract import Model, PromptForm, Request
from medalist.agent.prompts import render
from medalist.agent.prompts.render import ShownForm
from medalist.agent.propose.helper_questions import (
    LANGUAGE,
    ask_helpers,
    helper_question,
    program_of,
)
from medalist.agent.propose.subtask_turns import promising_subtasks
from medalist.problems.model import PublicProblem

MAX_TOKENS = 2048
"""Most tokens of an answer; what a model thinks before it comes on top."""

_SHORT = "Print at most 200 numbers."

AIMS = (
    (
        "Cover the variety of what is allowed: seed 1 makes the smallest input that there is, "
        f"seeds up to 8 make tiny ones, later seeds vary sizes, values and shapes. {_SHORT}"
    ),
    (
        "Aim at wrong arithmetic: values at their bounds, sums and products that leave 32 or 64 "
        "bits, zeros, ones and negative values where they are allowed, answers as large as they "
        f"get. {_SHORT}"
    ),
    (
        "Aim at forgotten cases: ties, all equal, two different values, sorted, reversed, repeated "
        "or touching parts, degenerate shapes (a line, a star, one point), empty parts where they "
        f"are allowed, no answer, many answers. {_SHORT}"
    ),
    (
        "Aim at running time: seeds up to 8 make small inputs; later seeds come near the largest "
        "size that is allowed (at most 100000 numbers), arranged so that slow programs are slowest."
    ),
)
"""What the generators are told to aim at, in turn."""

Kind = Literal["generator", "validator", "subtask validator"]


@dataclass(frozen=True)
class HelperProgram:
    """A generator or validator: its source, and the subtask that it was asked for, if one.

    A `subtask validator` checks what a subtask promises.
    """

    kind: Kind
    source: str
    subtask: str | None = None


@dataclass(frozen=True)
class HelperAnswers:
    """What came of asking.

    Attributes:
        programs: Distinct sources, in the order of asking.
        asked: How many generators and how many validators were asked for.
        ended: The cap that ended the asking early, in words.
        answered: The ids of the questions that were answered, in the order of asking.
    """

    programs: tuple[HelperProgram, ...] = ()
    asked: tuple[int, int] = (0, 0)
    ended: str | None = None
    answered: tuple[str, ...] = ()


HelperRequest = tuple[Request, Kind, str | None]
"""A question, what it asks for, and the subtask that it is about."""


@dataclass(frozen=True)
class HelperCounts:
    """How many helpers are asked for.

    Attributes:
        generators: With the whole statement; where there are none, subtasks get none either.
        validators: With the whole statement.
        subtask_generators: With the statement of each subtask that says what it promises.
        subtask_validators: With the statement of each subtask that promises something which is not
            a bound on a named value.
    """

    generators: int
    validators: int
    subtask_generators: int = 0
    subtask_validators: int = 0


def helper_requests(
    public: PublicProblem, counts: HelperCounts, *, form: PromptForm, seed: int = 0
) -> list[HelperRequest]:
    """Return the questions."""
    requests: list[HelperRequest] = []

    def ask(kind: Kind, number: int, subtask: str | None) -> None:
        name = public.problem_id + (f":{subtask}" if subtask else "")
        template = kind.removeprefix("subtask ")
        request_id = f"{name}/{template}/{number}"
        values = {"aim": AIMS[number % len(AIMS)]}
        parts = render(
            template, public, LANGUAGE, ShownForm(form=form, subtask=subtask), values=values
        )
        request = helper_question(request_id, parts, max_tokens=MAX_TOKENS, seed=seed)
        requests.append((request, kind, subtask))

    for number in range(counts.validators):
        ask("validator", number, None)
    for number in range(counts.generators):
        ask("generator", number, None)
    if counts.generators:
        for promising_subtask in promising_subtasks(public):
            for number in range(counts.subtask_generators):
                ask("generator", number, promising_subtask)
        for subtask in public.subtasks:
            if subtask.text.strip() and not subtask.constraints:
                for number in range(counts.subtask_validators):
                    ask("subtask validator", number, subtask.subtask_id)
    return requests


def ask_for_helpers(
    model: Model, asked: Sequence[HelperRequest], came: Callable[[], None] = lambda: None
) -> HelperAnswers:
    """Ask for generators and validators; an answer without a program brings nothing.

    Args:
        model: Who is asked; what it answered before, it is not asked again.
        asked: The questions (see `helper_requests`).
        came: Called after each answer.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    answers = ask_helpers(model, [request for request, _, _ in asked], program_of, came)
    programs = dict.fromkeys(
        HelperProgram(kind, source, subtask)
        for request, kind, subtask in asked
        if (source := answers.by_id.get(request.request_id)) is not None
    )
    count = sum(kind == "generator" for _, kind, _ in asked)
    counts = (count, len(asked) - count)
    return HelperAnswers(tuple(programs), counts, answers.ended, answers.answered)
