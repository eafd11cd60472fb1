"""Requests and answers in the words of Anthropic's Messages API.

As its documentation has them (https://platform.claude.com/docs, read on 2026-11-30): the system
prompt is separate, thinking is asked for and comes in blocks with a signature, which a
conversation with calls of functions wants back, and prompts are cached up to marks.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from typing import Any

from medalist.agent.llm.api_answers import AnswerTexts, answer_of
from medalist.agent.llm.api_requests import prefills, sampling, token_limit
from medalist.agent.llm.attempt import AttemptAnswer
from medalist.agent.llm.contract import Message, Request, ToolCall
from medalist.agent.llm.failures import error_of
from medalist.agent.llm.forms import schema_of
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.streaming import StreamCut, StreamOverrun, events_in
from medalist.agent.llm.tool_payloads import plain_text

VERSION = "2023-06-01"

CACHED_BYTES = 4096
"""Shorter prompts are not kept by caches (1,024 tokens at least), and are not marked."""

_LEAST_THINKING = 1024
_ANSWER_TOKENS = 4096
"""Of the limit of an answer, so much at most is kept from its thinking."""

_SHARES = {"minimal": 0.1, "low": 0.25, "medium": 0.5}
"""What share of the room for thinking is granted, by effort, where it is granted in tokens."""

_THINKING = ("thinking", "redacted_thinking")


def messages_body(model: str, profile: Profile, request: Request) -> dict[str, Any]:
    """Word a request."""
    limit = token_limit(profile, request)
    thinking = _thinking(profile, limit)
    body: dict[str, Any] = {"model": model, "max_tokens": limit, **thinking}
    if not thinking:  # with thinking, answers are drawn as the API draws them
        drawn = sampling(profile, request.temperature, request.top_p)
        if "temperature" in drawn:
            drawn["temperature"] = min(drawn["temperature"], 1.0)
        drawn.pop("min_p", None)
        body |= drawn
    if request.stop and profile.stop:
        body["stop_sequences"] = [stop for stop in request.stop if stop.strip()]
    if request.choices and profile.structured:
        form = {"type": "json_schema", "schema": schema_of(request.choices)}
        body["output_config"] = {**body.get("output_config", {}), "format": form}
    if profile.tools is not False and request.tools:
        body["tools"] = [
            {
                "name": tool.name,
                "description": tool.description,
                "input_schema": json.loads(tool.parameters),
            }
            for tool in request.tools
        ]
        if request.must_answer and profile.tool_choice:
            body["tool_choice"] = {"type": "none"}
    system = [message.content for message in request.messages if message.role == "system"]
    turns = _turns(profile, request)
    if request.prefill and prefills(profile, request) and not thinking:
        turns.append({"role": "assistant", "content": request.prefill})
    if system and not profile.system:
        turns[0]["content"] = [*map(_text, system), *turns[0]["content"]]
    elif system:
        body["system"] = [_text("\n\n".join(system))]
    if marks(request):
        _mark(turns)
    body["messages"] = turns
    if profile.stream:
        body["stream"] = True
    return body


def marks(request: Request) -> bool:
    """Whether a prompt is marked to be cached: others share it, and it is long enough."""
    return request.along > 1 and request.prompt_bytes >= CACHED_BYTES


def read_message(body: Mapping[str, Any]) -> AttemptAnswer | None:
    """Read an answer, None if it is not one."""
    content = body.get("content")
    if not isinstance(content, list) or error_of(body) is not None:
        return None
    blocks = [block for block in content if isinstance(block, Mapping)]
    said = _joined(blocks, "text", "text")
    calls, kept = _calls(blocks)
    finish = body.get("stop_reason")
    return answer_of(
        body,
        AnswerTexts(said, _joined(blocks, "thinking", "thinking")),
        finish=finish,
        called=(calls, kept),
    )


async def gather_message(chunks: AsyncIterator[str], limit: int) -> dict[str, Any]:
    """Put a streamed answer together.

    Raises:
        StreamCut: It broke off.
        StreamOverrun: It continues beyond `limit` tokens.
    """
    body: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    blocks: dict[object, dict[str, Any]] = {}
    pieces, ended = 0, False
    async with aclosing(events_in(chunks)) as events:
        async for event in events:
            kind = event.get("type")
            if kind == "error" or error_of(event) is not None:
                return event
            if kind == "message" and isinstance(event.get("content"), list):
                return event  # all of it at once
            message = event.get("message")
            if kind == "message_start" and isinstance(message, dict):
                body = dict(message)
                usage |= _mapping(message.get("usage"))
            elif kind == "content_block_start":
                blocks[_index(event)] = dict(_mapping(event.get("content_block")))
            elif kind == "content_block_delta":
                pieces += 1
                _extend(blocks.setdefault(_index(event), {}), _mapping(event.get("delta")))
            elif kind == "message_delta":
                body |= _mapping(event.get("delta"))
                told = _mapping(event.get("usage")).items()
                usage |= {name: value for name, value in told if value is not None}
            ended = ended or kind == "message_stop" or bool(body.get("stop_reason"))
            if pieces > limit:
                raise StreamOverrun
    if not ended:
        raise StreamCut
    return body | {"content": [*blocks.values()], "usage": usage}


def _extend(block: dict[str, Any], delta: Mapping[str, Any]) -> None:
    """Add a piece to a block: of its text, its thinking, its signature, or a call's arguments."""
    for name in ("text", "thinking", "signature", "partial_json"):
        piece = delta.get(name)
        if isinstance(piece, str):
            before = block.get(name)
            block[name] = (before if isinstance(before, str) else "") + piece
            kinds = {"text": "text", "thinking": "thinking", "signature": "thinking"}
            block.setdefault("type", kinds.get(name, "tool_use"))


