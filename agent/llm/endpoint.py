"""Chat completions of one OpenAI-compatible endpoint, through the `openai` package.

Servers differ in what they leave out and in how they fail, so answers are read as plain JSON
and every failure becomes one line that names the endpoint and the mend. Retrying is not done
here: there is one layer for it (`calls.py`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import httpx2
import openai

from medalist.agent.llm.attempt import Answer, AttemptFailed
from medalist.agent.llm.settings import EndpointSettings
from medalist.agent.llm.types import Finish, Request
from medalist.agent.words import Usage

CONNECT_TIMEOUT_S = 10.0
FINISHES: Mapping[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "content_filter",
    "refusal": "refusal",
}


class Endpoint:
    """One model behind one base URL. Raises `AttemptFailed` and nothing else."""

    def __init__(self, settings: EndpointSettings) -> None:
        self.settings = settings
        self.name = settings.model
        self.concurrency = settings.concurrency
        key = settings.key()
        self._client = openai.AsyncOpenAI(
            # Local servers want no key, but the client insists on one.
            api_key=key or "none",
            base_url=settings.base_url,
            max_retries=0,
            timeout=openai.Timeout(settings.timeout_s, connect=CONNECT_TIMEOUT_S),
            http_client=openai.DefaultAsyncHttpxClient(
                limits=httpx2.Limits(
                    max_connections=settings.concurrency,
                    max_keepalive_connections=settings.concurrency,
                ),
                timeout=openai.Timeout(settings.timeout_s, connect=CONNECT_TIMEOUT_S),
            ),
        )

    @property
    def where(self) -> str:
        """The endpoint's address as it is named in messages."""
        return str(self._client.base_url)

    async def answer(self, request: Request) -> Answer:
        """Ask once for one completion."""
        try:
            response = await self._client.chat.completions.with_raw_response.create(
                **self._body(request)
            )
        except openai.APIStatusError as error:
            raise self._refused(error) from error
        except openai.APITimeoutError as error:
            # No connection was made: nothing was asked for. Otherwise the work may be done.
            connected = "ConnectTimeout" not in type(error.__cause__).__name__
            raise AttemptFailed(
                f"{self.where} did not answer in time", tries=3, charged=connected
            ) from error
        except openai.APIConnectionError as error:
            cause = error.__cause__ or error
            unreachable = "ConnectError" in type(cause).__name__
            what = "cannot be reached" if unreachable else "broke the connection"
            raise AttemptFailed(
                f"{self.where} {what}: {_one_line(str(cause) or type(cause).__name__)}",
                hint="is the server running, and is the base URL right?" if unreachable else None,
                tries=3,
                charged=not unreachable,
            ) from error
        answer = self._read(response.http_response.text)
        # Some servers repeat the prefill in their answer, others do not.
        if self.settings.prefill and not answer.text.startswith(request.prefill):
            return replace(answer, text=request.prefill + answer.text)
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _body(self, request: Request) -> dict[str, Any]:
        messages: list[dict[str, str]] = [
            {"role": message.role, "content": message.content} for message in request.messages
        ]
        if request.prefill and self.settings.prefill:
            messages.append({"role": "assistant", "content": request.prefill})
        body: dict[str, Any] = {
            "model": self.settings.model,
            "messages": messages,
            "max_tokens": request.max_tokens,
        }
        if request.temperature is not None:
            body["temperature"] = request.temperature
        if request.top_p is not None:
            body["top_p"] = request.top_p
        if request.seed is not None:
            body["seed"] = request.seed
        if request.stop:
            body["stop"] = list(request.stop)
        return body

    def _read(self, text: str) -> Answer:
        """Make an answer of a response's body, whatever of it is there."""
        if text.lstrip()[:1] == "<":
            raise AttemptFailed(
                f"{self.where} answered with a web page instead of JSON",
                hint="is the base URL right? It usually ends in /v1",
                fatal=True,
            )
        try:
            body = json.loads(text)
        except json.JSONDecodeError as error:
            raise AttemptFailed(
                f"{self.where} answered with broken JSON ({len(text)} characters: {error.msg})",
                tries=3,
                charged=True,
            ) from error
        choices = body.get("choices") if isinstance(body, dict) else None
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            what = _error_message(body) or f"JSON without choices: {_one_line(text)}"
            raise AttemptFailed(f"{self.where} answered {what}", tries=3, charged=True)
        return self._choice(choices[0], body)

    def _choice(self, choice: Mapping[str, Any], body: Mapping[str, Any]) -> Answer:
        message = choice.get("message") or {}
        content = message.get("content") or ""
        refusal = message.get("refusal") or ""
        # vLLM and llama.cpp say `reasoning_content`, others `reasoning`.
        reasoning = message.get("reasoning_content") or message.get("reasoning") or ""
        finish = FINISHES.get(str(choice.get("finish_reason") or "stop"), "stop")
        if refusal and not content:
            content, finish = refusal, "refusal"
        if not content.strip() and finish == "stop":
            raise AttemptFailed(f"{self.where} answered with empty content", tries=3, charged=True)
        return Answer(
            text=content,
            reasoning=str(reasoning),
            finish=finish,
            usage=read_usage(body.get("usage")),
            model=str(body.get("model") or self.name),
        )

    def _refused(self, error: openai.APIStatusError) -> AttemptFailed:
        status = error.status_code
        detail = _error_message(error.body) or _one_line(error.response.text)
        said = f"{self.where} answered {status}" + (f": {detail}" if detail else "")
        if status == 401:
            return AttemptFailed(
                said, hint="the key is wrong or missing: set OPENAI_API_KEY", fatal=True
            )
        if status == 403:
            return AttemptFailed(said, hint="the key may not use this model", fatal=True)
        if status == 404:
            hint = f"has the endpoint a model {self.name!r}, and does its base URL end in /v1?"
            return AttemptFailed(said, hint=hint, fatal=True)
        if status == 429 and "insufficient_quota" in str(error.body):
            return AttemptFailed(said, hint="the account has no credit left", fatal=True)
        if status in (408, 409, 429) or status >= 500:
            wait = retry_after(error.response.headers)
            return AttemptFailed(said, tries=12 if status == 429 else 5, retry_after_s=wait)
        return AttemptFailed(said)


def read_usage(usage: object) -> Usage:
    """Read an endpoint's `usage`, in the words of either API; what is missing stays None."""
    if not isinstance(usage, dict):
        return Usage()

    def count(*path: str) -> int | None:
        value: object = usage
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, int) and value >= 0 else None

    def either(*paths: tuple[str, ...]) -> int | None:
        return next((n for n in (count(*path) for path in paths) if n is not None), None)

    return Usage(
        prompt_tokens=either(("prompt_tokens",), ("input_tokens",)),
        cached_tokens=either(
            ("prompt_tokens_details", "cached_tokens"), ("input_tokens_details", "cached_tokens")
        ),
        completion_tokens=either(("completion_tokens",), ("output_tokens",)),
        reasoning_tokens=either(
            ("completion_tokens_details", "reasoning_tokens"),
            ("output_tokens_details", "reasoning_tokens"),
        ),
    )


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
