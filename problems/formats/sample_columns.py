"""Samples side by side: tables, and two columns under one line of heads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from medalist.problems.formats.line_kinds import is_heading, is_prose
from medalist.problems.formats.sample_end import Around, data_end
from medalist.problems.formats.sample_lines import FENCE, fenced, joined
from medalist.problems.formats.sample_tables import SampleTable, cells_of, split_columns
from medalist.problems.formats.statement_words import (
    Heading,
    has_hashes,
    heading,
    is_copy,
)

REFERENCE = re.compile(
    r"见选手目录|見選手目錄|见.{0,12}目录|见.{0,8}(?:附件|下发)|(?:see|in)\s+(?:the\s+)?(?:file|attach)|"
    r"\b\w+\.(?:in|ans|out)\b",
    re.I,
)
"""Text that names a file in the place of a sample."""


@dataclass(frozen=True)
class SampleBlock:
    """Data of one side, `input` or `output`, with the number of its heading's line."""

    side: str
    content: str
    line: int
    doubt: str = ""


@dataclass
class Page:
    """A statement's lines, and what has been collected of its samples.

    Attributes:
        context: Under a heading that speaks of samples, so that a lone `Input` is one.
        loose: Take a lone `Input` with data for a sample anywhere.
        tables: Those with an input and an output column, by their first line.
    """

    lines: Sequence[str]
    quoted: frozenset[str]
    loose: bool = False
    context: bool = False
    blocks: list[SampleBlock] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    tables: dict[int, SampleTable] = field(default_factory=dict)
    in_columns: bool = False

    def skip(self, number: int) -> int:
        """Return the next line that holds something."""
        while number < len(self.lines) and (
            not self.lines[number].strip(" \t|") or is_copy(self.lines[number])
        ):
            number += 1
        return number

    def around(self, number: int) -> Around:
        """Return what is known where the data under a heading is cut."""
        hashes = has_hashes(self.lines[number])
        data = "\n".join(block.content for block in self.blocks[-8:])
        return Around(data, self.quoted, hashes)

    def elsewhere(self, number: int) -> bool:
        """Say so where samples are in a file, or in a table that is not read."""
        line = self.lines[number] if number < len(self.lines) else ""
        if heading(line) is not None:
            return False
        if REFERENCE.search(line) and is_prose(line):
            self.doubts.append(f"line {number + 1}: a sample is in a file, not in the statement")
            return True
        table = line.lstrip().startswith("|") and number not in self.tables
        if (
            table
            and len(cells_of(line)) > 1
            and "-" in "".join(self.lines[number + 1 : number + 2])
        ):
            self.doubts.append(
                f"line {number + 1}: a table of samples has no input and output columns: not read"
            )
            return True
        return False

    def table(self, number: int) -> int | None:
        """Read a Markdown table of samples; of other tables there may be any number."""
        table = self.tables.get(number)
        if table is None:
            return None
        end = number
        while end < len(self.lines) and self.lines[end].lstrip().startswith("|"):
            end += 1
        if table.sure or self.context or (self.loose and table.data):
            if not (table.sure or self.context):
                self.doubts.append(f"line {number + 1}: a table is taken for samples")
            for left, right in table.pairs:
                self.blocks += [
                    SampleBlock("input", left, number + 1),
                    SampleBlock("output", right, number + 1),
                ]
        return end

    def both(self, number: int, head: Heading) -> int:
        """Read what stands under the heads of two columns."""
        if not (head.sure or self.context):
            return number + 1
        following = self.skip(number + 1)
        self.context = True
        if following >= len(self.lines):
            return number + 1
        line = self.lines[following]
        if FENCE.match(line) or following in self.tables or heading(line) is not None:
            return number + 1 if not self.fences(following) else self.two_fences(following)
        if self.elsewhere(following):
            return number + 1
        return self.columns(number, number + 1)

    def fences(self, number: int) -> bool:
        """Whether two fences follow each other, with nothing but bars of a table between."""
        if not FENCE.match(self.lines[number]):
            return False
        body, end = fenced(self.lines, number)
        inside = any(head and head.kind in ("input", "output") for head in map(heading, body))
        following = self.skip(end)
        return (
            not inside and following < len(self.lines) and bool(FENCE.match(self.lines[following]))
        )

    def two_fences(self, number: int) -> int:
        """Read an input and an output from two fences, and return the line after them."""
        for side in ("input", "output"):
            number = self.skip(number)
            body, number = fenced(self.lines, number)
            self.blocks.append(SampleBlock(side, joined(body), number))
        return number

    def columns(self, number: int, start: int) -> int:
        """Read what stands under heads in one line, and return the line after it."""
        first = self.skip(start)
        if first >= len(self.lines) or is_heading(self.lines[first], hashes=False):
            return start
        if is_prose(" ".join(self.lines[first].split("\t")[:2])):
            return start
        end = self.end_of_columns(number, first)
        numbered = bool(re.match(r"\W*(?:№|#|No\.?)\s*[\t|]", self.lines[number], re.I))
        self.in_columns = True
        columns = split_columns(self.lines[first:end], numbered=numbered)
        if columns.doubt and not columns.pairs:
            self.doubts.append(f"lines {first + 1}-{end}: {columns.doubt}: this sample is left out")
        elif columns.doubt:
            self.doubts.append(f"line {first + 1}: {columns.doubt} (cut between columns)")
        for left, right in columns.pairs:
            self.blocks += [
                SampleBlock("input", left, first + 1),
                SampleBlock("output", right, first + 1),
            ]
        return end

    def end_of_columns(self, number: int, first: int) -> int:
        """Return where two columns end: the second may look unlike the first."""
        around = self.around(number)
        end = data_end(self.lines, first, around).line
        body = joined(self.lines[first:end])
        if "\t" in body.strip() or "\n\n" in body or end >= len(self.lines):
            return end
        line = self.lines[end]
        parted = not self.lines[end - 1].strip()
        if not parted or is_heading(line, hashes=around.hashes) or is_prose(line):
            return end
        return data_end(self.lines, end, around).line
