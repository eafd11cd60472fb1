"""From calls of functions to calls in text, where an endpoint turns out to take no functions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from medalist.agent.llm.contract import Message, Request, ToolCall
from medalist.agent.propose.tool_protocol import ToolOffer, result_text, shown_name


def in_text(offer: ToolOffer) -> ToolOffer:
    """Return an offer of the same tools that needs nothing of the endpoint."""
    return replace(offer, protocol="text")


def request_in_text(request: Request, offer: ToolOffer) -> Request:
    """Return a request that declares functions as one in which calls and results are text.

    Args:
        request: What was to be asked.
        offer: How tools were offered in it.
    """
    told, text = offer.text, in_text(offer).text
    messages = [
        replace(message, content=message.content.replace(told, text))
        if message.role == "user"
        else message
        for message in messages_in_text(request.messages)
    ]
    return replace(request, messages=tuple(messages), tools=(), must_answer=False)


def messages_in_text(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Return turns with calls of functions, and results, as turns of text."""
    worded: list[Message] = []
    names: dict[str, str] = {}
    results: list[str] = []
    for message in messages:
        if message.role == "tool":
            results.append(result_text(names.get(message.call_id, ""), message.content))
            continue
        if results:
            worded.append(Message("user", "\n\n".join(results)))
            results = []
        names |= {call.call_id: call.name for call in message.calls}
        blocks = "\n".join(map(_block, message.calls))
        said = f"{message.content}\n{blocks}".lstrip() if blocks else message.content
        worded.append(replace(message, content=said, calls=(), kept="") if blocks else message)
    if results:
        worded.append(Message("user", "\n\n".join(results)))
    return tuple(worded)


def _block(call: ToolCall) -> str:
    try:
        given = json.loads(call.arguments or "{}", strict=False)
    except (ValueError, RecursionError):
        given = {}
    told = {"tool": shown_name(call.name), **(given if isinstance(given, dict) else {})}
    return f"```tool\n{json.dumps(told, ensure_ascii=False)}\n```"
