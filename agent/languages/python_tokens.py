"""Tokens of Python, exact enough that equal tokens mean equal behaviour.

Where an interpreter sees more (line numbers, a file that reads itself), or where a source cannot
be split with certainty, the text itself has to be compared.
"""

from __future__ import annotations

import io
import re
import tokenize

# A Python program that may look at its own text, lines or comments.
_PYTHON_LAYOUT_MATTERS = re.compile(
    r"lineno|__file__|__loader__|__spec__|\binspect\b|traceback|linecache|_getframe|currentframe"
    r"|\bargv\b|\bco_|tracemalloc|\bsettrace\b|\bast\b|\bdis\b|\btokenize\b|\0|\r|\f"
    r"|^[ \t]*\\$",
    re.MULTILINE,
)
_CODING = re.compile(r"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*coding[:=]")
_MIXED_INDENT = re.compile(r"^(?: +\t|\t+ )", re.MULTILINE)


def python_tokens(source: str) -> list[str] | None:
    """Split a source into tokens without comments; line ends and indentation become tokens.

    None where only the text itself identifies the program.
    """
    if _PYTHON_LAYOUT_MATTERS.search(source) or _CODING.match(source):
        return None
    indents = {line[0] for line in source.split("\n") if line[:1] in (" ", "\t")}
    if len(indents) > 1 or _MIXED_INDENT.search(source):
        return None  # Python may refuse what a reader of tokens would accept
    lines = source.split("\n")
    tokens: list[str] = []
    formatted: tuple[int, int] | None = None
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            name = tokenize.tok_name[token.type]
            if name == "ERRORTOKEN":
                return None
            # From Python 3.12 on a formatted string comes in pieces; its spelling matters
            # (`{x = }`), so it is taken whole, as in 3.11.
            if name in ("FSTRING_START", "TSTRING_START"):
                formatted = formatted or token.start
                depth += 1
            elif name in ("FSTRING_END", "TSTRING_END"):
                depth -= 1
                if depth == 0 and formatted is not None:
                    tokens.append(_between(lines, formatted, token.end))
                    formatted = None
            elif depth or name in ("COMMENT", "NL", "ENCODING", "ENDMARKER"):
                continue
            elif name in ("INDENT", "DEDENT", "NEWLINE"):
                tokens.append("\n" + name)
            else:
                tokens.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        return None
    return tokens


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the text between two positions of `tokenize` (rows from 1, columns from 0)."""
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    middle = lines[start[0] : end[0] - 1]
    return "\n".join([lines[start[0] - 1][start[1] :], *middle, lines[end[0] - 1][: end[1]]])
