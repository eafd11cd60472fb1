"""Reads a statement without a model: title, samples, limits, tolerance, kind.

Works on Markdown and on what people paste from judges, in the languages of
`statement_words.py`; LaTeX and HTML come here after conversion.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from medalist.problems.formats.declared import declared_equality, says_any_answer
from medalist.problems.formats.statement_limits import stated_limits
from medalist.problems.formats.statement_samples import find_samples
from medalist.problems.formats.statement_words import bare, heading
from medalist.problems.model import Equality, Kind, ProblemLimits, Sample

_FILE_LINE = re.compile(r"file\b|файл|文件|檔案|ファイル|파일|№|program name", re.I)
_STREAMS = re.compile(r"standard|stdin|stdout|стандартн|标准|標準|표준", re.I)
_FILE_NAME = re.compile(
    r"(?<![\w/.-])([\w-]+\.(?:(in|inp|dat)|out|ou|ans)|(?:(input)|output)\.txt)\b", re.I
)
# Codeforces' header as it is copied: `input`, and below or beside it `input.txt`.
_ALONE = re.compile(r"\W*(?:input|output)??\W*(input|output)\.txt\W*", re.I)
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.{0,200}?)#{0,6}\s*$")
_INTERACTIVE = re.compile(
    r"interactive\s+(?:problem|task)|^#+\s*interaction\b|交互题|交互式|这是一道交互", re.I | re.M
)
# "Note that this is not an interactive problem" says what it says.
_NOT_INTERACTIVE = re.compile(
    r"(?:\b(?:not|n't|n’t|never|isnt|non)\b|n't|n’t)[\s-]*(?:\w+\s+){0,3}$|(?:不是|并非|非)(?:一道|一个)?$",
    re.I,
)


@dataclass(frozen=True)
class ParsedStatement:
    """What could be read from a statement's text.

    `limit_doubts`, `sample_doubts` and `equality_doubts` say what of it is uncertain;
    `memory_stated` whether the memory limit was found; `files` are those that it names for input
    and output; `in_columns` whether samples stand side by side.
    """

    title: str | None
    samples: tuple[Sample, ...]
    limits: ProblemLimits
    equality: Equality
    special_checker: bool
    kind: Kind
    memory_stated: bool = False
    files: tuple[str, ...] = ()
    limit_doubts: tuple[str, ...] = ()
    sample_doubts: tuple[str, ...] = ()
    equality_doubts: tuple[str, ...] = ()
    in_columns: bool = False

    def with_samples(self, pairs: Sequence[tuple[str, str]]) -> ParsedStatement:
        """Return this with the samples that a PDF's layout shows in two columns, if any."""
        if not pairs:
            return self
        samples = tuple(Sample(input=left, output=right) for left, right in pairs)
        doubt = "read from two columns of the PDF: blanks within a line may differ"
        return replace(self, samples=samples, sample_doubts=(doubt,))


def parse_statement(text: str) -> ParsedStatement:
    """Read a statement."""
    stated = stated_limits(text)
    default = ProblemLimits()
    samples = find_samples(text)
    equality, equality_doubts = declared_equality(text)
    return ParsedStatement(
        title=find_title(text),
        samples=samples.samples,
        limits=ProblemLimits(
            time_s=stated.time_s or default.time_s,
            time_assumed=stated.time_s is None,
            memory_mb=stated.memory_mb or default.memory_mb,
        ),
        equality=equality,
        special_checker=says_any_answer(text),
        kind=Kind.INTERACTIVE if _is_interactive(text) else Kind.BATCH,
        memory_stated=stated.memory_mb is not None,
        files=find_files(text),
        limit_doubts=stated.doubts,
        sample_doubts=samples.doubts,
        equality_doubts=equality_doubts,
        in_columns=samples.in_columns,
    )


def _is_interactive(text: str) -> bool:
    return any(
        not _NOT_INTERACTIVE.search(text[max(0, match.start() - 40) : match.start()])
        for match in _INTERACTIVE.finditer(text)
    )


def find_files(text: str) -> tuple[str, ...]:
    """Return the files that are named for input and output, if both are.

    Those in a line that also speaks of the standard streams do not count.
    """
    names: dict[str, str] = {}
    for line in text.splitlines():
        if len(line) > 200:
            continue
        if alone := _ALONE.fullmatch(line):
            names.setdefault("in" if alone[1].lower() == "input" else "out", f"{alone[1]}.txt")
        if not _FILE_LINE.search(line) or _STREAMS.search(line):
            continue
        for match in _FILE_NAME.finditer(line):
            names.setdefault("in" if match[2] or match[3] else "out", match[0])
    return (names["in"], names["out"]) if len(names) == 2 else ()


def find_title(text: str) -> str | None:
    """Return the first heading that is not that of a section, else a short first line."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines[:5]:
        if (match := _HEADING.match(line)) and heading(line) is None:
            return bare(match[2]) or None
    first = bare(lines[0]) if lines and len(lines[0]) <= 200 and heading(lines[0]) is None else ""
    return first if 0 < len(first) <= 80 and not first.endswith((".", "。")) else None
