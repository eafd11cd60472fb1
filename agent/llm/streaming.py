"""Putting a streamed answer together again, so that it is read like one that came at once.

Events are read as the standard of server-sent events has it (`data` may have several lines, a line
ends with CR, LF or both and with nothing else), and leniently: what is JSON counts, wherever the
content type says that it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from medalist.agent.llm.failures import error_of
from medalist.agent.llm.tool_payloads import merged_calls

_LINE_END = re.compile(r"\r\n|\r|\n")


class StreamCut(Exception):
    """The stream ended before the answer did, or was no stream of events."""


class StreamOverrun(Exception):
    """More pieces came than tokens were allowed; a piece is one token or more."""


def is_stream(text: str) -> bool:
    """Whether a body is a stream of events, whatever its headers say."""
    return text[:200].lstrip("\ufeff\r\n ").startswith(("data:", "event:", ": ", ":\n", "id:"))


def parsed(text: str) -> Any:
    """Parse JSON; a number of thousands of digits is not one.

    Raises:
        ValueError: It is not JSON, or nested too deeply.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _number(digits: str) -> int | None:
    return int(digits) if len(digits) < 40 else None


_DECODER = json.JSONDecoder(parse_int=_number)
"""Made once: a stream has hundreds of events an answer."""


class _StreamedChoice:
    """One of the answers that a stream brings, as far as it has come."""

    def __init__(self) -> None:
        self.message: dict[str, list[Any]] = {}
        self.finish: Any = None
        self.pieces = 0
        self.tokens: list[Any] = []

    def add(self, choice: dict[str, Any]) -> None:
        """Add what an event brings."""
        whole = choice.get("message")
        if isinstance(whole, dict):  # all of it again, or for the first time, in the last event
            self.message = {name: [part] for name, part in whole.items()}
        named = choice.get("logprobs")
        if isinstance(named, dict) and isinstance(named.get("content"), list):
            self.tokens += named["content"]
        delta = choice.get("delta")
        fresh = False
        for name, part in delta.items() if isinstance(delta, dict) else ():
            if part and name != "role":
                self.message.setdefault(name, []).append(part)
                fresh = True
        self.pieces += fresh  # the same thought may come under two names
        self.finish = choice.get("finish_reason") or self.finish

    def joined(self) -> dict[str, Any]:
        """Return it as if it had come at once."""
        message = {
            name: merged_calls(parts) if name == "tool_calls" else _joined(parts)
            for name, parts in self.message.items()
        }
        named = {"content": self.tokens} if self.tokens else None
        return {"message": message, "finish_reason": self.finish, "logprobs": named}


async def gather_chat(chunks: AsyncIterator[str], limit: int) -> dict[str, Any]:
    """Join the chunks of a streamed chat completion; its choices may come in any order.

    Raises:
        StreamCut: It broke off.
        StreamOverrun: An answer continues beyond `limit` tokens.
    """
    came: dict[object, _StreamedChoice] = {}
    body: dict[str, Any] = {}
    async with aclosing(events_in(chunks)) as events:
        async for chunk in events:
            if error_of(chunk) is not None:
                return chunk
            body |= {name: chunk[name] for name in ("model", "usage") if chunk.get(name)}
            choices = chunk.get("choices")
            for choice in choices if isinstance(choices, list) else ():
                if not isinstance(choice, dict):
                    continue
                if choice.get("usage"):  # Moonshot
                    body["usage"] = choice["usage"]
                index = choice.get("index")
                known = came.setdefault(index if isinstance(index, int) else 0, _StreamedChoice())
                known.add(choice)
                if known.pieces > limit:
                    raise StreamOverrun
    whole = [choice.joined() for choice in came.values() if choice.finish is not None]
    if not whole:
        raise StreamCut
    return body | {"choices": whole}


async def gather_response(chunks: AsyncIterator[str], limit: int) -> dict[str, Any]:
    """Wait for the event of the responses API that repeats the whole answer.

    Raises:
        StreamCut: It did not come.
        StreamOverrun: The answer continues beyond `limit` tokens.
    """
    pieces = 0
    async with aclosing(events_in(chunks)) as events:
        async for event in events:
            kind = str(event.get("type"))
            if kind in ("response.completed", "response.incomplete", "response.failed"):
                response = event.get("response")
                return dict(response) if isinstance(response, dict) else event
            if kind == "error" or error_of(event) is not None:
                return {"error": error_of(event) or event}
            pieces += kind.endswith(".delta")
            if pieces > limit:
                raise StreamOverrun
    raise StreamCut


async def at_once(text: str) -> AsyncIterator[str]:
    """Yield a body that is there already as a stream of one piece."""
    yield text


def _joined(parts: list[Any]) -> Any:
    """Put the pieces of a field together: text to text, lists of parts to one list."""
    if all(isinstance(part, str) for part in parts):
        return "".join(parts)
    joined: list[Any] = []
    for part in parts:
        joined += part if isinstance(part, list) else [part]
    return joined


async def _lines(chunks: AsyncIterator[str]) -> AsyncGenerator[str]:
    """Split at line ends, and not at the other characters that Unicode calls so."""
    rest: list[str] = []
    half = False  # the chunk before ended in the middle of a line end, CR and LF
    async for chunk in chunks:
        text = chunk.removeprefix("\n") if half else chunk
        half = chunk.endswith("\r") if chunk else half
        *whole, last = _LINE_END.split(text) if "\r" in text else text.split("\n")
        for line in whole:
            rest.append(line)
            yield "".join(rest)
            rest = []
        rest.append(last)
    if line := "".join(rest):
        yield line


async def events_in(chunks: AsyncIterator[str]) -> AsyncGenerator[dict[str, Any]]:
    """Yield the JSON of server-sent events up to their end marker."""
    data: list[str] = []
    async with aclosing(_lines(chunks)) as lines:
        async for line in lines:
            field, _, value = line.partition(":")
            if field.strip("\ufeff") == "data":
                value = value.removeprefix(" ")
                if not data and value.strip() == "[DONE]":
                    return
                data.append(value)
                # Some leave the empty line between events out.
                event = _event(data, may_go_on=True) if len(data) == 1 else None
            elif line:
                continue
            else:
                event = _event(data, may_go_on=False)
            if event is not None:
                data = []
                yield event
    event = _event(data, may_go_on=False)
    if event is not None:
        yield event


def _event(data: list[str], *, may_go_on: bool) -> dict[str, Any] | None:
    """Read an event off its data lines; None if there is none, or its end is still to come."""
    text = "\n".join(data)
    if not text.strip() or (may_go_on and not text.rstrip().endswith("}")):
        return None
    try:
        event = parsed(text)
    except ValueError as error:
        if may_go_on:
            return None
        if text.lstrip().startswith(("{", "[")):
            raise StreamCut from error
        event = text
    return event if isinstance(event, dict) else {"error": {"message": str(event)[:500]}}
