"""Requests and answers in the words of the two APIs, tolerant of what servers leave out.

Plain functions on JSON; sending and failing are the endpoint's business (`endpoint.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from medalist.agent.llm.attempt import AttemptAnswer
from medalist.agent.llm.contract import Finish, Message, Request, TokenLogprob, ToolCall
from medalist.agent.llm.forms import schema_of
from medalist.agent.llm.logprobs import read_logprobs
from medalist.agent.llm.profiles import USUAL_TEMPERATURE, USUAL_TOP_P, Profile
from medalist.agent.llm.thoughts import split
from medalist.agent.llm.tool_payloads import (
    chat_calls,
    chat_tools,
    chat_turn,
    response_calls,
    response_items,
    response_tools,
)
from medalist.agent.llm.usage import read_cost, read_usage, shared
from medalist.agent.types import Usage

JsonObject = Mapping[str, Any]

# By their names in lower case: those of OpenAI, vLLM and SGLang, Anthropic, Gemini, Cohere, TGI,
# Mistral, DeepSeek. All others (`eos`, `stop_sequence`, `tool_calls`, ...) are an ordinary end.
_FINISHES: Mapping[str, Finish] = {
    **dict.fromkeys(("length", "max_output_tokens", "max_tokens", "model_length"), "length"),
    **dict.fromkeys(("model_context_window_exceeded", "context_length", "max_length"), "length"),
    **dict.fromkeys(("content_filter", "safety", "recitation", "blocklist"), "content_filter"),
    **dict.fromkeys(("prohibited_content", "spii", "sensitive"), "content_filter"),
    **dict.fromkeys(("refusal", "error_toxic"), "refusal"),
}

_THOUGHTS = frozenset(
    {"thinking", "reasoning", "thought", "reasoning_text", "summary_text", "redacted_thinking"}
    | {"reasoning.text", "reasoning.summary", "analysis"}
)
"""Types of content parts that hold thinking."""

_DEEPEST = 20
_MOST_BYTES_A_TOKEN = 40
"""A count by which the tokens of an answer are longer than this on average is none."""

_BYTES_A_TOKEN_OF_SEVERAL = 12
"""Likewise for several answers together, where one alone may have been counted."""

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


def read_chats(body: JsonObject, count: int, limit: int) -> list[AttemptAnswer]:
    """Read a chat completion's answers, `count` at most; none if it is no chat completion.

    What they took together is shared over them, so that none has more than `limit` tokens.
    """
    choices = body.get("choices")
    given = choices if isinstance(choices, list) else []
    read = [_read_choice(body, one) for one in given[:count] if isinstance(one, dict)]
    if len(read) < 2:
        return read
    weights = [(_bytes(one.text, one.reasoning), _bytes(one.reasoning)) for one in read]
    usage = _believed(read_usage(body.get("usage")), sum(written for written, _ in weights))
    cut = sum(one.finish == "length" for one in read)
    most = sum(written for written, _ in weights) / _BYTES_A_TOKEN_OF_SEVERAL
    if (usage.completion_tokens or 0) < max(cut * limit, most):
        # Some servers count one of them only (llama.cpp): then it is not known what all took.
        usage = replace(usage, completion_tokens=None, reasoning_tokens=None)
    cost = read_cost(body.get("usage"))
    return [
        replace(
            one,
            usage=share,
            cost_usd=None if cost is None else cost / len(read),
            along=place > 0,
        )
        for place, (one, share) in enumerate(zip(read, shared(usage, weights, limit), strict=True))
    ]


def _read_choice(body: JsonObject, choice: JsonObject) -> AttemptAnswer:
    message = choice.get("message")
    if not isinstance(message, dict):
        message = {"content": message or choice.get("text")}
    text, thought = _parts(message.get("content"))
    # The same thoughts under several names: vLLM and llama.cpp say `reasoning_content`, others
    # `reasoning`, OpenRouter gives the parts in `reasoning_details` as well.
    for name in ("reasoning_content", "reasoning", "thinking", "reasoning_details"):
        apart = "".join(_parts(message.get(name)))
        if apart.strip():
            thought = f"{apart}\n{thought}" if thought.strip() else apart
            break
    return answer_of(
        body,
        AnswerTexts(text, thought, "".join(_parts(message.get("refusal")))),
        finish=choice.get("finish_reason"),
        called=chat_calls(message),
        logprobs=read_logprobs(choice.get("logprobs")),
    )


def _parts(value: object, depth: int = 0, *, thinks: bool = False) -> tuple[str, str]:
    """Join content, however it is cut into parts, to text and thoughts."""
    if isinstance(value, str):
        return ("", value) if thinks else (value, "")
    if depth > _DEEPEST:
        return "", ""
    if isinstance(value, list):
        parts = [_parts(one, depth + 1, thinks=thinks) for one in value]
        return "".join(text for text, _ in parts), "".join(thought for _, thought in parts)
    if not isinstance(value, dict):
        return "", ""
    thinks = (
        thinks or str(value.get("type", "")).lower() in _THOUGHTS or value.get("thought") is True
    )
    names = ("text", "content", "thinking", "summary", "output_text", "reasoning", "refusal")
    name = next((name for name in names if value.get(name)), None)
    thinks = thinks or name in ("thinking", "reasoning")
    return _parts(value.get(name), depth + 1, thinks=thinks) if name else ("", "")


def read_response(body: JsonObject) -> AttemptAnswer | None:
    """Read an answer of the responses API, None if it is none."""
    output = body.get("output")
    if not isinstance(output, list):
        return None
    said: list[str] = []
    refused: list[str] = []
    thoughts: list[str] = []
    tokens: list[object] = []
    for item in output:
        if not isinstance(item, dict):
            continue
        is_thought = item.get("type") == "reasoning"
        for name in ("summary", "content"):
            parts = item.get(name)
            for part in parts if isinstance(parts, list) else [parts]:
                is_refusal = isinstance(part, dict) and part.get("type") == "refusal"
                text, thought = _parts(part, thinks=is_thought)
                (refused if is_refusal else said).append(text)
                named = part.get("logprobs") if isinstance(part, dict) else None
                tokens += named if isinstance(named, list) else []
                if thought:
                    thoughts.append(thought)
    details = body.get("incomplete_details")
    return answer_of(
        body,
        AnswerTexts("".join(said), "\n".join(thoughts), "".join(refused)),
        finish=details.get("reason") if isinstance(details, dict) else None,
        called=response_calls(output),
        logprobs=read_logprobs(tokens),
    )


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
        # 0 leaves nothing out: it is no news to any server, and some refuse the name.
        "min_p": advice.min_p if profile.min_p and advice.min_p else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _messages(profile: Profile, request: Request) -> list[Message]:
    messages = list(request.messages)
    if not profile.sees:
        messages = [replace(one, pictures=()) if one.pictures else one for one in messages]
    if not profile.system:
        system = "\n\n".join(m.content for m in messages if m.role == "system")
        messages = [m for m in messages if m.role != "system"]
        if system and messages:
            messages[0] = replace(messages[0], content=f"{system}\n\n{messages[0].content}")
    return messages


class AnswerTexts(NamedTuple):
    """The texts of an answer."""

    text: str
    reasoning: str = ""
    refusal: str = ""


def answer_of(
    body: JsonObject,
    said: AnswerTexts,
    finish: object,
    called: tuple[tuple[ToolCall, ...], str],
    logprobs: tuple[TokenLogprob, ...] | None = None,
) -> AttemptAnswer:
    """Make an answer of what a body says, in the words of any API; `called`: see `chat_calls`."""
    text, reasoning, refusal = said
    how = _FINISHES.get(str(finish or "stop").lower(), "stop")
    told = split(text, cut=how == "length")
    text, apart = told.text, told.thought
    reasoning = f"{reasoning}\n{apart}" if reasoning and apart.strip() else reasoning or apart
    if refusal and not text:
        text, how = refusal, "refusal"
    usage = read_usage(body.get("usage"))
    calls, kept = called
    texts = [text, reasoning, *(call.arguments for call in calls)]
    usage = _believed(usage, _bytes(*texts))
    return AttemptAnswer(
        text=text,
        reasoning=reasoning,
        finish=how,
        usage=usage,
        model=str(body.get("model") or ""),
        cost_usd=read_cost(body.get("usage")),
        calls=calls,
        kept=kept,
        logprobs=logprobs,
    )


def _believed(usage: Usage, written: int) -> Usage:
    """Return the usage without a count that so many bytes of answer and thought cannot have."""
    if written > _MOST_BYTES_A_TOKEN * (usage.completion_tokens or 0):
        return replace(usage, completion_tokens=None)  # not everything was counted
    return usage


def _bytes(*texts: str) -> int:
    return sum(len(text.encode("utf-8", "replace")) for text in texts)
