"""`medalist serve`: the judge as an HTTP service."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Literal

import typer

from medalist.agent.commands.console import say
from medalist.agent.commands.server_options import HOST, NAME, PORT, checked_token, host_name
from medalist.errors import BadInput, MissingPrerequisite
from medalist.problems.formats import bundled_archive, resolve
from medalist.sandbox.pool import Pool, open_pool

_HELD_BODIES = 8
"""Largest requests of one client that may wait together."""


def serve(
    problems: Annotated[
        list[str] | None,
        typer.Argument(
            help="Folders, archives or data sets of problems that clients may name; by default the "
            "bundled ones.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[str, HOST] = "127.0.0.1",
    port: Annotated[int, PORT] = 8080,
    name: Annotated[list[str] | None, NAME] = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="MEDALIST_SERVE_TOKEN",
            help="Token that clients must send; generated if other machines can connect.",
            show_default=False,
        ),
    ] = None,
    clients: Annotated[
        Path | None,
        typer.Option(
            help="A file of clients, one `NAME TOKEN` per line: each gets a fair share of the "
            "boxes.",
            show_default=False,
        ),
    ] = None,
    reward: Annotated[
        Literal["binary", "fraction", "subtasks", "first-failing"],
        typer.Option(help="The reward of requests that name none."),
    ] = "binary",
    queue: Annotated[
        int, typer.Option(min=1, help="Maximum queued judgements per client; further ones get 429.")
    ] = 4096,
    max_body: Annotated[
        int, typer.Option(min=1, max=1024, help="Maximum size of a request, MiB.")
    ] = 32,
    quote: Annotated[
        bool,
        typer.Option(
            help="Quote the last line of a crashed program's stderr, as `medalist judge` does; a "
            "program can write a secret input there."
        ),
    ] = True,
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds that running judgements get to finish at a stop.")
    ] = 30.0,
    box: Annotated[
        Literal["auto", "docker", "local"], typer.Option(help="Where the programs run.")
    ] = "auto",
    ray: Annotated[
        str | None, typer.Option(help="Boxes of a Ray cluster: auto, local, or ray://host:port.")
    ] = None,
) -> None:
    """Serve the judge over HTTP to trainers, evaluators and tools, until Ctrl-C."""
    try:
        from medalist.agent.service.catalogue import ProblemCatalogue
        from medalist.agent.service.desk import ServiceParts
        from medalist.agent.service.door_guard import DoorRules
        from medalist.agent.service.fair_queue import FairQueue, QueueBounds
        from medalist.agent.service.service_judge import ServiceJudge
        from medalist.agent.service.service_metrics import ServiceMetrics
        from medalist.agent.service.serving import serve_judge
        from medalist.agent.web.guard import is_loopback
        from medalist.agent.web.listening import base_url, listen
    except ImportError as error:
        raise MissingPrerequisite(
            f"the service needs {error.name}", hint="pip install 'medalist[web]'"
        ) from error
    names = [host_name(text) for text in name or []]
    tokens = _clients(clients) if clients else {}
    made_up = token is None and not tokens and (bool(names) or not is_loopback(host))
    if made_up:
        token = secrets.token_urlsafe(24)
    if token is not None:
        tokens[checked_token(token)] = "token"
    with _pool(box, ray) as pool, listen(host, port) as socket:
        say(pool.note)
        catalogue = ProblemCatalogue(
            [resolve(path) for path in problems or ()] or [bundled_archive()], pool
        )
        parts = ServiceParts(
            FairQueue(pool.size, QueueBounds(queue, _HELD_BODIES * (max_body << 20))),
            ServiceJudge(catalogue, pool, quote=quote),
            catalogue,
            ServiceMetrics(),
            reward,
        )
        rules = DoorRules((host, *names), tokens, body_bytes=max_body << 20)
        say(f"problems: {len(catalogue.ids)}; boxes: {pool.size}")
        say(f"judge: {base_url(host, socket)}")
        if made_up:
            say(f"token: {token}")
        serve_judge(parts, rules, socket, grace_s=grace, say=say)


def _pool(box: Literal["auto", "docker", "local"], ray: str | None) -> Pool:
    if ray is None:
        return open_pool(box)
    # Only who asks for a cluster needs Ray.
    from medalist.sandbox.ray.ray_pool import open_ray_pool

    return open_ray_pool(ray, box)


def _clients(file: Path) -> dict[str, str]:
    """Read a file of clients: token to name.

    Raises:
        BadInput: It cannot be read, or a line is not `NAME TOKEN`.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise BadInput(reason or "not UTF-8", file=file) from error
    tokens: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2:
            raise BadInput("not `NAME TOKEN`", file=file, field=f"line {number}")
        name, token = words
        checked_token(token, file=file, field=f"line {number}: the token")
        if token in tokens:
            raise BadInput("duplicate token", file=file, field=f"line {number}")
        tokens[token] = name
    if not tokens:
        raise BadInput("contains no client", file=file)
    return tokens
