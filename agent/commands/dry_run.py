"""`--dry-run`: what a run would ask and cost; nothing is sent, opened or written."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from medalist.agent.commands.console import data, json_line
from medalist.agent.llm import Budget, CostEstimate, ModelTerms, Request, estimate, terms
from medalist.agent.llm.attempt import SMALL_TOKENS
from medalist.agent.llm.estimate import span
from medalist.agent.llm.settings import ModelSettings
from medalist.agent.propose.review import MAX_TOKENS, MOST_REVIEWS
from medalist.agent.run.options import RunOptions
from medalist.agent.run.run_plan import settings_for
from medalist.agent.solve import RunSettings
from medalist.agent.steps.planned_requests import foresee, foresee_reviews
from medalist.problems.model import PublicProblem


def dry_run(
    public: PublicProblem, options: RunOptions, configured: ModelSettings, *, as_json: bool = False
) -> None:
    """Print calls, tokens and the range of the cost of a run with these options.

    Raises:
        BadInput: No such model is configured.
        ModelFailure: An endpoint was asked for its models and did not answer.
    """
    writers, readers = models_of(options, configured)
    found = foreseen(public, settings_for(options, configured), writers, readers)
    models = writers + readers
    if as_json:
        json_line(report(public.problem_id, found, models))
    else:
        data("\n".join(lines(public.problem_id, found, models, options.budget())))


def models_of(
    options: RunOptions, configured: ModelSettings
) -> tuple[list[ModelTerms], list[ModelTerms]]:
    """Return the terms of the models that write, and of those that review.

    Raises:
        BadInput: No such model is configured.
        ModelFailure: An endpoint was asked for its models and did not answer.
    """
    writers = terms(options.model, batch_api=options.batch_api, settings=configured)
    return writers, [] if options.reviewer is None else terms(options.reviewer)


def foreseen(
    public: PublicProblem,
    settings: RunSettings,
    writers: list[ModelTerms],
    readers: list[ModelTerms],
) -> CostEstimate:
    """Return what a run over one problem would ask and cost, with `readers` as reviewers."""
    open_end = Request("", (), max_tokens=settings.max_tokens)
    answer_tokens = max((one.limit(open_end) for one in writers), default=SMALL_TOKENS)
    form = writers[0].traits.prompt_form
    requests, surely = foresee(public, settings, form, answer_tokens=answer_tokens)
    found = _by_any(writers, requests, surely)
    if readers:
        most = min(MOST_REVIEWS, max(settings.candidates, settings.most))
        asks = foresee_reviews(
            public,
            settings.languages,
            most,
            answer_tokens=answer_tokens,
            max_tokens=MAX_TOKENS,
        )
        found += _by_any(readers, asks, 0)
    return found


def _by_any(models: list[ModelTerms], requests: list[Request], surely: int) -> CostEstimate:
    """Any of the models may get any of the requests."""
    return reduce(
        or_,
        (estimate(requests, one.price, limit=one.limit, surely=surely) for one in models),
    )


def report(name: str, found: CostEstimate, models: list[ModelTerms]) -> dict[str, Any]:
    """The machine-readable estimate; these keys are kept stable."""
    return {
        "problem": name,
        "dry_run": True,
        "models": [one.name for one in models],
        "calls": list(found.calls),
        "tokens": list(found.tokens),
        "cost_usd": None if found.usd is None else list(found.usd),
    }


def lines(name: str, found: CostEstimate, models: list[ModelTerms], budget: Budget) -> list[str]:
    """The estimate for people."""
    names = []
    for one in models:
        day = "" if one.price is None or one.price.as_of is None else f" ({one.price.as_of})"
        names.append(f"{one.name}{' (no known price)' if one.price is None else day}")
    said = [
        f"problem      {name}",
        f"model        {', '.join(names)}",
        f"calls        {span(found.calls)}",
        f"tokens       {span(found.tokens)}",
        "cost         "
        + ("unknown" if found.usd is None else "${:.4f} to ${:.4f}".format(*found.usd)),
    ]
    if budget.usd is not None and found.usd is not None and budget.usd < found.usd[1]:
        said.append(f"cap          ${budget.usd:.4f} may end it earlier")
    if budget.tokens is not None and budget.tokens < found.tokens[1]:
        said.append(f"cap          {budget.tokens} tokens may end it earlier")
    said.append("nothing was sent; what is asked again after failures and refusals comes on top")
    return said
