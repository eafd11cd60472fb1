"""`medalist contest export`: a contest as a page, a contest package or an event feed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from medalist.agent.commands.console import say
from medalist.agent.contest.events import SubmissionMade
from medalist.agent.web.ccs.objects import identifier
from medalist.agent.web.ccs.package import archives_of, write_package
from medalist.agent.web.static_page import exported_page
from medalist.agent.web.views import AudienceView
from medalist.errors import BadInput


def export(
    run: Annotated[Path, typer.Argument(help="The contest's run directory.")],
    to: Annotated[Path, typer.Argument(help="The file to write; a new folder for a package.")],
    form: Annotated[
        Literal["html", "contest-package", "event-feed"],
        typer.Option(
            "--as",
            help="html: the scoreboard as one file that opens anywhere. contest-package, "
            "event-feed: for tools that speak the ICPC's Contest API 2023-06.",
        ),
    ] = "html",
) -> None:
    """Write what is public of a contest by now, running or over; a package has sources too."""
    if not run.is_dir():
        raise BadInput("no such run", file=run, hint="a run is a directory")
    if form == "contest-package":
        view = _package(run, to)
    else:
        view = AudienceView.of_run(run)
        _write(
            to,
            exported_page(view.log).encode() if form == "html" else b"".join(view.feed.lines),
        )
    state = view.state
    say(f"{len(state.participants)} participants, {len(state.made)} submissions: {to} ({form})")


def _package(run: Path, to: Path) -> AudienceView:
    submissions = [made.event for made in AudienceView.of_run(run).state.made.values()]
    archives = archives_of(run, submissions)

    def with_source(made: SubmissionMade) -> bool:
        return identifier(made.submission_id) in archives

    view = AudienceView.of_run(run, with_source=with_source)
    write_package(to, view.feed, archives)
    return view


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", file=path) from error
