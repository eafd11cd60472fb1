"""Python as models write it."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from medalist.agent.languages.functions import Function, Layout
from medalist.agent.languages.python_functions import python_functions, python_main
from medalist.agent.languages.python_tokens import python_tokens
from medalist.agent.languages.row import READS, Written, is_listed
from medalist.agent.languages.trees import text_of, walk
from medalist.problems.python_tree import python_tree

if TYPE_CHECKING:
    from tree_sitter import Node

_PYTHON_EARLY = re.compile(
    r"^(?:(?:import|from|def|class|for|while|if|with)\b|try:|print\(|@\w|#|[\w, ]+\s*=(?!=))"
)
_PYTHON_DEFINES = re.compile(
    r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE
)
_IMPORTED = re.compile(r"^(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+(.+)$", re.MULTILINE)
_READS_OR_PRINTS = re.compile(r"\b(?:print|input)\s*\(|\bsys\.stdin\b")
_PASSIVE = {
    "import_statement", "import_from_statement", "future_import_statement", "comment",
    "function_definition", "class_definition", "decorated_definition", "global_statement",
    "pass_statement",
}  # fmt: skip
_PYTHON_PIECES = re.compile(
    r"""\#[^\n]*|'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|(?P<open>'''|\"\"\")
    |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?P<quote>["'])|(?P<bracket>[(){}\[\]])""",
    re.VERBOSE | re.DOTALL,
)


def _grammar() -> object:
    import tree_sitter_python

    return tree_sitter_python.language()


class Python(Written):
    """Python 3."""

    def is_whole(self, code: str) -> bool:
        """Whether a statement at top level does something by itself."""
        tree = self.parse(code)
        return tree is not None and any(_acts(node) for node in tree.root_node.children)

    def calls_unknown(self, code: str) -> bool:
        """Whether a function is called that is neither defined nor imported."""
        try:
            tree = python_tree(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return _calls_unknown(tree)

    def breaks_off(self, code: str) -> str | None:
        """By a last line that must continue, or brackets and strings that are left open."""
        last = code.rsplit("\n", 1)[-1]
        if last.endswith(
            ("\\", ",", "(", "[", "{", "=", "+", "-", "*", "/", " and", " or", " not", " in")
        ):
            return "it ends inside a statement"
        if last.endswith(":") and not last.lstrip().startswith("#"):
            return "its last block is empty"
        return "it ends inside a bracket or a string" if _is_open(code) else None

    def syntax_error(self, source: str) -> str | None:
        """Parse with a grammar that knows newer syntax than any interpreter in use."""
        tree = self.parse(source)
        if tree is None:
            return None
        for node in walk(tree.root_node):
            what = _what_is_wrong(node)
            if what is not None:
                return f"line {node.start_point.row + 1}: {what}"
        # A missing indentation is in no node of the tree.
        return "the indentation is broken" if tree.root_node.has_error else None

    def first_line(self, lines: Sequence[str]) -> int | None:
        """A line that is Python by itself, or the head of a block."""
        return next((number for number, line in enumerate(lines) if self._begins(line)), None)

    def _begins(self, line: str) -> bool:
        if not _PYTHON_EARLY.match(line) or re.match(r"#{2,}\s", line):
            return False
        return any(self.error_bytes(line + end) == 0 for end in ("", " pass"))

    def is_prose(self, line: str) -> bool:
        """A line that is not Python by itself, and reads like a sentence."""
        text = line.strip()
        if self.error_bytes(text) == 0:
            return False
        return is_listed(line) or (len(text.split()) > 3 and text[0].isupper())

    def functions(self, source: str) -> list[Function]:
        """Functions at top level, and methods of `Solution`."""
        tree = self.parse(source)
        nodes = tree.root_node.children if tree is not None else []
        return [function for node in nodes for function in python_functions(node)]

    def main(self, function: Function, layout: Layout, words: tuple[str, str]) -> str:
        """A main program with `sys.stdin`."""
        return python_main(function, layout, words)

    def is_main(self, node: Node) -> bool:
        """What would read and print when a grader imports the file."""
        return "definition" not in node.type and bool(_READS_OR_PRINTS.search(text_of(node)))

    def defined(self, code: str) -> set[str]:
        """Functions, classes, imports and variables."""
        names = {
            name for match in _PYTHON_DEFINES.finditer(code) for name in match.groups() if name
        }
        for match in _IMPORTED.finditer(code):
            names |= {item.split()[-1] for item in match[1].strip("() ").split(",") if item.split()}
        # Names bound inside count as defined too: a loop's variable is not missing.
        tree = self.parse(code)
        return names | {
            text_of(node)
            for node in (walk(tree.root_node) if tree is not None else ())
            if node.type == "identifier" and _binds(node.parent.type if node.parent else "")
        }

    def tokens(self, source: str) -> list[str] | None:
        """See `python_tokens`."""
        return python_tokens(source)


def _acts(node: Node) -> bool:
    """Whether a top-level statement of Python does something by itself."""
    if node.type in _PASSIVE or node.type == "ERROR":
        return False
    if node.type == "expression_statement":
        inner = node.children[0] if node.children else node
        if inner.type in ("string", "identifier", "type"):
            return False
        if inner.type in ("assignment", "augmented_assignment"):
            return b"input" in (inner.text or b"") or b"stdin" in (inner.text or b"")
        return any(n.type in ("call", "await") for n in walk(inner))
    return any(n.type == "call" for n in walk(node))


def _calls_unknown(tree: ast.AST) -> bool:
    known, called = set(dir(builtins)), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            known.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if any(alias.name == "*" for alias in node.names):
                return False
            known.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
        elif isinstance(node, ast.arg):
            known.add(node.arg)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called.add(node.func.id)
    return not called <= known


def _is_open(code: str) -> bool:
    depth = 0
    for match in _PYTHON_PIECES.finditer(code):
        if match["open"] or (match["quote"] and "\n" not in code[match.end() :]):
            return True
        if match["bracket"]:
            depth += 1 if match["bracket"] in "([{" else -1
    return depth > 0


def _what_is_wrong(node: Node) -> str | None:
    if node.is_missing:
        return f"{node.type!r} is missing"
    if node.type == "ERROR":
        return "this cannot be parsed"
    if node.type == "block" and not any(child.type != "comment" for child in node.children):
        return "a block is empty"
    return None


def _binds(parent: str) -> bool:
    return parent in {
        "parameters", "pattern_list", "tuple_pattern", "for_statement", "as_pattern_target",
        "default_parameter", "typed_parameter", "lambda_parameters", "for_in_clause",
    }  # fmt: skip


PYTHON = Python(
    name="python",
    title="Python 3",
    labels=frozenset({"python", "py", "python3", "python2", "py3", "pypy", "pypy3", "cpython"}),
    tags=("python3", "python", "py"),
    sign=r"^[ \t]*(?:def|class)[ \t]+\w+.*:[ \t]*(?:#.*)?$"
    r"|^[ \t]*(?:import|from)[ \t]+[\w.]+(?:[ \t]+(?:import|as)\b.*)?$"
    r"|\binput\(\)|\bprint\(|\bsys\.stdin\b"
    r"|^[ \t]*(?:for|if|while|elif|else|try|with)\b.*:[ \t]*(?:#.*)?$",
    begins=r"\s*(?:import \w+$|from [\w.]+ import )",
    reads=READS,
    flush="flush=True",
    usual=frozenset({"full", "small"}),
    grammar=_grammar,
    empty_statement="pass",
    build_tool="bytecode.py",
    includes=r"^from[ \t]+\.?(\w+)[ \t]+import\b[^\n]*$",
    include_ending=".py",
)
