"""Who may ask, and what every answer says to the browser.

A scoreboard on loopback needs no token, but still answers only to its own names: a page of
another site that had its name resolved to 127.0.0.1 (DNS rebinding) would otherwise read it.
Elsewhere every request needs the token: in the address once (it then becomes a cookie), as a
bearer token, or as the password of HTTP basic authentication.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_COOKIES = {"token": "medalist_token", "presenter": "medalist_presenter"}


@dataclass(frozen=True)
class Secrets:
    """What opens the scoreboard (None: nothing is needed) and, held freeze, the resolver."""

    token: str | None = None
    presenter: str | None = None


class _Answered(Exception):
    """All that was asked for has been sent."""


class Guard:
    """ASGI middleware: host check, token, security headers.

    `scope["state"]["presenter"]` says whether the request may see what the freeze hides.
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str], given: Secrets) -> None:
        self._app = app
        self._hosts = frozenset().union(*map(own_names, hosts))
        self._given = given

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, with_headers)
            return
        if scope["method"] == "HEAD":
            await self._head(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as to GET, without a body; a stream ends with its head."""

        async def head_alone(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                raise _Answered

        try:
            await self._app({**scope, "method": "GET"}, receive, head_alone)
        except* _Answered:
            pass

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not is_own(headers.get("host", ""), self._hosts):
            return _error(421, "this host name is not served here")
        if scope["method"] not in ("GET", "HEAD"):
            return _error(405, "only GET is served here")
        shown = _shown(scope, headers)
        if self._given.token is not None and not opens(self._given.token, shown["token"]):
            return _error(
                401,
                "a token is needed: open the address that the server printed",
                {"WWW-Authenticate": 'Basic realm="medalist"'},
            )
        presenter = self._given.presenter
        scope.setdefault("state", {})["presenter"] = presenter is None or opens(
            presenter, shown["presenter"]
        )
        return self._to_cookies(scope)

    def _to_cookies(self, scope: Scope) -> Response | None:
        """Take valid secrets out of the address, where they would stay in the history."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        rest = [(name, value) for name, value in query if name not in _COOKIES]
        if len(rest) == len(query):
            return None
        # One slash only: `//name` would lead to another host.
        path = "/" + scope["path"].lstrip("/")
        response = RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, 303)
        for name, value in query:
            expected = getattr(self._given, name, None) if name in _COOKIES else None
            if expected is not None and opens(expected, [value]):
                response.set_cookie(_COOKIES[name], value, httponly=True, samesite="lax")
        return response


def own_names(host: str) -> frozenset[str]:
    """Return the names, lower case, under which a server bound to `host` is asked."""
    names = {"localhost", host.lower().strip("[]")}
    if not is_loopback(host):
        names |= {socket.gethostname().lower(), socket.getfqdn().lower()}
    return frozenset(names)


def is_own(host_header: str, names: frozenset[str]) -> bool:
    """Whether a `Host` header names this server: one of its names, or any address.

    An address cannot be rebound: the browser asked exactly this machine for it.
    """
    host = host_header.lower()
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if name in names:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound there."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def shown_tokens(scope: Scope, headers: Headers) -> list[str]:
    """Return every token that a request shows: in the address, as bearer, or in basic."""
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    shown = [value for name, value in query if name == "token"]
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        shown.append(value.strip())
    elif scheme.lower() == "basic":
        with suppress(ValueError):  # not base64, or not of text
            shown.append(base64.b64decode(value, validate=True).decode().partition(":")[2])
    return shown


def opens(expected: str, shown: Iterable[str]) -> bool:
    """Whether the secret is among what was shown; each is compared in constant time."""
    secret = expected.encode()
    return any(hmac.compare_digest(secret, text.encode("utf-8", "surrogatepass")) for text in shown)


def _shown(scope: Scope, headers: Headers) -> dict[str, list[str]]:
    """Every secret that a request shows, by its name."""
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    presenter = [value for name, value in query if name == "presenter"]
    shown = {"token": shown_tokens(scope, headers), "presenter": presenter}
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    for name, cookie in _COOKIES.items():
        if cookie in cookies:
            shown[name].append(cookies[cookie].value)
    return shown


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"code": status, "message": message}, status, headers)
