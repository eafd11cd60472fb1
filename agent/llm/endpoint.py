"""One OpenAI-compatible endpoint, through the `openai` package.

Servers differ in what they leave out and in how they fail, so answers are read as plain JSON
(`wording.py`) and every failure becomes one line that names the endpoint and the mend. Retrying
is not done here: there is one layer for it (`calls.py`).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import httpx2
import openai

from medalist.agent.llm.attempt import Answer, AttemptFailed
from medalist.agent.llm.profiles import profile_for
from medalist.agent.llm.settings import EndpointSettings
from medalist.agent.llm.streaming import (
    StreamCut,
    StreamOverrun,
    gather_chat,
    gather_response,
)
from medalist.agent.llm.types import Request
from medalist.agent.llm.wording import (
    chat_body,
    read_chat,
    read_response,
    responses_body,
    token_limit,
)

CONNECT_TIMEOUT_S = 10.0
CONNECTIONS = 8  # requests in flight that share a connection pool
REQUEST_ERRORS = (openai.APIError, httpx2.TransportError, TimeoutError)
"""What the client raises when a request fails."""


class Endpoint:
    """One model behind one base URL. Raises `AttemptFailed` and nothing else."""

    asked: Collection[str] = frozenset()

    def __init__(self, settings: EndpointSettings) -> None:
        self.settings = settings
        self.name = settings.model
        self.concurrency = settings.concurrency
        self.profile = profile_for(settings.model, settings.profile)
        self._clients = _clients(settings)
        self._turns = itertools.cycle(self._clients)
        self.client = self._clients[0]

    @property
    def where(self) -> str:
        """The endpoint's address as it is named in messages."""
        return str(self.client.base_url.copy_with(username=None, password=None))

    def _safe(self, text: str) -> str:
        """Hide the key in what an endpoint says: some repeat it when they refuse it."""
        key = self.settings.key()
        return text.replace(key, "***") if key else text

    def token_limit(self, request: Request) -> int:
        """Return the most tokens that an answer may have, reasoning included."""
        return token_limit(self.profile, request)

    async def answer(self, request: Request, *, slot: int | None = None) -> Answer:
        """Ask once for one completion; `slot` names a slot of a llama.cpp server."""
        try:
            # A server that drips never times out at the socket, so the whole attempt is timed.
            async with asyncio.timeout(self.settings.timeout_s):
                return self.read(await self._ask(request, slot), request)
        except REQUEST_ERRORS as error:
            raise self.failure(error) from error
        except StreamCut as error:
            raise AttemptFailed(
                f"{self.where} cut its answer off", tries=3, charged=True
            ) from error
        except StreamOverrun as error:
            raise AttemptFailed(
                f"{self.where} went on beyond {self.token_limit(request)} tokens",
                hint="it ignores its token limit: no more is asked of it",
                fatal=True,
                charged=True,
            ) from error

    async def aclose(self) -> None:
        """Close the connections."""
        for client in self._clients:
            await client.close()

    def wording(self, request: Request) -> tuple[str, dict[str, Any]]:
        """Return the path that a request is posted to (below the base URL), and its body."""
        if self.profile.api == "chat":
            return "/chat/completions", chat_body(self.name, self.profile, request)
        return "/responses", responses_body(self.name, self.profile, request)

    async def _ask(self, request: Request, slot: int | None) -> str | dict[str, Any]:
        """Send a request; return the body of the answer, put together where it was streamed."""
        path, body = self.wording(request)
        client = next(self._turns)
        extra = {} if slot is None else {"id_slot": slot}
        if not self.profile.stream:
            # The client's typed methods also rebuild every field, which takes more CPU.
            response = await client.post(path, body=body | extra, cast_to=httpx2.Response)
            return response.text
        resource: Any = client.responses
        gather = gather_response
        if self.profile.api == "chat":
            resource, gather = client.chat.completions, gather_chat
        async with resource.with_streaming_response.create(**body, extra_body=extra) as stream:
            if "event-stream" not in stream.headers.get("content-type", ""):
                return str(await stream.text())
            return await gather(stream.iter_lines(), self.token_limit(request))

    def read(self, raw: str | dict[str, Any], request: Request) -> Answer:
        """Make an answer of a response's body, whatever of it is there.

        Raises:
            AttemptFailed: It holds no answer.
        """
        if isinstance(raw, str):
            if raw.lstrip()[:1] == "<":
                raise AttemptFailed(
                    f"{self.where} answered with a web page instead of JSON",
                    hint="is the base URL right? It usually ends in /v1",
                    fatal=True,
                )
            try:
                body = json.loads(raw)
            except json.JSONDecodeError as error:
                raise AttemptFailed(
                    f"{self.where} answered with broken JSON ({len(raw)} characters: {error.msg})",
                    tries=3,
                    charged=True,
                ) from error
        else:
            body = raw
        read = read_chat if self.profile.api == "chat" else read_response
        answer = read(body) if isinstance(body, dict) else None
        if answer is None:
            what = _error_message(body) or f"JSON without an answer: {_one_line(json.dumps(body))}"
            raise AttemptFailed(f"{self.where} answered {self._safe(what)}", tries=3, charged=True)
        if not answer.text.strip() and answer.finish == "stop":
            raise AttemptFailed(f"{self.where} answered with empty content", tries=3, charged=True)
        # Some servers repeat the prefill in their answer, others do not.
        if self.profile.prefill and not answer.text.startswith(request.prefill):
            answer = replace(answer, text=request.prefill + answer.text)
        return answer if answer.model else replace(answer, model=self.name)

    def failure(self, error: Exception) -> AttemptFailed:
        """Say what one of `REQUEST_ERRORS` means."""
        if isinstance(error, openai.APIStatusError):
            wait = retry_after(error.response.headers)
            return self.refused(error.status_code, error.body, error.response.text, wait)
        if isinstance(error, openai.APITimeoutError | TimeoutError):
            # Without a connection nothing was asked for; otherwise the work may be done.
            charged = "ConnectTimeout" not in type(error.__cause__).__name__
            return AttemptFailed(f"{self.where} did not answer in time", tries=3, charged=charged)
        return self._broken(error)

    def _broken(self, error: Exception) -> AttemptFailed:
        """Say what happened to the connection."""
        cause = error.__cause__ or error
        unreachable = "ConnectError" in type(cause).__name__
        what = "cannot be reached" if unreachable else "broke the connection"
        return AttemptFailed(
            f"{self.where} {what}: {_one_line(str(cause) or type(cause).__name__)}",
            hint="is the server running, and is the base URL right?" if unreachable else None,
            tries=3,
            charged=not unreachable,
        )

    def refused(
        self, status: int, body: object, text: str = "", wait: float | None = None
    ) -> AttemptFailed:
        """Say what an HTTP status means and how to mend it.

        Args:
            status: The status.
            body: What came with it, as JSON where it was JSON.
            text: The same as text, for when `body` says nothing.
            wait: For how many seconds the endpoint wants to be left alone.
        """
        detail = self._safe(_error_message(body) or _one_line(text))
        said = f"{self.where} answered {status}" + (f": {detail}" if detail else "")
        hints = {
            401: "the key is wrong or missing: set OPENAI_API_KEY",
            403: "the key may not use this model",
            404: f"has the endpoint a model {self.name!r}, and does its base URL end in /v1?",
        }
        if status in hints:
            return AttemptFailed(said, hint=hints[status], fatal=True)
        if status == 429 and "insufficient_quota" in str(body):
            return AttemptFailed(said, hint="the account has no credit left", fatal=True)
        if status in (408, 409, 429) or status >= 500:
            busy = status == 429
            return AttemptFailed(said, tries=12 if busy else 5, busy=busy, retry_after_s=wait)
        return AttemptFailed(said)


