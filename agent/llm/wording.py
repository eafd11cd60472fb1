"""Requests and answers in the words of the two APIs, tolerant of what servers leave out.

Plain functions on JSON; sending and failing are the endpoint's business (`endpoint.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medalist.agent.llm.attempt import Answer
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.types import Finish, Message, Request
from medalist.agent.words import Usage

JsonObject = Mapping[str, Any]

_FINISHES: Mapping[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "max_output_tokens": "length",
    "content_filter": "content_filter",
    "refusal": "refusal",
}


def chat_body(model: str, profile: Profile, request: Request) -> dict[str, Any]:
    """Word a request as chat completion."""
    messages = _messages(profile, request)
    if request.prefill and profile.prefill:
        messages.append({"role": "assistant", "content": request.prefill})
    body = _common(model, profile, request)
    body["messages"] = messages
    body[profile.limit] = token_limit(profile, request)
    if request.seed is not None and profile.seed:
        body["seed"] = request.seed
    if request.stop and profile.stop:
        body["stop"] = list(request.stop)
    if profile.reasoning_effort is not None:
        body["reasoning_effort"] = profile.reasoning_effort
    if profile.stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return body


def responses_body(model: str, profile: Profile, request: Request) -> dict[str, Any]:
    """Word a request for the responses API."""
    body = _common(model, profile, request)
    body["input"] = _messages(profile, request)
    body["max_output_tokens"] = token_limit(profile, request)
    body["store"] = False
    if profile.reasoning_effort is not None:
        body["reasoning"] = {"effort": profile.reasoning_effort, "summary": "auto"}
    if profile.stream:
        body["stream"] = True
    return body


def token_limit(profile: Profile, request: Request) -> int:
    """Return the most tokens that the model is allowed to write, reasoning included."""
    return request.max_tokens + profile.reasoning_allowance


def read_chat(body: JsonObject) -> Answer | None:
    """Read a chat completion, None if it is none."""
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return None
    message = choices[0].get("message") or {}
    return _answer(
        body,
        text=message.get("content") or "",
        refusal=message.get("refusal") or "",
        # vLLM and llama.cpp say `reasoning_content`, others `reasoning`.
        reasoning=message.get("reasoning_content") or message.get("reasoning") or "",
        finish=choices[0].get("finish_reason"),
    )


def read_response(body: JsonObject) -> Answer | None:
    """Read an answer of the responses API, None if it is none."""
    output = body.get("output")
    if not isinstance(output, list):
        return None
    texts: dict[str, list[str]] = {"output_text": [], "refusal": [], "summary_text": []}
    for item in output:
        parts = [*(item.get("content") or ()), *(item.get("summary") or ())]
        for part in parts:
            kind = part.get("type")
            # Open models show their reasoning itself, in `reasoning_text`.
            kind = "summary_text" if kind == "reasoning_text" else kind
            if kind in texts:
                texts[kind].append(str(part.get("text") or part.get("refusal") or ""))
    return _answer(
        body,
        text="".join(texts["output_text"]),
        refusal="".join(texts["refusal"]),
        reasoning="\n".join(texts["summary_text"]),
        finish=(body.get("incomplete_details") or {}).get("reason"),
    )


def read_usage(usage: object) -> Usage:
    """Read an endpoint's `usage`, in the words of either API; what is missing stays None."""

    def count(*path: str) -> int | None:
        value = usage
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, int) and value >= 0 else None

    def first(*counts: int | None) -> int | None:
        return next((number for number in counts if number is not None), None)

    return Usage(
        prompt_tokens=first(count("prompt_tokens"), count("input_tokens")),
        cached_tokens=first(
            count("prompt_tokens_details", "cached_tokens"),
            count("input_tokens_details", "cached_tokens"),
        ),
        completion_tokens=first(count("completion_tokens"), count("output_tokens")),
        reasoning_tokens=first(
            count("completion_tokens_details", "reasoning_tokens"),
            count("output_tokens_details", "reasoning_tokens"),
        ),
    )


def _common(model: str, profile: Profile, request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {"model": model}
    if profile.sampling and request.temperature is not None:
        body["temperature"] = request.temperature
    if profile.sampling and request.top_p is not None:
        body["top_p"] = request.top_p
    return body


def _messages(profile: Profile, request: Request) -> list[dict[str, str]]:
    messages = list(request.messages)
    if not profile.system:
        system = "\n\n".join(m.content for m in messages if m.role == "system")
        messages = [m for m in messages if m.role != "system"]
        if system and messages:
            messages[0] = Message(messages[0].role, f"{system}\n\n{messages[0].content}")
    return [{"role": message.role, "content": message.content} for message in messages]


def _answer(body: JsonObject, *, text: str, refusal: str, reasoning: str, finish: object) -> Answer:
    how = _FINISHES.get(str(finish or "stop"), "stop")
    if refusal and not text:
        text, how = refusal, "refusal"
    return Answer(
        text=text,
        reasoning=reasoning,
        finish=how,
        usage=read_usage(body.get("usage")),
        model=str(body.get("model") or ""),
    )
