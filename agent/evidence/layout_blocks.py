"""The input's layout as a block of code shows it: `N M`, `A_1 A_2 ... A_N`, a line of dots."""

from __future__ import annotations

import re
from collections.abc import Callable

from medalist.agent.evidence.segment import Segment
from medalist.problems.formula_text import normal

_BLOCK = re.compile(r"^(?:```|~~~)[^\n]*\n(.*?)^(?:```|~~~)\s*$", re.M | re.S)
_DOTS = re.compile(r"^(?::|\.{2,3}|⋮|\\vdots)$")
_NAME = re.compile(r"[A-Za-z]+(?:_(?:\{[^}]*\}|\w+))?")


def without_blocks(text: str) -> str:
    """Leave blocks of code out."""
    return _BLOCK.sub("\n", text)


def shown(text: str, canon: Callable[[str], str]) -> list[Segment]:
    """Return what the first block of names says of each line; nothing if there is none."""
    for match in _BLOCK.finditer(text):
        segments = _read(match[1], canon)
        if segments:
            return segments
    return []


def names_shown(text: str) -> str:
    """The blocks' names, as a text that `canonical_names` reads."""
    blocks = [normal(match[1].replace("$", "")) for match in _BLOCK.finditer(text)]
    return " ".join(f"${' '.join(block.split())}$" for block in blocks)


def _read(block: str, canon: Callable[[str], str]) -> list[Segment]:
    segments: list[Segment] = []
    vertical = False
    for raw in block.splitlines():
        line = normal(raw.replace("$", "")).strip()
        tokens = line.split()
        if not tokens:
            continue
        if len(tokens) == 1 and _DOTS.match(line):
            vertical = True
            continue
        words = [token for token in tokens if token not in ("...",)]
        if not all(_NAME.fullmatch(word) for word in words) or not words:
            return []
        one = Segment(line, list(dict.fromkeys(map(canon, words))))
        index = words[-1].partition("_")[2].strip("{}")
        last = frozenset({index}) if index and not index.isdigit() else frozenset()
        if "..." in tokens and len(one.names) == 1:
            one.many = [last]
        if segments and one.names == segments[-1].names:
            segments[-1].times = last or segments[-1].times or frozenset()
            continue
        if vertical:
            one.times = last
        segments.append(one)
        vertical = False
    return segments
