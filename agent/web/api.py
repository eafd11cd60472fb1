"""The endpoints of the Contest API 2023-06: what the event feed has said, read-only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse

from medalist.agent.web import stream
from medalist.agent.web.ccs import objects
from medalist.agent.web.ccs.board import SCOREBOARD
from medalist.agent.web.ccs.board import scoreboard as board
from medalist.agent.web.ccs.feed import COLLECTIONS, Feed
from medalist.agent.web.hub import Hub

router = APIRouter()


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


def _feed(contest_id: str, hub: Annotated[Hub, Depends(_hub)]) -> Feed:
    """The one contest that is served, by its id."""
    feed = hub.public.feed
    if feed.contest["id"] != contest_id:
        raise HTTPException(404)
    return feed


OneHub = Annotated[Hub, Depends(_hub)]
OneFeed = Annotated[Feed, Depends(_feed)]


@router.get("/")
async def information() -> Response:
    """What is served, and by which program."""
    return JSONResponse(objects.api_information())


@router.get("/contests")
async def contests(hub: OneHub) -> Response:
    """The contests: this one."""
    return JSONResponse([hub.public.feed.contest])


@router.get("/contests/{contest_id}")
async def contest(feed: OneFeed) -> Response:
    """The contest."""
    return JSONResponse(feed.contest)


@router.get("/contests/{contest_id}/access")
async def access(feed: OneFeed) -> Response:
    """Which objects there are, and which of their properties; nothing can be changed."""
    seen = {"contest": [feed.contest], "state": [feed.current]}
    seen |= {name: list(feed.collections[name].values()) for name in COLLECTIONS}
    endpoints = [
        {"type": name, "properties": sorted({key for detail in details for key in detail})}
        for name, details in seen.items()
        if details
    ]
    endpoints.append({"type": "scoreboard", "properties": SCOREBOARD})
    return JSONResponse({"capabilities": [], "endpoints": endpoints})


@router.get("/contests/{contest_id}/state")
async def state(feed: OneFeed) -> Response:
    """When the contest entered each of its phases."""
    return JSONResponse(feed.current)


@router.get("/contests/{contest_id}/scoreboard")
async def scoreboard(feed: OneFeed, group_id: str | None = None) -> Response:
    """The public standings."""
    if group_id is not None and group_id not in feed.collections["groups"]:
        raise HTTPException(404)
    return JSONResponse(board(feed.state, feed.current, group_id))


@router.get("/contests/{contest_id}/event-feed")
async def event_feed(
    feed: OneFeed,
    hub: OneHub,
    since_token: str | None = None,
    live: Annotated[bool, Query(alias="stream")] = True,
) -> Response:
    """Every change as one line of JSON, and then as they happen."""
    after = 0 if since_token is None else stream.counted(since_token, len(feed.lines))
    if after is None:
        return JSONResponse({"code": 400, "message": "no such token in this feed"}, 400)
    return stream.feed(hub, after, follow=live)


def _collection(name: str) -> Callable[..., Any]:
    async def everything(feed: OneFeed, request: Request) -> Response:
        entries = list(feed.collections[name].values())
        for key, value in request.query_params.items():
            if key.endswith("_id"):
                entries = [entry for entry in entries if (entry.get(key) or "") == value]
        return JSONResponse(entries)

    return everything


def _single(name: str) -> Callable[..., Any]:
    async def one(feed: OneFeed, object_id: str) -> Response:
        entry = feed.collections[name].get(object_id)
        if entry is None:
            raise HTTPException(404)
        return JSONResponse(entry)

    return one


for _name in COLLECTIONS:
    router.add_api_route(f"/contests/{{contest_id}}/{_name}", _collection(_name))
    router.add_api_route(f"/contests/{{contest_id}}/{_name}/{{object_id}}", _single(_name))
