"""The Model Context Protocol for participants of a contest: over stdin and stdout, or over HTTP.

Over HTTP each participant has an address and its own token; a server answers only to its own
host names, so that no page of the web can play (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from medalist import __version__
from medalist.agent.contest.remote import RemotePlayer
from medalist.agent.contest.remote_tools import ContestTools, Unknown
from medalist.agent.contest.run import Arena
from medalist.agent.languages import WRITTEN
from medalist.agent.web.guard import is_own, opens, own_names, shown_tokens
from medalist.agent.web.listening import base_url
from medalist.errors import SandboxFailure

_INSTRUCTIONS = (
    "You take part in a programming contest. Call list_problems, read a statement, write a "
    "complete program ({languages}) that reads standard input and writes standard output, try it "
    "with test_samples, run, stress and time_at_bounds, and submit it. A submission counts: the "
    "rules may limit or punish wrong ones. Trying is free, but the contest's clock goes on."
)
_LINGER_S = 2
_AT_ONCE = 4  # calls of one participant; their programs run one at a time all the same


def _server(tools: ContestTools, begin: Callable[[], None]) -> MCPServer[Any]:
    """Return a server of the tools of one participant; its clock begins with the first call."""

    places = threading.BoundedSemaphore(_AT_ONCE)

    def answered(call: Callable[[], str]) -> str:
        begin()
        if not places.acquire(blocking=False):  # whoever floods us must not keep others waiting
            return f"Not carried out: {_AT_ONCE} calls of yours are under way already."
        try:
            return call()
        except Unknown as unknown:
            return str(unknown)
        except SandboxFailure:
            return "The machine failed, not your program: nothing was counted. Call again."
        finally:
            places.release()

    def list_problems() -> str:
        """List the contest's problems, its rules, the time that is left, and your submissions."""
        return answered(tools.list_problems)

    def statement(problem: str) -> str:
        """Show the statement of a problem (its label or id) with limits and samples."""
        return answered(partial(tools.statement, problem))

    def test_samples(problem: str, program: str, language: str = "") -> str:
        """Run a program on the samples of the statement and tell which it passes."""
        return answered(
            partial(
                tools.carried_out,
                "test_samples",
                problem,
                {"program": program, "language": language},
            )
        )

    def run(problem: str, program: str, input: str, language: str = "") -> str:  # noqa: A002
        """Run a program on an input and tell what it prints and how long it takes."""
        given = {"program": program, "input": input, "language": language}
        return answered(partial(tools.carried_out, "run", problem, given))

    def stress(
        problem: str, program: str, brute: str, generator: str = "", language: str = ""
    ) -> str:
        """Compare a program with a brute force on many inputs, and show the first difference.

        The inputs are what the generator prints (a Python 3 program that reads a seed, an integer,
        from standard input); without one they are made from the statement.
        """
        given = {"program": program, "brute": brute, "generator": generator, "language": language}
        return answered(partial(tools.carried_out, "stress", problem, given))

    def time_at_bounds(problem: str, program: str, language: str = "") -> str:
        """Run a program on inputs as large as the statement allows and tell how long it takes."""
        given = {"program": program, "language": language}
        return answered(partial(tools.carried_out, "time_at_bounds", problem, given))

    def submit(problem: str, program: str, language: str = "") -> str:
        """Submit a program. It counts; the answer is what the contest's rules show of it."""
        return answered(partial(tools.submit, problem, program, language))

    def standings() -> str:
        """Show the standings as they are public now."""
        return answered(tools.standings)

    server: MCPServer[Any] = MCPServer(
        "medalist",
        instructions=_INSTRUCTIONS.format(languages=", ".join(WRITTEN)),
        version=__version__,
        log_level="CRITICAL",
    )
    for tool in (
        list_problems, statement, test_samples, run, stress, time_at_bounds, submit, standings,
    ):  # fmt: skip
        server.add_tool(tool, structured_output=False)
    return server


def _servers(players: Sequence[RemotePlayer], arena: Arena) -> Iterator[MCPServer[Any]]:
    for player in players:
        tools = ContestTools(player, arena.contest, arena.events, arena.pool)
        yield _server(tools, arena.pace.begin)


class StdioDoor:
    """Lets one participant in over this process's stdin and stdout; its end stops the contest."""

    @contextmanager
    def opened(self, players: Sequence[RemotePlayer], arena: Arena) -> Iterator[None]:
        """Serve until the client closes its side, also after the contest's end."""
        (server,) = _servers(players, arena)

        def serve() -> None:
            try:
                asyncio.run(server.run_stdio_async())
            finally:
                arena.pace.stop()

        thread = threading.Thread(target=serve, name="mcp", daemon=True)
        thread.start()
        try:
            yield
        finally:
            for player in players:
                player.close()
        thread.join()


@dataclass(frozen=True)
class HttpDoor:
    """Lets participants in over HTTP, each at `/<id>/mcp` with its token.

    Attributes:
        sock: Where to listen.
        host: The address to which it is bound.
        said: Told the address of each participant.
        tokens: Of participants that have theirs already; others get one.
    """

    sock: socket.socket
    host: str
    said: Callable[[str, str, str], None]
    tokens: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def opened(self, players: Sequence[RemotePlayer], arena: Arena) -> Iterator[None]:
        """Serve until the contest ends."""
        names = [player.entry.id for player in players]
        tokens = {name: self.tokens.get(name) or secrets.token_urlsafe(24) for name in names}
        servers = dict(zip(names, _servers(players, arena), strict=True))
        app = _Guard(_application(servers), tokens, own_names(self.host))
        config = uvicorn.Config(
            app,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_LINGER_S,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [self.sock]}, name="mcp", daemon=True
        )
        thread.start()
        for name in names:
            self.said(name, f"{base_url(self.host, self.sock)}/{name}/mcp", tokens[name])
        try:
            yield
        finally:
            for player in players:
                player.close()
            server.should_exit = True
            thread.join(2 * _LINGER_S)


def _application(servers: Mapping[str, MCPServer[Any]]) -> Starlette:
    # Host names are checked by the guard, which knows all of them.
    open_to_guard = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    apps = {
        name: server.streamable_http_app(transport_security=open_to_guard, json_response=True)
        for name, server in servers.items()
    }

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for server in servers.values():
                await stack.enter_async_context(server.session_manager.run())
            yield

    return Starlette(
        routes=[Mount(f"/{name}", app=app) for name, app in apps.items()], lifespan=lifespan
    )


class _Guard:
    """ASGI middleware: own host names, and each participant's own token."""

    def __init__(self, app: ASGIApp, tokens: Mapping[str, str], hosts: frozenset[str]) -> None:
        self._app = app
        self._tokens = tokens
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (refusal := self._refusal(scope)) is not None:
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if not is_own(headers.get("host", ""), self._hosts):
            return JSONResponse({"error": "this host name is not served here"}, 421)
        origin = headers.get("origin")
        if origin and not is_own(origin.partition("://")[2], self._hosts):
            return JSONResponse({"error": "requests from web pages are not allowed"}, 403)
        name = scope["path"].lstrip("/").partition("/")[0]
        expected = self._tokens.get(name, "")
        if not expected or not opens(expected, shown_tokens(scope, headers)):
            return JSONResponse(
                {"error": "this participant's token is needed"},
                401,
                {"WWW-Authenticate": "Bearer"},
            )
        return None
