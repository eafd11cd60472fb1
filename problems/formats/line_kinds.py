"""What a line of a statement looks like: numbers, words, a sentence, a heading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from medalist.problems.formats.statement_words import has_hashes, heading, is_marked

SCRIPTS = (
    re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]"),
    re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]"),
    re.compile(r"[\u0400-\u04ff]"),
    re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]"),
)
"""Letters that data seldom has: Chinese and Japanese, Korean, Cyrillic, Latin with accents."""
_STOP_WORDS = frozenset(
    """the a an is are was of to in we you so that this there therefore because which can and for
    it as by be has have will with first second all no one""".split()  # noqa: SIM905
)
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
TAIL_WORDS = re.compile(
    r"\**(?:(?:note|explanation|hint|remark|clarification|source|constraints?|scoring|subtasks?|"
    r"author|problem credits|added by|copyright|submit|submissions|acceptance rate|statistics|"
    r"difficulty|rating|"
    r"in the (?:first|second|sample|example))\b|©|\(c\)\s)",
    re.I,
)
"""What the text after a sample often begins with."""


def is_prose(line: str) -> bool:
    """Whether a line reads like a sentence or part of one."""
    text = line.strip()
    if any(script.search(text) for script in SCRIPTS[:3]):
        signs = re.findall(r"[^\W\d_]", text)
        return len(signs) >= 4 or text.endswith(("。", "．", "：", ":"))
    words = WORD.findall(text)
    known = sum(word.lower() in _STOP_WORDS for word in words)
    if len(words) == 2 and known and text.endswith("."):
        return True
    if len(words) < 3 or len(words) * 2 < len(text.split()):
        return False
    return known > 0 or (len(words) > 3 and text[:1].isupper() and text.endswith((".", "!", ":")))


def is_heading(line: str, *, hashes: bool) -> bool:
    """Whether a line is a heading of any known kind, or marked as one and made of words.

    Args:
        line: The line.
        hashes: Whether the statement has Markdown's headings; else `# . #` is a row of a maze.
    """
    match = heading(line)
    text = line.strip()
    if match is not None:
        # In small letters and without a colon it is a word of the data: `source`, `note`.
        word = match.kind in ("after", "explain") and text[0].islower() and text.isalpha()
        return (not has_hashes(line) or hashes) and not word
    marked = is_marked(line) or (hashes and has_hashes(line))
    return marked and bool(re.search(r"[^\W\d_]{2}", line)) and not _is_grid(line)


def _is_grid(line: str) -> bool:
    words = re.findall(r"[^\W\d_]+", line.lstrip("# \t"))
    return line.lstrip().startswith("#") and (
        line.rstrip().endswith("#") or not any(len(word) > 1 for word in words)
    )


def is_word(line: str) -> bool:
    """Whether a line is a single word."""
    return bool(re.fullmatch(r"\s*[A-Za-z]+\s*", line))


def is_numeric(line: str) -> bool:
    """Whether a line has no word in it."""
    return not re.search(r"[^\W\d_]{2}", line)


def classes(line: str) -> set[str]:
    """Return the kinds of a line's tokens: number, upper, title, lower, sign, mixed."""
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


@dataclass
class SeenLine:
    """What the lines of a sample's data so far have in common; each line is looked at once."""

    firsts: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    scripts: set[int] = field(default_factory=set)
    words: bool = True
    numeric: bool = True
    prose: bool = False
    tail: bool = False
    longest: int = 0

    def add(self, line: str) -> None:
        """Take a line for data."""
        tokens = line.split()
        self.firsts.update(tokens[:1])
        self.kinds |= classes(line)
        self.signs.update(re.findall(r"[^\w\s]", line))
        self.scripts.update(k for k, script in enumerate(SCRIPTS) if script.search(line))
        self.words = self.words and is_word(line)
        self.numeric = self.numeric and is_numeric(line)
        self.prose = self.prose or is_prose(line)
        self.tail = self.tail or bool(TAIL_WORDS.match(line.strip()))
        self.longest = max(self.longest, len(tokens))

    def alike(self, text: str) -> bool:
        """Whether a line has the form of the data before it."""
        first = text.split()[0]
        if first in self.firsts and re.search(r"[^\W\d_]", first):
            return True
        kinds = classes(text)
        if not kinds <= self.kinds or (is_prose(text) and not self.prose):
            return False
        if "mixed" in kinds:
            return set(re.findall(r"[^\w\s]", text)) <= self.signs
        return len(text.split()) <= 2 * self.longest or "number" in self.kinds
