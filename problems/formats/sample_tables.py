"""Samples in tables: Markdown rows, rows with tabs, and two columns under one line of heads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from medalist.problems.formats.line_kinds import is_prose
from medalist.problems.formats.sample_lines import joined
from medalist.problems.formats.statement_words import heading

Pair = tuple[str, str]
_RULE = re.compile(r"[\s:|]*-[\s:|-]*")


@dataclass(frozen=True)
class Columns:
    """What stands under the heads of two columns: pairs, or why no cut between them is sure."""

    pairs: tuple[Pair, ...]
    doubt: str = ""


@dataclass(frozen=True)
class SampleTable:
    """A Markdown table with an input and an output column.

    `sure` says that its heads speak of samples; `data` that its cells look like data.
    """

    line: int
    pairs: tuple[Pair, ...]
    sure: bool
    data: bool


def cells_of(line: str) -> list[str]:
    """Return the cells of a Markdown row."""
    return [
        cell.strip()
        for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
    ]


def find_tables(lines: Sequence[str]) -> list[SampleTable]:
    """Return the Markdown tables with an input and an output column, in order."""
    tables: list[SampleTable] = []
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].lstrip().startswith("|"):
            end += 1
        if end - start > 1 and (table := _table(lines, start, end)):
            tables.append(table)
        start = max(end, start + 1)
    return tables


def _table(lines: Sequence[str], start: int, end: int) -> SampleTable | None:
    heads = [heading(cell) for cell in cells_of(lines[start])]
    inputs = [k for k, head in enumerate(heads) if head and head.kind == "input"]
    outputs = [k for k, head in enumerate(heads) if head and head.kind == "output"]
    if not inputs or not outputs or not _RULE.fullmatch(lines[start + 1]):
        return None
    columns = inputs[0], outputs[0]
    rows = [cells_of(line) for line in lines[start + 2 : end]]
    rows = [row for row in rows if len(row) > max(columns)]
    pairs = tuple((_cell(row[columns[0]]), _cell(row[columns[1]])) for row in rows)
    cells = [row[k] for row in rows for k in columns]
    sure = any(head is not None and head.sure for head in heads)
    data = all(
        re.fullmatch(r"`[^`]*`(?:<br\s*/?>`[^`]*`)*", c) or re.search(r"\d", c) for c in cells
    )
    data = data and not any(is_prose(cell) for cell in cells)
    return SampleTable(start, pairs, sure, bool(rows) and data)


def _cell(cell: str) -> str:
    text = re.sub(r"<br\s*/?>", "\n", cell, flags=re.I).replace("\\|", "|")
    return joined([line.strip().strip("`") for line in text.split("\n")])


def split_columns(lines: Sequence[str], *, numbered: bool) -> Columns:
    """Cut what stands under the heads of two columns, as text copied from a page has it.

    Args:
        lines: The lines under the heads.
        numbered: Whether a column of numbers comes first.
    """
    body = list(lines)
    while body and not body[-1].strip():
        body.pop()
    while body and not body[0].strip():
        body.pop(0)
    if not body:
        return Columns(())
    if all("\t" in line.strip() for line in body if line.strip()):
        return _rows(body, numbered)
    if numbered:
        body = [line for line in body if not re.fullmatch(r"\s*\d+\t\s*", line)]
    if any(_is_cut(line) for line in body):
        return _cut_by_tabs(body)
    blocks = _blocks(body)
    if len(blocks) == 2:
        return Columns(((joined(blocks[0]), joined(blocks[1])),))
    if len(blocks) == 1 and not numbered:
        rows = [line.split() for line in blocks[0]]
        if all(len(row) == 2 for row in rows):
            return Columns(tuple((f"{row[0]}\n", f"{row[1]}\n") for row in rows))
        if [len(row) for row in rows] == [1, 1]:
            pair = (joined(blocks[0][:1]), joined(blocks[0][1:]))
            return Columns(
                (pair,), "the first line is taken for the input, the second for the output"
            )
    return Columns((), "no cut between the input and the output is sure")


def _is_cut(line: str) -> bool:
    return "\t" in line and not line.strip(" \t|")


def _rows(body: Sequence[str], numbered: bool) -> Columns:
    """Rows whose cells are parted by tabs."""
    first = 1 if numbered else 0
    rows = [[cell.strip() for cell in line.strip().split("\t")] for line in body if line.strip()]
    if any(len(row) < first + 2 for row in rows):
        return Columns((), "no cut between the input and the output is sure")
    return Columns(tuple((f"{row[first]}\n", f"{row[first + 1]}\n") for row in rows))


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _cut_by_tabs(body: Sequence[str]) -> Columns:
    """Cells of several lines: a line with only a tab parts the input from the output.

    Between two rows nothing may stand: then an output has as many lines as the last one.
    """
    parts: list[list[str]] = [[]]
    for line in body:
        if _is_cut(line):
            parts.append([])
        else:
            parts[-1].append(line)
    texts, doubt = [joined(parts[0])], ""
    height = len(joined(parts[-1]).splitlines())
    for part in parts[1:-1]:
        blocks = _blocks(part)
        if len(blocks) != 2:
            flat = [line for block in blocks for line in block]
            blocks = [flat[:height], flat[height:]]
            doubt = "outputs are cut to the height of the last one"
        texts += [joined(block) for block in blocks]
    texts.append(joined(parts[-1]))
    if len(texts) % 2 or not all(texts):
        return Columns((), "no cut between the input and the output is sure")
    return Columns(tuple(zip(texts[::2], texts[1::2], strict=True)), doubt)
