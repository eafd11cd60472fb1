"""First step: many candidates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from medalist.agent.evidence.brute_force_trial import OracleTrials
from medalist.agent.extract.answer import Extraction
from medalist.agent.extract.extractor import Extractor
from medalist.agent.extract.identity import merge
from medalist.agent.llm.contract import Model
from medalist.agent.propose.progress_forecast import FORECAST, Outlook, UntilTarget, chance_of
from medalist.agent.propose.public_result import Attempt, Trial
from medalist.agent.propose.sample import Sampler, SampleSettings, arms, evenly
from medalist.agent.propose.search import FEEDBACK, Strategy, search, strategy
from medalist.agent.propose.subtask_turns import subtask_turns
from medalist.agent.steps.building import compile_program
from medalist.agent.steps.feedback_rounds import answers_in_rounds
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.steps.run_settings import RunSettings
from medalist.agent.steps.tool_calling import offer_of, with_tools
from medalist.agent.types import Candidate
from medalist.errors import BudgetExhausted
from medalist.problems.model import PublicProblem


def sample(run: ProblemRun) -> tuple[list[Candidate], str | None]:
    """Ask for completions, stage after stage; stop at the budget's end with those that came."""
    tools = run.tools
    if tools.given is not None:
        run.progress.candidates = run.progress.wanted = len(tools.given)
        return list(tools.given), None
    if not run.stages:
        return _sample(run)
    came: list[Candidate] = []
    for stage in run.stages:
        part = replace(
            run,
            tools=replace(tools, model=stage.model),
            settings=stage.settings,
            mark=stage.mark,
        )
        some, ended = _sample(part)
        came += some
        if ended is not None:
            return came, ended
    return came, None


def _sample(run: ProblemRun) -> tuple[list[Candidate], str | None]:
    tools, settings = run.tools, run.settings
    ways = arms(settings.prompts, settings.languages)
    sampler = Sampler(
        run.public,
        ways,
        SampleSettings(
            seed=settings.seed,
            form=tools.model.traits.prompt_form,
            max_tokens=settings.max_tokens,
            temperature=settings.temperature,
            top_p=settings.top_p,
            mark=run.mark,
        ),
        turns=turns_of(run.public, settings),
        offer=offer_of(
            run.public,
            settings,
            tools.model.traits.prompt_form,
            may_submit=tools.open_judge is not None,
        ),
    )
    in_rounds = answers_in_rounds if settings.search == FEEDBACK else _in_rounds
    ask = _all_at_once if settings.search == "once" else in_rounds
    came: list[Candidate] = []
    ended = None
    run.tell("sampling")
    try:
        with with_tools(run, sampler) as model:
            for candidate in ask(run, sampler, model):
                came.append(candidate)
                _count(run, candidate)
                run.tell("sampling")
    except BudgetExhausted as error:
        ended = str(error)
    if settings.search == "once":
        # In turn: more candidates come behind those that were there, whatever is asked first.
        return sorted(came, key=sampler.turn), ended
    return sorted(came, key=sampler.place), ended


def turns_of(public: PublicProblem, settings: RunSettings) -> Iterator[str | None] | None:
    """Return the subtask of each answer in turn; None where all ask for the whole problem.

    A tree's plans and programs belong together: it always asks for the whole problem.
    """
    if settings.subtask_share <= 0 or not public.subtasks or settings.search == "tree":
        return None
    return subtask_turns(public, settings.subtask_share)


def _all_at_once(run: ProblemRun, sampler: Sampler, model: Model) -> Iterator[Candidate]:
    """Yield answers as they come; where that slows nobody, compile them meanwhile."""
    tools = run.tools
    requests = sampler.requests(evenly(sampler.ways, run.settings.candidates))
    extract = Extractor(run.public)
    # Compiling early only fills the compiler's cache: what is built counts later, in order.
    workers = (
        ThreadPoolExecutor(1, thread_name_prefix="compile")
        if not tools.model.traits.shares_cores
        else None
    )
    try:
        for candidate in sampler.sample(model, requests):
            if workers is not None:
                workers.submit(_compile_early, run, extract, candidate)
            yield candidate
    finally:
        if workers is not None:
            workers.shutdown(cancel_futures=True)


def _in_rounds(run: ProblemRun, sampler: Sampler, model: Model) -> Iterator[Candidate]:
    """Yield answers round by round; what a round's programs did on the samples guides the next."""
    tools, settings = run.tools, run.settings
    plan: Strategy = strategy(
        settings.search, sampler.ways, settings.candidates, width=settings.width, seed=settings.seed
    )
    if settings.target is not None:
        plan = UntilTarget(plan, settings.target)
    trials = OracleTrials(run.inputs, tools.pool, run.tried)

    def attempt(extracted: Sequence[tuple[Candidate, Extraction]]) -> list[Trial]:
        with tools.lease.hold("judge"):
            return trials(extracted)

    def again(attempts: Sequence[Attempt]) -> list[Attempt]:
        with tools.lease.hold("judge"):
            return trials.again(attempts)

    done: list[Attempt] = []
    for tried in search(plan, sampler, model, attempt, again):
        done.append(tried)
        if len(done) % settings.width == 0:
            run.progress.outlook = _outlook(run, done)
        yield tried.candidate


def _outlook(run: ProblemRun, done: Sequence[Attempt]) -> Outlook:
    """Forecast what more samples would bring, and record it: it is scored when all is known."""
    usd, journal = run.tools.model.spent.usd, run.tools.journal
    outlook = Outlook(chance_of(done), None if usd is None else usd / len(done))
    key = f"{run.problem_id}/{len(done)}"
    if journal.get(FORECAST, key) is None:
        journal.append(FORECAST, key, outlook.recorded(), durable=False)
    return outlook


def _count(run: ProblemRun, candidate: Candidate) -> None:
    progress, spent = run.progress, run.tools.model.spent
    progress.candidates += 1
    progress.refused += candidate.finish in ("refusal", "content_filter")
    progress.cut_while_thinking += candidate.cut_while_thinking
    progress.tokens, progress.cost_usd = spent.tokens, spent.usd
    progress.in_flight, progress.in_flight_usd = spent.in_flight, spent.in_flight_usd


def _compile_early(run: ProblemRun, extract: Extractor, candidate: Candidate) -> None:
    for program in merge([(candidate, extract(candidate))]):
        compile_program(run.public, program, run.tools.pool)
