"""How likely a model took the tokens of its answer to be: read, kept, and weighed.

Endpoints word them in two ways: chat completions and the responses API as a list of tokens, each
with its likeliest rivals (OpenAI's API reference, `logprobs.content`); older servers as columns
(`tokens`, `token_logprobs`, `top_logprobs`: OpenAI's completions, Together, llama-cpp-python).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping, Sequence

from medalist.agent.llm.contract import Completion, TokenLogprob

LEAST = -9999.0
"""The log-probability of what cannot be, as OpenAI writes it."""

_SPECIAL = re.compile(r"<[|\uff5c][^<>]*[|\uff5c]>|</s>|<end_of_turn>|\s*")


def read_logprobs(given: object) -> tuple[TokenLogprob, ...] | None:
    """Read log-probabilities, in either form; None where there are none."""
    if isinstance(given, Mapping):
        content = given.get("content")
        given = content if isinstance(content, list) else _rows(given)
    if not isinstance(given, list):
        return None
    tokens = [token for item in given if (token := _token(item)) is not None]
    return tuple(tokens) or None


def chances(completion: Completion, answers: Sequence[str]) -> dict[str, float] | None:
    """Return how likely each of some one-token answers was, in parts of 1.

    The token that counts is the first of the answer, not of its thoughts, that is one of `answers`
    but for spaces, quotes and marks around it (`" A"`, `**A`). The probabilities of all tokens at
    its place that mean an answer are added up, and divided by the sum over all answers.

    Args:
        completion: An answer that was asked for with `Request.logprobs`.
        answers: What it could be, such as the letters `A` and `B`.

    Returns:
        The chance of each of `answers`; None where nothing is known of it.
    """
    token = _token_of(completion, frozenset(answers))
    if token is None:
        return None
    by_answer = dict.fromkeys(answers, 0.0)
    for text, logprob in {token.token: token.logprob, **dict(token.likeliest)}.items():
        if _plain(text) in by_answer:
            by_answer[_plain(text)] += math.exp(min(logprob, 0.0))
    total = sum(by_answer.values())
    return {name: value / total for name, value in by_answer.items()} if total else None


def _token_of(completion: Completion, answers: Collection[str]) -> TokenLogprob | None:
    tokens = list(completion.logprobs or ())
    text, written, start = completion.text.rstrip(), "", len(tokens)
    while start and _SPECIAL.fullmatch(tokens[start - 1].token):  # the end, written out
        start -= 1
    end = start
    while start and text.endswith((tokens[start - 1].token + written).rstrip()):
        start -= 1
        written = tokens[start].token + written
    fitting = [token for token in tokens[start:end] if _plain(token.token) in answers]
    if fitting:
        return fitting[0]
    # The text is worded otherwise than the tokens (as JSON, say): then the last one.
    return next((token for token in reversed(tokens) if _plain(token.token) in answers), None)


def packed(tokens: Sequence[TokenLogprob]) -> str:
    """Word tokens as the journal holds them."""
    rows = [
        [token.token, token.logprob, [list(item) for item in token.likeliest]] for token in tokens
    ]
    return json.dumps(rows, separators=(",", ":"))


def unpacked(text: str) -> tuple[TokenLogprob, ...]:
    """Read what `packed` worded."""
    return tuple(
        TokenLogprob(token, logprob, tuple((name, value) for name, value in likeliest))
        for token, logprob, likeliest in json.loads(text)
    )


def _plain(token: str) -> str:
    return token.strip(" \t\r\n\u0120\u2581\"'`*_().:[]{}")


def _token(given: object) -> TokenLogprob | None:
    if not isinstance(given, Mapping):
        return None
    text, logprob = given.get("token"), _number(given.get("logprob"))
    if not isinstance(text, str) or logprob is None:
        return None
    rivals = given.get("top_logprobs")
    return TokenLogprob(text, logprob, tuple(_likeliest(rivals)))


def _likeliest(given: object) -> list[tuple[str, float]]:
    if isinstance(given, Mapping):  # of the older form: texts to numbers
        given = [{"token": text, "logprob": logprob} for text, logprob in given.items()]
    likeliest = []
    for item in given if isinstance(given, list) else ():
        token = _token({**item, "top_logprobs": None}) if isinstance(item, Mapping) else None
        if token is not None:
            likeliest.append((token.token, token.logprob))
    return likeliest


def _rows(columns: Mapping[str, object]) -> list[object] | None:
    """Turn columns into rows."""
    texts, logprobs = columns.get("tokens"), columns.get("token_logprobs")
    if not isinstance(texts, list) or not isinstance(logprobs, list):
        return None
    rivals = columns.get("top_logprobs")
    rivals = rivals if isinstance(rivals, list) else []
    rivals += [None] * (len(texts) - len(rivals))
    return [
        {"token": text, "logprob": logprob, "top_logprobs": rival}
        for text, logprob, rival in zip(texts, logprobs, rivals, strict=False)
    ]


def _number(value: object) -> float | None:
    """Return a log-probability; some servers write minus infinity as null or as a word."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return None
    return max(LEAST, float(value))
