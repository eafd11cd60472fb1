"""How the scripted endpoint words what it answers to Anthropic's Messages API.

Field names and events are those of https://platform.claude.com/docs/en/api/messages and
/docs/en/build-with-claude/streaming, as of 2026-11-30.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from medalist.agent.llm.scripted.scripted_replies import PIECE, ScriptedText, SeenRequest

_FINISHES = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}


def message_of(model: str, seen: SeenRequest, written: ScriptedText) -> dict[str, Any]:
    """Return the whole answer to a request."""
    reply = written.reply
    message: dict[str, Any] = {
        "id": f"msg_{seen.index}",
        "type": "message",
        "role": "assistant",
        "model": reply.model or model,
        "content": _blocks(seen, written),
        "stop_reason": "tool_use" if reply.calls else _FINISHES.get(written.finish, written.finish),
        "stop_sequence": None,
    }
    if reply.refusal:
        message["stop_reason"] = "refusal"
    if reply.usage:
        message["usage"] = _usage(seen)
    return message


def message_events(model: str, seen: SeenRequest, written: ScriptedText) -> Iterator[bytes]:
    """Yield the answer as server-sent events."""
    message = message_of(model, seen, written)
    usage = message.pop("usage", {})
    begun = message | {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}
    yield _event({"type": "message_start", "message": begun})
    yield _event({"type": "ping"})
    for index, block in enumerate(message["content"]):
        yield from _block_events(index, block)
    ended = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    told = {"output_tokens": seen.completion_tokens} if usage else {}
    yield _event({"type": "message_delta", "delta": ended, "usage": told})
    yield _event({"type": "message_stop"})


def _block_events(index: int, block: dict[str, Any]) -> Iterator[bytes]:
    kind = block["type"]
    if kind == "tool_use":
        empty, pieces = block | {"input": {}}, [("input_json_delta", json.dumps(block["input"]))]
    elif kind == "thinking":
        empty = block | {"thinking": "", "signature": ""}
        pieces = [("thinking_delta", block["thinking"]), ("signature_delta", block["signature"])]
    else:
        empty, pieces = block | {"text": ""}, [("text_delta", block["text"])]
    names = {
        "input_json_delta": "partial_json",
        "thinking_delta": "thinking",
        "signature_delta": "signature",
        "text_delta": "text",
    }
    yield _event({"type": "content_block_start", "index": index, "content_block": empty})
    for delta, text in pieces:
        for start in range(0, len(text), PIECE):
            piece = {"type": delta, names[delta]: text[start : start + PIECE]}
            yield _event({"type": "content_block_delta", "index": index, "delta": piece})
    yield _event({"type": "content_block_stop", "index": index})


def _blocks(seen: SeenRequest, written: ScriptedText) -> list[dict[str, Any]]:
    reply, text, _ = written
    blocks: list[dict[str, Any]] = []
    if reply.reasoning:
        signed = f"sig-{seen.index}"
        blocks.append({"type": "thinking", "thinking": reply.reasoning, "signature": signed})
    if reply.refusal or text:
        blocks.append({"type": "text", "text": reply.refusal or text})
    for number, (name, arguments) in enumerate(reply.calls):
        call = {"id": f"toolu_{seen.index}_{number}", "name": name, "input": json.loads(arguments)}
        blocks.append({"type": "tool_use", **call})
    return blocks


def _usage(seen: SeenRequest) -> dict[str, Any]:
    return {
        "input_tokens": seen.prompt_tokens - seen.cache_read - seen.cache_written,
        "cache_read_input_tokens": seen.cache_read,
        "cache_creation_input_tokens": seen.cache_written,
        "output_tokens": seen.completion_tokens,
    }


def _event(content: dict[str, Any]) -> bytes:
    return f"event: {content['type']}\ndata: {json.dumps(content)}\n\n".encode()
