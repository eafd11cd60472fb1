"""`--dry-run`: what a run would ask and cost; nothing is sent, opened or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add, or_
from typing import Any

from medalist.agent.commands.console import data, json_line, say
from medalist.agent.llm import Budget, CostEstimate, ModelTerms, Request, estimate, terms
from medalist.agent.llm.attempt import SMALL_TOKENS
from medalist.agent.llm.estimate import span
from medalist.agent.llm.settings import ModelSettings
from medalist.agent.propose.checker_programs import checker_requests, may_be_checked
from medalist.agent.propose.helper_programs import helper_requests
from medalist.agent.propose.pair_generators import longest_pair_requests
from medalist.agent.propose.predicted_cases import case_requests
from medalist.agent.propose.review import MAX_TOKENS, MOST_REVIEWS
from medalist.agent.propose.tournament import contestants_of, longest_duels, meetings
from medalist.agent.run.options import RunOptions
from medalist.agent.run.run_plan import settings_for
from medalist.agent.solve import RunSettings
from medalist.agent.steps.brute_forcing import brute_requests
from medalist.agent.steps.planned_requests import foresee, foresee_reviews, foresee_tools
from medalist.agent.steps.predicting import may_be_predicted
from medalist.agent.steps.stage_account import STAGES
from medalist.agent.steps.writing import counts_of, may_be_written
from medalist.errors import BadInput
from medalist.problems.formats import PackageEntry
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
    stages = foreseen_stages(public, settings_for(options, configured), writers, readers)
    _tell(public.problem_id, stages, writers + readers, options.budget(), as_json=as_json)


def dry_run_of_all(
    chosen: Sequence[PackageEntry],
    options: RunOptions,
    configured: ModelSettings,
    *,
    as_json: bool = False,
) -> None:
    """Print what a batch would ask and cost, at equal shares; send and write nothing.

    A package that cannot be read is named and left out.

    Raises:
        BadInput: None can be read, or no such model is configured.
        ModelFailure: See `dry_run`.
    """
    settings = settings_for(options, configured)
    writers, readers = models_of(options, configured)
    stages: dict[str, CostEstimate] = {}
    for entry in chosen:
        try:
            public = entry.load().public
        except BadInput as error:
            say(str(error), style="red")
            continue
        for stage, one in foreseen_stages(public, settings, writers, readers).items():
            stages[stage] = stages[stage] + one if stage in stages else one
    order = list(STAGES)
    stages = dict(sorted(stages.items(), key=lambda one: order.index(one[0])))
    if not stages:
        raise BadInput("none of the problems can be read", field="ARCHIVE")
    name, models = f"{len(chosen)} problems", writers + readers
    _tell(name, stages, models, options.budget(), as_json=as_json)


def _tell(
    name: str,
    stages: Mapping[str, CostEstimate],
    models: list[ModelTerms],
    budget: Budget,
    *,
    as_json: bool,
) -> None:
    total = reduce(add, stages.values())
    if as_json:
        json_line(
            report(name, total, models)
            | {
                "stages": {stage: list(one.calls) for stage, one in stages.items()},
                "stage_tokens": {stage: list(one.tokens) for stage, one in stages.items()},
                "stage_cost_usd": {
                    stage: None if one.usd is None else list(one.usd)
                    for stage, one in stages.items()
                },
            }
        )
    else:
        said = lines(name, total, models, budget)
        said[3:3] = [
            f"  {stage:10} {span(one.calls)}, {span(one.tokens)} tokens, {_cost(one)}"
            for stage, one in stages.items()
        ]
        data("\n".join(said))


def _cost(forecast: CostEstimate) -> str:
    return "unknown" if forecast.usd is None else "${:.4f} to ${:.4f}".format(*forecast.usd)


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


def foreseen_stages(
    public: PublicProblem,
    settings: RunSettings,
    writers: list[ModelTerms],
    readers: list[ModelTerms],
) -> dict[str, CostEstimate]:
    """Return what each stage would ask and cost for one problem, with `readers` as reviewers.

    The stages are those of `steps.stage_account`.
    """
    open_end = Request("", (), max_tokens=settings.max_tokens)
    answer_tokens = max((writer.limit(open_end) for writer in writers), default=SMALL_TOKENS)
    form = writers[0].traits.prompt_form
    requests, surely = foresee(public, settings, form, answer_tokens=answer_tokens)
    beside = settings.brute and may_be_predicted(public)
    brute = brute_requests(public, settings, form)[1] if beside else ()
    stages = {"sampling": _by_any(writers, [*requests, *brute], surely)}
    turns = foresee_tools(public, settings, form, requests)
    if turns:
        stages["tools"] = _by_any(writers, turns, 0)
    most = max(settings.candidates, settings.most)
    # The stages below come only if there is something to tell apart.
    if settings.generators and may_be_written(public):
        asked = helper_requests(public, counts_of(settings), form=form, seed=settings.seed)
        stages["writing"] = _by_any(writers, [request for request, _, _ in asked], 0)
    if settings.tests and may_be_predicted(public):
        asks = case_requests(public, settings.tests, form=form, seed=settings.seed)
        stages["predicting"] = _by_any(writers, asks, 0)
    if settings.checkers and not settings.privileged_equality and may_be_checked(public):
        checks = checker_requests(public, settings.checkers, form=form, seed=settings.seed)
        stages["checking"] = _by_any(writers, checks, 0)
    if settings.pair_generators and most > 1 and may_be_predicted(public):
        asks = longest_pair_requests(
            public, settings.languages, settings.pair_generators, form=form
        )
        stages["separating"] = _by_any(writers, asks, 0)
    if readers:
        asks = foresee_reviews(
            public,
            settings.languages,
            min(MOST_REVIEWS, most),
            answer_tokens=answer_tokens,
            max_tokens=MAX_TOKENS,
        )
        stages["reviewing"] = _by_any(readers, asks, 0)
    if settings.duels and most > 1:
        judges = readers or writers
        programs = min(contestants_of(settings.duels), most)
        pairs = meetings(programs, settings.duels)
        judge_form = judges[0].traits.prompt_form
        duels = longest_duels(public, settings.languages, pairs, judge_form)
        stages["dueling"] = _by_any(judges, duels, 0)
    return stages


def _by_any(models: list[ModelTerms], requests: list[Request], surely: int) -> CostEstimate:
    """Any of the models may get any of the requests."""
    return reduce(
        or_,
        (estimate(requests, model.price, limit=model.limit, surely=surely) for model in models),
    )


def report(name: str, forecast: CostEstimate, models: list[ModelTerms]) -> dict[str, Any]:
    """The machine-readable estimate; these keys are kept stable."""
    return {
        "problem": name,
        "dry_run": True,
        "models": [model.name for model in models],
        "calls": list(forecast.calls),
        "tokens": list(forecast.tokens),
        "cost_usd": None if forecast.usd is None else list(forecast.usd),
    }


def lines(name: str, forecast: CostEstimate, models: list[ModelTerms], budget: Budget) -> list[str]:
    """The estimate for people."""
    names = []
    for model in models:
        day = "" if model.price is None or model.price.as_of is None else f" ({model.price.as_of})"
        names.append(f"{model.name}{' (no known price)' if model.price is None else day}")
    said = [
        f"problem      {name}",
        f"model        {', '.join(names)}",
        f"calls        {span(forecast.calls)}",
        f"tokens       {span(forecast.tokens)}",
        f"cost         {_cost(forecast)}",
    ]
    if budget.usd is not None and forecast.usd is not None and budget.usd < forecast.usd[1]:
        said.append(f"cap          ${budget.usd:.4f} may end it earlier")
    if budget.tokens is not None and budget.tokens < forecast.tokens[1]:
        said.append(f"cap          {budget.tokens} tokens may end it earlier")
    if budget.requests is not None and budget.requests < forecast.calls[1]:
        said.append(f"cap          {budget.requests} requests may end it earlier")
    said.append("nothing was sent; retries after failures and refusals come on top")
    return said
