"""Answers in the words of chat completions and of the responses API, whatever servers leave out.

Plain functions on JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from medalist.agent.llm.attempt import AttemptAnswer
from medalist.agent.llm.contract import Finish, TokenLogprob, ToolCall
from medalist.agent.llm.logprobs import read_logprobs
from medalist.agent.llm.thoughts import split
from medalist.agent.llm.tool_payloads import chat_calls, response_calls
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
"""A count by which the tokens of an answer are longer than this on average is not one."""

_BYTES_A_TOKEN_OF_SEVERAL = 12
"""Likewise for several answers together, where one alone may have been counted."""


def read_chats(body: JsonObject, count: int, limit: int) -> list[AttemptAnswer]:
    """Read a chat completion's answers, `count` at most; none if it is not a chat completion.

    What they took together is shared over them, so that none has more than `limit` tokens.
    """
    choices = body.get("choices")
    given = choices if isinstance(choices, list) else []
    read = [_read_choice(body, item) for item in given[:count] if isinstance(item, dict)]
    if len(read) < 2:
        return read
    weights = [(_bytes(item.text, item.reasoning), _bytes(item.reasoning)) for item in read]
    usage = _believed(read_usage(body.get("usage")), sum(written for written, _ in weights))
    cut = sum(item.finish == "length" for item in read)
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
        parts = [_parts(item, depth + 1, thinks=thinks) for item in value]
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
    """Read an answer of the responses API, None if it is not one."""
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
