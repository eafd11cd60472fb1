"""Standings as a table of text: CSV, or an IOI results table (tab-separated).

The first line names the columns. Known names (any case): `rank` (`#`, `place`), `name`
(`contestant`, `team`), `id`, `country`, `organization` (`university`), `rating`, `total`
(`score`, `abs.`, `solved`), `penalty` (`time`), `award` (`medal`), `rel.`, `official` (`no` or `0`
for guests), `bonus` (points of no problem). Every other column is a problem, by its label, id or
title.

A cell says:

- `2/45`: solved with the second submission in minute 45 (also `2/0:45:10`, H:MM:SS);
- `3/--` or `-3`: three rejected submissions, not solved;
- `+`, `+2`: solved, after so many rejected ones, at a time that is not known;
- `63.5`: points; `480@0:10:05`, `480@0:10:05(-2)`: with their time and the rejected ones before;
- nothing, `-`, `0`: nothing.

An IOI results table (https://stats.ioinformatics.org) saved with tabs between its columns is such
a table: names, country, a column a task, `Abs.`, `Rel.`, `Award`.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from medalist.agent.contest.file import seconds
from medalist.agent.contest.humans.standings_table import (
    HumanCell,
    HumanRow,
    HumanTable,
    human,
)
from medalist.agent.contest.scoreboard import ContestProblem, Participant
from medalist.errors import BadInput

_NAMES = {
    "rank": "rank", "#": "rank", "place": "rank", "position": "rank",
    "name": "name", "contestant": "name", "participant": "name", "team": "team",
    "id": "id", "handle": "id",
    "country": "country", "nationality": "country",
    "organization": "organization", "university": "organization", "affiliation": "organization",
    "rating": "rating",
    "total": "total", "score": "total", "points": "total", "abs.": "total", "abs": "total",
    "solved": "total", "slv.": "total",
    "penalty": "ignored", "time": "ignored", "award": "ignored", "medal": "ignored",
    "rel.": "ignored", "rel": "ignored",
    "official": "official", "bonus": "bonus",
}  # fmt: skip
_TIME = r"\d+(?:\.\d+)?|\d*:?\d+:\d\d(?:\.\d+)?"
_SOLVED = re.compile(rf"(\d+)/({_TIME})")
_UNSOLVED = re.compile(r"(\d+)/-+|-(\d+)")
_PLUS = re.compile(r"\+(\d*)")
_POINTS = re.compile(rf"(\d+(?:[.,]\d+)?)(?:@({_TIME}))?(?:\(-(\d+)\))?")
_NO = ("no", "0", "false", "guest")


def read_sheet(path: Path, text: str) -> HumanTable:
    """Read a table; tabs separate where the first line has any, else commas or semicolons.

    Raises:
        BadInput: No column `name`, or a cell that says none of the above.
    """
    first = text.partition("\n")[0]
    separator = next((sign for sign in "\t;" if sign in first), ",")
    lines = list(csv.reader(text.splitlines(), delimiter=separator))
    if not lines:
        raise BadInput("is empty", file=path)
    header = [name.strip() for name in lines[0]]
    kinds = [_NAMES.get(name.casefold(), "problem") for name in header]
    # Where people have names, their team is what they came with.
    other = "organization" if "name" in kinds else "name"
    kinds = [other if kind == "team" else kind for kind in kinds]
    if "name" not in kinds:
        raise BadInput("has no column `name`", file=path, field="line 1")
    labels = [name for name, kind in zip(header, kinds, strict=True) if kind == "problem"]
    if not all(labels) or len(set(labels)) < len(labels):
        raise BadInput("a problem's column has no name, or one used twice", file=path)
    rows = [
        _row(path, number, header, kinds, cells)
        for number, cells in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in cells)
    ]
    most = {
        label: max(
            (row.cells[label].points or 0.0 for row in rows if label in row.cells), default=0
        )
        for label in labels
    }
    return HumanTable(
        source=path.name,
        problems=tuple(
            ContestProblem(problem_id=label, label=label, title=label, points=most[label] or 1.0)
            for label in labels
        ),
        rows=tuple(rows),
    )


def _row(
    path: Path, number: int, header: list[str], kinds: list[str], values: list[str]
) -> HumanRow:
    if len(values) != len(header):
        raise BadInput(
            f"{len(values)} values for {len(header)} columns", file=path, field=f"line {number}"
        )
    known: dict[str, str] = {}
    cells: dict[str, HumanCell] = {}
    for name, kind, value in zip(header, kinds, values, strict=True):
        text = value.strip()
        if kind == "problem":
            try:
                cell = read_cell(text)
            except ValueError as error:
                where = f"line {number}: {name}"
                raise BadInput(str(error), file=path, field=where) from error
            if cell is not None:
                cells[name] = cell
        elif text:
            known.setdefault(kind, text)
    if "name" not in known:
        raise BadInput("has no name", file=path, field=f"line {number}")
    place = _number(path, number, known, "rank")
    return HumanRow(
        human(
            Participant(
                participant_id=known.get("id", known["name"]),
                name=known["name"],
                place=None if place is None else int(place),
                official=known.get("official", "yes").casefold() not in _NO,
                rating=_number(path, number, known, "rating"),
                organization=known.get("organization"),
                country=known.get("country"),
            ),
            path.name,
        ),
        cells,
        bonus=_number(path, number, known, "bonus") or 0.0,
        total=_number(path, number, known, "total"),
    )


def read_cell(text: str) -> HumanCell | None:
    """Read a cell; None where it says nothing.

    Raises:
        ValueError: It cannot be understood.
    """
    if text in ("", "-", "--", "0", "0.00", "."):
        return None
    if match := _SOLVED.fullmatch(text):
        return HumanCell(rejected=int(match[1]) - 1, time_s=_time(match[2]), solved=True)
    if match := _UNSOLVED.fullmatch(text):
        return HumanCell(rejected=int(match[1] or match[2]))
    if match := _PLUS.fullmatch(text):
        return HumanCell(rejected=int(match[1] or 0), solved=True)
    if match := _POINTS.fullmatch(text):
        return HumanCell(
            rejected=int(match[3] or 0),
            time_s=None if match[2] is None else _time(match[2]),
            points=float(match[1].replace(",", ".")),
        )
    raise ValueError(f"{text!r} is not a cell of a standings table")


def _time(text: str) -> float:
    """Read a time: H:MM:SS, or whole minutes."""
    return seconds(text) if ":" in text else float(text) * 60


def _number(path: Path, line: int, known: dict[str, str], name: str) -> float | None:
    text = known.get(name)
    if text is None:
        return None
    try:
        return float(text.rstrip(".").replace(",", "."))
    except ValueError as error:
        raise BadInput(
            f"{text!r} is not a number", file=path, field=f"line {line}: {name}"
        ) from error
