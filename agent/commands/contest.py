"""`medalist contest`: whole contests; one file a sub-command."""

from __future__ import annotations

import typer

from medalist.agent.commands import (
    contest_check,
    contest_export,
    contest_rate,
    contest_run,
    contest_serve,
    contest_standings,
    contest_sweep,
)

app = typer.Typer(help="Play, score and watch whole contests.", no_args_is_help=True)

app.command("run")(contest_run.contest_run)
app.command("standings")(contest_standings.contest_standings)
app.command("check")(contest_check.contest_check)
app.command("rate")(contest_rate.contest_rate)
app.command("sweep")(contest_sweep.contest_sweep)
app.command("serve")(contest_serve.serve)
app.command("export")(contest_export.export)
