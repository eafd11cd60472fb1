"""Reads a statement without a model: title, samples, limits, tolerance, kind.

Works on Markdown and on what people paste from judges, in English and Chinese; LaTeX and HTML
come here after conversion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from medalist.problems.formats.declared import find_equality, says_any_answer
from medalist.problems.model import Equality, Kind, Limits, Sample

_NUMBER = r"(?:\s*[#№]?\s*\d+)?"
_EN = r"(?:sample|example)s?"
_ZH = r"(?:样例|示例|范例|例子|测试样例)"
_IN, _OUT = r"(?:input|in|stdin|输入)", r"(?:output|out|stdout|输出)"
_MARK = (
    rf"(?:{_EN}\s*(?:test\s*)?{{side}}(?:\s*data)?{_NUMBER}"
    rf"|{_EN}{_NUMBER}\s*[-:：.]?\s*{{side}}"
    rf"|(?:standard\s*)?{{side}}\s*(?:for\s*)?{_EN}?{_NUMBER}"
    rf"|(?:the\s*)?{{side}}\s*for\s*the\s*{_EN}\s*input{_NUMBER}"
    rf"|{_ZH}\s*{_NUMBER}\s*{{side}}{_NUMBER}|{{side}}\s*{_ZH}?{_NUMBER})"
)
_INPUT = re.compile(_MARK.format(side=_IN), re.I)
_OUTPUT = re.compile(_MARK.format(side=_OUT), re.I)
_SURE = re.compile(rf"{_EN}|{_ZH}|\d", re.I)
_CONTEXT = re.compile(rf"(?:{_EN}(?:\s*tests?|\s*cases?)?|输入输出{_ZH}|{_ZH}){_NUMBER}", re.I)
_AFTER = re.compile(
    r"(?:note|notes|explanation|hint|hints|scoring|constraints|subtasks?|limits?|source|remarks?"
    r"|interaction|说明|提示|解释|样例解释|样例说明|数据范围|数据规模|约定|备注|来源|子任务)\b.*",
    re.I,
)
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.{0,200}?)#{0,6}\s*$")
_FENCE = re.compile(r"^\s*(```+|~~~+)")
_MARKER_LIMIT = 200
_COPY = re.compile(r"\s*(?:copy|复制|复制代码)\s*$", re.I)
_GAP = r"[\s:：*|=_-]*(?:per\s*test)?(?:case)?[\s:：*|=_-]*(?:C/C\+\+\s*)?"
_SECONDS = re.compile(
    rf"(?:time\s*limit|时间限制|时限|时间){_GAP}(\d+(?:\.\d+)?)\s*"
    r"(milliseconds?|ms|毫秒|seconds?|secs?|s\b|秒)",
    re.I,
)
_MEMORY = re.compile(
    rf"(?:memory\s*limit|内存限制|空间限制|内存|空间){_GAP}(\d+(?:\.\d+)?)\s*"
    r"(kilobytes?|kib|kb|k\b|megabytes?|mib|mb|gigabytes?|gib|gb|m\b|g\b|兆)",
    re.I,
)
_INTERACTIVE = re.compile(
    r"interactive\s+(?:problem|task)|^#+\s*interaction\b|交互题|交互式|这是一道交互", re.I | re.M
)


@dataclass(frozen=True)
class Understood:
    """What could be read from a statement's text."""

    title: str | None
    samples: tuple[Sample, ...]
    limits: Limits
    equality: Equality
    special_checker: bool
    kind: Kind


def understand(text: str) -> Understood:
    """Read a statement."""
    time_s, memory_mb = find_limits(text)
    default = Limits()
    return Understood(
        title=find_title(text),
        samples=find_samples(text),
        limits=Limits(
            time_s=time_s or default.time_s,
            time_assumed=time_s is None,
            memory_mb=memory_mb or default.memory_mb,
        ),
        equality=find_equality(text),
        special_checker=says_any_answer(text),
        kind=Kind.INTERACTIVE if _INTERACTIVE.search(text) else Kind.BATCH,
    )


