"""`medalist journal`: looking after the record of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from medalist.agent.commands.console import data
from medalist.agent.journal.maintenance import compact, salvage, verify

app = typer.Typer(help="Verify, salvage or compact the record of a run.", no_args_is_help=True)

_Run = Annotated[Path, typer.Argument(help="A run directory.")]


@app.command("verify")
def verify_run(run: _Run) -> None:
    """Check the file, every event and every content; changes nothing."""
    report = verify(run)
    for fault in report.faults:
        data(f"FAULT  {fault}")
    data(f"{run}: {report.events} events, {report.contents} contents, {len(report.faults)} faults")
    if report.faults:
        raise typer.Exit(1)


@app.command("salvage")
def salvage_run(
    run: _Run,
    to: Annotated[Path, typer.Argument(help="A new folder for what can be recovered.")],
) -> None:
    """Save a damaged journal up to the damage, as a separate run that can be continued.

    Exit code 1: something was lost.
    """
    saved = salvage(run, to)
    for fault in saved.lost:
        data(f"LOST  {fault}")
    data(f"{to}: {saved.events} events (to number {saved.last}), {saved.contents} contents")
    if saved.lost:
        raise typer.Exit(1)


@app.command("compact")
def compact_run(run: _Run) -> None:
    """Give back the space that the file no longer needs; nobody may be writing to it."""
    before, after = compact(run)
    data(f"{run}: {before} bytes before, {after} after")
