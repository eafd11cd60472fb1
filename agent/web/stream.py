"""Streams that never hold the server up: the page's server-sent events, the API's NDJSON feed.

A client that does not read for `PATIENCE_S` is dropped. It loses nothing: it names the last place
that it has seen when it comes again.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from sse_starlette import EventSourceResponse
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from medalist.agent.web.hub import Hub

PATIENCE_S = 20.0
"""How long a client may refuse to take more."""

KEEP_ALIVE_S = 15.0
"""How often a quiet stream says that it is still there (the API asks for 120 s or less)."""

FAREWELL_S = 4
"""How long a stream may take to end by itself when the server stops; then it is cut."""

CHUNK = 250
"""Most entries in one message."""


_NUMBER = re.compile(r"[0-9]{1,15}")


class Events(EventSourceResponse):
    """Server-sent events; a client that stopped reading is dropped without a word."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the client leaves."""
        with suppress(TimeoutError):
            await super().__call__(scope, receive, send)


class Lines(StreamingResponse):
    """NDJSON; a client that stopped reading is dropped without a word."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the client leaves."""

        async def patient(message: Message) -> None:
            async with asyncio.timeout(PATIENCE_S):
                await send(message)

        with suppress(TimeoutError):
            await super().__call__(scope, receive, patient)


def events(hub: Hub, place: str) -> Events:
    """Return what comes after a place (`tag:number`) in the log, and then as it happens."""
    return Events(
        _entries(hub, place),
        ping=KEEP_ALIVE_S,
        send_timeout=PATIENCE_S,
        # Without it the library cuts the stream when it sees the server stop, and its reader
        # takes a proper end for a broken connection.
        shutdown_grace_period=FAREWELL_S,
    )


def feed(hub: Hub, after: int, *, follow: bool) -> Lines:
    """Return the notifications after a token, and then, unless `follow` is off, what comes."""
    # Compressed, a line would wait for others to fill a block.
    headers = {"Content-Encoding": "identity"}
    lines = _notifications(hub, after, follow)
    return Lines(lines, media_type="application/x-ndjson", headers=headers)


def place_in(hub: Hub, place: str) -> int | None:
    """Return the number of a place in the log; None where it is one of another log."""
    tag, _, number = place.rpartition(":")
    return counted(number, len(hub.public.log.entries)) if tag == hub.tag else None


def counted(text: str, most: int) -> int | None:
    """Return a number from 0 to `most` that somebody sent; None where it is not one."""
    if not _NUMBER.fullmatch(text) or int(text) > most:
        return None
    return int(text)


async def _entries(hub: Hub, place: str) -> AsyncIterator[bytes]:
    done = place_in(hub, place)
    if done is None:
        yield b"event: reset\r\ndata: \r\n\r\n"
        return
    clock: tuple[float, float] | None = None
    while not hub.closed:
        message, end = _message(hub, done)
        if end > done:
            done = end
            yield message
            # A client that takes everything at once must let the others have their turn.
            await asyncio.sleep(0)
        elif clock is None or clock[1] != hub.clock()[1]:
            clock = hub.clock()
            yield b"event: clock\r\ndata: %s\r\n\r\n" % json.dumps(_clock(clock)).encode()
        else:
            await hub.wait(KEEP_ALIVE_S)


def _message(hub: Hub, start: int) -> tuple[bytes, int]:
    """Return the next entries after a place as one event, and the place behind them.

    Most viewers wait at the same place: what was put together for one is kept for the next.
    """
    entries = hub.public.log.entries
    end = min(start + CHUNK, len(entries))
    if hub.newest_message[:2] != (start, end):
        data = b",".join(entries[start:end])
        text = b"event: entries\r\nid: %s:%d\r\ndata: [%s]\r\n\r\n"
        hub.newest_message = (start, end, text % (hub.tag.encode(), end, data))
    return hub.newest_message[2], end


def _clock(clock: tuple[float, float]) -> dict[str, Any]:
    return {"now": clock[0], "speed": clock[1]}


async def _notifications(hub: Hub, after: int, follow: bool) -> AsyncIterator[bytes]:
    lines = hub.public.feed.lines
    while not hub.closed:
        chunk = lines[after : after + CHUNK]
        if chunk:
            after += len(chunk)
            yield b"".join(chunk)
            await asyncio.sleep(0)
        elif not follow:
            return
        else:
            before = len(lines)
            await hub.wait(KEEP_ALIVE_S)
            if len(lines) == before:
                yield b"\n"
