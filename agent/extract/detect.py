"""What a piece of text is: which language, a whole program or a part, and where it breaks off."""

from __future__ import annotations

import re

from medalist.agent.languages import WRITTEN, written

_FOREIGN = {
    "java": r"\bpublic\s+(?:static\s+|final\s+)*(?:class|void)\b|System\.out\.|import java\.",
    "javascript": r"console\.log|\brequire\(['\"]|=>\s*\{|\bconst \w+ = |process\.stdin",
    "rust": r"\bfn \w+\(|\blet mut\b|println!\(",
    "go": r"^package \w+|\bfunc \w+\(|fmt\.(?:Print|Scan)",
    "c#": r"^using System|Console\.(?:Write|Read)",
    "kotlin": r"\bfun main\(|\breadLine\(\)|\breadln\(",
    "haskell": r"^main\s*(?:=|::)|^import\s+(?:qualified\s+)?Data\.",
    "pascal": r"^[ \t]*end\.[ \t]*$|\bwriteln\(|\breadln\(",
    "ruby": r"\bgets\.|^[ \t]*puts\b|\.each do\b",
    "bash": r"^[ \t]*(?:\$ |g\+\+ |python3? \S+\.py|\./\w+)",
}


def language_of(code: str) -> str | None:
    """Tell a family or another language's name from the text itself; None if unclear."""
    scores = {row.name: _count(row.sign, code) for row in WRITTEN.values()}
    for row in WRITTEN.values():
        if re.search(row.sure_sign, code, re.MULTILINE):
            scores[row.name] += 5
    foreign = {name: _count(sign, code) for name, sign in _FOREIGN.items() if name not in WRITTEN}
    best = max(scores, key=lambda name: scores[name])
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
