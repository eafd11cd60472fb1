"""The web application of the service: its doors, and what they answer when something is wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from medalist import __version__
from medalist.agent.service import service_metrics
from medalist.agent.service.asked import first_fault
from medalist.agent.service.desk import AtDesk, ClientGone, ServiceParts
from medalist.agent.service.door_guard import DoorGuard, DoorRules, UnfitBody, error_response
from medalist.agent.service.doors import own_doors, piston, sandbox_fusion, trainer_doors
from medalist.agent.service.fair_queue import Overloaded, Stopping
from medalist.agent.service.strict_json import UnfitJson
from medalist.errors import BadInput, MedalistError

log = logging.getLogger(__name__)

_MOST_SAID = 500
_SHAPE = re.compile(r"Asked$|\[|^(?:str|int|float|bool|dict)$")
_OPTIONS = {"--lang": "language", "--std": "standard"}
"""What the command line calls a field."""


def application(parts: ServiceParts, rules: DoorRules) -> FastAPI:
    """Return the application over a queue, a judge and problems."""
    app = FastAPI(
        title="medalist",
        version=__version__,
        description="A sandboxed judge for trainers, evaluators and tools.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.parts = parts
    app.include_router(own_doors.router)
    app.include_router(sandbox_fusion.router)
    app.include_router(trainer_doors.router)
    app.include_router(piston.router)
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)

    @app.get("/health", tags=["service"])
    async def health() -> Response:
        """Whether the service takes work; needs no token."""
        queue = parts.queue
        state = {"status": "stopping" if queue.stopping else "ok", "version": __version__}
        load = {"boxes": queue.workers, "running": queue.running, "waiting": queue.waiting}
        return JSONResponse(state | load, 503 if queue.stopping else 200)

    @app.get("/metrics", tags=["service"])
    async def metrics(desk: AtDesk) -> Response:
        """Counts in Prometheus's text format."""
        text = desk.parts.metrics.text(desk.parts.queue)
        return PlainTextResponse(text, media_type=service_metrics.CONTENT_TYPE)

    parts.metrics.serve(app.openapi()["paths"])
    app.add_middleware(DoorGuard, rules=rules, metrics=parts.metrics)
    return app


async def _refused(_: Request, error: Exception) -> Response:
    """Paths and methods that there are not."""
    code = error.status_code if isinstance(error, HTTPException) else 400
    messages = {404: "no such endpoint", 405: "method not allowed"}
    headers = error.headers if isinstance(error, HTTPException) else None
    if isinstance(error, UnfitBody | UnfitJson):
        return error_response(code, error.detail, headers)
    return error_response(code, messages.get(code, "this request cannot be read"), headers)


async def _unfit(_: Request, error: Exception) -> Response:
    """A body that does not say what it should: the first fault, never the body itself."""
    assert isinstance(error, RequestValidationError)
    first: Mapping[str, object] = next(iter(error.errors()), {})
    places = first.get("loc", ())
    names = places[1:] if isinstance(places, tuple) else ()
    # Which of several shapes of a body was tried is not a place in it.
    place = ".".join(name for name in map(str, names) if not _SHAPE.search(name))
    said = str(first.get("msg", "not understood")).removeprefix("Value error, ")
    message = f"{place}: {said}" if place else said
    return error_response(422, message[:_MOST_SAID])


async def _unfit_inside(_: Request, error: Exception) -> Response:
    """Another client's request that is well formed, and holds what no door of ours takes."""
    assert isinstance(error, ValidationError)
    return error_response(422, first_fault(error)[:_MOST_SAID])


async def _bad_input(_: Request, error: Exception) -> Response:
    message = str(error)
    for option, name in _OPTIONS.items():
        message = message.replace(option, name)
    missing = isinstance(error, BadInput) and message.startswith("no problem ")
    return error_response(404 if missing else 422, message[:_MOST_SAID])


async def _overloaded(request: Request, error: Exception) -> Response:
    assert isinstance(error, Overloaded)
    message = f"{error}: retry in {error.retry_s} s"
    return _not_done(request, 429, message, {"Retry-After": str(error.retry_s)})


async def _stopping(request: Request, error: Exception) -> Response:
    headers = {"Retry-After": "5", "Connection": "close"}
    return _not_done(request, 503, str(error), headers)


async def _broken(request: Request, error: Exception) -> Response:
    """The sandbox failed: that says nothing of a program, and may be asked again."""
    return _not_done(request, 503, str(error)[:_MOST_SAID], {"Retry-After": "1"})


async def _failed(request: Request, error: Exception) -> Response:
    """A fault of medalist's own."""
    log.error("%s failed", request.url.path, exc_info=error)
    message = "the service failed: this says nothing about the program"
    return _not_done(request, 500, message, {"Retry-After": "1"})


def _not_done(request: Request, status: int, message: str, headers: Mapping[str, str]) -> Response:
    """Say that nothing was judged, by a status after which the door's clients ask again."""
    if request.url.path in sandbox_fusion.DOORS:
        status = sandbox_fusion.ASK_AGAIN
    return error_response(status, message, headers)


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=499)


_ANSWERS = {
    HTTPException: _refused,
    RequestValidationError: _unfit,
    ValidationError: _unfit_inside,
    BadInput: _bad_input,
    Overloaded: _overloaded,
    Stopping: _stopping,
    MedalistError: _broken,
    ClientGone: _gone,
    Exception: _failed,
}
