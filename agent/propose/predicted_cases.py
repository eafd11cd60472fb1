"""Asking for test cases with the outputs that a model predicts.

Each question asks for several, and is told what to aim at. What comes is never taken for the
truth: see `choose.predicted_tests` for what it counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from medalist.agent.extract.test_cases import PredictedCase, read_test_cases
from medalist.agent.llm.contract import Model, PromptForm, Request
from medalist.agent.prompts import render
from medalist.agent.prompts.render import ShownForm
from medalist.agent.propose.helper_questions import LANGUAGE, ask_helpers, helper_question
from medalist.problems.model import PublicProblem

MAX_TOKENS = 3072
"""Most tokens of an answer; what a model thinks before it comes on top."""

_CASES = {"full": 8, "small": 4}
"""Test cases a question asks for, by the form of the prompt."""

AIMS = (
    (
        "Take the smallest inputs that are allowed and cases that a careless program forgets: "
        "ties, all equal, zeros and negative values where they are allowed, no answer, everything."
    ),
    (
        "Take ordinary inputs of three to eight values, each of another kind: sorted, reversed, "
        "mixed, repeated, several choices that look equally good."
    ),
    (
        "Take inputs on which the first idea that comes to mind (a greedy choice, a formula, one "
        "pass) prints a wrong output."
    ),
)
"""What the questions aim at, in turn."""


@dataclass(frozen=True)
class PredictedCases:
    """What came of asking.

    Attributes:
        cases: Distinct test cases, in the order of asking, with how many answers hold each.
        ended: The cap that ended the asking early, in words.
        answered: The ids of the questions that were answered, in the order of asking.
    """

    cases: dict[PredictedCase, int] = field(default_factory=dict)
    ended: str | None = None
    answered: tuple[str, ...] = ()


def case_requests(
    public: PublicProblem, questions: int, *, form: PromptForm, seed: int = 0
) -> list[Request]:
    """Return the questions, which show the whole statement."""
    requests = []
    for number in range(questions):
        request_id = f"{public.problem_id}/tests/{number}"
        values = {"aim": AIMS[number % len(AIMS)], "count": str(_CASES[form])}
        parts = render("tests", public, LANGUAGE, ShownForm(form=form), values=values)
        requests.append(helper_question(request_id, parts, max_tokens=MAX_TOKENS, seed=seed))
    return requests


def ask_for_cases(
    public: PublicProblem,
    model: Model,
    questions: int,
    *,
    seed: int = 0,
    came: Callable[[], None] = lambda: None,
) -> PredictedCases:
    """Ask for test cases; an answer in which none can be read brings none.

    Args:
        public: The problem.
        model: Who is asked; what it answered before, it is not asked again.
        questions: How many questions.
        seed: Seed of the run.
        came: Called after each answer.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    requests = case_requests(public, questions, form=model.traits.prompt_form, seed=seed)
    answers = ask_helpers(model, requests, lambda one: read_test_cases(one.text), came)
    cases = Counter(case for answer_cases in answers.by_id.values() for case in answer_cases)
    return PredictedCases(dict(cases), answers.ended, answers.answered)
