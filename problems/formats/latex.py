"""LaTeX problem statements to Markdown that people and models can read.

Covers what the package formats promise (sections, lists, tables, emphasis, figures, verbatim)
and keeps mathematics as it is, between dollars. Unknown commands lose their name and keep their
arguments, so that no sentence is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from medalist.problems.formats import latex_tables as tables
from medalist.problems.formats.latex_macros import expand_macros
from medalist.problems.formats.latex_source import (
    LatexCursor,
    document,
    expand,
    formula,
    one_line,
    sample_text,
    tidy,
)

_DEPTH_LIMIT = 40


@dataclass
class Latex:
    """A converted statement.

    Attributes:
        text: Markdown.
        title: From `\\problemname`, with a plain name from its comment preferred.
        images: Files that figures refer to.
        samples: Pairs of input and output written as `\\exmp{}{}` (olymp.sty).
        limits: Arguments of olymp.sty's `problem` environment: time limit and memory limit.
        streams: Its names of the input and the output file.
        missing: Files of samples (`\\exmpfile`) that are not there.
    """

    text: str = ""
    title: str | None = None
    images: list[str] = field(default_factory=list)
    samples: list[tuple[str, str]] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def convert(
    source: str,
    *,
    include: Callable[[str], str | None] = lambda _name: None,
    constants: dict[str, str] | None = None,
    sample_file: Callable[[str], str | None] = lambda _name: None,
) -> Latex:
    """Convert LaTeX to Markdown.

    Args:
        source: The statement.
        include: Returns the text of a file named by `\\input`, or None.
        constants: Values of `\\constant{name}`.
        sample_file: Returns the text of a sample's file (`\\exmpfile`), or None.
    """
    result = Latex()
    plain = re.search(r"^\s*%%\s*plainproblemname:\s*(.+?)\s*$", source, re.MULTILINE)
    source = document(expand_macros(expand(source, include)))
    converter = _Converter(source, result, constants or {})
    converter.sample_file = sample_file
    text = converter.run()
    if plain:
        result.title = plain.group(1)
    result.text = tidy(text)
    return result


class _Converter(LatexCursor):
    """Reads the source; methods return the Markdown of what they consumed."""

    def __init__(self, source: str, result: Latex, constants: dict[str, str]) -> None:
        super().__init__(source)
        self.result = result
        self.constants = constants
        self.lists: list[int | None] = []
        self.depth = 0
        self.sample_file: Callable[[str], str | None] = lambda _name: None

    def run(self) -> str:
        out = []
        while self.i < len(self.s):
            out.append(self.until_end(None))
        return "".join(out)

    def nested(self, source: str) -> str:
        """Convert a piece on its own, with the same results and list depth."""
        if self.depth > _DEPTH_LIMIT:
            return source
        inner = _Converter(source, self.result, self.constants)
        inner.lists = self.lists
        inner.depth = self.depth + 1
        inner.sample_file = self.sample_file
        return inner.run()

    def until_end(self, environment: str | None) -> str:
        """Convert up to the `\\end` of an environment, or to the end of the source."""
        out: list[str] = []
        while self.i < len(self.s):
            char = self.s[self.i]
            if char == "\\":
                end = re.compile(r"\\end\s*\{([^}]*)\}").match(self.s, self.i)
                if end:
                    self.i = end.end()
                    if end.group(1) == environment:
                        break
                    continue
                out.append(self.command())
            elif char == "%":
                newline = self.s.find("\n", self.i)
                self.i = len(self.s) if newline < 0 else newline + 1
                while self.i < len(self.s) and self.s[self.i] in " \t":
                    self.i += 1
            elif char == "$":
                out.append(self.math())
            elif char == "~":
                out.append(" ")
                self.i += 1
            elif char in "{}":
                self.i += 1
            else:
                out.append(self.plain())
        return "".join(out)

    def command(self) -> str:
        match = re.compile(r"\\([A-Za-z@]+)").match(self.s, self.i)
        if not match:
            return self.sign()
        name, self.i = match[1], match.end()
        if self.s[self.i : self.i + 1] == "*":
            self.i += 1
        if name == "begin":
            return self.environment()
        if name == "item":
            return self.item()
        if name == "verb":
            return self.verb()
        if name in tables.SECTIONS:
            return f"\n\n{tables.SECTIONS[name]}{self.nested(self.braced() or '').strip()}\n\n"
        if name in tables.SYMBOLS:
            self.skip_space()
            return tables.SYMBOLS[name]
        if name in tables.OLYMP:
            return f"\n\n## {tables.OLYMP[name]}\n\n"
        if name in tables.WRAP:
            return self.wrapped(tables.WRAP[name])
        if name in tables.DROP:
            self.optional()
            for _ in range(tables.DROP[name]):
                self.braced()
            return ""
        if len(name) == 1 and name in tables.ACCENTS:
            return self.accent(name)
        handler = getattr(self, f"do_{name}", None)
        if handler is not None:
            return str(handler())
        while self.optional() is not None:
            pass
        argument = self.braced()
        if argument is None:
            self.skip_space()
            return ""
        return self.nested(argument)

    def wrapped(self, mark: str) -> str:
        inner = self.braced()
        if inner is None:
            return ""
        text = self.nested(inner)
        return f"{mark}{text.strip()}{mark}" if mark and text.strip() else text

    def accent(self, name: str) -> str:
        letter = self.braced()
        if letter is None:
            letter, self.i = self.s[self.i : self.i + 1], self.i + 1
        import unicodedata

        plain = letter.replace("\\i", "i").replace("\\j", "j")
        return unicodedata.normalize("NFC", plain[:1] + tables.ACCENTS[name] + plain[1:])

    def sign(self) -> str:
        """A command of one sign: `\\%`, `\\\\`, `\\(`, an accent."""
        char = self.s[self.i + 1 : self.i + 2]
        self.i += 2
        if char == "\\":
            self.optional()
            return "\n"
        if char in "([":
            close = "\\)" if char == "(" else "\\]"
            end = self.s.find(close, self.i)
            end = len(self.s) if end < 0 else end
            body, self.i = self.s[self.i : end], end + 2
            mark = "$" if char == "(" else "$$"
            return f"{mark}{formula(body)}{mark}"
        if char in tables.ACCENTS and char:
            return self.accent(char)
        return {",": " ", ";": " ", ":": " ", "!": "", "/": "", "-": "", " ": " "}.get(char, char)

    def item(self) -> str:
        label = self.optional()
        self.skip_space()
        indent = "  " * max(len(self.lists) - 1, 0)
        mark = "- "
        if self.lists and self.lists[-1] is not None:
            self.lists[-1] += 1
            mark = f"{self.lists[-1]}. "
        text = f"{self.nested(label).strip()} " if label else ""
        return f"\n{indent}{mark}{text}"

    def environment(self) -> str:
        self.depth += 1
        try:
            return self.open_environment((self.braced() or "").strip())
        finally:
            self.depth -= 1

    def open_environment(self, name: str) -> str:
        if self.depth > _DEPTH_LIMIT:
            return self.raw(name)
        base = name.rstrip("*")
        if base in tables.MATH:
            return f"\n$${formula(self.raw(name))}$$\n"
        if base in tables.VERBATIM:
            self.optional()
            body = self.raw(name).strip("\n")
            return f"\n\n```\n{body}\n```\n\n"
        if base == "tikzpicture":
            self.raw(name)
            return "\n[drawing]\n"
        if name in tables.TABLE:
            return self.table(name)
        if base in {"itemize", "enumerate", "description"}:
            self.optional()
            self.lists.append(0 if base == "enumerate" else None)
            body = self.until_end(name)
            self.lists.pop()
            return f"\n{body.rstrip()}\n\n"
        if base in tables.HEADED:
            return f"\n\n## {tables.HEADED[base]}\n\n{self.until_end(name)}\n\n"
        while self.optional() is not None:
            pass
        if base == "problem":
            self.problem_arguments()
        for _ in range({"wrapfigure": 2, "minipage": 1, "multicols": 1}.get(base, 0)):
            self.braced()
        return self.until_end(name)

    def problem_arguments(self) -> None:
        """olymp.sty: `{title}{input file}{output file}{time limit}{memory limit}`."""
        arguments: list[str] = []
        while len(arguments) < 8 and (argument := self.braced()) is not None:
            arguments.append(one_line(self.nested(argument)))
        if arguments and self.result.title is None:
            self.result.title = arguments[0] or None
        if len(arguments) >= 4:
            self.result.streams = arguments[1:3]
            self.result.limits = arguments[3:5]

    def table(self, name: str) -> str:
        """A table as Markdown rows."""
        self.optional()
        for _ in range(2 if name in {"tabularx", "tabulary", "tabular*"} else 1):
            self.braced()
        body = re.sub(r"(?<!\\)%.*", "", self.raw(name))
        body = re.sub(r"\\(hline|toprule|midrule|bottomrule|cline\{[^}]*\})", "", body)
        rows = []
        for line in re.split(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline", body):
            cells = [one_line(self.nested(cell)) for cell in re.split(r"(?<!\\)&", line)]
            if any(cells):
                rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        if rows:
            columns = len(re.findall(r"(?<!\\)\|", rows[0])) - 1
            rows.insert(1, "|" + " --- |" * columns)
        return "\n\n" + "\n".join(rows) + "\n\n"

    def image(self, name: str) -> str:
        self.result.images.append(name.strip())
        return f"![]({name.strip()})"

    def do_problemname(self) -> str:
        self.result.title = one_line(self.nested(self.braced() or "")) or self.result.title
        return ""

    def do_includegraphics(self) -> str:
        self.optional()
        return self.image(self.braced() or "")

    def do_illustration(self) -> str:
        self.braced()
        picture = self.image(self.braced() or "")
        caption = one_line(self.nested(self.braced() or ""))
        return f"\n\n{picture} {caption}\n\n"

    def do_href(self) -> str:
        url = self.braced() or ""
        return f"{self.nested(self.braced() or '')} ({url})"

    def do_url(self) -> str:
        return self.braced() or ""

    def do_footnote(self) -> str:
        return f" ({one_line(self.nested(self.braced() or ''))})"

    def do_multicolumn(self) -> str:
        self.braced()
        self.braced()
        return self.nested(self.braced() or "")

    def do_multirow(self) -> str:
        return self.do_multicolumn()

    def do_textcolor(self) -> str:
        self.braced()
        return self.nested(self.braced() or "")

    def do_epigraph(self) -> str:
        return f"\n\n{self.nested(self.braced() or '')} - {self.nested(self.braced() or '')}\n\n"

    def do_constant(self) -> str:
        name = (self.braced() or "").removesuffix(".value")
        return self.constants.get(name, name)

    def do_exmp(self) -> str:
        pair = (sample_text(self.braced() or ""), sample_text(self.braced() or ""))
        self.result.samples.append(pair)
        return ""

    def do_exmpfile(self) -> str:
        names = (self.braced() or "").strip(), (self.braced() or "").strip()
        texts = [self.sample_file(name) for name in names]
        if texts[0] is not None and texts[1] is not None:
            self.result.samples.append((texts[0], texts[1]))
        else:
            self.result.missing += [n for n, text in zip(names, texts, strict=True) if text is None]
        return ""
