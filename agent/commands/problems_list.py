"""`medalist problems list`: the problems of an archive, or the bundled ones."""

from __future__ import annotations

from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from medalist.agent.commands.console import json_line, out, printable, say
from medalist.errors import BadInput
from medalist.problems.formats import PackageEntry, bundled_archive, load_archive, resolve


def problems_list(
    archive: Annotated[
        str | None, typer.Argument(help="Folder, zip, tar or data set; default: the bundled ones.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per problem.")] = False,
) -> None:
    """List problems without reading their tests."""
    entries = load_archive(resolve(archive) if archive is not None else bundled_archive())
    table = Table("id", "title", "kind", "format", "path", box=box.SIMPLE)
    count = 0
    for entry in entries:
        count += 1
        if json:
            json_line(_row(entry))
        else:
            table.add_row(*(Text(printable(value)) for value in _row(entry).values()))
    if not json:
        out.print(table)
        say(f"{count} problems")


def _row(entry: PackageEntry) -> dict[str, str]:
    try:
        brief = entry.brief()
        title, kind = brief.title, brief.kind
    except BadInput as error:
        # One bad package must not hide the others.
        title, kind = f"cannot be read: {error}", "bad"
    return {
        "problem": entry.problem_id,
        "title": title,
        "kind": kind,
        "format": entry.format,
        "path": str(entry.path),
    }
