"""LaTeX source as it is read: arguments, formulas, verbatim text, files put in by `\\input`."""

from __future__ import annotations

import re
from collections.abc import Callable


class LatexCursor:
    """A place in a LaTeX source; each method consumes what it returns."""

    def __init__(self, source: str) -> None:
        self.s = source
        self.i = 0

    def plain(self) -> str:
        """Text up to the next character with a meaning; quotes and dashes in plain signs."""
        end = re.compile(r"[\\%$~{}]").search(self.s, self.i + 1)
        stop = end.start() if end else len(self.s)
        text, self.i = self.s[self.i : stop], stop
        text = text.replace("``", '"').replace("''", '"').replace("---", " - ")
        return re.sub(r"(?<!-)--(?!-)", "-", text)

    def math(self) -> str:
        """A formula between dollars, unchanged."""
        mark = "$$" if self.s.startswith("$$", self.i) else "$"
        end = self.i + len(mark)
        while end < len(self.s) and not self.s.startswith(mark, end):
            end += 2 if self.s[end] == "\\" else 1
        body = self.s[self.i + len(mark) : end]
        self.i = min(end + len(mark), len(self.s))
        return f"{mark}{formula(body)}{mark}"

    def braced(self) -> str | None:
        """The raw text of a `{...}` argument, or None if none follows."""
        match = re.compile(r"\s*\{").match(self.s, self.i)
        if not match:
            return None
        level, start, i = 1, match.end(), match.end()
        while i < len(self.s) and level:
            if self.s[i] == "\\":
                i += 1
            elif self.s[i] == "{":
                level += 1
            elif self.s[i] == "}":
                level -= 1
            i += 1
        self.i = i
        return self.s[start : i - 1 if level == 0 else i]

    def optional(self) -> str | None:
        """The raw text of a `[...]` argument, or None if none follows."""
        match = re.compile(r"\s{0,99}\[([^\]]{0,999})\]").match(self.s, self.i)
        if not match:
            return None
        self.i = match.end()
        return match.group(1)

    def skip_space(self) -> None:
        """Blanks after a command, and `{}`."""
        match = re.compile(r"[ \t]*(?:\{\})?").match(self.s, self.i)
        self.i = match.end() if match else self.i

    def verb(self) -> str:
        """The text of `\\verb|...|`, as code."""
        mark = self.s[self.i : self.i + 1]
        end = self.s.find(mark, self.i + 1)
        end = len(self.s) if end < 0 else end
        body, self.i = self.s[self.i + 1 : end], end + 1
        return f"`{body}`"

    def raw(self, name: str) -> str:
        """The source up to the end of an environment, unconverted."""
        end = self.s.find(f"\\end{{{name}}}", self.i)
        body = self.s[self.i : end if end >= 0 else len(self.s)]
        self.i = len(self.s) if end < 0 else end + len(name) + 6
        return body


def expand(source: str, include: Callable[[str], str | None], depth: int = 0) -> str:
    """Replace `\\input{file}` by the file's text; a file that is not there by nothing."""

    def replace(match: re.Match[str]) -> str:
        inner = include(match.group(1).strip()) if depth < 4 else None
        return expand(inner, include, depth + 1) if inner is not None else ""

    return re.sub(r"(?<!\\)\\input\{([^}]*)\}", replace, source)


def document(source: str) -> str:
    """Return what stands between `\\begin{document}` and `\\end{document}`, else all of it."""
    body = re.search(r"\\begin\{document\}(.*?)\\end\{document\}", source, re.DOTALL)
    return body.group(1) if body else source


def formula(body: str) -> str:
    """A formula without what only a typesetter needs."""
    return re.sub(r"(?<=\d)\\[,;:! ](?=\d)|(?<=\d)\{[,\\ ]+\}(?=\d)", "", body)


def tidy(text: str) -> str:
    """Markdown without blanks at line ends and without runs of empty lines."""
    lines = [line.rstrip() for line in text.replace("\t", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def sample_text(text: str) -> str:
    """A sample written as an argument, as the file that it stands for."""
    text = re.sub(r"\\(?:textasciitilde|~)(?:\{\})?", "~", text)
    text = re.sub(r"\\([#$%&_{}])", r"\1", text)
    lines = [line.strip() for line in text.strip().split("\n")]
    return "\n".join(lines) + "\n" if text.strip() else ""


def one_line(text: str) -> str:
    """A text with single blanks."""
    return " ".join(text.split())
