"""Asking for programs that say whether an output is right, where many may be (checkers).

Several are asked for, each told to take care of something else: what one forgets, another may not.
What they are worth is found out before they are used (see `evidence.panel`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from medalist.agent.llm.contract import Model, PromptForm, Request
from medalist.agent.prompts import render
from medalist.agent.prompts.render import ShownForm
from medalist.agent.propose.helper_programs import MAX_TOKENS
from medalist.agent.propose.helper_questions import (
    LANGUAGE,
    ask_helpers,
    helper_question,
    program_of,
)
from medalist.problems.model import Kind, PublicProblem

AIMS = (
    "Before you write it, list for yourself all that the statement demands of an output.",
    (
        "Take care of malformed outputs: too few or too many tokens, words for numbers, numbers "
        "out of range; none of them may come out valid, or make the code fail."
    ),
    (
        "Take care of what an output claims: work out each claim again from the input alone, by "
        "the plainest way that is fast enough."
    ),
    (
        "Take care of special cases: the smallest inputs, inputs without an answer, an empty list, "
        "repeated elements, the same thing written in two ways."
    ),
)
"""What the checkers are told to take care of, in turn."""


@dataclass(frozen=True)
class CheckerAnswers:
    """What came of asking.

    Attributes:
        sources: Distinct programs, in the order of asking.
        asked: How many were asked for.
        ended: The cap that ended the asking early, in words.
        answered: The ids of the questions that were answered, in the order of asking.
    """

    sources: tuple[str, ...] = ()
    asked: int = 0
    ended: str | None = None
    answered: tuple[str, ...] = ()


def may_be_checked(public: PublicProblem) -> bool:
    """Whether a checker can be asked for: many outputs may be right, and one is known.

    Without a sample's output nothing would show what a checker is worth.
    """
    known = any(sample.output is not None for sample in public.samples)
    return public.kind is Kind.BATCH and public.special_checker and known


def checker_requests(
    public: PublicProblem, checkers: int, *, form: PromptForm, seed: int = 0
) -> list[Request]:
    """Return the questions."""
    requests = []
    for number in range(checkers):
        request_id = f"{public.problem_id}/checker/{number}"
        values = {"aim": AIMS[number % len(AIMS)]}
        parts = render("checker", public, LANGUAGE, ShownForm(form=form), values=values)
        requests.append(helper_question(request_id, parts, max_tokens=MAX_TOKENS, seed=seed))
    return requests


def ask_for_checkers(
    public: PublicProblem,
    model: Model,
    checkers: int,
    *,
    seed: int = 0,
    came: Callable[[], None] = lambda: None,
) -> CheckerAnswers:
    """Ask for checkers; an answer without a program brings nothing.

    Args:
        public: The problem.
        model: Who is asked; what it answered before, it is not asked again.
        checkers: How many to ask for.
        seed: Seed of the run.
        came: Called after each answer.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    asked = checker_requests(public, checkers, form=model.traits.prompt_form, seed=seed)
    answers = ask_helpers(model, asked, program_of, came)
    distinct = dict.fromkeys(item for item in answers.by_id.values() if item is not None)
    return CheckerAnswers(tuple(distinct), len(asked), answers.ended, answers.answered)
