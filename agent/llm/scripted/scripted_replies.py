"""What the scripted endpoint can be told to answer, and how it words that.

It speaks chat completions and responses, plain or streamed. Field names are those of
OpenAI's API reference; streamed answers are server-sent events.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

PIECE = 16  # characters of text in one streamed event

Fault = Literal[
    "html",  # a web page with status 200
    "truncated_json",  # the first half of the answer, as if it were all
    "drip",  # the answer byte by byte, `Reply.drip_s` between them
    "cut",  # the connection ends in the middle of the answer
    "short_length",  # Content-Length says less than what is sent
    "long_length",  # Content-Length says more, and the connection ends
    "disconnect",  # the connection ends before any answer
]


@dataclass(frozen=True)
class Reply:
    """What to answer.

    Attributes:
        text: The completion; cut at the request's token limit unless `ignores_limit`.
        status: Other than 200: an error, for which no work is done or billed.
        prompt_tokens: Default: one for each 4 bytes begun.
        completion_tokens: Default: one for each 4 characters begun, plus `reasoning_tokens`.
        reasoning_tokens: ScriptedText before the text; a limit below them leaves nothing of it.
        usage: Whether the answer says how many tokens it took.
        finish: Default: `stop`, or `length` where the answer was cut; `tool_calls` with calls.
        calls: Functions that the answer calls: names and arguments (JSON text). They count as text.
        location: Where the endpoint has moved to, with a status of 300 to 308.
        raw: The body, byte by byte as another server sends it; `kind` is its content type. What
            it holds is not counted.
        odds: How likely texts are in the place of the first token; where log-probabilities are
            asked for, they say so.
    """

    text: str = "ok"
    status: int = 200
    retry_after_s: float | None = None
    location: str | None = None
    delay_s: float = 0.0
    fault: Fault | None = None
    drip_s: float = 0.01
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning: str = ""
    reasoning_tokens: int = 0
    refusal: str = ""
    finish: str | None = None
    calls: tuple[tuple[str, str], ...] = ()
    usage: bool = True
    ignores_limit: bool = False
    model: str | None = None
    raw: bytes | None = None
    kind: str = "application/json"
    odds: Mapping[str, float] = field(default_factory=dict)


@dataclass
class SeenRequest:
    """One request as the server saw it, and the work it did for it."""

    index: int
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    started: float
    status: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    finished: float | None = None
    cache_read: int = 0
    cache_written: int = 0
    choice: int = 0
    """Which of several answers (`n`) is being written."""

    @property
    def max_tokens(self) -> int | None:
        """The token limit of the request, by whatever name."""
        for name in ("max_tokens", "max_completion_tokens", "max_output_tokens"):
            if name in self.body:
                return int(self.body[name])
        return None


class ScriptedText(NamedTuple):
    """What was written of a reply, cut as the request wants it, and how it ended."""

    reply: Reply
    text: str
    finish: str


def body_of(model: str, seen: SeenRequest, done: Sequence[ScriptedText]) -> dict[str, Any]:
    """Return the whole answer to a request."""
    reply = done[0].reply
    if seen.path.endswith("/responses"):
        return _response(model, seen, *done[0])
    answer: dict[str, Any] = {
        "id": f"chatcmpl-{seen.index}",
        "object": "chat.completion",
        "created": int(seen.started),
        "model": reply.model or model,
        "choices": [_choice(seen, number, *written) for number, written in enumerate(done)],
    }
    if reply.usage:
        answer["usage"] = _chat_usage(seen, done)
    return answer


def _choice(seen: SeenRequest, number: int, reply: Reply, text: str, finish: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if reply.refusal:
        message |= {"content": None, "refusal": reply.refusal}
    if reply.reasoning:
        message["reasoning_content"] = reply.reasoning
    if reply.calls:
        message |= {"content": text or None, "tool_calls": _chat_calls(seen, reply)}
        finish = reply.finish or "tool_calls"
    choice = {"index": number, "message": message, "finish_reason": finish}
    if tokens := logprobs_of(seen, reply, text):
        choice["logprobs"] = {"content": tokens}
    return choice


def events_of(model: str, seen: SeenRequest, done: Sequence[ScriptedText]) -> Iterator[bytes]:
    """Yield the answer as server-sent events."""
    reply, text, _ = done[0]
    if seen.path.endswith("/responses"):
        for start in range(0, len(text), PIECE):
            delta = text[start : start + PIECE]
            yield _event({"type": "response.output_text.delta", "delta": delta})
        response = _response(model, seen, *done[0])
        yield _event({"type": f"response.{response['status']}", "response": response})
        return
    common = {"id": f"chatcmpl-{seen.index}", "object": "chat.completion.chunk", "model": model}
    for number, written in enumerate(done):
        for choice in _chunks(seen, *written):
            yield _event(common | {"choices": [{"index": number, "finish_reason": None, **choice}]})
    if reply.usage and seen.body.get("stream_options", {}).get("include_usage"):
        yield _event(common | {"choices": [], "usage": _chat_usage(seen, done)})
    yield b"data: [DONE]\n\n"


def _chunks(seen: SeenRequest, reply: Reply, text: str, finish: str) -> Iterator[dict[str, Any]]:
    yield {"delta": {"role": "assistant", "content": ""}}
    if tokens := logprobs_of(seen, reply, text):
        yield {"delta": {}, "logprobs": {"content": tokens}}
    if reply.reasoning:
        yield {"delta": {"reasoning_content": reply.reasoning}}
    if reply.refusal:
        yield {"delta": {"refusal": reply.refusal}}
    else:
        for start in range(0, len(text), PIECE):
            yield {"delta": {"content": text[start : start + PIECE]}}
    for number, call in enumerate(_chat_calls(seen, reply)):
        function = call["function"]
        named = {"name": function["name"], "arguments": ""}
        yield {"delta": {"tool_calls": [{"index": number, **call, "function": named}]}}
        arguments = function["arguments"]
        for start in range(0, len(arguments), PIECE):
            piece = {"arguments": arguments[start : start + PIECE]}
            yield {"delta": {"tool_calls": [{"index": number, "function": piece}]}}
    finish = reply.finish or ("tool_calls" if reply.calls else finish)
    yield {"delta": {}, "finish_reason": finish}


def logprobs_of(seen: SeenRequest, reply: Reply, text: str) -> list[dict[str, Any]]:
    """Return the tokens of an answer, 4 characters each, if the request asks for them."""
    wanted = seen.body.get("logprobs") or "message.output_text.logprobs" in seen.body.get(
        "include", ()
    )
    most = int(seen.body.get("top_logprobs") or 0)
    tokens = []
    for start in range(0, len(text) if wanted else 0, 4):
        token = text[start : start + 4]
        odds = reply.odds if start == 0 and reply.odds else {token: 0.9}
        rivals = sorted(odds.items(), key=lambda one: -one[1])[:most]
        tokens.append(
            {
                "token": token,
                "logprob": math.log(odds.get(token) or 1e-9),
                "bytes": list(token.encode("utf-8", "replace")),
                "top_logprobs": [{"token": t, "logprob": math.log(p)} for t, p in rivals],
            }
        )
    return tokens


def _response(
    model: str, seen: SeenRequest, reply: Reply, text: str, finish: str
) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": []}
    part["logprobs"] = logprobs_of(seen, reply, text)
    if reply.refusal:
        part = {"type": "refusal", "refusal": reply.refusal}
    output: list[dict[str, Any]] = []
    if reply.reasoning:
        summary = [{"type": "summary_text", "text": reply.reasoning}]
        item = {"type": "reasoning", "id": f"rs_{seen.index}", "summary": summary}
        if "reasoning.encrypted_content" in seen.body.get("include", ()):
            item["encrypted_content"] = f"sealed-{seen.index}"
        output.append(item)
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
    if text or not reply.calls:
        output.append(message | {"content": [part]})
    output += [
        {"type": "function_call", "id": f"fc_{n}", "call_id": _id(seen, n), "name": name,
         "arguments": arguments}
        for n, (name, arguments) in enumerate(reply.calls)
    ]  # fmt: skip
    cut = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(finish)
    answer: dict[str, Any] = {
        "id": f"resp_{seen.index}",
        "object": "response",
        "created_at": int(seen.started),
        "model": reply.model or model,
        "status": "incomplete" if cut else "completed",
        "incomplete_details": {"reason": cut} if cut else None,
        "output": output,
    }
    if reply.usage:
        answer["usage"] = {
            "input_tokens": seen.prompt_tokens,
            "output_tokens": seen.completion_tokens,
            "output_tokens_details": {
                "reasoning_tokens": min(reply.reasoning_tokens, seen.completion_tokens)
            },
            "total_tokens": seen.prompt_tokens + seen.completion_tokens,
        }
    return answer


def _chat_calls(seen: SeenRequest, reply: Reply) -> list[dict[str, Any]]:
    return [
        {
            "id": _id(seen, number),
            "type": "function",
            "function": {"name": name, "arguments": arguments},
        }
        for number, (name, arguments) in enumerate(reply.calls)
    ]


def _id(seen: SeenRequest, number: int) -> str:
    return f"call_{seen.index}_{number}"


def _chat_usage(seen: SeenRequest, done: Sequence[ScriptedText]) -> dict[str, Any]:
    thought = sum(written.reply.reasoning_tokens for written in done)
    return {
        "prompt_tokens": seen.prompt_tokens,
        "completion_tokens": seen.completion_tokens,
        "completion_tokens_details": {"reasoning_tokens": min(thought, seen.completion_tokens)},
        "total_tokens": seen.prompt_tokens + seen.completion_tokens,
    }


def _event(content: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(content)}\n\n".encode()
