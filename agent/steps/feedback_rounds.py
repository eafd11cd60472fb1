"""Search with feedback: rounds of answers, each asked with what was shown of those before.

What a round asks is journalled before it is asked: a run that was stopped continues with the same
questions, and a recording is asked what was asked then. Which programs were submitted in between,
and what came back, is read from the journal as well, so that `solve`, `batch` and a contest's
participants take the same steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from medalist.agent.choose.recorded_choice import newest_choice
from medalist.agent.evidence.brute_force_trial import OracleTrials
from medalist.agent.extract.answer import Extraction
from medalist.agent.extract.extractor import Extractor
from medalist.agent.journal import Journal
from medalist.agent.llm.contract import Model
from medalist.agent.propose.public_result import Attempt, Trial, is_settled
from medalist.agent.propose.sample import Sampler
from medalist.agent.propose.search import attempts_of
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.steps.round_questions import Asked, RoundQuestions
from medalist.agent.steps.round_records import (
    FEEDBACK_ROUND,
    RoundRecord,
    ask_of,
    known_verdicts,
    recorded_ask,
    rounds_of,
)
from medalist.agent.steps.run_settings import RunSettings
from medalist.agent.types import Candidate
from medalist.errors import BudgetExhausted


def answers_in_rounds(run: ProblemRun, sampler: Sampler, model: Model) -> Iterator[Candidate]:
    """Yield the answers of all rounds up to the number of candidates, in the order of asking.

    Args:
        run: The run.
        sampler: Makes requests; its ways are those of new samples.
        model: Answers them, with tools if they are on.

    Raises:
        ModelFailure: The endpoint cannot be used.
        BudgetExhausted: A cap was reached, or a recording holds no such round; the answers that
            came were yielded before.
    """
    tools = run.tools
    trials = OracleTrials(run.inputs, tools.pool, run.tried)

    def attempt(extracted: Sequence[tuple[Candidate, Extraction]]) -> list[Trial]:
        with tools.lease.hold("judge"):
            return trials(extracted)

    attempts: list[Attempt] = []
    asked: list[Asked] = []
    extract = Extractor(run.public)
    number = 0
    while len(asked) < run.settings.candidates:
        number += 1
        record = _round(run, sampler, number, attempts, asked)
        requests = [sampler.request(ask_of(tools.journal, ask)) for ask in record.asks]
        asked += [
            Asked(one.move, request.request_id, len(record.after))
            for one, request in zip(record.asks, requests, strict=True)
        ]
        came: list[Candidate] = []
        for candidate in sampler.sample(model, requests):
            came.append(candidate)
            yield candidate
        came.sort(key=sampler.place)
        attempts += attempts_of([(answer, extract(answer)) for answer in came], attempt)
        with tools.lease.hold("judge"):
            attempts = trials.again(attempts)
        run.progress.settled = is_settled(attempts)


def _round(
    run: ProblemRun,
    sampler: Sampler,
    number: int,
    attempts: Sequence[Attempt],
    asked: Sequence[Asked],
) -> RoundRecord:
    """Return what a round asks: as it was journalled, or made of what is known now."""
    journal, key = run.tools.journal, f"{run.problem_id}/{number}"
    known = journal.get(FEEDBACK_ROUND, key)
    if known is not None:
        return known
    after = known_verdicts(journal, run.problem_id)
    record = _recorded(run, number)
    if record is None:
        room = run.settings.candidates - len(asked)
        questions = RoundQuestions(
            run, sampler, attempts, asked, newest_choice(journal, run.problem_id)
        )
        planned = questions.next(min(room, round_size(run.settings, number)))
        asks = tuple(recorded_ask(journal, move, ask) for move, ask in planned)
        record = RoundRecord(asks, after, questions.earned)
    elif sorted(record.after) != sorted(after):  # what models submit comes in any order
        raise BudgetExhausted(
            f"the recording asked round {number} after other submissions: what these would have "
            "brought it does not say"
        )
    journal.append(FEEDBACK_ROUND, key, record)
    return record


def _recorded(run: ProblemRun, number: int) -> RoundRecord | None:
    """Return what a recording asked in a round; None for other models."""
    source = run.tools.model.traits.recorded
    if source is None:
        return None
    key, ours = f"{run.problem_id}/{number}", run.tools.journal
    with Journal.open(source, readonly=True) as journal:
        record = journal.get(FEEDBACK_ROUND, key)
        if record is None:
            raise BudgetExhausted(f"the recording holds no round {number}")
        asks = tuple(recorded_ask(ours, ask.move, ask_of(journal, ask)) for ask in record.asks)
    return replace(record, asks=asks)


def round_size(settings: RunSettings, number: int) -> int:
    """Return how many answers a round has at most, from 1; the last has all that are left."""
    if number < settings.rounds:
        return settings.width
    return settings.last_round or settings.candidates


def round_now(run: ProblemRun) -> int:
    """Return the round that a run is in: the last that was asked within its candidates, or 1."""
    number = asked = 0
    for record in rounds_of(run.tools.journal, run.problem_id):
        asked += len(record.asks)
        if asked > run.settings.candidates:
            break
        number += 1
    return max(1, number)


def in_round(run: ProblemRun, number: int) -> ProblemRun:
    """Return the run as it is in a round: with its answers and its submissions.

    After each round but the last only some submissions are made.
    """
    settings, rules = run.settings, run.tools.rules
    known = rounds_of(run.tools.journal, run.problem_id)
    sizes = [len(item.asks) for item in known[:number]]
    sizes += [round_size(settings, item) for item in range(len(sizes) + 1, number + 1)]
    count = min(settings.candidates, sum(sizes))
    if not is_last_round(run, number, count):
        drawn = count / settings.candidates
        allowed = min(number * settings.round_submissions, in_proportion(rules.submissions, drawn))
        # Of a program that fails the samples a verdict says which subtasks it holds all the same.
        least = 0.0 if rules.subtasks and not rules.wrong_cost else rules.least
        rules = replace(rules, submissions=allowed, least=least)
    return replace(
        run,
        settings=replace(settings, candidates=count),
        tools=replace(run.tools, rules=rules),
    )


def in_proportion(submissions: int, drawn: float) -> int:
    """Return how many of all submissions may be made when a share of the answers is there.

    No larger share of them, but one at least: what is chosen now would mostly be chosen among all
    answers, too, and the choice among these keeps as many as it needs.
    """
    return min(submissions, max(1, math.ceil(submissions * drawn)))


def is_last_round(run: ProblemRun, number: int, count: int) -> bool:
    """Whether no round follows this one, after which there are `count` answers."""
    nothing_to_ask = run.tools.given is not None or count >= run.settings.candidates
    return nothing_to_ask or number >= run.settings.rounds
