"""`medalist mcp`: a contest for one agent that speaks the Model Context Protocol."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from medalist.agent.commands import options
from medalist.agent.commands.console import say
from medalist.agent.commands.kind_names import KindName
from medalist.agent.commands.mcp_door import address_line, http_door, stdio_door
from medalist.agent.contest.file import ContestFile, ParticipantEntry, checked
from medalist.agent.contest.packages import read_contest
from medalist.agent.contest.run import Doors, Options, run_contest
from medalist.agent.contest.setup import set_stage
from medalist.errors import BadInput
from medalist.problems.formats import bundled_archive, resolve
from medalist.sandbox.pool import open_pool

_DURATION = "5:00:00"


def mcp(
    problems: Annotated[
        list[str] | None,
        typer.Argument(
            help="A contest file, package or folder, or problems. Default: the bundled ones."
        ),
    ] = None,
    rules: Annotated[KindName | None, typer.Option(help="Overrides the contest's.")] = None,
    duration: Annotated[
        str | None, typer.Option(help="H:MM:SS, or seconds; overrides the contest's.")
    ] = None,
    name: Annotated[
        str, typer.Option("--id", help="The agent's id, if no participant has `mcp: true`.")
    ] = "agent",
    out: Annotated[
        Path | None,
        typer.Option(help="Run directory; an existing one is resumed. Default: runs/mcp-<time>."),
    ] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP, not over stdin and stdout.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen on, with --http.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port, with --http; 0 takes a free one.")
    ] = 8090,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="MEDALIST_MCP_TOKEN",
            help="Token that the agent must send, with --http; generated if not given.",
            show_default=False,
        ),
    ] = None,
    speed: Annotated[float, typer.Option(min=0.001, help="Contest seconds per real second.")] = 1.0,
    box: Annotated[options.BoxKind, options.BOX] = "auto",
) -> None:
    """Let an agent play a contest by calls of the Model Context Protocol.

    It lists problems, reads statements, runs its programs, and submits them under the contest's
    rules and clock, which begins with its first call. `medalist contest standings`, `serve` and
    `export` read the run directory.
    """
    file, base = _contest(problems or [], rules, duration)
    players = [entry for entry in file.participants if entry.mcp]
    if not players:
        try:
            players = [ParticipantEntry(id=name, mcp=True)]
        except ValueError as error:
            raise BadInput(f"{name!r} is not an id", field="--id", hint="[A-Za-z0-9._-]") from error
        if any(entry.id == name for entry in file.participants):
            raise BadInput("another participant has this id", field="--id")
        file = file.model_copy(update={"participants": (*file.participants, *players)})
    if len(players) > 1 and not http:
        raise BadInput("several participants cannot share stdin", hint="give --http")
    door: Doors
    if http:
        tokens = {} if token is None else dict.fromkeys((player.id for player in players), token)
        door = http_door(host, port, tokens, lambda *told: say(address_line(*told)))
    else:
        door = stdio_door()
    stage = set_stage(file, base)
    run_dir = out or Path("runs") / f"mcp-{datetime.now():%Y%m%d-%H%M%S}"
    try:
        with open_pool(box) as pool:
            say(pool.note)
            say(f"contest: {file.name}, {len(stage.contest.problems)} problems; run: {run_dir}")
            run_contest(stage, run_dir, pool, Options(speed=speed, doors=door))
    except KeyboardInterrupt:
        say(f"interrupted: --out {run_dir} resumes where this stopped")
        os._exit(130)  # a thread still waits for stdin, and Python would wait for it
    say(f"standings: medalist contest standings {run_dir}")


def _contest(given: list[str], rules: str | None, duration: str | None) -> tuple[ContestFile, Path]:
    if len(given) == 1 and _is_contest(Path(given[0])):
        file, base = read_contest(Path(given[0]))
    else:
        paths = [str(resolve(item).resolve()) for item in given] or [
            str(path.parent) for path in sorted(bundled_archive().glob("*/problem.yaml"))
        ]
        value = {
            "name": "Practice",
            "id": "practice",
            "rules": "icpc",
            "duration": _DURATION,
            "problems": paths,
        }
        file, base = checked(value, Path("practice")), Path()
    changes = {"rules": rules, "duration": duration}
    wanted = {key: value for key, value in changes.items() if value is not None}
    if not wanted:
        return file, base
    if "duration" in wanted:
        wanted["freeze"] = None  # type: ignore[assignment]
    try:
        changed = ContestFile.model_validate({**dict(file), **wanted})
    except ValueError as error:
        raise BadInput(f"{duration!r} is not a duration", field="--duration") from error
    return changed, base


def _is_contest(path: Path) -> bool:
    """Whether a contest can be read there; of a single package it is one of one problem."""
    return path.is_dir() or (path.is_file() and path.suffix in (".yaml", ".yml"))
