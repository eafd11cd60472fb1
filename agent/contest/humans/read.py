"""Finds out which format a standings file is in, and reads it."""

from __future__ import annotations

import json
from pathlib import Path

from medalist.agent.contest.humans.ccs import read_feed, read_scoreboard
from medalist.agent.contest.humans.codeforces_api import read_codeforces
from medalist.agent.contest.humans.sheet import read_sheet
from medalist.agent.contest.humans.standings_table import HumanTable
from medalist.errors import BadInput

FORMATS = ("csv", "ioi", "codeforces", "ccs-feed", "ccs-scoreboard")


def read_humans(path: Path) -> HumanTable:
    """Read a standings file of any known format.

    Raises:
        BadInput: It cannot be read, or is in no known format.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}", file=path) from error
    if not text.lstrip().startswith("{"):
        return read_sheet(path, text)
    try:
        value = json.loads(text)
    except ValueError:
        return read_feed(path, text)
    inner = value.get("result", value)
    if isinstance(inner, dict) and "contest" in inner and "rows" in inner:
        return read_codeforces(path, value)
    if "rows" in value:
        return read_scoreboard(path, value)
    if "type" in value:
        return read_feed(path, text)
    raise BadInput(
        "not standings in a known format",
        file=path,
        hint="CSV, an IOI results table, Codeforces contest.standings, a CCS feed or scoreboard",
    )
