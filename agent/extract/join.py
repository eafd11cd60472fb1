"""One file out of a program that an answer gives in several blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from medalist.agent.languages import written


class Part(NamedTuple):
    """Code of one language, and the words right before it (a file's name, perhaps)."""

    code: str
    before: str


def assemble(language: str, chosen: Part, others: Sequence[Part]) -> tuple[str, int]:
    """Complete a program with the blocks that it builds on.

    A block is used if the program includes or imports it by its file name, or if it defines
    something that the program uses and nowhere defines.

    Args:
        language: The family.
        chosen: The block with the main program.
        others: The other blocks of the same language without a main program, in order.

    Returns:
        The program, and how many blocks were used beside the chosen one.
    """
    code, used = _inlined(language, chosen.code, others)
    missing = [
        part.code
        for part in others
        if part.code not in code and _completes(language, part.code, code)
    ]
    return "\n\n".join([*missing, code]), used + len(missing)


def _inlined(language: str, code: str, others: Sequence[Part]) -> tuple[str, int]:
    """Put files in the place of the lines that include or import them."""
    row, used = written(language), 0
    for match in re.finditer(row.includes, code, re.MULTILINE):
        name = match[1].rsplit("/", 1)[-1] + row.include_ending
        part = next((part for part in others if name in part.before), None)
        if part is not None:
            text = re.sub(r"^[ \t]*#[ \t]*pragma[ \t]+once[ \t]*\n", "", part.code)
            code = code.replace(match[0], text.strip("\n"), 1)
            used += 1
    return code, used


def _completes(language: str, part: str, code: str) -> bool:
    row = written(language)
    if row.completes(part, code):
        return True
    return bool((row.defined(part) - row.defined(code)) & _words(code))


def _words(code: str) -> set[str]:
    bare = re.sub(r"//[^\n]*|/\*[\s\S]*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", " ", code)
    return set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", bare))
