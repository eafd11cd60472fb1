"""The web application: a page of static files, the log that it reads, and the Contest API.

    /                    the page (index.html and the files that it names)
    /data/contest        what the page has to know once
    /data/log            every entry so far; `?reveals=1` for the resolver
    /data/stream         server-sent events from a place in the log on
    /api/                the Contest API (see `api.py`)

Everything that is served is in memory: the files of the package, and what the journal of the one
run says. No request names a path on disk.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from medalist.agent.web import stream
from medalist.agent.web.api import router
from medalist.agent.web.guard import Guard, Secrets
from medalist.agent.web.hub import Hub
from medalist.agent.web.packed import Packed

STATIC = Path(__file__).parent / "static"


def application(hub: Hub, *, hosts: Sequence[str], given: Secrets) -> FastAPI:
    """Return the application that shows a contest.

    Args:
        hub: The contest.
        hosts: The address to which the server is bound, and the names of a proxy before it: it
            answers to these only.
        given: The secrets that open it.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(hub.follow())
        yield
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    app = FastAPI(
        title="medalist Contest API",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.hub = hub
    public = Packed(hub.public.log, hub.tag)
    full = Packed(hub.full.log, hub.tag)
    app.include_router(router, prefix="/api")
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _refused)
    for path in sorted(STATIC.iterdir()):
        _add_file(app, path)

    @app.get("/data/contest", include_in_schema=False)
    async def contest(request: Request) -> Response:
        known = hub.public.log.contest()
        known |= {"tag": hub.tag, "resolver": request.scope["state"]["presenter"]}
        return JSONResponse(known)

    @app.get("/data/log", include_in_schema=False)
    async def log(request: Request, reveals: bool = False) -> Response:
        if reveals and not request.scope["state"]["presenter"]:
            return JSONResponse({"code": 403, "message": "for the presenter"}, 403)
        packed = full if reveals else public
        headers = {"Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(packed.plain(), headers=headers, media_type="application/json")
        headers["Content-Encoding"] = "gzip"
        body = await packed.compressed()
        return Response(body, headers=headers, media_type="application/json")

    @app.get("/data/stream", include_in_schema=False)
    async def entries(request: Request, place: str = "") -> Response:
        return stream.events(hub, request.headers.get("last-event-id", place))

    # Starlette's compression leaves event streams alone.
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, hosts=hosts, given=given)
    return app


def _add_file(app: FastAPI, path: Path) -> None:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"

    async def file() -> Response:
        return Response(body, media_type=kind)

    address = "/" if path.name == "index.html" else f"/{path.name}"
    app.add_api_route(address, file, methods=["GET", "HEAD"], include_in_schema=False)


async def _refused(_: Request, error: Exception) -> Response:
    """Errors in the form that the Contest API prescribes."""
    code = error.status_code if isinstance(error, HTTPException) else 400
    message = "not found" if code == 404 else "this request cannot be read"
    return JSONResponse({"code": code, "message": message}, code)
