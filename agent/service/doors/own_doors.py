"""medalist's own doors: judge, run, reward, and the list of problems."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Discriminator, Field, Tag

from medalist.agent.service.asked import MOST_ITEMS, JudgeAsked, RewardAsked, RunAsked
from medalist.agent.service.desk import AtDesk, Desk
from medalist.agent.service.fair_queue import QueuedJob
from medalist.agent.service.rewarding import rewarded
from medalist.agent.service.strict_json import JsonRoute
from medalist.errors import BadInput, MedalistError

router = APIRouter(prefix="/v1", tags=["medalist"], route_class=JsonRoute)

_NDJSON = "application/x-ndjson"
_Batch = Annotated[list[JudgeAsked], Field(min_length=1, max_length=MOST_ITEMS)]
_Row = dict[str, Any]
_OneOrMany = Annotated[
    Annotated[JudgeAsked, Tag("JudgeAsked")] | Annotated[_Batch, Tag("list[JudgeAsked]")],
    Discriminator(lambda body: "list[JudgeAsked]" if isinstance(body, list) else "JudgeAsked"),
]


@router.get("/problems")
async def problems(desk: AtDesk) -> Response:
    """The ids of the problems that are served."""
    return JSONResponse({"problems": desk.parts.catalogue.ids})


@router.post("/judge")
async def judge(asked: _OneOrMany, desk: AtDesk, request: Request) -> Response:
    """Judge a program, or a list of programs, as `medalist judge --json` does.

    A list is answered as a list in its order; with `Accept: application/x-ndjson` as one line a
    program, as soon as it is judged, with its place in the list as `index`. What cannot be judged
    (an unknown language, say) has an `error` there in place of a verdict.
    """
    if isinstance(asked, JudgeAsked):
        if not desk.parts.catalogue.knows(asked.problem or "") and asked.tests is None:
            raise BadInput(f"no problem {asked.problem!r} is served", hint="GET /v1/problems")
        row = await desk.result(desk.queue(partial(desk.parts.judge.judge, asked)))
        desk.parts.metrics.judged(row["verdict"])
        return JSONResponse(row)
    work = [partial(_judged, desk.parts.judge.judge, item) for item in asked]
    jobs = desk.queue_all(work)
    if _NDJSON in request.headers.get("accept", ""):
        return StreamingResponse(_lines(desk, jobs), media_type=_NDJSON)
    rows = await desk.results(jobs)
    for row in rows:
        desk.parts.metrics.judged(row.get("verdict", "error"))
    return JSONResponse(rows)


@router.post("/run")
async def run(asked: RunAsked, desk: AtDesk) -> Response:
    """Compile a program once and run it on inputs, each run by itself."""
    return JSONResponse(await desk.result(desk.queue(partial(desk.parts.judge.run, asked))))


@router.post("/reward")
async def reward(asked: RewardAsked, desk: AtDesk) -> Response:
    """Reward several answers to one prompt; `null` where the judge failed, never 0."""
    results = await rewarded(desk, asked)
    rows = [result.row() for result in results]
    return JSONResponse({"rewards": [row["reward"] for row in rows], "details": rows})


def _judged(judge: Callable[[JudgeAsked], _Row], asked: JudgeAsked) -> _Row:
    """Judge one program of a list: that one cannot be judged is not a fault of the others."""
    try:
        return judge(asked)
    except MedalistError as error:
        return {"source": asked.name, "error": str(error)}


async def _lines(desk: Desk, jobs: list[QueuedJob[_Row]]) -> AsyncIterator[str]:
    """Yield judgements as they are ready; those not begun are given up when the client has gone."""
    places = {job.future: place for place, job in enumerate(jobs)}
    waiting = set(places)
    try:
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for future in sorted(done, key=places.__getitem__):
                error = future.exception()
                row = {"error": str(error)} if error else future.result()
                desk.parts.metrics.judged(row.get("verdict", "error"))
                yield json.dumps({"index": places[future], **row}, ensure_ascii=False) + "\n"
    finally:
        for future in waiting:
            future.cancel()
