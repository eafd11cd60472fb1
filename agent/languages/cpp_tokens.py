"""Tokens of C++, exact enough that equal tokens mean equal behaviour.

Two sources with the same tokens behave alike, because a compiler sees nothing else of them.
Where it does see more (line numbers, stringified macro arguments), or where a source cannot be
split with certainty, the text itself has to be compared.
"""

from __future__ import annotations

import re

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


def cpp_tokens(source: str) -> list[str] | None:
    """Split a source into tokens without comments and layout; preprocessor lines stay whole.

    None where only the text itself identifies the program.
    """
    if _CPP_LAYOUT_MATTERS.search(source):
        return None
    tokens: list[str] = []
    position, line_start = 0, True
    while position < len(source):
        directive = _CPP_DIRECTIVE.match(source, position) if line_start else None
        if directive is not None:
            text = directive.group()
            if "/*" in text or _sees_spelling(text, source):
                return None
            tokens.append("\n" + text.rstrip())
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
            tokens.append(text)
            line_start = False
    return tokens


def _sees_spelling(directive: str, source: str) -> bool:
    """Whether a directive defines a macro that sees how its arguments are spelt (`#x`).

    Debugging macros often do; one whose name stands nowhere else has no effect.
    """
    match = _DEFINE.match(directive)
    if match is None or "#" not in _PASTE.sub("", match["body"]):
        return False
    return len(re.findall(rf"\b{re.escape(match['name'])}\b", source)) > 1
