"""The APIs by which a model is asked: where requests go, their words, how answers are read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from medalist.agent.llm.api_answers import read_chats, read_response
from medalist.agent.llm.api_requests import chat_body, responses_body
from medalist.agent.llm.attempt import AttemptAnswer
from medalist.agent.llm.contract import Request
from medalist.agent.llm.messages_api import VERSION, gather_message, messages_body, read_message
from medalist.agent.llm.profiles import Api, Profile
from medalist.agent.llm.streaming import gather_chat, gather_response

_Body = Mapping[str, Any]


@dataclass(frozen=True)
class WireApi:
    """One API.

    Attributes:
        path: Where requests are posted to, below the base URL.
        word: Makes the body of a request.
        read: Reads a body: at most so many answers of at most so many tokens; none if it has none.
        gather: Puts a stream together to such a body.
        limit: What the limit of an answer is called, None where the profile says it.
    """

    path: str
    word: Callable[[str, Profile, Request], dict[str, Any]]
    read: Callable[[_Body, int, int], list[AttemptAnswer]]
    gather: Callable[[AsyncIterator[str], int], Coroutine[Any, Any, dict[str, Any]]]
    limit: str | None = None


def _alone(
    read: Callable[[_Body], AttemptAnswer | None],
) -> Callable[[_Body, int, int], list[AttemptAnswer]]:
    """Make a reader of an API that gives one answer a request."""

    def answers(body: _Body, count: int, limit: int) -> list[AttemptAnswer]:
        del count, limit
        answer = read(body)
        return [] if answer is None else [answer]

    return answers


APIS: Mapping[Api, WireApi] = {
    "chat": WireApi("/chat/completions", chat_body, read_chats, gather_chat),
    "responses": WireApi(
        "/responses", responses_body, _alone(read_response), gather_response, "max_output_tokens"
    ),
    "messages": WireApi(
        "/messages", messages_body, _alone(read_message), gather_message, "max_tokens"
    ),
}


def key_headers(api: Api, key: str | None) -> dict[str, str]:
    """Return the headers by which an API knows its users, beside those of OpenAI's."""
    if api != "messages":
        return {}
    return {"anthropic-version": VERSION} | ({"x-api-key": key} if key else {})
