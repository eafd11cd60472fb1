"""Finds what a C++ program includes before it says anything else.

Only the leading run of comments, `#pragma GCC optimize/target` lines and `#include <...>` lines
counts: nothing before it can change what the headers mean, so a precompiled header of exactly
these lines leaves the compiler in the state that reading them would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

EVERYTHING = "bits/stdc++.h"

_BLANK = re.compile(r"(?:\s+|//[^\n\\]*\n|/\*(?:[^*]|\*(?!/))*\*/)*")
# After a directive only a comment may follow on its line; a backslash would continue it.
_END = r"[ \t]*(?://[^\n\\]*|/\*[^\n*]*\*/[ \t]*)?\r?(?:\n|\Z)"
_PRAGMA = re.compile(
    r"#[ \t]*pragma[ \t]+GCC[ \t]+(optimize|target)[ \t]*"
    r'(\(?[ \t]*"[\w,=.+-]*"(?:[ \t]*,[ \t]*"[\w,=.+-]*")*[ \t]*\)?)' + _END,
    re.ASCII,
)
_INCLUDE = re.compile(
    r"#[ \t]*include[ \t]*<(bits/stdc\+\+\.h|bits/extc\+\+\.h|ext/(?:\w+/)?\w+\.hpp|\w+(?:\.h)?)>"
    + _END,
    re.ASCII,
)


@dataclass(frozen=True)
class Preamble:
    """The leading pragmas, in order, and the headers after them, sorted.

    The order of standard headers means nothing. Where `EVERYTHING` is among them, the other
    standard ones are left out: the program's own lines still include them, at no cost.
    """

    pragmas: tuple[str, ...]
    headers: tuple[str, ...]

    @property
    def text(self) -> str:
        """The preamble as a header file."""
        return "".join(f"{line}\n" for line in self.pragmas) + "".join(
            f"#include <{header}>\n" for header in self.headers
        )


def preamble_of(source: bytes) -> Preamble | None:
    """Return the preamble of a C++ source; None if it begins with anything but a header."""
    text = source.decode("latin-1")
    position, pragmas = _matches(_PRAGMA, text, 0)
    _, includes = _matches(_INCLUDE, text, position)
    headers = {match[1] for match in includes}
    if not headers:
        return None
    if EVERYTHING in headers:
        headers = {header for header in headers if "/" in header}
    lines = (f"#pragma GCC {match[1]} {match[2]}" for match in pragmas)
    return Preamble(tuple(lines), tuple(sorted(headers)))


def _matches(pattern: re.Pattern[str], text: str, position: int) -> tuple[int, list[re.Match[str]]]:
    """Match `pattern` again and again, with blanks and comments between; say where it ended."""
    matches = []
    while match := pattern.match(text, _end_of_blank(text, position)):
        matches.append(match)
        position = match.end()
    return position, matches


def _end_of_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    assert match is not None  # it matches the empty string
    return match.end()


_SPLICE = re.compile(rb"\\\r?\n")
_PRAGMA_LINE = re.compile(rb"^[ \t]*#[ \t]*pragma\b[^\n]*", re.MULTILINE)
_PASTE = re.compile(rb"^[ \t]*(?:#|%:)[ \t]*define\b[^\n]*(?:##|%:%:)", re.MULTILINE)
_NAME = re.compile(rb"[A-Za-z_]\w*")


def names_in(files: Iterable[bytes]) -> set[bytes] | None:
    """Return every name that stands anywhere in these files, comments and strings included.

    None if a macro pastes names together: then no list of them is complete.
    """
    names: set[bytes] = set()
    for content in files:
        text = _PRAGMA_LINE.sub(b"", _SPLICE.sub(b"", content))
        if _PASTE.search(text):
            return None
        names.update(_NAME.findall(text))
    return names