def find_title(text: str) -> str | None:
    """Return the first heading, else a short first line."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines[:5]:
        if heading := _HEADING.match(line):
            return _bare(heading[2]) or None
    first = _bare(lines[0]) if lines else ""
    return first if 0 < len(first) <= 80 and not first.endswith((".", "。")) else None


def find_limits(text: str) -> tuple[float | None, int | None]:
    """Return the time limit in seconds and the memory limit in MiB, where stated."""
    time_s = memory_mb = None
    if match := _SECONDS.search(text):
        unit = match[2].lower()
        time_s = float(match[1]) / (1000 if unit in {"ms", "毫秒"} or unit[0] == "m" else 1)
    if match := _MEMORY.search(text):
        scale = {"k": 1 / 1024, "g": 1024}.get(match[2][0].lower(), 1)
        memory_mb = max(1, round(float(match[1]) * scale))
    if time_s is not None and not 0 < time_s < 1e4:
        time_s = None
    return time_s, memory_mb if memory_mb and memory_mb < 1 << 20 else None


def find_samples(text: str) -> tuple[Sample, ...]:
    """Return the samples shown in a statement, in order."""
    tables = _table_samples(text)
    if tables:
        return tables
    samples: list[Sample] = []
    pending: str | None = None
    for side, content in _blocks(text):
        if side == "input":
            if pending is not None:
                samples.append(Sample(input=pending))
            pending = content
        elif pending is not None:
            samples.append(Sample(input=pending, output=content))
            pending = None
    if pending is not None:
        samples.append(Sample(input=pending))
    return tuple(sample for sample in samples if sample.input or sample.output)


def _bare(line: str) -> str:
    """Return a heading without its marks; what is too long for one is no heading."""
    if len(line) > _MARKER_LIMIT:
        return ""
    return _COPY.sub("", line.strip().strip("#*_>`|【】[]$ \t")).strip(" \t:：*#.】")


def _marker(line: str, context: bool) -> tuple[str, str] | None:
    """Return the side that a line opens and what follows on the same line, or None.

    A lone `Input` opens a sample only after a heading that speaks of samples: elsewhere it is
    the section that describes the input.
    """
    if len(line) > _MARKER_LIMIT:
        return None
    bare = _bare(line)
    for side, pattern in (("input", _INPUT), ("output", _OUTPUT)):
        if pattern.fullmatch(bare) and (context or _SURE.search(bare)):
            return side, ""
        inline = re.match(r"^\W*([^:：]{2,30})[:：]\W?\s*(\S.*)$", line)
        if inline and pattern.fullmatch(_bare(inline[1])) and context:
            return side, inline[2].strip().strip("`")
    return None


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield `input` or `output` with its content, in order of appearance."""
    lines = text.splitlines()
    context = False
    i = 0
    while i < len(lines):
        found = _marker(lines[i], context)
        if found is None:
            heading = _HEADING.match(lines[i])
            bare = _bare(lines[i])
            if _CONTEXT.fullmatch(bare):
                context = True
            elif heading or _AFTER.fullmatch(bare):
                context = bool(_SURE.search(bare)) and context
            i += 1
            continue
        side, same_line = found
        context = True
        if same_line:
            yield side, f"{same_line}\n"
            i += 1
            continue
        content, i = _content(lines, i + 1)
        yield side, content


def _content(lines: list[str], i: int) -> tuple[str, int]:
    """Return the block that starts at a line, and the number of the line after it."""
    while i < len(lines) and (not lines[i].strip() or _COPY.fullmatch(lines[i])):
        i += 1
    if i < len(lines) and (fence := _FENCE.match(lines[i])):
        mark = fence[1]
        end = i + 1
        while end < len(lines) and not lines[end].strip().startswith(mark):
            end += 1
        return _joined(lines[i + 1 : end]), end + 1
    end = i
    while end < len(lines):
        line = lines[end]
        bare = _bare(line)
        stop = _HEADING.match(line) or _AFTER.fullmatch(bare) or _CONTEXT.fullmatch(bare)
        if stop or _marker(line, True) or _FENCE.match(line):
            break
        end += 1
    body = [line.removeprefix("    ") for line in lines[i:end] if not _COPY.fullmatch(line)]
    return _joined(body), end


def _joined(lines: list[str]) -> str:
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    return f"{text}\n" if text else ""


def _table_samples(text: str) -> tuple[Sample, ...]:
    """Return the samples of a Markdown table with an input and an output column."""
    samples = []
    columns: tuple[int, int] | None = None
    for line in text.splitlines():
        if not line.lstrip().startswith("|"):
            columns = None
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        names = [_bare(cell) for cell in cells]
        if columns is None:
            inputs = [k for k, name in enumerate(names) if _INPUT.fullmatch(name)]
            outputs = [k for k, name in enumerate(names) if _OUTPUT.fullmatch(name)]
            columns = (inputs[0], outputs[0]) if inputs and outputs else (-1, -1)
        elif columns[0] >= 0 and len(cells) > max(columns) and not re.fullmatch(r"[-:| ]+", line):
            sample_in, sample_out = (_cell(cells[k]) for k in columns)
            samples.append(Sample(input=sample_in, output=sample_out))
    return tuple(samples)


def _cell(cell: str) -> str:
    text = re.sub(r"<br\s*/?>", "\n", cell, flags=re.I).replace("\\|", "|")
    return _joined([line.strip().strip("`") for line in text.split("\n")])
