"""Every page with a table of measurements stands in docs/figures.md, with a date and a commit."""

from __future__ import annotations

import re

from tests.house.product import ROOT

DOCS = ROOT / "docs"
# Tables of settings and formats, whose numbers are no measurements.
_NOT_MEASURED = {
    "cli",
    "configuration",
    "contests",
    "extending",
    "glossary",
    "journal",
    "figures",
    "troubleshooting",
}


def test_every_table_of_measurements_says_where_it_comes_from() -> None:
    listed = (DOCS / "figures.md").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        rows = re.findall(r"^\|.*\d\.\d.*\|$", page.read_text(encoding="utf-8"), re.M)
        if len(rows) >= 3 and page.stem not in _NOT_MEASURED:
            assert f"({page.name}" in listed, page.name


def test_every_figure_has_a_day_and_a_commit() -> None:
    text = (DOCS / "figures.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 30
    for _, figures, command, made, commit, *_ in rows:
        assert command.strip(), figures
        assert re.search(r"2026-\d\d-\d\d", made), figures
        assert re.search(r"\b[0-9a-f]{7}\b", commit) or "beside" in commit, figures
