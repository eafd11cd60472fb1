"""What a failed request means, in one line that names the endpoint and says what to change."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import httpx2
import openai

from medalist.agent.llm.attempt import AttemptFailed
from medalist.agent.llm.keys import hidden
from medalist.agent.llm.surroundings import proxy_of

REQUEST_ERRORS = (openai.APIError, httpx2.TransportError, TimeoutError)
"""What the client raises when a request fails."""

_HINTS = {
    401: "the key is wrong or missing: set OPENAI_API_KEY",
    402: "the account has no credit left",
    403: "the key may not use this model",
}
_NO_CREDIT = re.compile(
    r"insufficient[ _](?:quota|credits?|balance|funds)|credit balance is too low|out of credits"
    r"|余额不足",
    re.IGNORECASE,
)
_AWAY = frozenset({502, 503, 504, 520, 521, 522, 523, 524, 529, 530})
"""What gateways and overloaded servers answer; 520 to 530 are Cloudflare's and Anthropic's."""
_LOADING = re.compile(r"\bloading\b|starting up|warming|initiali[sz]ing", re.IGNORECASE)
_WRONG_ADDRESS = re.compile(
    r"(?:unexpected|unknown|no such|invalid) (?:endpoint|route|url|path)", re.I
)
_BUSY = re.compile(r"overloaded|at capacity|too many requests|rate limit|try again", re.IGNORECASE)


class Failures:
    """Words the failures of one endpoint. No message ever holds its keys."""

    def __init__(self, where: str, model: str, secrets: Sequence[str]) -> None:
        """Take the endpoint's address as it is shown, the model's name, and what to hide."""
        self._where, self._model, self._secrets = where, model, secrets

    def safe(self, text: str) -> str:
        """Hide keys in what an endpoint says: some repeat them when they refuse them."""
        return hidden(text, self._secrets)

    def late(self, seconds: float) -> AttemptFailed:
        """The error of a timeout; the work may have been done and billed."""
        return AttemptFailed(
            f"{self._where} did not answer in time ({seconds:g} s): its work may be billed, so it "
            "is not asked again",
            hint="give it longer with --timeout, or let it write less with --max-tokens",
            charged=True,
        )

    def of(self, error: Exception, seconds: float) -> AttemptFailed:
        """Say what one of `REQUEST_ERRORS` means; `seconds` is the time that an answer has."""
        if isinstance(error, openai.APIStatusError):
            headers = error.response.headers
            moved = headers.get("location") if error.response.is_redirect else None
            if moved:
                return AttemptFailed(
                    self.safe(f"{self._where} has moved to {one_line(moved)}"),
                    hint="set the base URL to the new address",
                    fatal=True,
                )
            return self.refused(
                error.status_code, error.body, error.response.text, retry_after(headers)
            )
        if isinstance(error, openai.APITimeoutError | TimeoutError):
            if "ConnectTimeout" in type(error.__cause__).__name__:
                # Without a connection nothing was asked for.
                said = f"{self._where} cannot be reached in time"
                return AttemptFailed(said, tries=3, outage=True)
            return self.late(seconds)
        return self._broken(error)

    def _broken(self, error: Exception) -> AttemptFailed:
        """Say what happened to the connection."""
        cause = error.__cause__ or error
        unreachable = "ConnectError" in type(cause).__name__
        what = "cannot be reached" if unreachable else "closed the connection"
        said = self.safe(one_line(str(cause) or type(cause).__name__))
        return AttemptFailed(
            f"{self._where} {what}: {said}",
            hint=self._why_unreachable() if unreachable else None,
            tries=3,
            charged=not unreachable,
            outage=True,
        )

    def _why_unreachable(self) -> str:
        variable = proxy_of(self._where)
        if variable is not None:
            return f"it is asked through the proxy of {variable} (environment): is it right?"
        return "is the server running, and is the base URL right?"

    def refused(
        self, status: int, body: object, text: str = "", wait: float | None = None
    ) -> AttemptFailed:
        """Explain an HTTP status and what to do about it.

        Args:
            status: The status.
            body: What came with it, as JSON where it was JSON.
            text: The same as text, for when `body` says nothing.
            wait: For how many seconds the endpoint wants to be left alone.
        """
        detail = self.safe(error_message(body) or one_line(text))
        said = f"{self._where} answered {status}" + (f": {detail}" if detail else "")
        no_credit = status != 402 and _NO_CREDIT.search(f"{body} {text[:2000]}")
        hint = _HINTS.get(402 if no_credit else status)
        if status == 404:
            hint = f"has the endpoint a model {self._model!r}, and does its base URL end in /v1?"
        if hint is not None:
            return AttemptFailed(said, hint=hint, fatal=True, status=status)
        if status in (408, 409, 429) or status >= 500:
            busy = status == 429
            return AttemptFailed(
                said,
                tries=12 if busy else 5,
                busy=busy,
                retry_after_s=wait,
                outage=status in _AWAY,
                loading=status == 503 and (wait is not None or bool(_LOADING.search(said))),
                status=status,
            )
        return AttemptFailed(said, status=status)

    def without_answer(self, body: object) -> AttemptFailed:
        """Say what a body of status 200 means that holds no answer."""
        error = error_of(body)
        if error is None:
            return AttemptFailed(
                f"{self._where} answered JSON without an answer: "
                f"{self.safe(one_line(_as_text(body)))}",
                tries=3,
                charged=True,
            )
        status = _status_of(error)
        if status is not None:
            failed = self.refused(status, {"error": error})
            failed.refusal = (status, {"error": error})
            return failed
        said = self.safe(error_message({"error": error}) or "an error without a message")
        if _WRONG_ADDRESS.search(said):
            return AttemptFailed(
                f"{self._where} answered: {said}",
                hint="is the base URL right? It usually ends in /v1",
                fatal=True,
            )
        if _BUSY.search(said):
            return self.refused(503, {"error": error})
        if _NO_CREDIT.search(said):
            return AttemptFailed(f"{self._where} answered: {said}", hint=_HINTS[402], fatal=True)
        return AttemptFailed(f"{self._where} answered: {said}", tries=3, charged=True)


def error_of(body: object) -> object:
    """Return the error that a body, a choice or an event holds instead of an answer, if any."""
    if isinstance(body, list):
        return error_of(body[0]) if len(body) == 1 else None
    if not isinstance(body, Mapping):
        return None
    if body.get("error"):
        return body["error"]
    if body.get("object") == "error" or body.get("type") == "error":
        return body
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    if isinstance(first, Mapping):
        message = first.get("message")
        if first.get("error"):
            return first["error"]
        if first.get("finish_reason") == "insufficient_system_resource":  # DeepSeek
            return {"message": "it ran out of resources while answering", "code": 503}
        if first.get("finish_reason") == "error" and not message:
            return {"message": "an error while answering"}
    return None


def _status_of(error: object) -> int | None:
    """Return the HTTP status that an error object names."""
    if not isinstance(error, Mapping):
        return None
    for name in ("code", "status", "status_code", "http_code"):
        value: Any = error.get(name)
        if isinstance(value, str) and value.isdigit() and len(value) == 3:
            value = int(value)
        if isinstance(value, int) and 400 <= value < 600:
            return value
    kinds = {"overloaded_error": 503, "rate_limit_error": 429, "authentication_error": 401}
    return kinds.get(str(error.get("type")))


def error_message(body: object) -> str:
    """Find the words in an error object, as different servers write it."""
    return one_line(full_message(body))


def full_message(body: object) -> str:
    """Find the words in an error object, however many."""
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    if isinstance(body, dict):
        inner = body.get("error", body)
        if isinstance(inner, dict):
            inner = next((inner[n] for n in ("message", "detail", "msg") if inner.get(n)), None)
            if isinstance(inner, list | dict):
                inner = _as_text(inner)
        return inner if isinstance(inner, str) else ""
    return body if isinstance(body, str) else ""


def _as_text(body: object) -> str:
    """Return JSON as text, whatever a server has nested into it."""
    try:
        return json.dumps(body)
    except (RecursionError, ValueError):
        return f"{type(body).__name__}, nested too deeply to be shown"


def one_line(text: str) -> str:
    """Show a text in a line of at most 160 characters."""
    line = " ".join(text[:2000].split())
    return line if len(line) <= 160 else f"{line[:157]}..."


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how many seconds a response asks to wait (`Retry-After`: seconds or a date).

    A date is counted from the server's own clock, which may differ from ours.
    """
    value = headers.get("retry-after")
    thousandths = headers.get("retry-after-ms")
    try:
        wait = float(thousandths or "") / 1000
    except ValueError:
        if value is None:
            return None
        try:
            wait = float(value)
        except ValueError:
            until = _timestamp(value)
            if until is None:
                return None
            now = _timestamp(headers.get("date"))
            wait = until - (time() if now is None else now)
    return max(0.0, wait) if math.isfinite(wait) else None


def _timestamp(date: str | None) -> float | None:
    try:
        return parsedate_to_datetime(date or "").timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
