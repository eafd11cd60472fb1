"""Tokens of C++ and Python, exact enough that equal tokens mean equal behaviour.

Two sources with the same tokens behave alike, because a compiler sees nothing else of them.
Where it does see more (line numbers, stringified macro arguments, a file that reads itself),
or where a source cannot be split with certainty, `tokens` returns None and the text itself
has to be compared.
"""

from __future__ import annotations

import io
import re
import tokenize

_CPP_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\n\v\f]+)
    | (?P<comment>//[^\n]*|/\*[\s\S]*?\*/)
    | (?P<raw>(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s]{0,16})\([\s\S]*?\)(?P=delimiter)"\w*)
    | (?P<string>(?:u8|[uUL])?"(?:\\[^\n]|[^"\\\n])*"\w*)
    | (?P<char>(?:u8|[uUL])?'(?:\\[^\n]|[^'\\\n])+'\w*)
    | (?P<number>\.?[0-9](?:[eEpP][+-]|'(?=\w)|[\w.])*)
    | (?P<name>[^\W\d][\w$]*|\$[\w$]*)
    | (?P<sign><(?=::[^:>])|<:|:>|<%|%>|<=>
              |<<=|>>=|->\*|\.\.\.|::|\+\+|--|->|\.\*|<<|>>|<=|>=|==|!=|&&|\|\|
              |\+=|-=|\*=|/=|%=|&=|\|=|\^=|[{}()\[\];:?.~!+\-*/%^&|=<>,])
    """,
    re.VERBOSE,
)
_CPP_DIRECTIVE = re.compile(r"#(?:\\[ \t]*\n|[^\n])*")

# What a C++ compiler reads apart from tokens: its own line, the spelling of a macro argument
# (`#x`, see `_sees_spelling`), trigraphs, digraph directives, the directives of modules, and
# carriage returns.
_CPP_LAYOUT_MATTERS = re.compile(
    r"__LINE__|__FILE__|__builtin_(?:LINE|COLUMN|FILE)|source_location|stacktrace|\?\?|%:|\r|\0"
    r"|^[ \t]*(?:export[ \t]+)?(?:import|module)\b",
    re.MULTILINE,
)
_JOINED_LINES = re.compile(r"\\[ \t]*\n")
_DEFINE = re.compile(r"#[ \t]*define[ \t]+(?P<name>[\w$]+)(?P<body>[\s\S]*)")
_PASTE = re.compile(r"(?<!#)##(?!#)")

# A Python program that may look at its own text, lines or comments.
_PYTHON_LAYOUT_MATTERS = re.compile(
    r"lineno|__file__|__loader__|__spec__|\binspect\b|traceback|linecache|_getframe|currentframe"
    r"|\bargv\b|\bco_|tracemalloc|\bsettrace\b|\bast\b|\bdis\b|\btokenize\b|\0|\r|\f"
    r"|^[ \t]*\\$",
    re.MULTILINE,
)
_CODING = re.compile(r"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*coding[:=]")
_MIXED_INDENT = re.compile(r"^(?: +\t|\t+ )", re.MULTILINE)


def tokens(language: str, source: str) -> list[str] | None:
    """Split a source into tokens without comments and layout.

    Preprocessor lines stay whole, Python's line ends and indentation become tokens.

    Args:
        language: Language family, `cpp` or `python`.
        source: The program, with `\\n` line ends.

    Returns:
        The tokens, or None where only the text itself identifies the program.
    """
    return _cpp_tokens(source) if language == "cpp" else _python_tokens(source)


def _cpp_tokens(source: str) -> list[str] | None:
    if _CPP_LAYOUT_MATTERS.search(source):
        return None
    found: list[str] = []
    position, line_start = 0, True
    while position < len(source):
        directive = _CPP_DIRECTIVE.match(source, position) if line_start else None
        if directive is not None:
            text = directive.group()
            if "/*" in text or _sees_spelling(text, source):
                return None
            found.append("\n" + text.rstrip())
            position = directive.end()
            continue
        match = _CPP_TOKEN.match(source, position)
        if match is None:
            return None
        text, kind = match.group(), match.lastgroup
        position = match.end()
        if kind == "space":
            line_start = line_start or "\n" in text
        elif kind == "comment":
            if _JOINED_LINES.search(text + "\n"):
                return None
        elif kind == "name" and source[position : position + 1] in ('"', "'"):
            return None  # a prefix that this lexer does not know, or a broken raw string
        else:
            found.append(text)
            line_start = False
    return found


def _sees_spelling(directive: str, source: str) -> bool:
    """Whether a directive defines a macro that sees how its arguments are spelt (`#x`).

    Debugging macros often do; one whose name stands nowhere else has no effect.
    """
    match = _DEFINE.match(directive)
    if match is None or "#" not in _PASTE.sub("", match["body"]):
        return False
    return len(re.findall(rf"\b{re.escape(match['name'])}\b", source)) > 1


def _python_tokens(source: str) -> list[str] | None:
    if _PYTHON_LAYOUT_MATTERS.search(source) or _CODING.match(source):
        return None
    indents = {line[0] for line in source.split("\n") if line[:1] in (" ", "\t")}
    if len(indents) > 1 or _MIXED_INDENT.search(source):
        return None  # Python may refuse what a reader of tokens would accept
    lines = source.split("\n")
    found: list[str] = []
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
                    found.append(_between(lines, formatted, token.end))
                    formatted = None
            elif depth or name in ("COMMENT", "NL", "ENCODING", "ENDMARKER"):
                continue
            elif name in ("INDENT", "DEDENT", "NEWLINE"):
                found.append("\n" + name)
            else:
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        return None
    return found


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the text between two positions of `tokenize` (rows from 1, columns from 0)."""
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    middle = lines[start[0] : end[0] - 1]
    return "\n".join([lines[start[0] - 1][start[1] :], *middle, lines[end[0] - 1][: end[1]]])
