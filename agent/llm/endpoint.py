"""One OpenAI-compatible endpoint, through the `openai` package.

Servers differ in what they leave out and in how they fail, so answers are read as plain JSON
(`answer_reader.py`), every failure becomes one line that names the endpoint and what to do
(`failures.py`), and what a server refuses is left out (`adapting.py`). Retrying is not done here:
there is one layer for it (`calls.py`).
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import openai

from medalist.agent.llm.adapting import Adapter
from medalist.agent.llm.answer_reader import AnswerReader
from medalist.agent.llm.api_requests import token_limit
from medalist.agent.llm.apis import APIS
from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.cache_turns import MARKED, CacheTurns
from medalist.agent.llm.chosen import chosen_line
from medalist.agent.llm.clients import clients_for
from medalist.agent.llm.contract import Request
from medalist.agent.llm.failures import REQUEST_ERRORS, Failures, error_of
from medalist.agent.llm.model_list import ModelList
from medalist.agent.llm.patience import Patience
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.room import Room
from medalist.agent.llm.sending import send
from medalist.agent.llm.settings import EndpointSettings
from medalist.agent.llm.streaming import (
    StreamCut,
    StreamOverrun,
    parsed,
)
from medalist.agent.llm.together import Joined, Results

PLAIN_TIMEOUT_S, THINKING_TIMEOUT_S = 900.0, 3600.0
MOST_CHANGES = 8
"""So often at most a request is asked again because the server refuses a part of it."""


class Endpoint:
    """One model behind one base URL. Raises `AttemptFailed` and nothing else."""

    asked: Collection[str] = frozenset()

    def __init__(self, settings: EndpointSettings, patience: Patience = Patience()) -> None:  # noqa: B008 - frozen
        """`patience` is how long its list of models is waited for, while it loads one."""
        self.settings = settings
        self._loading = False
        self.name = settings.model
        self.concurrency = settings.concurrency
        self._clients = clients_for(settings, settings.timeout_s or PLAIN_TIMEOUT_S)
        self._turns = itertools.cycle(self._clients)
        self.client = self._clients[0]
        profile = settings.known
        self.room = Room(profile, max_tokens=settings.max_tokens, context=settings.context)
        self._adapter = Adapter(self.where, profile, self.room)
        self._joined = Joined(self._several)
        self._cache = CacheTurns()
        self._failures = Failures(self.where, self.name, settings.secrets())
        self._reader = AnswerReader(self.where, self.name, self._failures)
        self._list = ModelList(settings, self.client, self.room, self._failures, patience)

    @property
    def where(self) -> str:
        """The endpoint's address as it is named in messages."""
        return str(self.client.base_url.copy_with(username=None, password=None, query=None))

    @property
    def profile(self) -> Profile:
        """What the model takes, as far as is known by now."""
        return self._adapter.profile

    @property
    def timeout_s(self) -> float:
        """The longest time for one answer."""
        suits = THINKING_TIMEOUT_S if self.room.thinks else PLAIN_TIMEOUT_S
        return self.settings.timeout_s or suits

    async def prepare(self) -> None:
        """Ask the server how long the model's context is; many do not say."""
        await self._list.learn()

    async def _loaded(self) -> None:
        """Ask for the context again where the model was being loaded, and its list was empty."""
        self._loading = False
        before = self.room.context
        await self._list.learn()
        if self.room.context != before:
            self._adapter.note(
                f"{self.where} has loaded its model, with a context of {self.room.context} tokens"
            )

    def recall(self, *, thinks: bool) -> None:
        """Take over what an earlier session learnt."""
        if thinks or self.room.thinks is None:
            self.room.thinks = thinks

    def news(self) -> list[str]:
        """Return, once, what was changed for the server."""
        return self._adapter.news()

    def chosen(self) -> str | None:
        """Say how the model is asked, and why so."""
        return chosen_line(self.settings, self.profile, self.room, self.where, asked=True)

    def cautious(self, request: Request) -> bool:
        """Whether the first answers may show that others have too little room."""
        return self.room.cautious(request)

    def resolved(self, request: Request) -> Request:
        """Return the request with the limit that it is sent with now."""
        return self.room.resolved(request)

    def token_limit(self, request: Request) -> int:
        """Return the most tokens that an answer may have, thinking included."""
        return token_limit(self.profile, request)

    @property
    def answers_a_request(self) -> int:
        """Most answers that one request brings; 1 where it can have but one."""
        return self.profile.n if self.profile.api == "chat" else 1

    @property
    def wants_equals(self) -> int:
        """How many equal questions it is to be told of: to join them, or to share a cache."""
        return MARKED if self.profile.api == "messages" else self.profile.n

    async def answer(self, request: Request, *, slot: int | None = None) -> AttemptAnswer:
        """Ask once for one completion; `slot` names a slot of a llama.cpp server."""
        if self.answers_a_request > 1 and request.along > 1:
            return await self._joined.answer(request, self.answers_a_request)
        if self.profile.api == "messages":
            async with self._cache.turn(request):
                (result,) = await self._results(request, slot)
        else:
            (result,) = await self._results(replace(request, along=1), slot)
        if isinstance(result, AttemptFailed):
            raise result
        return result

    async def _several(self, request: Request) -> Results:
        """Ask once for as many answers as `request` has along, or for each if that is refused."""
        results = await self._results(request, None)
        if len(results) == 1:
            self._adapter.one_answer()
        if self.profile.n > 1 or request.along == len(results):
            return results
        one = replace(request, along=1)
        more = (self._results(one, None) for _ in range(request.along - len(results)))
        came = await asyncio.gather(*more, return_exceptions=True)
        for each in came:
            if isinstance(each, AttemptFailed):
                results.append(each)
            elif isinstance(each, BaseException):
                raise each
            else:
                results += each
        return results

    async def _results(self, request: Request, slot: int | None) -> Results:
        """Send the request once; if the server refuses a field, adapt the request and send it
        again.

        Raises:
            AttemptFailed: There was no answer.
        """
        for _ in range(MOST_CHANGES):
            profile = self.profile
            if profile.tools is False and request.tools:
                # Left out they would leave a question that speaks of tools which are not there.
                said = f"{self.where} takes no functions (`tools`)"
                raise AttemptFailed(said, tools_refused=True)
            if not profile.sees and any(message.pictures for message in request.messages):
                self._adapter.not_shown(self.name)
            joined = min(request.along, profile.n) if profile.api == "chat" else request.along
            sent = self.room.resolved(replace(request, along=joined))
            try:
                results = await self._answer(sent, slot)
                if self._loading:
                    await self._loaded()
                return results
            except openai.APIStatusError as error:
                text = error.response.text
                refusal = self.failure(error)
                self._loading = self._loading or refusal.loading
                if not self._adapter.learn(error.status_code, error.body, text, sent, profile):
                    raise refusal from error
            except AttemptFailed as error:
                status, body = error.refusal or (0, None)
                refusal = error
                self._loading = self._loading or error.loading
                if not self._adapter.learn(status, body, error.message, sent, profile):
                    raise
        raise refusal

    async def _answer(self, request: Request, slot: int | None) -> Results:
        seconds = self.timeout_s
        try:
            # A server that drips never times out at the socket, so the whole attempt is timed.
            async with asyncio.timeout(seconds):
                raw = await self._ask(request, slot)
            results = self._reader.read_all(raw, self.profile, request)
        except openai.APIStatusError:
            raise
        except REQUEST_ERRORS as error:
            raise self._failures.of(error, seconds) from error
        except StreamCut as error:
            raise AttemptFailed(
                f"{self.where} cut its answer off", tries=3, charged=True
            ) from error
        except StreamOverrun as error:
            raise AttemptFailed(
                f"{self.where} went on beyond {self.token_limit(request)} tokens",
                hint="it ignores its token limit: no more requests are sent to it",
                fatal=True,
                charged=True,
            ) from error
        answers = [result for result in results if isinstance(result, AttemptAnswer)]
        for answer in answers:
            alone = replace(answer.usage, prompt_tokens=None)
            self.room.learn_answer(request, replace(answer, usage=alone))
        counts = [answer.usage.prompt_tokens for answer in answers]
        if len(answers) == len(results) and None not in counts:
            self.room.learn_prompt(request, sum(filter(None, counts)))
        return results

    async def body(self, request: Request, more: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask once, with `more` in the request's body, and return the answer's body as it came.

        Raises:
            AttemptFailed: It was refused, or there was none.
        """
        try:
            raw = await self._ask(self.room.resolved(request), None, more)
        except REQUEST_ERRORS as error:
            raise self.failure(error) from error
        except (StreamCut, StreamOverrun) as error:
            raise AttemptFailed(f"{self.where} cut its answer off") from error
        try:
            body = parsed(raw) if isinstance(raw, str) else raw
        except ValueError as error:
            raise AttemptFailed(f"{self.where} answered with invalid JSON") from error
        if not isinstance(body, Mapping) or error_of(body) is not None:
            raise self._failures.without_answer(body)
        return body

    async def aclose(self) -> None:
        """Close the connections."""
        await self._joined.aclose()
        for client in self._clients:
            await client.close()

    def wording(self, request: Request) -> tuple[str, dict[str, Any]]:
        """Return the path that a request is posted to (below the base URL), and its body."""
        more = self.settings.extra_body
        api = APIS[self.profile.api]
        return api.path, api.word(self.name, self.profile, request) | more

    async def _ask(
        self, request: Request, slot: int | None, more: Mapping[str, Any] | None = None
    ) -> str | dict[str, Any]:
        """Send a request; return the body of the answer, put together where it was streamed."""
        path, body = self.wording(request)
        body |= more or {}
        if slot is not None:
            body["id_slot"] = slot
        limit = self.token_limit(request)
        # The client has the longest of the two times; `answer` keeps the one that holds.
        return await send(
            next(self._turns), (path, body), self.profile, limit=limit, seconds=self.timeout_s
        )

    def read(self, raw: str | dict[str, Any], request: Request) -> AttemptAnswer:
        """Parse a response's body into an answer, even if parts are missing.

        Raises:
            AttemptFailed: It holds no answer.
        """
        result = self._reader.read_all(raw, self.profile, replace(request, along=1))[0]
        if isinstance(result, AttemptFailed):
            raise result
        return result

    def failure(self, error: Exception) -> AttemptFailed:
        """Say what one of `REQUEST_ERRORS` means."""
        return self._failures.of(error, self.timeout_s)

    def refused(self, status: int, body: object, text: str = "") -> AttemptFailed:
        """Say what an HTTP status means."""
        return self._failures.refused(status, body, text)
