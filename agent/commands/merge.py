"""`medalist merge`: joins the runs of the shards of a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from medalist.agent.batch.merging import merge as merge_runs
from medalist.agent.commands.console import say


def merge(
    out: Annotated[Path, typer.Argument(help="The run directory to make.")],
    runs: Annotated[list[Path], typer.Argument(help="Runs of `batch --shard i/n`.")],
) -> None:
    """Join shards into one run, for `report`, `export`, `explain` and the rest.

    Exit code 1: shards are missing; what is there was joined.
    """
    done = merge_runs(out, runs)
    say(f"{out}: {done.problems} problems of {done.shards} shards, {done.events} events")
    if done.missing:
        say(f"missing: {', '.join(done.missing)}", style="yellow")
        raise typer.Exit(1)