def _thinking(profile: Profile, limit: int) -> dict[str, Any]:
    """Return the fields that let a model think before it answers; none where it should not."""
    if not profile.thinking or profile.messages_thinking == "no":
        return {}
    effort = profile.reasoning_effort
    if profile.messages_thinking == "adaptive":
        asked: dict[str, Any] = {"thinking": {"type": "adaptive"}}
        return asked | ({"output_config": {"effort": effort}} if effort else {})
    most = limit - min(_ANSWER_TOKENS, limit // 2)
    budget = max(_LEAST_THINKING, int(most * _SHARES.get(effort or "", 1.0)))
    if budget >= limit:
        return {}
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


def _turns(profile: Profile, request: Request) -> list[dict[str, Any]]:
    """Word the conversation; turns of one side in a row are one."""
    turns: list[dict[str, Any]] = []
    for message in request.messages:
        if message.role == "system":
            continue
        role = "assistant" if message.role == "assistant" else "user"
        blocks = [*_blocks(message, keep=profile.keep_thinking)]
        if profile.sees:
            blocks[:0] = [
                {
                    "type": "image",
                    "source": {"type": "base64", "media_type": picture.kind, "data": picture.data},
                }
                for picture in message.pictures
            ]
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += blocks
        else:
            turns.append({"role": role, "content": blocks})
    return turns


def _blocks(message: Message, *, keep: bool) -> Iterable[dict[str, Any]]:
    if message.role == "tool":
        yield {
            "type": "tool_result",
            "tool_use_id": message.call_id,
            "content": message.content or "(nothing)",
        }
        return
    if message.calls and keep and message.kept:
        yield from json.loads(message.kept).get("blocks", [])
    if message.content:
        yield _text(message.content)
    for call in message.calls:
        yield {
            "type": "tool_use",
            "id": call.call_id,
            "name": call.name,
            "input": _arguments(call.arguments),
        }


def _arguments(text: str) -> dict[str, Any]:
    """Return a call's arguments; broken ones cannot be repeated to this API."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {"broken": text}
    return value if isinstance(value, dict) else {"value": value}


def _mark(turns: list[dict[str, Any]]) -> None:
    """Mark the end of what others share: all of the conversation, and what precedes it."""
    content = turns[-1]["content"]
    if turns[-1]["role"] == "user" and isinstance(content, list) and content:
        content[-1]["cache_control"] = {"type": "ephemeral"}


def _calls(blocks: list[Mapping[str, Any]]) -> tuple[tuple[ToolCall, ...], str]:
    """Read the calls, and the thoughts that are to be passed back with their results."""
    calls = []
    for number, block in enumerate(blocks):
        if block.get("type") != "tool_use":
            continue
        arguments = block.get("partial_json")
        if not isinstance(arguments, str):
            given = block.get("input")
            arguments = given if isinstance(given, str) else json.dumps(given or {})
        name, call_id = block.get("name"), block.get("id")
        calls.append(
            ToolCall(
                plain_text(call_id) if isinstance(call_id, str) else f"call_{number}",
                plain_text(name) if isinstance(name, str) else "",
                plain_text(arguments),
            )
        )
    kept = [dict(block) for block in blocks if block.get("type") in _THINKING]
    told = json.dumps({"blocks": kept}, ensure_ascii=False) if calls and kept else ""
    return tuple(calls), plain_text(told)


def _joined(blocks: list[Mapping[str, Any]], kind: str, name: str) -> str:
    texts = (block.get(name) for block in blocks if block.get("type", "text") == kind)
    return "".join(text for text in texts if isinstance(text, str))


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _index(event: Mapping[str, Any]) -> object:
    index = event.get("index")
    return index if isinstance(index, int) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
