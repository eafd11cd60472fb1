"""Requests and answers of Gemini's own API (`generateContent`), which its batches speak.

As https://ai.google.dev/api/generate-content has it (read on 2026-11-30). Answers are turned into
the form of a chat completion, which is what the compatible door gives otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medalist.agent.llm.api_requests import sampling, token_limit
from medalist.agent.llm.contract import Message, Request
from medalist.agent.llm.forms import schema_of
from medalist.agent.llm.profiles import Profile, plain_name

# The levels of thinking as tokens, which Gemini 2.5 takes instead of them, as
# https://ai.google.dev/gemini-api/docs/openai has it of its compatible door.
_BUDGETS = {"none": 0, "minimal": 1024, "low": 1024, "medium": 8192, "high": 24_576}


def generate_body(model: str, profile: Profile, request: Request) -> dict[str, Any]:
    """Word a request. Functions cannot be called in a batch, and are left out."""
    drawn = sampling(profile, request.temperature, request.top_p)
    names = {"temperature": "temperature", "top_p": "topP", "top_k": "topK"}
    config: dict[str, Any] = {names[name]: drawn[name] for name in names if name in drawn}
    config["maxOutputTokens"] = token_limit(profile, request)
    if request.seed is not None and profile.seed:
        config["seed"] = request.seed
    if request.stop and profile.stop:
        config["stopSequences"] = list(request.stop)
    if profile.thinking:
        config["thinkingConfig"] = _thinking(model, profile.reasoning_effort)
    if request.choices and profile.structured:
        config["responseMimeType"] = "application/json"
        config["responseJsonSchema"] = schema_of(request.choices)
    system = "\n\n".join(
        message.content for message in request.messages if message.role == "system"
    )
    body: dict[str, Any] = {
        "contents": [
            {
                "role": "model" if message.role == "assistant" else "user",
                "parts": [*_pictures(profile, message), {"text": message.content}],
            }
            for message in request.messages
            if message.role != "system"
        ],
        "generationConfig": config,
    }
    return body | ({"systemInstruction": {"parts": [{"text": system}]}} if system else {})


def _thinking(model: str, effort: str | None) -> dict[str, Any]:
    """Say how much is to be thought: in tokens up to Gemini 2.5, which refuses levels."""
    if "gemini-2" in plain_name(model):
        budget = _BUDGETS.get(effort or "", -1)  # -1: as it likes
        return {"includeThoughts": budget != 0, "thinkingBudget": budget}
    level = {} if effort not in _BUDGETS or effort == "none" else {"thinkingLevel": effort}
    return {"includeThoughts": True, **level}


def _pictures(profile: Profile, message: Message) -> list[dict[str, Any]]:
    shown = message.pictures if profile.sees else ()
    return [{"inlineData": {"mimeType": item.kind, "data": item.data}} for item in shown]


def chat_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer as a chat completion: the counts in OpenAI's sense, thoughts in parts."""
    told = body.get("usageMetadata")
    count: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    parts = [count.get(name) for name in ("candidatesTokenCount", "thoughtsTokenCount")]
    numbers = [part for part in parts if isinstance(part, int)]
    written, thought = sum(numbers) if numbers else None, parts[1]
    usage = {
        "prompt_tokens": count.get("promptTokenCount"),
        "completion_tokens": written,
        "prompt_tokens_details": {"cached_tokens": count.get("cachedContentTokenCount")},
        "completion_tokens_details": {"reasoning_tokens": thought},
    }
    candidates = body.get("candidates")
    choices = [
        {
            "message": {"content": (_mapping(candidate.get("content"))).get("parts")},
            "finish_reason": candidate.get("finishReason"),
        }
        for candidate in (candidates if isinstance(candidates, list) else [])
        if isinstance(candidate, Mapping)
    ]
    blocked = _mapping(body.get("promptFeedback")).get("blockReason")
    if blocked and not choices:
        choices = [{"message": {"refusal": f"blocked: {blocked}"}, "finish_reason": "safety"}]
    return {"model": body.get("modelVersion"), "choices": choices, "usage": usage}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
