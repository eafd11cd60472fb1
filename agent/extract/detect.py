"""What a piece of text is: which language, a whole program or a part, and where it breaks off."""

from __future__ import annotations

import re

from medalist.agent.languages import WRITTEN, written

_FOREIGN = {
    "haskell": r"^main\s*(?:=|::)|^import\s+(?:qualified\s+)?Data\.",
    "pascal": r"^[ \t]*end\.[ \t]*$|\bwriteln\(|\breadln\(",
    "ruby": r"\bgets\.|^[ \t]*puts\b|\.each do\b",
    "bash": r"^[ \t]*(?:\$ |g\+\+ |python3? \S+\.py|\./\w+)",
}


def language_of(code: str, asked: str | None = None) -> str | None:
    """Tell a family or another language's name from the text itself; None if unclear.

    Args:
        code: The text.
        asked: The family asked for. Other languages than C++ and Python look much like C++, so that
            the signs of the one asked for decide, if they are there.
    """
    usual = {row.name: row for row in WRITTEN.values() if row.usual}
    scores = {name: _count(row.sign, code) for name, row in usual.items()}
    for name, row in usual.items():
        if re.search(row.sure_sign, code, re.MULTILINE):
            scores[name] += 5
    best = max(scores, key=lambda name: scores[name])
    wanted = WRITTEN.get(asked or "")
    if wanted is not None and not wanted.usual:
        surely = re.search(wanted.sure_sign, code, re.MULTILINE) is not None
        if surely or (scores[best] < 5 and _count(wanted.sign, code)):
            return wanted.name
    signs = {row.name: row.sign for row in WRITTEN.values() if not row.usual} | _FOREIGN
    foreign = {name: _count(sign, code) for name, sign in signs.items()}
    other = max(foreign, key=lambda name: foreign[name])
    if foreign[other] > scores[best] or (foreign[other] and foreign[other] == scores[best]):
        return other
    return best if list(scores.values()).count(scores[best]) == 1 else None


def _count(sign: str, code: str) -> int:
    return len(re.findall(sign, code, re.MULTILINE))


def reads_input(language: str, code: str) -> bool:
    """Whether a program takes any input; comments do not count."""
    row = written(language)
    return row.reads is None or re.search(row.reads, re.sub(row.comment, " ", code)) is not None


def breaks_off(language: str, code: str) -> str | None:
    """Return how a text shows that it was cut in the middle, or None if it may be whole."""
    stripped = code.rstrip()
    return written(language).breaks_off(stripped) if stripped else "nothing was written"
