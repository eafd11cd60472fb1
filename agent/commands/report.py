"""`medalist report`: one page about finished runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from medalist.agent.commands.console import say
from medalist.agent.report.facts import read_facts
from medalist.agent.report.page import render
from medalist.errors import BadInput


def report(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run directories.")],
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("report.html"),
    pictures: Annotated[
        Path | None,
        typer.Option(
            help="Also draw the charts into this directory, as SVG and PNG (needs matplotlib: "
            "pip install 'medalist\\[report]')."
        ),
    ] = None,
) -> None:
    """Write one self-contained HTML page: it works offline, loads nothing, and prints well."""
    facts = read_facts(runs)
    page = render(facts)
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInput(error.strerror or str(error), file=out) from error
    say(f"{len(facts.problems)} problems of {len(facts.runs)} runs are in {out}")
    if pictures is not None:
        from medalist.agent.report.pictures import draw

        for path in draw(facts, pictures):
            say(f"drawn: {path}")
