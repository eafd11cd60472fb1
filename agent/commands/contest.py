"""`medalist contest`: whole contests; one file a sub-command."""

from __future__ import annotations

import typer

from medalist.agent.commands.lazy import lazy_group

app = typer.Typer(
    cls=lazy_group(
        {
            "run": "contest_run:contest_run",
            "standings": "contest_standings:contest_standings",
            "check": "contest_check:contest_check",
            "rate": "contest_rate:contest_rate",
            "sweep": "contest_sweep:contest_sweep",
            "serve": "contest_serve:serve",
            "export": "contest_export:export",
        }
    ),
    help="Play, score and watch whole contests.",
    no_args_is_help=True,
)
