"""Samples that a PDF shows in two columns, read from where the text is on the page.

The plain text of such a page runs the columns together, so that no cut between an input and its
output is sure; the layout keeps it.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence

from medalist.problems.formats.sample_lines import joined
from medalist.problems.formats.statement_words import heading

_CELL = re.compile(r"\S+(?:\s{1,2}\S+)*")
_EMPTY_LIMIT = 2
_GAP = 3


def pdf_samples(content: bytes) -> list[tuple[str, str]]:
    """Return the samples in two columns of a PDF, pairs of input and output.

    Blanks within a line become single ones: their number on the page depends on the fonts.
    """
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        texts = [page.extract_text(extraction_mode="layout") for page in pages]
    except Exception:  # the plain text was read: whatever fails here is only one fact less
        return []
    return [pair for text in texts for pair in column_samples(text.splitlines())]


def column_samples(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Return the samples in two columns of a page whose lines keep their layout."""
    samples = []
    number = 0
    while number < len(lines):
        heads = _heads(lines[number])
        number += 1
        if heads is None:
            continue
        rows: list[str] = []
        empty = 0
        while number < len(lines) and empty <= _EMPTY_LIMIT and _heads(lines[number]) is None:
            if not lines[number].strip():
                empty += 1
            elif _ends(rows, lines[number], heads):
                break
            else:
                empty = 0
            rows.append(lines[number])
            number += 1
        cut = _cut(rows, heads)
        if cut is not None:
            left = joined([_single(row[:cut]) for row in rows])
            right = joined([_single(row[cut:]) for row in rows])
            if left and right:
                samples.append((left, right))
    return samples


def _ends(rows: Sequence[str], line: str, heads: tuple[int, int]) -> bool:
    """Whether a line is a heading, text over the whole width, or the foot of the page."""
    match = heading(_single(line))
    if match is not None and match.kind in ("after", "explain", "section", "samples"):
        return True
    return bool(rows) and _cut([*rows, line], heads) is None


def _heads(line: str) -> tuple[int, int] | None:
    """Return where the head of the input column ends and that of the output begins."""
    cells = list(_CELL.finditer(line)) if len(line) < 1000 else []
    if len(cells) != 2:
        return None
    kinds = [match.kind if (match := heading(_single(cell[0]))) else "" for cell in cells]
    return (cells[0].end(), cells[1].start()) if kinds == ["input", "output"] else None


def _cut(rows: Sequence[str], heads: tuple[int, int]) -> int | None:
    """Return the column where the output begins: after the first wide gap of all rows near it."""
    filled = [row for row in rows if row.strip()]
    gap = 0
    for column in range(heads[1] + 4):
        if not any(row[column : column + 1].strip() for row in filled):
            gap += 1
            continue
        if gap >= _GAP and column > max(heads[0] - 4, 0):
            return column
        gap = 0
    return None


def _single(text: str) -> str:
    return " ".join(text.split())
