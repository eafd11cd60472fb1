"""What a server's refusal says about limits: which number would be accepted.

The wordings are those of the servers' sources and documentation (OpenAI and Azure, vLLM, SGLang,
llama.cpp, TGI, Anthropic, Gemini, DeepSeek, Alibaba, Groq, Mistral, Moonshot, Cohere), as of 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

STATUSES = frozenset({400, 413, 422})
"""With these a server refuses a request for what is in it."""

_N = r"`?(\d{1,3}(?:[,_]\d{3})+|\d+)`?"
_CONTEXT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Anthropic: "exceed context limit: 190000 + 20000 > 200000"
        rf"context (?:limit|length|window)[^\d]{{0,20}}\d+ \+ \d+ > {_N}",
        # OpenAI, vLLM, SGLang, OpenRouter: "maximum context length is 8192 tokens"
        rf"(?:maximum|max)\s+(?:context|model|sequence)\s+(?:length|len|size|window)\D{{0,30}}{_N}",
        # llama.cpp: "exceeds the available context size (8192 tokens)"
        rf"context (?:size|length|window|limit)\s*(?:of|is|\(|=|:)\s*{_N}",
        # TGI, Together: "`inputs` tokens + `max_new_tokens` must be <= 4096"
        rf"inputs?\W*\s*tokens\s*\+\s*\W*max_new_tokens\W*\s*must be <=\s*{_N}",
        # Mistral: "too large for model with 32768 maximum context length"
        rf"{_N} (?:tokens? )?(?:maximum|max) context",
        # Moonshot: "exceeded model token limit: 8192"
        rf"(?:model|total) token limit\D{{0,10}}{_N}",
    )
)
_OUTPUT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # OpenAI: "This model supports at most 16384 completion tokens"
        rf"at most {_N} (?:completion|output)",
        # DeepSeek, Alibaba: "valid range of max_tokens is [1, 8192]", "should be [1, 8192]"
        rf"range\b.{{0,60}}?[\[(]\s*\d+\s*,\s*{_N}\s*[\])]",
        # Gemini: "the supported range is from 1 (inclusive) to 65537 (exclusive)"
        rf"range\b.{{0,60}}?\bto {_N}",
        # Anthropic: "max_tokens: 32768 > 8192, which is the maximum allowed"
        rf"max_(?:\w+_)?tokens\W{{1,4}}\d+ > {_N}",
        # Groq, Cohere, pydantic: "must be less than or equal to `8192`", "cannot exceed 8192"
        rf"(?:less than or equal to|not exceed|cannot exceed|must be <=|at most|up to)\s*{_N}",
        rf"(?:no more than|maximum(?: value)?(?: is| of|:)?)\s*{_N}",
        rf"{_N}\D{{0,30}}(?:is the )?(?:maximum|limit)",
    )
)
_PROMPT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_N} (?:input|prompt) tokens",
        rf"{_N} (?:tokens )?(?:in|from|of) the (?:messages|input|prompt)",
        rf"{_N} (?:tokens )?(?:of text input|in your prompt|`inputs` tokens)",
        rf"{_N} \+ \d+ > ",
    )
)
_ABOUT_LENGTH = re.compile(
    r"token|context|length|too (?:large|long|many)|max_?output|exceed", re.IGNORECASE
)


@dataclass(frozen=True)
class AcceptedLimit:
    """What a refusal says of the lengths that would be accepted.

    Attributes:
        context: Maximum tokens of prompt and answer together.
        output: Most tokens of an answer.
        prompt: Tokens of the prompt that was refused, as the server counts.
    """

    context: int | None = None
    output: int | None = None
    prompt: int | None = None


def bound_of(body: object, text: str, limit: int) -> AcceptedLimit | None:
    """Read a bound off a refusal of a request whose limit was `limit`; None if it names none."""
    if not _ABOUT_LENGTH.search(text):
        return None
    fields = _fields(body)
    prompt = fields.get("n_prompt_tokens") or _first(_PROMPT, text)
    context = fields.get("n_ctx") or _first(_CONTEXT, text)
    if context is not None:
        # A request whose prompt alone is too long cannot be helped by a lower limit.
        fits = context > (prompt or 0) and limit + (prompt or 0) >= context - (prompt or 0)
        return AcceptedLimit(context=context, prompt=prompt) if fits else None
    output = _first(_OUTPUT, text)
    if output is not None and re.search(rf"\b{output}`?\W*\(?exclusive", text):
        output -= 1
    if output is not None and output < limit:
        return AcceptedLimit(output=output, prompt=prompt)
    numbers = [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", text)]
    smaller = [n for n in numbers if 16 <= n < limit and n != prompt]
    return AcceptedLimit(output=max(smaller), prompt=prompt) if smaller else None


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    for pattern in patterns:
        match = pattern.search(text)
        if match and len(match[1]) < 12:
            return int(re.sub(r"[,_]", "", match[1]))
    return None


def _fields(body: object) -> dict[str, int]:
    """Counts that are in their own fields (llama.cpp)."""
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    if not isinstance(inner, Mapping):
        return {}
    return {
        str(name): value
        for name, value in inner.items()
        if isinstance(value, int) and not isinstance(value, bool) and value > 0
    }
