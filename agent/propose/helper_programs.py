"""Asking for programs that make inputs (generators) and that check them (validators).

One generator a fault: each is told what to aim at, and where the problem has subtasks, some are
asked with the statement of one subtask only. All are Python, whatever the candidates are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from medalist.agent.extract.answer import extract
from medalist.agent.llm.contract import Model, PromptForm, Request
from medalist.agent.prompts import render
from medalist.agent.prompts.render import ShownForm
from medalist.agent.propose.subtask_turns import promising_subtasks
from medalist.errors import BudgetExhausted
from medalist.problems.model import PublicProblem

LANGUAGE = "python"
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

Kind = Literal["generator", "validator"]


@dataclass(frozen=True)
class HelperProgram:
    """A generator or validator: its source, and the subtask that it was asked for, if one."""

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


def helper_requests(
    public: PublicProblem, generators: int, validators: int, *, form: PromptForm, seed: int = 0
) -> list[HelperRequest]:
    """Return the questions.

    `generators` are asked for with the whole statement, and half as many (one at least) with that
    of each subtask that says what it promises; `validators` with the whole statement.
    """
    found: list[HelperRequest] = []

    def ask(kind: Kind, number: int, subtask: str | None) -> None:
        name = public.problem_id + (f":{subtask}" if subtask else "")
        request_id = f"{name}/{kind}/{number}"
        values = {"aim": AIMS[number % len(AIMS)]}
        parts = render(kind, public, LANGUAGE, ShownForm(form=form, subtask=subtask), values=values)
        digest = hashlib.sha256(f"{seed}/{request_id}".encode()).digest()
        request = Request(
            request_id=request_id,
            messages=parts.messages,
            max_tokens=MAX_TOKENS,
            think_apart=True,
            seed=int.from_bytes(digest[:4], "big") >> 1,
            stop=parts.stop,
            prefill=parts.prefill,
        )
        found.append((request, kind, subtask))

    for number in range(validators):
        ask("validator", number, None)
    for number in range(generators):
        ask("generator", number, None)
    if generators:
        for one in promising_subtasks(public):
            for number in range(max(1, generators // 2)):
                ask("generator", number, one)
    return found


def helpers_asked(public: PublicProblem, generators: int, validators: int) -> int:
    """Return how many questions `helper_requests` makes."""
    each = max(1, generators // 2) * len(promising_subtasks(public)) if generators else 0
    return generators + each + validators


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
    sources: dict[str, str] = {}
    answered: set[str] = set()
    ended = None
    try:
        for answer in model.complete([request for request, _, _ in asked]):
            source = extract(answer.text, language=LANGUAGE, finish=answer.finish).source
            answered.add(answer.request_id)
            if source is not None:
                sources[answer.request_id] = source
            came()
    except BudgetExhausted as error:
        ended = str(error)
    # In the order of asking, whichever was answered first; equal ones once.
    programs = dict.fromkeys(
        HelperProgram(kind, sources[request.request_id], subtask)
        for request, kind, subtask in asked
        if request.request_id in sources
    )
    count = sum(kind == "generator" for _, kind, _ in asked)
    ids = tuple(one.request_id for one, _, _ in asked if one.request_id in answered)
    return HelperAnswers(tuple(programs), (count, len(asked) - count), ended, ids)
