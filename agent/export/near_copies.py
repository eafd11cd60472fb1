"""Near copies: programs that differ in names and a few tokens only."""

from __future__ import annotations

import re

from medalist.agent.languages import written

_LONG = 5  # tokens of a shingle
NEAR = 0.85
"""From this Jaccard similarity of shingles on, two programs are near copies."""

_NAME = re.compile(r"[^\W\d]\w*")


class NearCopies:
    """The programs that were kept so far, all in one language."""

    def __init__(self) -> None:
        self._kept: list[frozenset[tuple[str, ...]]] = []

    def add(self, language: str, source: str) -> bool:
        """Keep a program unless it is a near copy of one that was kept; return whether it was."""
        own = shingles(language, source)
        if any(likeness(own, other) >= NEAR for other in self._kept):
            return False
        self._kept.append(own)
        return True


def shingles(language: str, source: str) -> frozenset[tuple[str, ...]]:
    """Return the runs of five tokens of a program.

    Names that are in the program more than once are numbered in the order in which they come:
    what was renamed throughout is the same.
    """
    tokens = written(language).tokens(source)
    if tokens is None:
        tokens = source.split()
    often = {name for name in tokens if _NAME.fullmatch(name) and tokens.count(name) > 1}
    numbers: dict[str, str] = {}
    plain = [
        numbers.setdefault(token, f"name{len(numbers)}") if token in often else token
        for token in tokens
    ]
    if len(plain) <= _LONG:
        return frozenset({tuple(plain)})
    return frozenset(tuple(plain[at : at + _LONG]) for at in range(len(plain) - _LONG + 1))


def likeness(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """Return the Jaccard similarity of two sets of shingles, 0 to 1."""
    union = len(one | other)
    return len(one & other) / union if union else 1.0
