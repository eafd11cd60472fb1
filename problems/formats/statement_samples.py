"""Finds the samples of a statement: Markdown, text copied from a page, text of a PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, zip_longest

from medalist.problems.formats.line_kinds import is_prose
from medalist.problems.formats.sample_blocks import Reader
from medalist.problems.formats.sample_columns import REFERENCE, SampleBlock
from medalist.problems.formats.sample_end import quoted_words
from medalist.problems.formats.sample_lines import plain_lines
from medalist.problems.model import Sample

_NOTHING = re.compile(r"\(?(?:no input|none|empty|无|無|空|没有输入|なし|없음|нет)\)?\.?", re.I)
_ARGUMENTS = re.compile(r"\s*[A-Za-z_]\w*(?:\[\])?\s*=\s*\S")


@dataclass(frozen=True)
class FoundSamples:
    """The samples of a statement, in order, and what is uncertain about them.

    `in_columns` says that heads of an input and an output share a line of plain text.
    """

    samples: tuple[Sample, ...]
    doubts: tuple[str, ...] = ()
    in_columns: bool = False


def find_samples(text: str) -> FoundSamples:
    """Return the samples that a statement shows."""
    lines = plain_lines(text)
    quoted = quoted_words(text) if len(text) < 200_000 else frozenset()
    reader = Reader(lines, quoted)
    reader.run()
    if not reader.blocks:
        loose = Reader(lines, quoted, loose=True)
        loose.run()
        if loose.blocks:
            loose.doubts.insert(
                0, "no heading speaks of samples: data under `Input` and `Output` is taken"
            )
            reader = loose
    return _paired(reader)


def _paired(reader: Reader) -> FoundSamples:
    """Pair inputs with outputs in their order."""
    doubts = list(reader.doubts)
    pairs = _pairs(reader.blocks)
    samples: list[Sample] = []
    for left, right in pairs:
        sample = _sample(left, right, len(samples) + 1, doubts)
        if sample is not None and sample not in samples:
            samples.append(sample)
    if samples and all(_ARGUMENTS.match(sample.input) for sample in samples):
        doubts.append("samples give values of named arguments, not what stands on stdin")
    return FoundSamples(tuple(samples), tuple(doubts), reader.in_columns)


def _pairs(blocks: list[SampleBlock]) -> list[tuple[SampleBlock | None, SampleBlock | None]]:
    """Return each input with the output after it; `k` inputs before `k` outputs go in parallel."""
    pairs: list[tuple[SampleBlock | None, SampleBlock | None]] = []
    runs = [list(run) for _, run in groupby(blocks, key=lambda block: block.side)]
    place = 0
    while place < len(runs):
        inputs = runs[place] if runs[place][0].side == "input" else []
        place += bool(inputs)
        outputs = runs[place] if place < len(runs) else []
        place += 1
        if len(inputs) == len(outputs):
            pairs += zip(inputs, outputs, strict=True)
            continue
        pairs += [(block, None) for block in inputs[:-1]]
        pairs += zip_longest(inputs[-1:], outputs[:1])
        pairs += [(None, block) for block in outputs[1:]]
    return pairs


def _sample(
    left: SampleBlock | None, right: SampleBlock | None, number: int, doubts: list[str]
) -> Sample | None:
    """Make a sample of two blocks; None where they hold no data."""
    blocks = [block for block in (left, right) if block is not None]
    line = blocks[0].line
    if any(_is_reference(block.content) for block in blocks):
        doubts.append(f"line {line}: sample {number} is in a file, not in the statement")
        return None
    doubts += [
        f"{block.side} of sample {number} may end elsewhere: {block.doubt}"
        for block in blocks
        if block.doubt
    ]
    given = left.content if left is not None else ""
    if _NOTHING.fullmatch(given.strip()):
        given = ""
    if not given and (right is None or not right.content):
        doubts.append(f"line {line}: a sample has neither input nor output")
        return None
    if not given:
        doubts.append(f"line {line}: sample {number} has no input")
    if right is None or not right.content:
        doubts.append(f"line {line}: sample {number} has no output")
        return Sample(input=given)
    return Sample(input=given, output=right.content)


def _is_reference(content: str) -> bool:
    text = content.strip()
    return "\n" not in text and bool(REFERENCE.search(text)) and (is_prose(text) or " " not in text)
