"""`medalist problems search`: problems whose title, tags or statement have the given words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from medalist.agent.commands.console import data, json_line, say
from medalist.errors import BadInput
from medalist.problems.formats import bundled_archive, load_archive, resolve
from medalist.problems.model import PublicProblem

_TITLE, _TAG, _TEXT = 10, 5, 1


def problems_search(
    words: Annotated[list[str], typer.Argument(help="Words that must all occur.")],
    archive: Annotated[
        str | None,
        typer.Option("--in", help="Folder, zip, tar or data set; default: the bundled ones."),
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="batch, interactive, ...")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Maximum number of results.")] = 20,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per problem.")] = False,
) -> None:
    """Find problems, best match first. Exit code 1 if there are none."""
    matches: list[tuple[int, str, PublicProblem, Path]] = []
    for entry in load_archive(resolve(archive) if archive is not None else bundled_archive()):
        try:
            public = entry.load().public
        except BadInput as error:
            say(f"{error}", style="red")
            continue
        score = match(public, words)
        if score and kind in (None, public.kind.value):
            matches.append((-score, public.problem_id, public, entry.path))
    for score, name, public, path in sorted(matches, key=lambda row: row[:2])[:limit]:
        if json:
            json_line({"problem": name, "title": public.title, "score": -score, "path": str(path)})
        else:
            data(f"{name:24} {public.title}  ({path})")
    if not matches:
        raise typer.Exit(1)


def match(public: PublicProblem, words: list[str]) -> int:
    """Return how well a problem matches, 0 if a word is nowhere in it."""
    titles = " ".join([public.problem_id, *public.titles.values()]).casefold()
    tags = " ".join(public.tags).casefold()
    text = " ".join(public.statements.values()).casefold()
    total = 0
    for word in (word.casefold() for word in words):
        score = _TITLE * (word in titles) + _TAG * (word in tags)
        score += _TEXT * min(text.count(word), 5)
        if not score:
            return 0
        total += score
    return total
