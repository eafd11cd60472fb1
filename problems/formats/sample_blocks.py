"""Walks over a statement and collects the data of its samples, block by block."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from medalist.problems.formats.line_kinds import is_heading, is_prose
from medalist.problems.formats.sample_columns import Page, SampleBlock
from medalist.problems.formats.sample_end import data_end, input_end, without_text
from medalist.problems.formats.sample_lines import FENCE, fenced, is_lone_fence, joined
from medalist.problems.formats.sample_tables import find_tables
from medalist.problems.formats.statement_words import (
    Heading,
    has_hashes,
    heading,
    is_copy,
    is_marked,
)

_INFO = re.compile(r"(?:sample[-_ ]?)?(input|output)[-_ #]?\d*", re.I)


@dataclass
class Reader(Page):
    """Walks over the lines and collects blocks of data.

    Attributes:
        sections: Sides whose description has been seen.
        bare: Fences under a heading of samples that no heading of their own names.
        last_output: The last line that heads an output.
    """

    sections: set[str] = field(default_factory=set)
    bare: list[SampleBlock] = field(default_factory=list)
    last_output: int = -1

    def run(self) -> None:
        """Read all lines."""
        self.tables = {table.line: table for table in find_tables(self.lines)}
        heads = [(number, heading(line)) for number, line in enumerate(self.lines)]
        outputs = [n for n, head in heads if head and head.kind in ("output", "both")]
        self.last_output = outputs[-1] if outputs else -1
        number = 0
        while number < len(self.lines):
            number = self.step(number)
        self.end_bare()

    def step(self, number: int) -> int:
        """Read what begins at a line, and return the number of the line after it."""
        line = self.lines[number]
        if FENCE.match(line):
            return self.fence(number)
        if line.lstrip().startswith("|") and (end := self.table(number)):
            return end
        head = heading(line)
        if head is None:
            if (is_marked(line) or has_hashes(line)) and re.search(r"[^\W\d_]{2}", line):
                self.leave(
                    keep=bool(re.search(r"sample|example|样例|示例|例|예|пример", line, re.I))
                )
            return number + 1
        if head.kind == "samples":
            return self.samples_heading(number)
        if head.kind in ("explain", "section", "after"):
            if head.kind != "explain":
                self.leave(keep=False)
            return number + 1
        if head.kind == "both":
            return self.both(number, head)
        return self.side(number, head)

    def leave(self, *, keep: bool) -> None:
        """Another section begins."""
        self.end_bare()
        self.context = self.context and keep

    def samples_heading(self, number: int) -> int:
        """Enter what stands under a heading of samples."""
        self.end_bare()
        self.context = True
        self.elsewhere(self.skip(number + 1))
        return number + 1

    def fence(self, number: int) -> int:
        """Read a fence that no heading names: its info may, or the lines inside."""
        body, end = fenced(self.lines, number)
        info = FENCE.match(self.lines[number])
        named = _INFO.fullmatch(info[2].strip()) if info else None
        if named and (self.context or re.search(r"\d", named[0])):
            self.blocks.append(SampleBlock(named[1].lower(), joined(body), number + 1))
        elif self.context:
            inside = [
                head.kind for line in body if (head := heading(line)) and head.kind != "samples"
            ]
            if "input" in inside or "output" in inside:
                inner = replace(
                    self, lines=body, context=True, blocks=[], bare=[], tables={}, sections=set()
                )
                inner.run()
                self.blocks += [
                    replace(block, line=block.line + number + 1) for block in inner.blocks
                ]
            else:
                self.bare.append(SampleBlock("", joined(body), number + 1))
        return end

    def end_bare(self) -> None:
        """Take two fences without headings for an input and its output."""
        if len(self.bare) >= 2 and len(self.bare) % 2 == 0:
            for place, block in enumerate(self.bare):
                side = "output" if place % 2 else "input"
                self.blocks.append(replace(block, side=side))
            doubt = "two blocks without headings are taken for an input and its output"
            if not any(doubt in item for item in self.doubts):
                self.doubts.append(f"line {self.bare[0].line}: {doubt}")
        self.bare = []

    def side(self, number: int, head: Heading) -> int:
        """Read a sample's input or output, unless the heading is that of a description."""
        known = head.sure or self.context or self.loose or {"input", "output"} <= self.sections
        following = self.skip(number + 1)
        beneath = heading(self.lines[following]) if following < len(self.lines) else None
        if beneath and self.heads_of_columns(head, beneath):
            return self.columns(number, following + 1)
        if head.sure and beneath and beneath.kind == "samples" and not head.same_line:
            return self.numbered(head, following)
        if head.same_line and head.kind == "input" and self.blocks and number > self.last_output:
            return number + 1  # `Input 3: N is 1.`, with which subtasks are described
        if not known or not (head.sure or self.may_be_data(number, head, following)):
            self.sections.add(head.kind)
            if not head.sure:
                self.leave(keep=False)
            return number + 1
        if self.bare:
            self.end_bare()
        if not head.same_line and self.holds_samples(following):
            self.context = True
            return self.fence(following)
        block, end = self.block(number, head)
        self.blocks.append(block)
        if head.sure or self.context:
            self.context = True
        return end

    def holds_samples(self, number: int) -> bool:
        """Whether a fence begins with a heading of a sample, whatever stands over it."""
        if number >= len(self.lines) or not FENCE.match(self.lines[number]):
            return False
        body, _ = fenced(self.lines, number)
        heads = [match for line in body if (match := heading(line)) and match.sure]
        first = heading(next((line for line in body if line.strip()), ""))
        return bool(first and first.sure) and {"input", "output"} <= {head.kind for head in heads}

    def numbered(self, head: Heading, number: int) -> int:
        """Read all inputs, or all outputs, that follow one heading: `Sample Input`, `Sample 1`."""
        while number < len(self.lines):
            match = heading(self.lines[number])
            if match is None or match.kind != "samples":
                break
            block, end = self.block(number, Heading(head.kind, True, same_line=match.same_line))
            self.blocks.append(block)
            number = self.skip(end)
        return number

    def heads_of_columns(self, head: Heading, beneath: Heading) -> bool:
        """Whether `Input` and `Output` follow each other, and the data of both follow them."""
        sides = head.kind == "input" and beneath.kind == "output"
        return self.context and sides and not head.same_line and not beneath.same_line

    def may_be_data(self, number: int, head: Heading, following: int) -> bool:
        """Whether an unsure heading has data under it: text is a description."""
        if head.kind == "input" and number > self.last_output:
            return False
        if head.same_line:
            return self.context or not is_prose(head.same_line)
        if following >= len(self.lines):
            return False
        line = self.lines[following]
        if FENCE.match(line):
            return (
                self.context
                or not self.loose
                or bool(re.search(r"\d", "".join(fenced(self.lines, following)[0])))
            )
        if self.context:
            return head.kind in self.sections or bool(self.blocks) or not is_prose(line)
        end = (
            data_end(self.lines, following, self.around(number)).line
            if not is_heading(line, hashes=False)
            else following
        )
        data = self.lines[following:end]
        return any(re.search(r"\d", entry) for entry in data) and not any(
            is_prose(entry) or re.search(r"[A-Za-z]_?\{?[\dA-Zi-n]\b|\b[A-Za-z]\b(?!\s*=)", entry)
            for entry in data
        )

    def block(self, number: int, head: Heading) -> tuple[SampleBlock, int]:
        """Return the data under a heading, and the line after it."""
        start = self.skip(number + 1)
        if head.same_line and (start >= len(self.lines) or start > number + 1 or self.ends(start)):
            return SampleBlock(head.kind, f"{head.same_line}\n", number + 1), number + 1
        hashes = has_hashes(self.lines[number])
        if not head.same_line:
            if start >= len(self.lines) or is_heading(self.lines[start], hashes=hashes):
                return SampleBlock(head.kind, "", number + 1), number + 1
            if FENCE.match(self.lines[start]) and not is_lone_fence(self.lines, start):
                body, end = fenced(self.lines, start)
                return SampleBlock(head.kind, joined(body), number + 1), end
        end, doubt = self.end(number, start, head, same_line=bool(head.same_line))
        if not head.same_line and is_prose(self.lines[start]):
            fences = [k for k in range(start, end) if FENCE.match(self.lines[k])]
            if fences and not is_lone_fence(self.lines, fences[0]):
                body, end = fenced(self.lines, fences[0])
                return SampleBlock(head.kind, joined(body), number + 1), end
        body = [line for line in self.lines[start:end] if not is_copy(line)]
        if head.kind == "input" and not head.same_line:
            body, remark = without_text(body)
            doubt = f"line {start + 1}: {remark}" if remark else doubt
        if body and all(line.startswith("    ") or not line.strip() for line in body):
            body = [line.removeprefix("    ") for line in body]
        if head.same_line:
            body.insert(0, head.same_line)
        return SampleBlock(head.kind, joined(body), number + 1, doubt), end

    def ends(self, number: int) -> bool:
        """Whether a line is a heading."""
        return is_heading(self.lines[number], hashes=True)

    def end(self, number: int, start: int, head: Heading, *, same_line: bool) -> tuple[int, str]:
        """Return the line after the data, and what is uncertain about it."""
        around = self.around(number)
        if head.kind == "output" or number > self.last_output:
            if same_line:
                lines = [*self.lines[: start - 1], head.same_line, *self.lines[start:]]
                end = data_end(lines, start - 1, around)
                gap = next((k for k in range(start, end.line) if not lines[k].strip()), end.line)
                return min(gap, end.line), end.doubt
            data = data_end(self.lines, start, around)
            return data.line, data.doubt
        return input_end(self.lines, start if same_line else start + 1, around), ""
