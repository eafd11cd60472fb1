"""Calls of functions in the words of the two APIs, and what of an answer an endpoint wants back.

Within the turns of one answer, reasoning models want their own thoughts again with the results of
their calls: the responses API its reasoning items (encrypted, since nothing is stored there),
OpenRouter its `reasoning_details`, DeepSeek, Kimi, GLM and MiniMax the `reasoning_content`, Gemini
the signature at each call. All of it is passed back as it came, and read by nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from medalist.agent.llm.contract import Message, Request, ToolCall
from medalist.problems.model import Picture

_THOUGHTS = ("reasoning_details", "reasoning_content", "reasoning")
"""Fields of a chat message in which thoughts are given back; the first that is there."""

_OF_A_CALL = ("id", "type", "function", "index")
ENCRYPTED = "reasoning.encrypted_content"


def chat_tools(request: Request, *, choice: bool) -> dict[str, Any]:
    """Return the fields of a chat completion that declare functions; `choice`: see `Profile`."""
    if not request.tools:
        return {}
    functions = [
        {
            "name": tool.name,
            "description": tool.description,
            "parameters": json.loads(tool.parameters),
        }
        for tool in request.tools
    ]
    fields: dict[str, Any] = {
        "tools": [{"type": "function", "function": function} for function in functions]
    }
    return fields | ({"tool_choice": "none"} if request.must_answer and choice else {})


def response_tools(request: Request, *, choice: bool, keep: bool) -> dict[str, Any]:
    """Return the same for the responses API; with `keep`, thoughts are asked for to be kept."""
    chat = chat_tools(request, choice=choice)
    if not chat:
        return {}
    tools = [{"type": "function", "strict": False, **row["function"]} for row in chat["tools"]]
    return chat | {"tools": tools} | ({"include": [ENCRYPTED]} if keep else {})


def chat_turn(message: Message, *, keep: bool = True) -> dict[str, Any]:
    """Word a turn as a message of a chat completion; without `keep`, without thoughts."""
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.call_id, "content": message.content}
    turn: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.pictures:
        shown = [
            {"type": "image_url", "image_url": {"url": _url(picture)}}
            for picture in message.pictures
        ]
        turn["content"] = [*shown, {"type": "text", "text": message.content}]
    if not message.calls:
        return turn
    kept = _object(message.kept) if keep else {}
    of_calls = kept.get("calls", {})
    calls = [
        {
            "id": call.call_id,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
            **of_calls.get(call.call_id, {}),
        }
        for call in message.calls
    ]
    return turn | {"content": message.content or None, "tool_calls": calls, **kept.get("turn", {})}


def response_items(message: Message, *, keep: bool = True) -> list[dict[str, Any]]:
    """Word a turn as items of the responses API."""
    if message.role == "tool":
        output = {"call_id": message.call_id, "output": message.content}
        return [{"type": "function_call_output", **output}]
    said = [{"role": message.role, "content": message.content}] if message.content else []
    if message.pictures:
        shown = [
            {"type": "input_image", "image_url": _url(picture)} for picture in message.pictures
        ]
        text = {"type": "input_text", "text": message.content}
        return [{"role": message.role, "content": [*shown, text]}]
    if not message.calls:
        return [{"role": message.role, "content": message.content}]
    calls = {call.call_id: call for call in message.calls}
    items: list[dict[str, Any]] = []
    for item in _object(message.kept).get("items", []) if keep else []:
        if item.get("type") == "reasoning":
            items.append(item)
        elif (call := calls.pop(str(item.get("call_id")), None)) is not None:
            items.append(_function_call(call))
    # What is said stands behind the thoughts and before the first call.
    first = next((n for n, one in enumerate(items) if one["type"] == "function_call"), len(items))
    return [*items[:first], *said, *items[first:], *map(_function_call, calls.values())]


def chat_calls(message: Mapping[str, Any]) -> tuple[tuple[ToolCall, ...], str]:
    """Read the calls in a chat message, and what is to be passed back with their results."""
    entries = message.get("tool_calls")
    entries = (
        [entry for entry in entries if isinstance(entry, Mapping)]
        if isinstance(entries, list)
        else []
    )
    calls, extras = [], {}
    for number, entry in enumerate(entries):
        function = entry.get("function")
        call = _call(entry.get("id"), function if isinstance(function, Mapping) else {}, number)
        calls.append(call)
        extra = {name: value for name, value in entry.items() if name not in _OF_A_CALL}
        if extra:
            extras[call.call_id] = extra
    name = next((name for name in _THOUGHTS if message.get(name)), None)
    turn = {name: message[name]} if name is not None else {}
    kept = {"turn": turn, "calls": extras} if calls and (turn or extras) else {}
    return tuple(calls), _text(kept) if kept else ""


def response_calls(output: Sequence[object]) -> tuple[tuple[ToolCall, ...], str]:
    """Read the same off the items of an answer of the responses API."""
    calls: list[ToolCall] = []
    items: list[dict[str, Any]] = []
    for item in output:
        if not isinstance(item, dict):
            continue
        if item.get("type") == "function_call":
            call = _call(item.get("call_id") or item.get("id"), item, len(calls))
            calls.append(call)
            items.append({"type": "function_call", "call_id": call.call_id})
        elif item.get("type") == "reasoning":
            items.append({name: value for name, value in item.items() if value is not None})
    if not calls or len(items) == len(calls):
        return tuple(calls), ""
    return tuple(calls), _text({"items": items})


def merged_calls(pieces: Iterable[object]) -> list[dict[str, Any]]:
    """Put the calls of a streamed chat message together: pieces of one call share its `index`."""
    merged: dict[object, dict[str, Any]] = {}
    last: object = None
    for piece in (block for part in pieces if isinstance(part, list) for block in part):
        if not isinstance(piece, dict):
            continue
        index = piece.get("index")
        if not isinstance(index, int):
            index = piece.get("id") or (len(merged) if last is None else last)
        last = index if isinstance(index, int | str) else str(index)
        call = merged.setdefault(last, {"function": {"name": "", "arguments": ""}})
        told = piece.get("function")
        for name, value in told.items() if isinstance(told, dict) else ():
            before = call["function"].get(name)
            joins = name == "arguments" and isinstance(value, str) and isinstance(before, str)
            call["function"][name] = before + value if joins else before or value
        for name, value in piece.items():
            if name != "function" and value:
                call.setdefault(name, value)
    return list(merged.values())


def _url(picture: Picture) -> str:
    return f"data:{picture.kind};base64,{picture.data}"


def _call(call_id: object, told: Mapping[str, Any], number: int) -> ToolCall:
    arguments = told.get("arguments")
    if not isinstance(arguments, str):  # some give the object itself
        arguments = "" if arguments is None else json.dumps(arguments, ensure_ascii=False)
    name = told.get("name")
    name = plain_text(name) if isinstance(name, str) else ""
    return ToolCall(plain_text(str(call_id or f"call_{number}")), name, arguments)


def _function_call(call: ToolCall) -> dict[str, Any]:
    fields = {"call_id": call.call_id, "name": call.name, "arguments": call.arguments}
    return {"type": "function_call", **fields}


def _text(value: object) -> str:
    return plain_text(json.dumps(value, ensure_ascii=False))


def plain_text(text: str) -> str:
    """Text that can be sent: half a surrogate pair cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text) if text else {}
    return value if isinstance(value, dict) else {}
