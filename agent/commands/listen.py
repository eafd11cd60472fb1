"""`medalist listen`: takes problems from the browser extension competitive-companion.

The extension posts each problem as JSON to a port of this machine. Only the loopback interface
is listened on, and a request that a web page could have made is refused: it would carry an
`Origin` of the web, or a content type that needs no permission.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.commands.console import data, say
from medalist.errors import BadInput
from medalist.problems.formats.companion import is_companion, load_companion

DEFAULT_PORT = 27121
_BODY_LIMIT = 8 << 20
_TIMEOUT_S = 10.0


def listen(
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = DEFAULT_PORT,
    into: Annotated[Path, typer.Option("--into", help="Folder for the problems.")] = Path(
        "problems"
    ),
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="Stop after N problems.")
    ] = None,
) -> None:
    """Receive problems from the browser until Ctrl-C."""
    taken = 0

    def take(row: dict[str, Any]) -> str:
        nonlocal taken
        path = save(row, into)
        taken += 1
        data(str(path))
        return path.name

    try:
        server = make_server(port, take)
    except OSError as error:
        raise BadInput(
            f"cannot listen on port {port}: {error.strerror}", field="--port",
            hint="the extension also posts to 10043, 10045, 4244, 6174, 1327",
        ) from error  # fmt: skip
    with server:
        say(f"listening on 127.0.0.1:{server.server_port}; Ctrl-C ends")
        while count is None or taken < count:
            server.handle_request()


def save(row: dict[str, Any], folder: Path) -> Path:
    """Write a problem as the extension sent it; a later one of the same name replaces it.

    Raises:
        BadInput: Not a problem, or the folder cannot be written.
    """
    problem = load_companion(row, "the extension's message")
    path = folder / f"{problem.public.problem_id}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # ASCII, since JSON can hold halves of characters that no encoding has.
        path.write_text(json.dumps(row, indent=1) + "\n", encoding="ascii")
    except OSError as error:
        raise BadInput(f"cannot write: {error.strerror}", file=path) from error
    return path


def make_server(port: int, take: Callable[[dict[str, Any]], str]) -> HTTPServer:
    """Return a server on the loopback interface that hands each problem to `take`."""

    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT_S

        def do_POST(self) -> None:
            code, text = self.answer()
            body = text.encode()
            self.send_response(code)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def answer(self) -> tuple[int, str]:
            origin = self.headers.get("Origin", "")
            kind = self.headers.get_content_type()
            if origin.startswith(("http:", "https:")) or kind != "application/json":
                return 403, "only the browser extension may post here\n"
            length = self.headers.get("Content-Length", "")
            if not (length.isascii() and length.isdigit()) or int(length) > _BODY_LIMIT:
                return 413, "too long\n"
            try:
                row = json.loads(self.rfile.read(int(length)))
                if not isinstance(row, dict) or not is_companion(row):
                    return 400, "not a problem\n"
                return 200, f"{take(row)}\n"
            except (ValueError, RecursionError):
                return 400, "not JSON\n"
            except BadInput as error:
                say(str(error), style="red")
                return 400, "not a problem that can be read\n"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep the server's own log out of the terminal."""

    return HTTPServer(("127.0.0.1", port), Handler)
