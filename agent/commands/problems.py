"""`medalist problems`: reading, checking and converting problems; one file a sub-command."""

from __future__ import annotations

import typer

from medalist.agent.commands.lazy import lazy_group

app = typer.Typer(
    cls=lazy_group(
        {
            "list": "problems_list:problems_list",
            "show": "problems_show:problems_show",
            "audit": "problems_audit:problems_audit",
            "check": "problems_check:check",
            "import": "problems_convert:problems_import",
            "convert": "problems_convert:problems_convert",
            "stats": "problems_stats:problems_stats",
            "search": "problems_search:problems_search",
        }
    ),
    help="Read, check and convert problems.",
    no_args_is_help=True,
)
