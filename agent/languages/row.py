"""A language that models write: what the agent knows of it beside the sandbox's rows.

A row with its name, title, labels and sign is enough: an answer in the language is found,
compiled, run, chosen and judged. What a language needs code for is a method here, and each says
what follows where a language has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

from medalist.agent.languages import trees
from medalist.agent.languages.functions import Function, Layout
from medalist.agent.llm.contract import PromptForm
from medalist.problems.model import PublicProblem

NEVER = r"(?!)"
"""A pattern that is found nowhere."""

READS = (
    r"\binput\s*\(|\bstdin\b|\bopen\s*\(|\bfileinput\b|\bos\.read\b|\breadlines?\b"
    r"|\bcin\b|\bw?scanf(?:_s)?\b|\bget(?:char|line|c|s)\w*\s*\(|\bfread\w*\b|\bread\s*\("
    r"|\bi[f]?stream\b|\bistreambuf_iterator\b|\bfreopen\b|\bfgets\b"
)
_LIST_OR_SENTENCE = re.compile(
    r"^\s*(?:[-*•]\s|\d+[.)]\s|#{2,}\s|\*\*)"
    r"|^[^\s(){};=#/'\"]+(?:\s+[^\s(){};=#/'\"]+){2,}[.:!?]?$"
)


@dataclass(frozen=True)
class Written:
    """A language family as models write it; the patterns are searched line by line.

    Attributes:
        name: The family's name in `sandbox.languages.FAMILIES`, and the word after a fence.
        title: What prompts ask for.
        labels: Words by which people and fences name it, its name among them.
        tags: Those of them that models put around an answer as a tag, or above it as a line.
        sign: What is found in programs of this language and seldom in others; each place counts.
        sure_sign: The same, found nowhere else: one place counts as five.
        begins: How the text of a program may begin.
        comment: A comment.
        hidden_comment: A comment inside what the grammar takes as one piece; its first group
            stays.
        reads: How a program reads input. None: every program counts as reading, so a
            demonstration that reads nothing is not told from a program.
        flush: How it flushes its output, for interactive problems.
        shows: Further families whose grader files are shown to who writes in it.
        usual: Forms of prompts in which it is asked for where nobody says which languages.
        grammar: Its grammar for tree-sitter. None: texts count as free of errors, definitions
            are not looked for, no mutants are made (so the strength of inputs is not measured),
            and comments are stripped by `comment` alone.
        empty_statement: What replaces a removed statement; None: none is removed.
        checked: The sandbox's row whose program says where and why it crashed, if there is one.
        build_tool: A script of `extract/` that prints keys of equal programs, run by the
            language's own interpreter. None: programs are merged by what they compile to.
        includes: How it includes another file, whose name is the first group; NEVER for no way.
        include_ending: What that name lacks.
    """

    name: str
    title: str
    labels: frozenset[str]
    sign: str
    tags: tuple[str, ...] = ()
    sure_sign: str = NEVER
    begins: str = NEVER
    comment: str = r"#[^\n]*"
    hidden_comment: str = NEVER
    reads: str | None = None
    flush: str = ""
    shows: tuple[str, ...] = ()
    usual: frozenset[PromptForm] = frozenset()
    grammar: Callable[[], object] | None = None
    empty_statement: str | None = None
    checked: str | None = None
    build_tool: str | None = None
    includes: str = NEVER
    include_ending: str = ""

    def parse(self, code: str) -> Tree | None:
        """Parse a text; None without a grammar."""
        return None if self.grammar is None else trees.parse(self.grammar, code)

    def error_bytes(self, code: str) -> int:
        """Bytes that the grammar could not make sense of, plus one for each missing token."""
        tree = self.parse(code)
        return 0 if tree is None else trees.error_bytes(tree.root_node)

    def is_whole(self, code: str) -> bool:
        """Whether a text is a separate program. By default every text is."""
        return True

    def calls_unknown(self, code: str) -> bool:
        """Whether a text calls what it neither defines nor imports. By default not known: no."""
        return False

    def breaks_off(self, code: str) -> str | None:
        """Return how a text shows that it was cut, None if it may be whole.

        By default not known: an answer cut at its token limit is then taken for no program, one
        that ends of itself for a whole one.
        """
        return None

    def ends(self, code: str) -> bool:
        """Whether a whole program that a cut answer ends with is certainly at its end."""
        return False

    def syntax_error(self, source: str) -> str | None:
        """Return what is certainly wrong with a program. By default the compiler has to say."""
        return None

    def first_line(self, lines: Sequence[str]) -> int | None:
        """Return where code begins in an answer without fences: by default at its first sign."""
        sign = re.compile(f"{self.sure_sign}|{self.sign}")
        return next((number for number, line in enumerate(lines) if sign.search(line)), None)

    def is_prose(self, line: str) -> bool:
        """Whether a line below the code is prose: by default a list's item or a sentence."""
        return is_listed(line)

    def up_to_end(self, code: str) -> tuple[str, bool]:
        """Cut a text after the program's end, if it is known; and whether that was done."""
        return code, False

    def functions(self, source: str) -> list[Function]:
        """Find the functions of a text. By default none: functions are not completed."""
        return []

    def main(self, function: Function, layout: Layout, words: tuple[str, str]) -> str | None:
        """Return a main program that calls a function on standard input.

        Args:
            function: What to call.
            layout: The layout of its parameters in the input.
            words: How true and false are printed.

        Returns:
            The text to append to the functions; None if it is not known how to write one.
        """
        return None

    def is_main(self, node: Node) -> bool:
        """Whether a statement at top level is of a main program, which a grader must not run."""
        return False

    def headed(self, source: str) -> str:
        """Give functions what they need before they can be completed. By default nothing."""
        return source

    def fit_to_grader(self, source: str, public: PublicProblem) -> str:
        """Make functions without a main program fit a problem's grader."""
        return source

    def defined(self, code: str) -> set[str]:
        """Return the names that a text defines. By default none: parts are not put together."""
        return set()

    def completes(self, part: str, code: str) -> bool:
        """Whether a text certainly belongs before another, whatever it defines."""
        return False

    def tokens(self, source: str) -> list[str] | None:
        """Split a source into tokens; equal tokens, equal behaviour.

        None (by default): only equal texts are one program before they are compiled.
        """
        return None


def is_listed(line: str) -> bool:
    """Whether a line is a list's item, a heading or a sentence."""
    return bool(_LIST_OR_SENTENCE.match(line))
