"""First step: many candidates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from medalist.agent.evidence.brute_force_trial import OracleTrials
from medalist.agent.extract.answer import Extraction, of_candidate
from medalist.agent.extract.identity import merge
from medalist.agent.llm.contract import Model
from medalist.agent.propose.progress_forecast import Outlook, UntilTarget, chance_of
from medalist.agent.propose.public_result import Attempt, Trial
from medalist.agent.propose.sample import Arm, Sampler, arms, evenly
from medalist.agent.propose.search import Strategy, search, strategy
from medalist.agent.steps.building import compile_program
from medalist.agent.steps.problem_run import RunSettings, Tally, Tools, Watcher
from medalist.agent.types import Candidate
from medalist.errors import BudgetExhausted
from medalist.problems.model import PublicProblem
from medalist.sandbox.pool import Pool


def sample(
    public: PublicProblem, tools: Tools, settings: RunSettings, tally: Tally, watch: Watcher
) -> tuple[list[Candidate], str | None]:
    """Ask for completions; stop at the budget's end with those that came."""
    if tools.given is not None:
        tally.candidates = tally.wanted = len(tools.given)
        return list(tools.given), None
    ways = arms(settings.prompts, settings.languages)
    sampler = Sampler(
        public,
        ways,
        seed=settings.seed,
        form=tools.model.traits.prompt_form,
        max_tokens=settings.max_tokens,
        temperature=settings.temperature,
        top_p=settings.top_p,
    )
    if settings.search == "once":
        answers = _all_at_once(sampler, ways, tools, settings)
    else:
        answers = _in_rounds(sampler, ways, tools, settings, tally)
    came: list[Candidate] = []
    ended = None
    watch("sampling", tally)
    try:
        for candidate in answers:
            came.append(candidate)
            _count(candidate, tools.model, tally)
            watch("sampling", tally)
    except BudgetExhausted as error:
        ended = str(error)
    if settings.search == "once":
        # In turn: more candidates come behind those that were there, whatever is asked first.
        return sorted(came, key=lambda one: (_number(one), ways.index(_way(one)))), ended
    return sorted(came, key=sampler.place), ended


def _all_at_once(
    sampler: Sampler, ways: Sequence[Arm], tools: Tools, settings: RunSettings
) -> Iterator[Candidate]:
    """Yield answers as they come; where that slows nobody, compile them meanwhile."""
    requests = sampler.requests(evenly(ways, settings.candidates))
    # Compiling early only fills the compiler's cache: what is built counts later, in order.
    workers = (
        ThreadPoolExecutor(1, thread_name_prefix="compile")
        if not tools.model.traits.shares_cores
        else None
    )
    try:
        for candidate in sampler.sample(tools.model, requests):
            if workers is not None:
                workers.submit(_compile_early, sampler.public, candidate, tools.pool)
            yield candidate
    finally:
        if workers is not None:
            workers.shutdown(cancel_futures=True)


def _in_rounds(
    sampler: Sampler, ways: Sequence[Arm], tools: Tools, settings: RunSettings, tally: Tally
) -> Iterator[Candidate]:
    """Yield answers round by round; what a round's programs did on the samples guides the next."""
    plan: Strategy = strategy(
        settings.search, ways, settings.candidates, width=settings.width, seed=settings.seed
    )
    if settings.target is not None:
        plan = UntilTarget(plan, settings.target)
    trials = OracleTrials(sampler.public, tools.pool, settings.seed)

    def attempt(found: Sequence[tuple[Candidate, Extraction]]) -> list[Trial]:
        with tools.lease.hold("judge"):
            return trials(found)

    def again(attempts: Sequence[Attempt]) -> list[Attempt]:
        with tools.lease.hold("judge"):
            return trials.again(attempts)

    done: list[Attempt] = []
    for one in search(plan, sampler, tools.model, attempt, again):
        done.append(one)
        if len(done) % settings.width == 0:
            tally.outlook = _outlook(sampler.public.problem_id, done, tools)
        yield one.candidate


def _outlook(problem_id: str, done: Sequence[Attempt], tools: Tools) -> Outlook:
    """Forecast what more samples would bring, and record it: it is scored when all is known."""
    usd = tools.model.spent.usd
    outlook = Outlook(chance_of(done), None if usd is None else usd / len(done))
    key = f"{problem_id}/{len(done)}"
    if tools.journal.get("forecast", key) is None:
        tools.journal.append("forecast", key, outlook.recorded(), durable=False)
    return outlook


def _number(candidate: Candidate) -> int:
    """Return the how-manieth of its way to ask a candidate is."""
    return int(candidate.candidate_id.rpartition("/")[2])


def _way(candidate: Candidate) -> Arm:
    assert candidate.language is not None
    return Arm(candidate.prompt_id, candidate.language)


def _count(candidate: Candidate, model: Model, tally: Tally) -> None:
    tally.candidates += 1
    tally.refused += candidate.finish in ("refusal", "content_filter")
    tally.cut_while_thinking += candidate.cut_while_thinking
    spent = model.spent
    tally.tokens, tally.cost_usd = spent.tokens, spent.usd
    tally.in_flight, tally.in_flight_usd = spent.in_flight, spent.in_flight_usd


def _compile_early(public: PublicProblem, candidate: Candidate, pool: Pool) -> None:
    for program in merge([(candidate, of_candidate(candidate, public))]):
        compile_program(public, program, pool)
