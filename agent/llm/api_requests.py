"""Requests in the words of chat completions and of the responses API.

Plain functions on JSON; sending and failing are the endpoint's business (`endpoint.py`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from medalist.agent.llm.contract import Message, Request
from medalist.agent.llm.forms import schema_of
from medalist.agent.llm.profiles import USUAL_TEMPERATURE, USUAL_TOP_P, Profile
from medalist.agent.llm.tool_payloads import chat_tools, chat_turn, response_items, response_tools

FORM_TOKENS = 32
"""Tokens that the form of a structured answer takes beside the answer."""


def chat_body(model: str, profile: Profile, request: Request) -> dict[str, Any]:
    """Word a request as chat completion."""
    keep = profile.keep_thinking
    messages = [chat_turn(message, keep=keep) for message in _messages(profile, request)]
    if request.prefill and prefills(profile, request):
        messages.append({"role": "assistant", "content": request.prefill})
    body = _common(model, profile, request)
    body["messages"] = messages
    body[profile.limit] = token_limit(profile, request)
    if request.along > 1:
        body["n"] = request.along  # and no seed: with one, some servers answer the same each time
    elif request.seed is not None and profile.seed:
        body["seed"] = request.seed
    if request.stop and profile.stop:
        body["stop"] = list(request.stop)
    if profile.tools is not False:
        body |= chat_tools(request, choice=profile.tool_choice)
    if request.logprobs is not None and profile.logprobs:
        body["logprobs"] = True
        if request.logprobs:
            body["top_logprobs"] = min(request.logprobs, profile.most_logprobs)
    if profile.structured and request.choices:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": schema_of(request.choices)},
        }
    if profile.reasoning_effort is not None:
        body["reasoning_effort"] = profile.reasoning_effort
    if profile.stream:
        body["stream"] = True
        if profile.stream_usage:
            body["stream_options"] = {"include_usage": True}
    return body


def responses_body(model: str, profile: Profile, request: Request) -> dict[str, Any]:
    """Word a request for the responses API."""
    body = _common(model, profile, request)
    keep = profile.keep_thinking
    turns = (response_items(message, keep=keep) for message in _messages(profile, request))
    body["input"] = [item for turn in turns for item in turn]
    if profile.tools is not False:
        body |= response_tools(request, choice=profile.tool_choice, keep=keep)
    body["max_output_tokens"] = token_limit(profile, request)
    body["store"] = False
    if request.logprobs is not None and profile.logprobs:
        body["include"] = [*body.get("include", ()), "message.output_text.logprobs"]
        body["top_logprobs"] = min(request.logprobs, profile.most_logprobs)
    if profile.structured and request.choices:
        form = {"type": "json_schema", "name": "answer", "strict": True}
        body["text"] = {"format": form | {"schema": schema_of(request.choices)}}
    if profile.reasoning_effort is not None:
        body["reasoning"] = {"effort": profile.reasoning_effort, "summary": "auto"}
    if profile.stream:
        body["stream"] = True
    return body


def token_limit(profile: Profile, request: Request) -> int:
    """Return the most tokens that the model is allowed to write, reasoning included."""
    assert request.max_tokens is not None  # see `Room.resolved`
    form = FORM_TOKENS if profile.structured and request.choices else 0
    return request.max_tokens + profile.reasoning_allowance + form


def prefills(profile: Profile, request: Request) -> bool:
    """Whether an answer is begun for the model; a form that it must keep begins otherwise."""
    return profile.prefill and not (profile.structured and request.choices)


def _common(model: str, profile: Profile, request: Request) -> dict[str, Any]:
    return {"model": model, **sampling(profile, request.temperature, request.top_p)}


def sampling(profile: Profile, temperature: float | None, top_p: float | None) -> dict[str, Any]:
    """Return how answers are drawn: as asked for, else as the model's makers advise.

    A model that thinks first is never made to take the likeliest token each time (temperature 0):
    its thoughts would go round in circles.
    """
    if not profile.sampling:
        return {}
    advice = profile.advice
    if temperature is None or (temperature == 0 and profile.thinking):
        temperature = USUAL_TEMPERATURE if advice.temperature is None else advice.temperature
    if top_p is None:
        top_p = USUAL_TOP_P if advice.top_p is None else advice.top_p
    values = {
        "temperature": temperature if profile.temperature else None,
        "top_p": top_p if profile.top_p else None,
        "top_k": advice.top_k if profile.top_k else None,
        # 0 leaves nothing out: it is not news to any server, and some refuse the name.
        "min_p": advice.min_p if profile.min_p and advice.min_p else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _messages(profile: Profile, request: Request) -> list[Message]:
    messages = list(request.messages)
    if not profile.sees:
        messages = [
            replace(message, pictures=()) if message.pictures else message for message in messages
        ]
    if not profile.system:
        system = "\n\n".join(m.content for m in messages if m.role == "system")
        messages = [m for m in messages if m.role != "system"]
        if system and messages:
            messages[0] = replace(messages[0], content=f"{system}\n\n{messages[0].content}")
    return messages
