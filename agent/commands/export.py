"""`medalist export`: a run's candidates in a form that other systems read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from medalist.agent.commands.console import say
from medalist.agent.journal import Journal
from medalist.agent.propose.identity import program_id
from medalist.agent.propose.pool import recorded_candidates, write_pool
from medalist.errors import BadInput


def export(
    run: Annotated[Path, typer.Argument(help="A run's directory.")],
    to: Annotated[Path, typer.Argument(help="The file to write; .gz and .xz compress.")],
    form: Annotated[
        Literal["pool"],
        typer.Option("--as", help="pool: one candidate a line, as `solve --pool` reads it."),
    ] = "pool",
) -> None:
    """Write the candidates of a run, with the verdicts of those that were submitted as labels."""
    if not run.is_dir():
        raise BadInput("no such run", file=run, hint="a run is a directory")
    with Journal.open(run, readonly=True) as journal:
        rows = list(recorded_candidates(journal))
        if not rows:
            raise BadInput("holds no candidates", file=run, hint="a run of `medalist solve`")
        verdicts = {
            str(event.body["program"]): str(event.body["verdict"])
            for event in journal.events("submission")
        }
        labels = {}
        for _, candidate, found in rows:
            if found.source is not None and found.language is not None:
                verdict = verdicts.get(program_id(found.language, found.source))
                if verdict is not None:
                    labels[candidate.candidate_id] = verdict
        count = write_pool(to, rows, labels=labels)
    say(f"{count} candidates, {len(labels)} of them with a label, are in {to} ({form})")
