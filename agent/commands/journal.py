"""`medalist journal`: looking after the record of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from medalist.agent.commands.console import data
from medalist.agent.journal.maintenance import compact, verify

app = typer.Typer(help="Verify or compact the record of a run.", no_args_is_help=True)

_Run = Annotated[Path, typer.Argument(help="A run directory.")]


@app.command("verify")
def verify_run(run: _Run) -> None:
    """Check the file, every event and every content; changes nothing."""
    found = verify(run)
    for fault in found.faults:
        data(f"FAULT  {fault}")
    data(f"{run}: {found.events} events, {found.contents} contents, {len(found.faults)} faults")
    if found.faults:
        raise typer.Exit(1)


@app.command("compact")
def compact_run(run: _Run) -> None:
    """Give back the space that the file no longer needs; nobody may be writing to it."""
    before, after = compact(run)
    data(f"{run}: {before} bytes before, {after} after")
