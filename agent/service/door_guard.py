"""Who may ask the service, and how: names, tokens, sizes and patience, before any door.

Refused are requests under a foreign host name (DNS rebinding), from a page of another site, without
a token where one is needed, with a body that is too large, compressed or not JSON, and bodies that
come too slowly. A client that does not take its answer is dropped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from medalist.agent.service.service_metrics import ServiceMetrics
from medalist.agent.web.guard import is_own, opens, own_names, shown_tokens

_JSON = "application/json"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BODY_S = 20.0
"""Seconds in which a body's head, and each further mebibyte, has to come."""
SEND_S = 60.0
"""Seconds in which a client has to take the first, and each further, `SENT_BYTES` of its answer."""
SENT_BYTES = 16 << 20
_PART_BYTES = 64 << 10
"""An answer is handed on in such parts: what a client has not taken yet would be in memory."""
_OPEN = ("/health",)
"""What answers without a token: it says nothing of anybody."""


@dataclass(frozen=True)
class DoorRules:
    """What the guard goes by.

    Attributes:
        hosts: The address that is listened on, and the names of proxies before it.
        tokens: Token to the name of the client; empty where none is needed.
        body_bytes: The largest body.
    """

    hosts: Sequence[str]
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    body_bytes: int = 32 << 20


class _TooSlow(Exception):
    """The client does not take its answer."""


class _Sender:
    """Sends an answer to a client that has to take it in time; only waiting for it counts."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waited_s = 0.0
        self._sent = 0

    async def send(self, message: Message) -> None:
        """Send a message; the body in parts.

        Raises:
            _TooSlow: The client does not take it.
        """
        body = message.get("body", b"")
        if len(body) <= _PART_BYTES:
            await self._pass(message)
            return
        view = memoryview(body)
        for start in range(0, len(body), _PART_BYTES):
            part = bytes(view[start : start + _PART_BYTES])
            more = message.get("more_body", False) or start + _PART_BYTES < len(body)
            await self._pass({**message, "body": part, "more_body": more})

    async def _pass(self, message: Message) -> None:
        patience = SEND_S * (1 + self._sent // SENT_BYTES) - self._waited_s
        begun = time.monotonic()
        try:
            async with asyncio.timeout(patience):
                await self._send(message)
        except TimeoutError as error:
            raise _TooSlow from error
        self._waited_s += time.monotonic() - begun
        self._sent += len(message.get("body", b""))


class UnfitBody(HTTPException):
    """A body that is too large, or comes too slowly: the connection ends with the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message, {"Connection": "close"})


class DoorGuard:
    """ASGI middleware; from here on `scope["state"]` has the name of the `client`, and how many
    `body_bytes` came."""

    def __init__(self, app: ASGIApp, *, rules: DoorRules, metrics: ServiceMetrics) -> None:
        self._app = app
        self._rules = rules
        self._metrics = metrics
        self._hosts = frozenset().union(*map(own_names, rules.hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False
        sender = _Sender(send)

        async def guarded_send(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                self._metrics.answered(scope.get("path", ""), message["status"])
            await sender.send(message)

        refusal = self._refusal(scope)
        try:
            if refusal is not None:
                await refusal(scope, receive, guarded_send)
            else:
                await self._app(scope, self._bounded(scope, receive), guarded_send)
        except UnfitBody as unfit:
            if not begun:
                answer = error_response(unfit.status_code, unfit.detail, unfit.headers)
                await answer(scope, receive, guarded_send)
        except _TooSlow:
            self._metrics.dropped += 1

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Receive a body within its bounds; what comes after it is waited for without any."""
        got, whole = 0, scope["method"] not in ("POST", "PUT", "PATCH")
        loop = asyncio.get_running_loop()
        begun = loop.time()

        async def bounded() -> Message:
            nonlocal got, whole
            if whole:
                return await receive()
            patience = BODY_S * (1 + (got >> 20))
            try:
                async with asyncio.timeout_at(begun + patience):
                    message = await receive()
            except TimeoutError as error:
                self._metrics.dropped += 1
                raise UnfitBody(408, "the body came too slowly") from error
            got += len(message.get("body", b""))
            if got > self._rules.body_bytes:
                raise UnfitBody(413, self._too_large())
            whole = not message.get("more_body", False)
            scope["state"]["body_bytes"] = got
            return message

        return bounded

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not is_own(host, self._hosts):
            return error_response(421, "this host name is not served here")
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc.lower() != host.lower()
        if foreign or headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return error_response(403, "requests from other sites are not allowed")
        client = "anybody"
        if self._rules.tokens and scope["path"] not in _OPEN:
            named = self._client_of(scope, headers)
            if named is None:
                return error_response(
                    401,
                    "a token is needed: Authorization: Bearer TOKEN, or ?token=TOKEN",
                    {"WWW-Authenticate": 'Bearer realm="medalist"'},
                )
            client = named
        peer = scope.get("client") or ("local", 0)
        scope.setdefault("state", {})["client"] = f"{client}@{peer[0]}"
        return self._unfit_body(scope, headers)

    def _unfit_body(self, scope: Scope, headers: Headers) -> Response | None:
        if scope["method"] not in ("POST", "PUT", "PATCH"):
            return None
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            return error_response(415, "compressed bodies are not accepted")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _JSON:
            return error_response(415, "the body has to be JSON: Content-Type: application/json")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._rules.body_bytes:
            return error_response(413, self._too_large(), {"Connection": "close"})
        return None

    def _too_large(self) -> str:
        return f"the body is larger than {self._rules.body_bytes >> 20} MiB"

    def _client_of(self, scope: Scope, headers: Headers) -> str | None:
        """Return the name of the client whose token is shown; each is compared in constant time."""
        shown = shown_tokens(scope, headers)
        named = None
        for token, name in self._rules.tokens.items():
            if opens(token, shown):
                named = name
        return named


def error_response(
    status: int, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return an error in the form that all doors have."""
    return JSONResponse({"code": status, "message": message}, status, dict(headers or {}))