def _clients(settings: EndpointSettings) -> list[openai.AsyncOpenAI]:
    """Make the clients that requests take in turns, each with a connection pool of its own.

    A pool looks at all its connections whenever a request comes or goes, so in a single one the
    CPU time of a request would grow with the number in flight.
    """
    timeout = openai.Timeout(settings.timeout_s, connect=CONNECT_TIMEOUT_S)
    limits = httpx2.Limits(
        max_connections=settings.concurrency, max_keepalive_connections=settings.concurrency
    )
    certificates = httpx2.create_ssl_context()  # loading them takes a while: once for all
    return [
        openai.AsyncOpenAI(
            # Local servers want no key, but the client insists on one.
            api_key=settings.key() or "none",
            base_url=settings.base_url,
            max_retries=0,
            timeout=timeout,
            http_client=openai.DefaultAsyncHttpxClient(
                limits=limits, timeout=timeout, verify=certificates
            ),
        )
        for _ in range(math.ceil(settings.concurrency / CONNECTIONS))
    ]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how many seconds a response asks to wait (`Retry-After`: seconds or a date)."""
    value = headers.get("retry-after")
    if value is None:
        return None
    try:
        wait = float(value)
    except ValueError:
        try:
            wait = parsedate_to_datetime(value).timestamp() - time()
        except (ValueError, TypeError):
            return None
    return max(0.0, wait) if math.isfinite(wait) else None


def _error_message(body: object) -> str:
    """Find the words in an error object, as different servers write it."""
    if isinstance(body, dict):
        inner = body.get("error", body)
        if isinstance(inner, dict):
            inner = inner.get("message") or inner.get("detail")
        return _one_line(inner) if isinstance(inner, str) else ""
    return ""


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:157]}..."
