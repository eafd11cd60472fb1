"""Where the data of a sample ends and the text of the statement continues, in text without fences.

Headings that are known end it. For all else the lines are compared with the data before them: a
sentence after numbers, a script that the data does not use (Chinese after digits), words after an
empty line where there were none. What could be either is said as a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from medalist.problems.formats.line_kinds import (
    SCRIPTS,
    TAIL_WORDS,
    WORD,
    SeenLine,
    is_heading,
    is_numeric,
    is_prose,
)
from medalist.problems.formats.statement_limits import stated_limits
from medalist.problems.formats.statement_words import has_hashes, heading, is_copy, is_marked

_QUOTED = re.compile(r"[\"“`'‘«「『]([^\"”`'’»」』\n]{1,40})[\"”`'’»」』]|\*\*([^*\n]{1,40})\*\*")


@dataclass(frozen=True)
class End:
    """The number of the line after the data, and what is uncertain about it."""

    line: int
    doubt: str = ""


def quoted_words(text: str) -> frozenset[str]:
    """Return what a statement quotes: outputs such as "NO" are announced like this."""
    return frozenset((m[1] or m[2]).strip() for m in _QUOTED.finditer(text))


@dataclass(frozen=True)
class Around:
    """What is known of a statement where a sample's data is cut.

    Attributes:
        data: Other data of its samples: this sample's input, other outputs.
        quoted: Words that it quotes.
        hashes: Whether its headings are Markdown's (`## x`).
    """

    data: str = ""
    quoted: frozenset[str] = frozenset()
    hashes: bool = False

    @cached_property
    def scripts(self) -> frozenset[int]:
        """Which of `SCRIPTS` the data is written in."""
        return frozenset(k for k, script in enumerate(SCRIPTS) if script.search(self.data))


def data_end(lines: Sequence[str], start: int, around: Around) -> End:
    """Return where the data that begins at a line, which is not a heading, ends."""
    seen = SeenLine()
    seen.add(lines[start])
    gap = False
    kept = ""
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if not line.strip():
            gap = True
            continue
        if is_copy(line):
            continue
        if gap and _dedented(lines[start], line):
            return End(number)
        following = next((k for k in lines[number + 1 : number + 4] if k.strip()), "")
        stop = _stops(line, seen, around, gap, following)
        if stop is not None:
            return End(number, f"line {number + 1}: {stop}" if stop else kept)
        if not kept and _is_odd(line.strip(), seen, around):
            kept = f"line {number + 1}: {line.strip()!r} is taken for data, not for text"
        seen.add(line)
        gap = False
    return End(len(lines), kept)


def _is_odd(text: str, seen: SeenLine, around: Around) -> bool:
    """Whether a line that is kept as data looks unlike the data before it, and has words."""
    words = [word for word in WORD.findall(text) if len(word) > 1]
    plain = len(words) > 1 and text[0].isalnum()
    return plain and not seen.alike(text) and text not in around.quoted


def input_end(lines: Sequence[str], place: int, around: Around) -> int:
    """Return where an input ends that an output follows: at the next heading of a sample.

    Other headings end it only where they are marked as such, since words of the input may be
    the same.
    """
    while place < len(lines):
        line = lines[place]
        match = heading(line)
        if match and not (has_hashes(line) and not around.hashes):
            kind = match.kind
            if kind in ("output", "samples", "both") or (kind == "input" and match.sure):
                break
            if kind in ("explain", "section") or (
                kind == "after" and (is_marked(line) or has_hashes(line))
            ):
                break
        elif around.hashes and is_heading(line, hashes=True):
            break
        place += 1
    return place


def without_text(body: list[str]) -> tuple[list[str], str]:
    """Return an input without a remark in another script before or after it, and what it was."""
    for place in (0, -1):
        rest = body[1:] if place == 0 else body[:-1]
        line = body[place].strip() if body else ""
        data = "\n".join(rest)
        other = any(script.search(line) and not script.search(data) for script in SCRIPTS[:3])
        if other and data.strip() and is_prose(line):
            return rest, f"{line!r} is taken for text, not for data"
    return body, ""


def _dedented(first: str, line: str) -> bool:
    """Whether an indented block of code has ended."""
    return first.startswith(("    ", "\t")) and not line.startswith((" ", "\t"))


def _stops(
    line: str,
    seen: SeenLine,
    around: Around,
    gap: bool,
    following: str,
) -> str | None:
    """Return None if a line still is data, else why it is uncertain that it is not, or ''."""
    text = line.strip()
    known = text in around.quoted
    if is_heading(line, hashes=around.hashes) and not (known and not gap):
        match = heading(line)
        lone = match is not None and match.kind == "after" and not is_marked(line) and not gap
        return f"{text!r} is taken for a heading, not for data" if lone and seen.words else ""
    if _limits(line):
        return ""
    if any(
        script.search(text) and k not in around.scripts and k not in seen.scripts
        for k, script in enumerate(SCRIPTS)
    ):
        return ""
    tail = TAIL_WORDS.match(text) and not seen.tail and text.split()[0] not in seen.firsts
    if tail and not known:
        sure = gap or is_prose(text) or seen.numeric
        return "" if sure else f"{text!r} is taken for text, not for data"
    if seen.alike(text) or known:
        text_follows = is_prose(following) and not is_prose(text)
        if gap and text_follows and not is_numeric(text) and not seen.prose:
            return f"{text!r} is taken for a heading, not for data"
        return None
    return _stops_form(text, seen, gap, following)


def _stops_form(text: str, seen: SeenLine, gap: bool, following: str) -> str | None:
    """As `_stops`, for a line whose form the data before it does not have."""
    words = len(WORD.findall(text))
    doubt = f"{text!r} is taken for text, not for data"
    if is_prose(text) and not seen.prose:
        return "" if gap or words > 4 or not text.isascii() else doubt
    if words > 4 and seen.numeric:
        return doubt
    if gap:
        sure = seen.numeric or words > 1 or (is_prose(following) and not seen.prose)
        return "" if sure else doubt
    return None


def _limits(line: str) -> bool:
    stated = stated_limits(line)
    return stated.time_s is not None or stated.memory_mb is not None
