"""Asking for inputs on which two programs print different things: a generator for one pair.

A trained agent that looks for such inputs beats random ones where problems are hard (Agentic
Verifier, arXiv 2602.04254); here the model that wrote the programs is asked. Programs are hostile
text: their comments are stripped and the rest is quoted between marks that it cannot contain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from medalist.agent.llm.contract import Model, PromptForm, Request
from medalist.agent.prompts import render
from medalist.agent.prompts.render import ShownForm
from medalist.agent.propose.helper_questions import (
    LANGUAGE,
    ask_helpers,
    helper_question,
    program_of,
)
from medalist.agent.quote import cut_middle, quoted, without_comments
from medalist.agent.types import Program
from medalist.problems.model import PublicProblem

MAX_TOKENS = 2048
"""Most tokens of an answer; what a model thinks before it comes on top."""

_MOST_CHARACTERS = 4000  # of a program


@dataclass(frozen=True)
class PairQuestion:
    """Two programs that an input is asked for, and which question about them this is."""

    first: Program
    second: Program
    number: int = 0


@dataclass(frozen=True)
class PairGenerator:
    """The source of a generator, and the ids of the two programs that it should separate."""

    source: str
    first: str
    second: str


@dataclass(frozen=True)
class PairAnswers:
    """What came of asking.

    Attributes:
        generators: In the order of asking.
        ended: The cap that ended the asking early, in words.
        answered: The ids of the questions that were answered, in the order of asking.
    """

    generators: tuple[PairGenerator, ...] = ()
    ended: str | None = None
    answered: tuple[str, ...] = ()


def pair_request(
    public: PublicProblem, question: PairQuestion, *, form: PromptForm, seed: int = 0
) -> Request:
    """Return a question about two programs."""
    first, second = question.first, question.second
    texts = [
        quoted(
            cut_middle(without_comments(one.language, one.source), _MOST_CHARACTERS),
            f"program {letter}",
        )
        for letter, one in (("A", first), ("B", second))
    ]
    values = {"first": texts[0], "second": texts[1]}
    parts = render("pair", public, LANGUAGE, ShownForm(form=form), values=values)
    name = f"{first.program_id}/{second.program_id}/{question.number}"
    request_id = f"{public.problem_id}/pair/{name}"
    return helper_question(request_id, parts, max_tokens=MAX_TOKENS, seed=seed)


def longest_pair_requests(
    public: PublicProblem, languages: Sequence[str], count: int, *, form: PromptForm
) -> list[Request]:
    """Return the longest questions that may be asked about `count` pairs."""
    programs = [Program(language, language, "x" * _MOST_CHARACTERS, ()) for language in languages]
    asks = [pair_request(public, PairQuestion(program, program), form=form) for program in programs]
    return [max(asks, key=lambda one: sum(len(part.content) for part in one.messages))] * count


def ask_for_pairs(
    public: PublicProblem,
    model: Model,
    questions: Sequence[PairQuestion],
    *,
    seed: int = 0,
    came: Callable[[], None] = lambda: None,
) -> PairAnswers:
    """Ask for a generator for each question; an answer without a program brings none.

    Args:
        public: The problem.
        model: Who is asked; what it answered before, it is not asked again.
        questions: About which programs.
        seed: Seed of the run.
        came: Called after each answer.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    form = model.traits.prompt_form
    asked = [
        (pair_request(public, question, form=form, seed=seed), question) for question in questions
    ]
    answers = ask_helpers(model, [request for request, _ in asked], program_of, came)
    generators = dict.fromkeys(
        PairGenerator(source, one.first.program_id, one.second.program_id)
        for request, one in asked
        if (source := answers.by_id.get(request.request_id)) is not None
    )
    return PairAnswers(tuple(generators), answers.ended, answers.answered)
