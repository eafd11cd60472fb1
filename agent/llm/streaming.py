"""Putting a streamed answer together again, so that it is read like one that came at once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any


class StreamCut(Exception):
    """The stream ended before the answer did, or was no stream of events."""


class StreamOverrun(Exception):
    """More pieces came than tokens were allowed; a piece is one token or more."""


async def gather_chat(lines: AsyncIterator[str], limit: int) -> dict[str, Any]:
    """Join the chunks of a streamed chat completion.

    Raises:
        StreamCut: It broke off.
        StreamOverrun: It goes on beyond `limit` tokens.
    """
    message: dict[str, str] = {}
    body: dict[str, Any] = {}
    finish: str | None = None
    pieces = 0
    async for chunk in _events(lines):
        if isinstance(chunk.get("error"), dict):
            return chunk
        body |= {name: chunk[name] for name in ("model", "usage") if chunk.get(name)}
        choices = chunk.get("choices") or [{}]
        for name, text in (choices[0].get("delta") or {}).items():
            if isinstance(text, str) and name != "role":
                message[name] = message.get(name, "") + text
                pieces += bool(text)
        finish = choices[0].get("finish_reason") or finish
        if pieces > limit:
            raise StreamOverrun
    if finish is None:
        raise StreamCut
    return body | {"choices": [{"message": message, "finish_reason": finish}]}


async def gather_response(lines: AsyncIterator[str], limit: int) -> dict[str, Any]:
    """Wait for the event of the responses API that repeats the whole answer.

    Raises:
        StreamCut: It did not come.
        StreamOverrun: The answer goes on beyond `limit` tokens.
    """
    pieces = 0
    async for event in _events(lines):
        kind = str(event.get("type"))
        if kind in ("response.completed", "response.incomplete", "response.failed"):
            return dict(event["response"])
        if kind == "error":
            return {"error": event}
        pieces += kind.endswith(".delta")
        if pieces > limit:
            raise StreamOverrun
    raise StreamCut


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, Any]]:
    """Yield the JSON of server-sent events up to their end marker."""
    async for line in lines:
        field, _, data = line.partition(":")
        if field != "data":
            continue
        if data.strip() == "[DONE]":
            return
        try:
            event = json.loads(data)
        except json.JSONDecodeError as error:
            raise StreamCut from error
        if isinstance(event, dict):
            yield event
