"""Macros that a LaTeX statement defines itself: definitions go, uses are replaced.

Covers `\\newcommand`, `\\renewcommand`, `\\providecommand` (with arguments and a default for the
first), `\\def`, `\\gdef`, `\\edef` and `\\xdef` (with arguments that nothing delimits), `\\let` and
`\\DeclareMathOperator`, in text and in formulas. Scopes of groups are not kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from medalist.problems.formats.latex_source import LatexCursor

_DEPTH_LIMIT = 20
_SIZE_LIMIT = 1 << 20
_USES_LIMIT = 20_000
_VERBATIM = re.compile(
    r"\\begin\{(verbatim|lstlisting|Verbatim|alltt|minted)\*?\}.*?\\end\{\1\*?\}", re.S
)
_VERB = re.compile(r"\\verb\*?([^A-Za-z\s*]).*?\1")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_NEW = re.compile(r"\\(?:re)?newcommand\*?|\\providecommand\*?|\\DeclareMathOperator\*?")
_DEF = re.compile(r"\\(?:long\s*\\)?[gex]?def\s*\\([A-Za-z@]+)((?:\s*#\d)*)\s*(?=\{)")
_LET = re.compile(r"\\let\s*\\([A-Za-z@]+)\s*=?\s*\\([A-Za-z@]+)[ \t]*")
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z@]+)\s*\}|\\([A-Za-z@]+))")
_ARITY = re.compile(r"\s*\[(\d)\]")
_DEFAULT = re.compile(r"\s*\[((?:[^\[\]{}]|\{[^{}]*\}){0,200})\]")
_COMMAND = re.compile(r"\\([A-Za-z@]+)")


@dataclass(frozen=True)
class Macro:
    """A macro: how many arguments, the default of the first if it is optional, and the body."""

    arity: int
    default: str | None
    body: str


def expand_macros(source: str) -> str:
    """Replace what a source defines itself; a source that grows without end is left as it is."""
    if not re.search(
        r"\\(?:re)?newcommand|\\providecommand|\\[gex]?def\b|\\let\b|\\DeclareMath", source
    ):
        return source
    state = _State()
    text = _Expander(source, state).run(0)
    return source if state.full else text


@dataclass
class _State:
    """What is known and used up over a whole source."""

    macros: dict[str, Macro] = field(default_factory=dict)
    written: int = 0
    uses: int = 0

    @property
    def full(self) -> bool:
        return self.written > _SIZE_LIMIT or self.uses > _USES_LIMIT


class _Expander(LatexCursor):
    def __init__(self, source: str, state: _State) -> None:
        super().__init__(source)
        self.state = state

    def run(self, depth: int) -> str:
        out: list[str] = []
        while self.i < len(self.s) and not self.state.full:
            start = self.s.find("\\", self.i)
            percent = self.s.find("%", self.i)
            if 0 <= percent < start or (start < 0 <= percent):
                comment = _COMMENT.match(self.s, percent)
                end = comment.end() if comment else percent + 1
                out.append(self.s[self.i : end])
                self.i = end
                continue
            if start < 0:
                out.append(self.s[self.i :])
                self.i = len(self.s)
                break
            out.append(self.s[self.i : start])
            self.i = start
            out.append(self.command(depth))
        text = "".join(out)
        self.state.written += len(text)
        return text

    def command(self, depth: int) -> str:
        for raw in (_VERBATIM, _VERB):
            if match := raw.match(self.s, self.i):
                self.i = match.end()
                return match[0]
        if self.definition():
            return ""
        match = _COMMAND.match(self.s, self.i)
        macro = self.state.macros.get(match[1]) if match else None
        if match is None or macro is None or depth >= _DEPTH_LIMIT:
            end = match.end() if match else self.i + 2
            text, self.i = self.s[self.i : end], end
            return text
        self.i = match.end()
        return self.use(macro, depth)

    def use(self, macro: Macro, depth: int) -> str:
        arguments: list[str] = []
        if macro.default is not None:
            given = _DEFAULT.match(self.s, self.i)
            arguments.append(given[1] if given else macro.default)
            self.i = given.end() if given else self.i
        while len(arguments) < macro.arity:
            argument = self.braced()
            if argument is None:
                single = re.compile(r"\s*(\\[A-Za-z]+|\S)").match(self.s, self.i)
                argument = single[1] if single else ""
                self.i = single.end() if single else self.i
            arguments.append(argument)
        body = macro.body
        for number, argument in enumerate(arguments, start=1):
            body = body.replace(f"#{number}", argument)
        if not macro.arity and self.s.startswith("{}", self.i):
            self.i += 2
        self.state.uses += 1
        text = _Expander(body, self.state).run(depth + 1)
        joined = self.s[self.i : self.i + 1]
        # `\x` before a letter would become another command.
        return f"{text}{{}}" if re.search(r"\\[A-Za-z]+$", text) and joined.isalpha() else text

    def definition(self) -> bool:
        """Read a definition, if one begins here."""
        start = self.i
        if match := _LET.match(self.s, self.i):
            old = self.state.macros.get(match[2], Macro(0, None, f"\\{match[2]}"))
            self.define(match[1], old, start, match.end())
            return True
        if match := _DEF.match(self.s, self.i):
            self.i = match.end()
            arity = match[2].count("#")
            self.define(match[1], Macro(arity, None, self.braced() or ""), start, self.i)
            return True
        new = _NEW.match(self.s, self.i)
        name = _NAME.match(self.s, new.end()) if new else None
        if new is None or name is None:
            return False
        self.i = name.end()
        arity, default = 0, None
        if "DeclareMath" not in new[0]:
            if match := _ARITY.match(self.s, self.i):
                arity, self.i = int(match[1]), match.end()
            if match := _DEFAULT.match(self.s, self.i):
                default, self.i = match[1], match.end()
        body = self.braced()
        if body is None:
            self.i = start
            return False
        if "DeclareMath" in new[0]:
            body = f"\\operatorname{{{body}}}"
        known = (name[1] or name[2]) in self.state.macros
        if not (known and new[0].startswith("\\provide")):
            self.define(name[1] or name[2], Macro(arity, default, body), start, self.i)
        return True

    def define(self, name: str, macro: Macro, start: int, end: int) -> None:
        """Keep a macro, and leave no empty line where its definition was."""
        self.state.macros[name] = macro
        self.i = end
        blank = re.compile(r"[ \t]*(?:%[^\n]*)?\n").match(self.s, end)
        if blank and not self.s[self.s.rfind("\n", 0, start) + 1 : start].strip():
            self.i = blank.end()
