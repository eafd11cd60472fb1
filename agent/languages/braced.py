"""Languages with braces as models write them: what is read off their text without a compiler.

One lexer serves all; a row says how strings look, whether line ends mean anything, and where only
the text itself tells what a program does. Grammars of tree-sitter are taken where they are
installed (the extra `languages`).
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from medalist.agent.languages import trees
from medalist.agent.languages.row import NEVER, Written, is_listed
from medalist.agent.languages.trees import text_of

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

STRING = r'"(?:\\.|[^"\\\n])*"'
CHARACTER = r"'(?:\\.|[^'\\\n])+'"
_FIRST = (
    r"^(?:import|package)\s+(?:static\s+)?(?:[\w.*]+(?:\s+as\s+\w+)?;?\s*$|[\"(])"
    r"|^(?:using|use|mod)\s+[\w:{}.,*= ]+;|^(?:const|let|var|val)\s+[\w{\[].*="
    r"|^(?:public|class|fun|fn|func|function|static|struct|enum|interface|impl|data class)\b"
    r".*[{(;)=,]\s*$|^[@#]\S|^//|^/\*|^['\"]use strict['\"]"
)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_ENDS = ("}", ";", ")")
_MAIN = re.compile(r"(?:pub\s+|suspend\s+)?(?:fn|func|fun)\s+main\s*\(")
COMMENT = r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"


@dataclass(frozen=True)
class Braced(Written):
    """A language with braces.

    Attributes:
        starts: Where a program starts: how a text shows that it is a whole one.
        strings: Its strings and characters.
        line_ends: Whether the end of a line can end a statement.
        text_only: Where this is found, what a program does may depend on more than its tokens, or
            the lexer could be misled.
        module: The module of its grammar for tree-sitter.
    """

    starts: str = NEVER
    strings: str = rf"{STRING}|{CHARACTER}"
    line_ends: bool = False
    text_only: str = NEVER
    module: str = ""

    def parse(self, code: str) -> Tree | None:
        """Parse a text; None where the grammar is not installed."""
        if not self.module or not _installed(self.module):
            return None
        return trees.parse(_grammar(self.module), code)

    def is_whole(self, code: str) -> bool:
        """Whether it says where it starts."""
        return re.search(self.starts, re.sub(self.comment, " ", code), re.MULTILINE) is not None

    def breaks_off(self, code: str) -> str | None:
        """By brackets, strings and comments that are left open, or a last line without an end."""
        why = self.syntax_error(code)
        if why is not None and "closes nothing" not in why:
            return why
        last = code.rsplit("\n", 1)[-1].lstrip()
        inert = last.startswith(("//", "#")) or code.endswith("*/")
        return None if code.endswith(_ENDS) or inert else "it ends inside a statement"

    def ends(self, code: str) -> bool:
        """With the closing brace of something, where all brackets match."""
        return code.rstrip()[-1] == "}"

    def syntax_error(self, source: str) -> str | None:
        """Brackets, strings and comments alone; nothing where the lexer could be misled."""
        if re.search(self.text_only, source, re.MULTILINE):
            return None
        stack: list[str] = []
        for kind, text in self._pieces(source):
            if kind == "open":
                return f"`{text}` is not closed"
            if kind == "bracket" and text in "([{":
                stack.append(text)
            elif text in _PAIRS and kind == "bracket" and (
                not stack or stack.pop() != _PAIRS[text]
            ):  # fmt: skip
                return f"`{text}` closes nothing"
        return f"{len(stack)} brackets are not closed, the last is `{stack[-1]}`" if stack else None

    def first_line(self, lines: Sequence[str]) -> int | None:
        """An import, a declaration, a comment, or the first sign of the language."""
        sign = re.compile(f"{_FIRST}|{self.sure_sign}|{self.sign}")
        return next((number for number, line in enumerate(lines) if sign.search(line)), None)

    def is_prose(self, line: str) -> bool:
        """A line that ends like none of the language."""
        text = line.strip()
        if text.startswith(("//", "#", "@")):
            return False
        return is_listed(line) or not text.endswith((*_ENDS, "{", "*/", ",", "]"))

    def up_to_end(self, code: str) -> tuple[str, bool]:
        """Cut after the last closing brace in a line's first column, if prose follows."""
        lines = code.split("\n")
        for number in range(len(lines), 0, -1):
            if lines[number - 1].rstrip() in ("}", "};", "})"):
                rest = [line for line in lines[number:] if line.strip()]
                kept = "\n".join(lines[:number])
                whole = self.is_whole(kept) and self.syntax_error(kept) is None
                if rest and whole and self.is_prose(rest[0]):
                    return kept, True
                break
        return code, False

    def is_main(self, node: Node) -> bool:
        """The function `main`; in a language of classes nothing is taken out."""
        return _MAIN.match(text_of(node)) is not None

    def tokens(self, source: str) -> list[str] | None:
        """Split into strings, words, brackets and runs of signs, and line ends where they count.

        None where only the text itself identifies the program.
        """
        if re.search(self.text_only, source, re.MULTILINE) or re.search("[\r\0]", source):
            return None
        tokens: list[str] = []
        line_ended = False
        for kind, text in self._pieces(source):
            if kind in ("space", "comment"):
                line_ended = line_ended or "\n" in text
                continue
            if kind == "open":
                return None
            if line_ended and self.line_ends and tokens:
                tokens.append("\n")
            line_ended = False
            tokens.append(text)
        return tokens

    def _pieces(self, source: str) -> Iterator[tuple[str, str]]:
        """Yield what a text is made of, with its kind; after an `open` there is nothing more."""
        for match in _lexer(self.strings).finditer(source):
            kind = match.lastgroup or "sign"
            yield kind, match[kind]
            if kind == "open":
                return


@cache
def _lexer(strings: str) -> re.Pattern[str]:
    return re.compile(
        rf"""(?P<comment>//[^\n]*|/\*[\s\S]*?\*/)|(?P<string>{strings})|(?P<open>/\*|["'`])"""
        r"""|(?P<space>\s+)|(?P<word>[\w$]+)|(?P<bracket>[()\[\]{};,])"""
        r"""|(?P<sign>(?:(?!//|/\*)[^\w\s$()\[\]{};,"'`])+)""",
    )


@cache
def _installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


@cache
def _grammar(module: str) -> Callable[[], object]:
    """Return what loads a grammar; always the same function, by which `trees` keeps it."""
    return lambda: importlib.import_module(module).language()
