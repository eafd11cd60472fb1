"""Where the data of a sample ends and the text of the statement goes on, in text without fences.

Headings that are known end it. For all else the lines are compared with the data before them: a
sentence after numbers, a script that the data does not use (Chinese after digits), words after an
empty line where there were none. What could be either is said as a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from medalist.problems.formats.statement_limits import stated_limits
from medalist.problems.formats.statement_words import has_hashes, heading, is_copy, is_marked

_SCRIPTS = (
    re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]"),
    re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]"),
    re.compile(r"[\u0400-\u04ff]"),
    re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]"),
)
_STOP_WORDS = frozenset(
    """the a an is are was of to in we you so that this there therefore because which can and for
    it as by be has have will with first second all no one""".split()  # noqa: SIM905
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_QUOTED = re.compile(r"[\"“`'‘«「『]([^\"”`'’»」』\n]{1,40})[\"”`'’»」』]|\*\*([^*\n]{1,40})\*\*")
_TAIL_WORDS = re.compile(
    r"\**(?:note|explanation|hint|remark|clarification|source|constraints?|scoring|subtasks?|author|"
    r"problem credits|added by|copyright|©|submit|in the (?:first|second|sample|example))\b",
    re.I,
)


@dataclass(frozen=True)
class End:
    """The number of the line after the data, and what is uncertain about it."""

    line: int
    doubt: str = ""


def quoted_words(text: str) -> frozenset[str]:
    """Return what a statement quotes: outputs such as "NO" are announced like this."""
    return frozenset((m[1] or m[2]).strip() for m in _QUOTED.finditer(text))


def is_prose(line: str) -> bool:
    """Whether a line reads like a sentence or part of one."""
    text = line.strip()
    if any(script.search(text) for script in _SCRIPTS[:3]):
        signs = re.findall(r"[^\W\d_]", text)
        return len(signs) >= 4 or text.endswith(("。", "．", "：", ":"))
    words = _WORD.findall(text)
    known = sum(word.lower() in _STOP_WORDS for word in words)
    if len(words) < 3 or len(words) * 2 < len(text.split()):
        return False
    return known > 0 or (len(words) > 3 and text[:1].isupper() and text.endswith((".", "!", ":")))


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


def data_end(lines: Sequence[str], start: int, around: Around) -> End:
    """Return where the data that begins at a line, which is no heading, ends."""
    seen = [lines[start]]
    gap = False
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if not line.strip():
            gap = True
            continue
        if is_copy(line):
            continue
        if gap and _dedented(lines[start], line):
            return End(number)
        stop = _stops(line, seen, around, gap, lines[number + 1 : number + 2])
        if stop is not None:
            return End(number, stop and f"line {number + 1}: {stop}")
        seen.append(line)
        gap = False
    return End(len(lines))


def input_end(lines: Sequence[str], place: int, around: Around) -> int:
    """Return where an input ends that an output follows: at the next heading of a sample.

    Other headings end it only where they are marked as such, since words of the input may be
    the same.
    """
    while place < len(lines):
        line = lines[place]
        found = heading(line)
        if found and not (has_hashes(line) and not around.hashes):
            kind = found.kind
            if kind in ("output", "samples", "both") or (kind == "input" and found.sure):
                break
            if kind in ("explain", "section") or (
                kind == "after" and (is_marked(line) or has_hashes(line))
            ):
                break
        elif around.hashes and is_heading(line, hashes=True):
            break
        place += 1
    return place


def _dedented(first: str, line: str) -> bool:
    """Whether an indented block of code has ended."""
    return first.startswith(("    ", "\t")) and not line.startswith((" ", "\t"))


def is_heading(line: str, *, hashes: bool) -> bool:
    """Whether a line is a heading of any known kind, or marked as one and made of words."""
    if heading(line) is not None:
        return not has_hashes(line) or hashes
    marked = is_marked(line) or (hashes and has_hashes(line))
    return marked and bool(re.search(r"[^\W\d_]{2}", line)) and not _is_grid(line)


def _is_grid(line: str) -> bool:
    """Whether a line that begins with `#` is a row of a maze rather than a heading."""
    words = re.findall(r"[^\W\d_]+", line.lstrip("# \t"))
    return line.lstrip().startswith("#") and (
        line.rstrip().endswith("#") or not any(len(word) > 1 for word in words)
    )


def _stops(
    line: str, seen: Sequence[str], around: Around, gap: bool, following: Sequence[str]
) -> str | None:
    """Return None if a line still is data, else why it is uncertain that it is not, or ''."""
    text = line.strip()
    if is_heading(line, hashes=around.hashes) and not (text in around.quoted and not gap):
        found = heading(line)
        lone = found is not None and found.kind == "after" and not is_marked(line) and not gap
        words = all(_is_word(one) for one in seen)
        return f"{text!r} is taken for a heading, not for data" if lone and words else ""
    if _limits(line):
        return ""
    data = "\n".join([*seen, around.data])
    for script in _SCRIPTS:
        if script.search(text) and not script.search(data):
            return ""
    alike = _alike(text, seen) or text in around.quoted
    if alike:
        prose = following and is_prose(following[0]) and not is_prose(text)
        if gap and prose and not _is_numeric(text) and not any(is_prose(one) for one in seen):
            return f"{text!r} is taken for a heading, not for data"
        return None
    sentence = is_prose(text) and not any(is_prose(one) for one in seen)
    if sentence:
        sure = gap or len(_WORD.findall(text)) > 4 or not text.isascii()
        return "" if sure else f"{text!r} is taken for text, not for data"
    if len(_WORD.findall(text)) > 4 and all(_is_numeric(one) for one in seen):
        return f"{text!r} is taken for text, not for data"
    if _TAIL_WORDS.match(text) and not any(_TAIL_WORDS.match(one) for one in seen):
        return ""
    if gap:
        numbers = all(_is_numeric(one) for one in seen)
        sure = numbers or len(_WORD.findall(text)) > 1
        return "" if sure else f"{text!r} is taken for text, not for data"
    return None


def _limits(line: str) -> bool:
    stated = stated_limits(line)
    return stated.time_s is not None or stated.memory_mb is not None


def _is_word(line: str) -> bool:
    return bool(re.fullmatch(r"\s*[A-Za-z]+\s*", line))


def _is_numeric(line: str) -> bool:
    return not re.search(r"[^\W\d_]{2}", line)


def _classes(line: str) -> set[str]:
    """Return the kinds of a line's tokens: number, WORD, Word, word, sign, mixed."""
    kinds = set()
    for token in line.split():
        if re.fullmatch(r"[-+]?\d+(?:[.,:/]\d+)*(?:[eE][-+]?\d+)?[,;:.]?", token):
            kinds.add("number")
        elif re.fullmatch(r"[A-Za-z]+[,;:.!?]?", token):
            word = token.rstrip(",;:.!?")
            kinds.add("upper" if word.isupper() else "title" if word[0].isupper() else "lower")
        elif not re.search(r"\w", token):
            kinds.add("sign")
        else:
            kinds.add("mixed")
    return kinds


def _alike(text: str, seen: Sequence[str]) -> bool:
    """Whether a line has the form of the data before it."""
    first = text.split()[0]
    if re.search(r"[^\W\d_]", first) and any(one.split()[0] == first for one in seen):
        return True
    known = set().union(*(_classes(one) for one in seen))
    if not _classes(text) <= known or (is_prose(text) and not any(map(is_prose, seen))):
        return False
    if "mixed" in _classes(text):
        signs = set(re.findall(r"[^\w\s]", text))
        return signs <= set(re.findall(r"[^\w\s]", "\n".join(seen)))
    return len(text.split()) <= 2 * max(len(one.split()) for one in seen) or "number" in known
