"""`medalist contest serve`: a live scoreboard and Contest API of a contest run."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

from medalist.agent.commands.console import say
from medalist.agent.commands.server_options import HOST, NAME, PORT, checked_token, host_name
from medalist.errors import BadInput, MissingPrerequisite


def serve(
    run: Annotated[Path, typer.Argument(help="The contest's run directory.")],
    host: Annotated[str, HOST] = "127.0.0.1",
    name: Annotated[list[str] | None, NAME] = None,
    port: Annotated[int, PORT] = 8080,
    replay: Annotated[
        bool, typer.Option("--replay", help="Replay a recorded contest from its start.")
    ] = False,
    speed: Annotated[
        float, typer.Option(min=0.001, help="Virtual seconds per second of a replay.")
    ] = 60.0,
    ceremony: Annotated[
        bool,
        typer.Option(
            "--ceremony",
            help="Keep the freeze after the end; it is lifted from the presenter's address.",
        ),
    ] = False,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="MEDALIST_WEB_TOKEN",
            help="Token that viewers must send; generated if other machines can connect.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve the scoreboard of a contest, running or over, until Ctrl-C."""
    try:
        from medalist.agent.web.guard import Secrets, is_loopback
        from medalist.agent.web.hub import Hub
        from medalist.agent.web.listening import base_url, listen
        from medalist.agent.web.serve import run_server
    except ImportError as error:
        raise MissingPrerequisite(
            f"the scoreboard needs {error.name}", hint="pip install 'medalist[web]'"
        ) from error
    if token is not None:
        checked_token(token)
    names = [host_name(text) for text in name or []]
    if token is None and (names or not is_loopback(host)):
        token = secrets.token_urlsafe(24)
    given = Secrets(token, secrets.token_urlsafe(24) if ceremony else None)
    if not run.is_dir():
        raise BadInput("no such run", file=run, hint="a run is a directory")
    hub = Hub(run, replay=speed if replay else None, hold_freeze=ceremony)
    with listen(host, port) as socket:
        address = f"{base_url(host, socket)}/"
        say(f"scoreboard: {address}{_query(token=given.token)}")
        if given.presenter is not None:
            secret = _query(token=given.token, presenter=given.presenter)
            say(f"resolver, for the presenter alone: {address}{secret}#resolver")
        say(f"Contest API: {address}api/")
        run_server(hub, socket, hosts=(host, *names), given=given)


def _query(**given: str | None) -> str:
    shown = {name: value for name, value in given.items() if value is not None}
    return f"?{urlencode(shown)}" if shown else ""
