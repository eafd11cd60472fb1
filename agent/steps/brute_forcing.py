"""Beside the candidates: programs that are slow, but so simple that they are surely right.

They are asked for by their own prompt once the candidates are there. What two of them agree on
is taken as right (`evidence.brute_force`). They are not candidates: they end no search and stand
behind all others, so one is submitted only where it is itself fast enough on all that was tried and
no other program that behaves like it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medalist.agent.evidence.brute_force import SIMPLEST_PROMPT
from medalist.agent.llm.contract import PromptForm, Request
from medalist.agent.propose.sample import Arm, Sampler, SampleSettings, evenly
from medalist.agent.steps.predicting import may_be_predicted
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.steps.run_settings import RunSettings
from medalist.agent.types import Candidate
from medalist.errors import BudgetExhausted
from medalist.problems.model import PublicProblem


@dataclass(frozen=True)
class BruteForce:
    """What came of asking.

    Attributes:
        candidates: The answers, in the order of asking.
        ended: The cap that ended the asking early, in words.
    """

    candidates: tuple[Candidate, ...] = ()
    ended: str | None = None


def brute_requests(
    public: PublicProblem, settings: RunSettings, form: PromptForm
) -> tuple[Sampler, Sequence[Request]]:
    """Return the questions, one language after the other, and who reads their answers."""
    ways = [Arm(SIMPLEST_PROMPT, language) for language in settings.languages]
    sampler = Sampler(
        public,
        ways,
        SampleSettings(
            seed=settings.seed,
            form=form,
            max_tokens=settings.max_tokens,
            temperature=settings.temperature,
            top_p=settings.top_p,
        ),
    )
    return sampler, sampler.requests(evenly(ways, settings.brute))


def ask_brute_force(run: ProblemRun, candidates: Sequence[Candidate]) -> BruteForce:
    """Ask for brute force, if there is something that it could judge and one output is right.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    tools, settings = run.tools, run.settings
    if (
        settings.brute < 1
        or not candidates
        or tools.given is not None
        or not may_be_predicted(run.public)
    ):
        return BruteForce()
    sampler, requests = brute_requests(run.public, settings, tools.model.traits.prompt_form)
    came: list[Candidate] = []
    ended = None
    try:
        for item in sampler.sample(tools.model, requests):
            came.append(item)
            run.progress.tokens, run.progress.cost_usd = (
                tools.model.spent.tokens,
                tools.model.spent.usd,
            )
            run.tell("sampling")
    except BudgetExhausted as error:
        ended = str(error)
    return BruteForce(tuple(sorted(came, key=sampler.place)), ended)
