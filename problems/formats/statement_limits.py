"""Time and memory limits of a statement, from where limits are stated and from nowhere else.

A limit is stated by a line (or a cell of one) that begins with a label such as `Time limit` and
holds a value and nothing else, by a label with the value in the next line, by a row of a table
under such labels, or by a sentence about the problem itself. Numbers of the story have units too,
but none of these forms.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from medalist.problems.formats.limit_sentences import Found, mentioned
from medalist.problems.formats.limit_words import (
    AFTER_VALUE,
    ALONE,
    BEFORE_VALUE,
    LABEL,
    LEAD,
    MEMORY,
    MEMORY_UNITS,
    MORE,
    NOISE,
    SEPARATOR,
    SHORT_TEXT,
    TIME,
    TIME_UNITS,
    UNIT_OF_LABEL,
    mebibytes,
    scale,
    seconds,
)
from medalist.problems.formats.statement_words import is_copy


@dataclass(frozen=True)
class StatedLimits:
    """Limits in seconds and MiB, None where none is stated, and what is uncertain about them."""

    time_s: float | None
    memory_mb: int | None
    doubts: tuple[str, ...] = ()


def stated_limits(text: str) -> StatedLimits:
    """Return the limits that a statement states."""
    lines = [_clean(line) for line in text.splitlines()]
    limits: list[Found] = []
    mentions: list[Found] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        labels = _row(lines, number) or (_line(line, number + 1) if _may_state(line) else [])
        if labels and all(label.value is None for label in labels):
            labels, number = _from_next(labels, lines, number)
        if labels:
            limits += labels
        elif len(line) < 400:
            mentions += mentioned(line, number + 1)
        number += 1
    limits = _without_story(limits)
    doubts: list[str] = []
    time_s = _choose(limits, mentions, "time", "s", doubts)
    memory = _choose(limits, mentions, "memory", "MiB", doubts)
    return StatedLimits(time_s, max(1, round(memory)) if memory else None, tuple(doubts))


def _clean(line: str) -> str:
    text = unicodedata.normalize("NFKC", line)
    return NOISE.sub(lambda match: match[1] or "", text.replace("**", "")) if text else text


def _may_state(line: str) -> bool:
    return len(line) <= 400 and not is_copy(line)


def _line(line: str, number: int) -> list[Found]:
    """Return the limits of a line: it begins with a label, or one of its cells does."""
    alone = ALONE.match(line)
    if alone:
        return [
            Found("time", seconds(alone), number),
            Found("memory", mebibytes(alone), number),
        ]
    limits = _segment(line, number)
    if limits:
        return limits
    for cell in re.split(r"\t|\||\s{2,}|\s/\s|;|\((?=\D{2,}\d)", line)[:40]:
        limits += _segment(cell, number)
    return limits


def _row(lines: list[str], number: int) -> list[Found]:
    """Read a table whose heads are labels; of rows for languages the one for C++ counts."""
    heads = _cells(lines[number])
    columns: dict[str, int] = {}
    for place, head in enumerate(heads):
        label = LABEL.match(head)
        if label and label.lastgroup and label.lastgroup != "both":
            unit = UNIT_OF_LABEL.match(head, label.end())
            if not head[unit.end() if unit else label.end() :].strip():
                columns.setdefault(label.lastgroup.removeprefix("w"), place)
    if len(columns) < 2 or len(heads) < 2:
        return []
    rows = []
    for line in lines[number + 1 : number + 12]:
        cells = _cells(line)
        if len(cells) == len(heads) and re.search(r"\d", line):
            rows.append(cells)
        elif re.search(r"\w", line):
            break
    chosen = next((row for row in rows if re.match(r"(?:GNU )?C/?C?\+\+|C\b", row[0])), None)
    for cells in [chosen] if chosen else rows[:1]:
        limits = [
            Found(kind, _number(value, kind), number + 2)
            for kind, place in columns.items()
            if (value := (TIME if kind == "time" else MEMORY).search(cells[place]))
        ]
        return limits if len(limits) == 2 else []
    return []


def _cells(line: str) -> list[str]:
    parts = re.split(r"\t|\|", line.strip().strip("|"))
    return [part.strip(" *") for part in parts]


def _segment(text: str, number: int) -> list[Found]:
    """Read labels with values from the beginning of a text; [] if other words follow."""
    lead = LEAD.match(text)
    place = lead.end() if lead else 0
    limits: list[Found] = []
    while place < len(text):
        label = LABEL.match(text, place)
        if label is None or not label.lastgroup:
            break
        place = label.end()
        here, place = _values(text, place, label.lastgroup, number)
        if not here:
            return []
        limits += here
        gap = SEPARATOR.match(text, place)
        place = gap.end() if gap else place
    rest = text[place:]
    valued = any(limit.value is not None for limit in limits)
    if not limits or not rest:
        return limits
    if not valued:
        # Heads of other columns may follow the labels of a table, but no sentence.
        return limits if len(limits) > 1 and not re.search(r"\d|[.。]", rest) else []
    words = re.findall(r"[^\W\d_]{2,}", rest)
    return limits if not words or MORE.match(rest) else []


def _values(text: str, place: int, label: str, number: int) -> tuple[list[Found], int]:
    """Read what follows a label; a label alone has the value None."""
    kind, weak = label.removeprefix("w"), label.startswith("w")
    unit = UNIT_OF_LABEL.match(text, place)
    if unit:
        place = unit.end()
    before = BEFORE_VALUE.match(text, place)
    start = before.end() if before else place
    if kind == "both":
        time, memory = TIME.search(text, start), MEMORY.search(text, start)
        if time and memory and time.end() <= memory.start() <= time.end() + 12:
            return [
                Found("time", seconds(time), number),
                Found("memory", mebibytes(memory), number),
            ], memory.end()
        return [], place
    pattern = TIME if kind == "time" else MEMORY
    value = pattern.match(text, start)
    if value is None and (skipped := SHORT_TEXT.match(text, place)):
        value = pattern.match(text, skipped.end()) or _first_value(pattern, text, skipped.end())
    if value is not None:
        limit = Found(kind, _number(value, kind), number, weak)
        place = value.end()
        while extra := AFTER_VALUE.match(text, place):
            place = extra.end()
        return [limit], place
    return _without_unit(text, start, Found(kind, None, number, weak), unit)


def _first_value(pattern: re.Pattern[str], text: str, place: int) -> re.Match[str] | None:
    match = pattern.search(text, place)
    return match if match and match.start() - place <= 40 else None


def _without_unit(
    text: str, start: int, label: Found, unit: re.Match[str] | None
) -> tuple[list[Found], int]:
    """Read a value whose unit stands with its label, or nowhere."""
    kind, weak = label.kind, label.weak
    digits = re.compile(r"\d+(?:[.,]\d+)?(?![\w.:])").match(text, start)
    if digits is None:
        return ([] if weak else [label]), start
    value = float(digits[0].replace(",", "."))
    if unit and unit.lastgroup == kind:
        units = TIME_UNITS if kind == "time" else MEMORY_UNITS
        return [replace(label, value=value * scale(unit[kind], units))], digits.end()
    if weak:
        return [], start
    if kind == "time":
        value = value if value < 100 else value / 1000
    else:
        value = value if value <= 8192 else value / 1024
    shown = f"{value:g} {'s' if kind == 'time' else 'MiB'}"
    doubt = f"{kind} limit: line {label.line}: no unit: {digits[0]} is taken for {shown}"
    return [replace(label, value=value, doubt=doubt)], digits.end()


def _from_next(labels: list[Found], lines: list[str], number: int) -> tuple[list[Found], int]:
    """Find the values of labels in the next line that is not empty."""
    follow = number + 1
    while follow < len(lines) and follow < number + 5 and not re.search(r"\w", lines[follow]):
        follow += 1
    if follow >= len(lines):
        return [], number
    row, place = lines[follow], 0
    limits: list[Found] = []
    for label in labels:
        pattern = TIME if label.kind == "time" else MEMORY
        value = pattern.search(row, place)
        near = value is not None and not re.search(
            r"[^\W\d_]{3}", re.sub(r"\([^)]*\)", "", row[place : value.start()])
        )
        if value is not None and (near or len(labels) > 1):
            limits.append(Found(label.kind, _number(value, label.kind), follow + 1))
            place = value.end()
    if len(labels) == 1 and limits:
        rest = re.sub(r"\([^)]*\)", "", row[place:])
        if AFTER_VALUE.sub("", rest).strip(" |.*,;/") and not _segment(
            row[place:].strip(" |,;/"), 0
        ):
            return [], number
    return (limits, follow) if len(limits) == len(labels) else ([], number)


def _without_story(limits: list[Found]) -> list[Found]:
    """Keep a weak label (`Time: 5 s`) only beside the other kind of limit."""
    return [
        limit
        for limit in limits
        if not limit.weak
        or any(other.kind != limit.kind and abs(other.line - limit.line) <= 2 for other in limits)
    ]


def _choose(
    limits: list[Found], mentions: list[Found], kind: str, unit: str, doubts: list[str]
) -> float | None:
    """Return the limit of a kind, and add what is uncertain about it."""
    stated = [limit for limit in limits if limit.kind == kind and limit.value is not None]
    stated += [mention for mention in mentions if mention.kind == kind and not mention.weak]
    good = [item for item in stated if _plausible(item)]
    if not good:
        doubts += [
            f"{kind} limit: line {mention.line}: a sentence names {mention.value:g} {unit}: "
            "not taken"
            for mention in mentions
            if mention.kind == kind
        ][:1]
        return None
    first = next((item for item in good if not item.weak), good[0])
    if first.doubt:
        doubts.append(first.doubt)
    others = [item for item in good if item.value != first.value and item.weak == first.weak]
    if others and others[0].line != first.line:
        doubts.append(
            f"{kind} limit: two are stated, {first.value:g} {unit} (line {first.line}) and "
            f"{others[0].value:g} {unit} (line {others[0].line}): the first is taken"
        )
    return first.value


def _plausible(one: Found) -> bool:
    top = 1e4 if one.kind == "time" else 1 << 20
    return one.value is not None and 0 < one.value < top


def _number(match: re.Match[str], kind: str) -> float:
    return seconds(match) if kind == "time" else mebibytes(match)
