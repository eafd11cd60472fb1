"""The `medalist` command: says where each command is, and turns errors into exit codes.

Exit codes, the same for all commands: 0 solved (without secret tests: a sample-passing answer
delivered), 1 not solved or disagreement, 2 usage or bad input, 3 something missing or broken,
4 unsolved because a budget ended (or all of the first answers were cut while thinking), 130
interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from medalist import __version__
from medalist.agent.commands.console import say
from medalist.agent.commands.lazy import lazy_group
from medalist.errors import MedalistError

app = typer.Typer(
    name="medalist",
    cls=lazy_group(
        {
            "solve": "solve:solve",
            "batch": "batch:batch",
            "status": "status:status",
            "merge": "merge:merge",
            "judge": "judge:judge",
            "serve": "serve:serve",
            "stress": "stress:stress",
            "doctor": "doctor:doctor",
            "export": "export:export",
            "listen": "listen:listen",
            "replay": "replay:replay",
            "explain": "explain:explain",
            "regret": "regret:regret",
            "report": "report:report",
            "scale": "scale:scale",
            "rounds": "rounds:rounds",
            "review": "review_run:review",
            "steps": "steps:steps",
            "fit": "fit:fit_beliefs",
            "train": "train:app",
            "problems": "problems:app",
            "model": "model:app",
            "journal": "journal:app",
            "contest": "contest:app",
            "mcp": "mcp:mcp",
        }
    ),
    help="A competitive-programming agent with a sandboxed judge.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"medalist {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of medalist itself."""


def guarded(command: Callable[[], object]) -> None:
    """Run a command; a deliberate error becomes one line and its exit code."""
    try:
        command()
    except MedalistError as error:
        say(f"medalist: {error}", style="bold red")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def run() -> None:
    """Run the command line."""
    guarded(app)
