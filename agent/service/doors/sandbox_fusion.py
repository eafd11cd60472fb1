"""SandboxFusion's doors, so that its clients (verl's, its own SDK) work unchanged.

verl asks once a test, gives up permanently on every error but 504, and counts what it gave up as a
wrong answer. So whatever is not a word on the program is answered 504 here, soon enough for verl to
ask again; the work continues meanwhile, and who asks the same again is given its result.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from medalist.agent.service.asked import RewardAsked, beside_program
from medalist.agent.service.desk import AtDesk, Desk
from medalist.agent.service.door_guard import error_response
from medalist.agent.service.doors.fusion_shapes import (
    RunCodeAsked,
    SubmitAsked,
    evaluation_row,
    family_known,
    files_given,
    language_meant,
    run_row,
    tests_given,
)
from medalist.agent.service.rewarding import rewarded
from medalist.agent.service.service_judge import ServiceJudge, program_source
from medalist.agent.service.strict_json import JsonRoute
from medalist.errors import BadInput
from medalist.sandbox.box import Run
from medalist.sandbox.limits import MIB, RunLimits

router = APIRouter(tags=["SandboxFusion"], route_class=JsonRoute)

START_WITHIN_S = 8.0
"""verl waits for the limits it asked for and ten seconds more: until then it must hear of it."""
ASK_AGAIN = 504
"""The only status after which verl asks again: it stands for all faults that are ours."""
DOORS = ("/run_code", "/submit", "/common_evaluate", "/common_evaluate_batch")
_DEFAULT_MEMORY_MB = 1024
_Row = dict[str, Any]


@router.post("/run_code")
async def run_code(asked: RunCodeAsked, desk: AtDesk) -> Response:
    """Run a program on one input; it is compiled once, however often it is asked for."""
    files = files_given(asked.files)
    fetch = tuple(beside_program(name) for name in asked.fetch_files)
    return await _in_time(desk, asked, partial(_run, desk.parts.judge, asked, files, fetch))


@router.post("/submit")
@router.post("/common_evaluate")
@router.post("/common_evaluate_batch")
async def submit(asked: SubmitAsked, desk: AtDesk) -> Response:
    """Judge the program of an answer on given tests, or on a problem that is served."""
    data = asked.config.provided_data
    tests = None if data is None else tests_given(data, asked.config.run_timeout or 10.0)
    named = None if tests else str(asked.id)
    if named is not None and not desk.parts.catalogue.knows(named):
        raise BadInput(f"no problem {named[:100]!r} is served, and there is no provided_data")
    run_all = bool(asked.config.extra.get("run_all_cases", True))
    (result,) = await rewarded(
        desk,
        RewardAsked(
            problem=named,
            tests=tests,
            answers=[asked.completion],
            language=family_known(asked.config.language),
            reward="fraction" if run_all else "first-failing",
        ),
    )
    if result.reward is None:
        return _ask_again(result.message)
    return JSONResponse(evaluation_row(asked, result))


async def _in_time(desk: Desk, asked: RunCodeAsked, work: Callable[[], _Row]) -> Response:
    """Answer with what comes of some work, or 504 while the client still listens."""
    parked = desk.parts.parked
    key = parked.key(desk.client, asked.model_dump_json())
    limit_s = asked.compile_timeout + asked.run_timeout + START_WITHIN_S
    try:
        job = parked.take(key) or desk.queue(work)
        try:
            return JSONResponse(await desk.result(job, START_WITHIN_S))
        except TimeoutError:
            if job.started:
                return JSONResponse(await desk.result(job, limit_s - START_WITHIN_S))
            raise
    except TimeoutError:
        parked.park(key, job)
        return _ask_again("the boxes are busy: the work goes on, ask again for its result")


def _ask_again(message: str) -> Response:
    return error_response(ASK_AGAIN, message, {"Retry-After": "1"})


def _run(
    judge: ServiceJudge, asked: RunCodeAsked, files: dict[str, bytes], fetch: tuple[str, ...]
) -> _Row:
    language = language_meant(asked.language, asked.code)
    source = program_source(asked.code, language, beside=files)
    memory = asked.memory_limit_MB if asked.memory_limit_MB > 0 else _DEFAULT_MEMORY_MB
    limits = RunLimits(cpu_s=asked.run_timeout, wall_s=asked.run_timeout, memory_bytes=memory * MIB)
    run = Run((asked.stdin or "").encode(), files=files, collect=fetch)
    compiled, outcomes = judge.run_source(source, [run], limits)
    return run_row(compiled, outcomes, asked)
