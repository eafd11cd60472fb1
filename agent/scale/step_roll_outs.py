"""Continues answers from after their steps, has what comes judged, and asks how good steps are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from medalist.agent.extract.extractor import Extractor
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import Journal
from medalist.agent.llm.contract import Completion, Model, Request
from medalist.agent.propose.review import UNSURE, opinion, review
from medalist.agent.propose.sample import REFUSED
from medalist.agent.propose.step_records import (
    ROLL_OUT,
    STEP_SCORE,
    RollOutRecord,
    StepScoreRecord,
    ThinkingRecord,
)
from medalist.agent.propose.step_requests import RollOutSettings, roll_outs, score_request
from medalist.agent.types import Candidate, Program
from medalist.problems.model import PublicProblem

Judge: TypeAlias = Callable[[str, Program], str]
"""From a problem's id and a program to the verdict."""
Tell: TypeAlias = Callable[[str], object]

_TOLD = 50  # how often progress is told


@dataclass(frozen=True)
class StepsWork:
    """Answers whose steps are to be labelled.

    Attributes:
        journal: The folder's.
        thinking: Run and id of each answer to what it is.
        publics: The problems.
        tell: Is told how far it is.
    """

    journal: Journal
    thinking: Mapping[str, ThinkingRecord]
    publics: Mapping[str, PublicProblem]
    tell: Tell


def roll_out(work: StepsWork, model: Model, settings: RollOutSettings, judge: Judge) -> None:
    """Ask for the roll-outs that are missing, and have each judged as it comes.

    A refusal is no roll-out. Equal programs are judged once.

    Raises:
        BudgetExhausted: A cap was reached; what came is kept.
        ModelFailure: The endpoint cannot be used.
        SandboxFailure: The judge failed.
    """
    rows = [entry.value for entry in work.journal.events(ROLL_OUT)]
    known = {entry.key for entry in work.journal.events(ROLL_OUT)}
    verdicts = {
        (work.thinking[row.answer].problem, row.program): row.verdict
        for row in rows
        if row.program and row.verdict and row.answer in work.thinking
    }
    verdicts |= {(each.problem, each.program): each.verdict for each in work.thinking.values()}
    places: dict[str, tuple[str, int]] = {}
    total = sum(len(record.steps) for record in work.thinking.values()) * settings.count

    def requests() -> Iterator[Request]:
        for answer, record in work.thinking.items():
            for step, request in roll_outs(work.journal, answer, record, settings):
                if request.request_id not in known:
                    places[request.request_id] = answer, step
                    yield request

    for done, completion in enumerate(model.complete(requests()), 1 + len(known)):
        if completion.finish in REFUSED:
            continue
        answer, step = places[completion.request_id]
        record = work.thinking[answer]
        program = _program(completion, record, work.publics[record.problem])
        verdict = None
        if program is not None:
            place = record.problem, program.program_id
            verdict = verdicts.get(place) or judge(record.problem, program)
            verdicts[place] = verdict
        came = RollOutRecord(answer, step, program.program_id if program else None, verdict)
        work.journal.append(ROLL_OUT, completion.request_id, came, durable=False)
        if total <= _TOLD or done % (total // _TOLD) == 0:
            work.tell(f"roll-outs: {done} of {total}")


def score_steps(work: StepsWork, model: Model) -> None:
    """Ask a model how good each step is that it was not asked about yet, and each program.

    Raises:
        BudgetExhausted: A cap was reached; what came is kept.
        ModelFailure: The endpoint cannot be used.
    """
    scored = {(event.value.answer, event.value.step) for event in work.journal.events(STEP_SCORE)}
    places: dict[str, tuple[str, int]] = {}

    def requests() -> Iterator[Request]:
        for answer, record in work.thinking.items():
            for step in range(len(record.steps)):
                if (answer, step) not in scored:
                    public = work.publics[record.problem]
                    request = score_request(public, answer, record, step, model)
                    places[request.request_id] = answer, step
                    yield request

    for completion in model.complete(requests()):
        answer, step = places[completion.request_id]
        score = UNSURE if completion.finish in REFUSED else opinion(completion.text)
        row = StepScoreRecord(answer, step, score, model.name)
        work.journal.append(STEP_SCORE, completion.request_id, row, durable=False)
    for problem, own in _by_problem(work.thinking).items():
        _score_programs(work, model, problem, [each for each in own if (each, None) not in scored])


def _score_programs(work: StepsWork, model: Model, problem: str, answers: Sequence[str]) -> None:
    """Have the programs of answers to one problem reviewed; equal ones once."""
    programs = {
        record.program: Program(
            record.program,
            record.language,
            work.journal.blob(record.source).decode("utf-8", "surrogatepass"),
            (answer,),
        )
        for answer in answers
        if (record := work.thinking[answer])
    }
    for name, score in review(work.publics[problem], list(programs.values()), model):
        for answer in answers:
            if work.thinking[answer].program == name:
                row = StepScoreRecord(answer, None, score, model.name)
                work.journal.append(STEP_SCORE, f"{answer}>review", row, durable=False)
        work.tell(f"scored: programs of {problem}")


def _program(
    completion: Completion, record: ThinkingRecord, public: PublicProblem
) -> Program | None:
    candidate = Candidate(
        candidate_id=completion.request_id,
        text=completion.text,
        reasoning=completion.reasoning,
        finish=completion.finish,
        prompt_id="onward",
        model=completion.model,
        language=record.language,
    )
    extraction = Extractor(public)(candidate)
    if extraction.source is None or extraction.language is None:
        return None
    name = program_id(extraction.language, extraction.source)
    return Program(name, extraction.language, extraction.source, (completion.request_id,))


def _by_problem(thinking: Mapping[str, ThinkingRecord]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for answer, record in thinking.items():
        grouped.setdefault(record.problem, []).append(answer)
    return grouped
