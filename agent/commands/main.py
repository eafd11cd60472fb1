"""The `medalist` command: registers one function a command, and turns errors into exit codes.

Exit codes, the same for all commands: 0 solved (without secret tests: a sample-passing answer
delivered), 1 not solved or disagreement, 2 usage or bad input, 3 something missing or broken,
4 unsolved because a budget ended, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from medalist import __version__
from medalist.agent.commands import (
    batch,
    contest,
    doctor,
    explain,
    export,
    fit,
    journal,
    judge,
    listen,
    merge,
    model,
    problems_audit,
    problems_check,
    problems_convert,
    problems_list,
    problems_search,
    problems_show,
    problems_stats,
    regret,
    replay,
    report,
    solve,
    status,
)
from medalist.agent.commands.console import say
from medalist.errors import MedalistError

app = typer.Typer(
    name="medalist",
    help="A competitive-programming agent with a sandboxed judge.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
problems_app = typer.Typer(help="Read, check and convert problems.", no_args_is_help=True)
app.add_typer(problems_app, name="problems")
app.add_typer(model.app, name="model")

app.command()(solve.solve)
app.command()(batch.batch)
app.command()(status.status)
app.command()(merge.merge)
app.command()(judge.judge)
app.command()(doctor.doctor)
app.command()(export.export)
app.command()(listen.listen)
app.command()(replay.replay)
app.command()(explain.explain)
app.command()(regret.regret)
app.command()(report.report)
app.command("fit")(fit.fit_beliefs)
app.add_typer(journal.app, name="journal")
app.add_typer(contest.app, name="contest")
problems_app.command("list")(problems_list.problems_list)
problems_app.command("show")(problems_show.problems_show)
problems_app.command("audit")(problems_audit.problems_audit)
problems_app.command("check")(problems_check.check)
problems_app.command("import")(problems_convert.problems_import)
problems_app.command("convert")(problems_convert.problems_convert)
problems_app.command("stats")(problems_stats.problems_stats)
problems_app.command("search")(problems_search.problems_search)


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
