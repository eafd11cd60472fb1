"""Wrong programs made from a given one, each by one or a few small faults that people make.

They measure how strong a suite of inputs is (which share of them behaves differently on it),
and fill pools of programs for measurements.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tree_sitter import Node

from medalist.agent.languages import Written, written

_SWAPS: dict[str, tuple[str, ...]] = {
    "<": ("<=", ">", "!="),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": ("!=", "<="),
    "!=": ("==",),
    "+": ("-", "*"),
    "-": ("+",),
    "*": ("+",),
    "/": ("*",),
    "//": ("/", "*"),
    "%": ("/",),
    "+=": ("-=", "="),
    "-=": ("+=",),
    "*=": ("+=",),
    "&&": ("||",),
    "||": ("&&",),
    "and": ("or",),
    "or": ("and",),
    "&": ("|",),
    "|": ("&", "^"),
    "^": ("|",),
    "<<": (">>",),
    ">>": ("<<",),
    "++": ("--",),
    "--": ("++",),
}
_NAMES: dict[str, str] = {
    "min": "max",
    "max": "min",
    "lower_bound": "upper_bound",
    "upper_bound": "lower_bound",
    "floor": "ceil",
    "ceil": "floor",
    "any": "all",
    "all": "any",
    "true": "false",
    "false": "true",
    "True": "False",
    "False": "True",
    "append": "insert",
}
_TYPES = {
    "long long": "int",
    "long long int": "int",
    "double": "float",
    "int64_t": "int",
    "long": "int",
}
_REMOVABLE = {"expression_statement", "break_statement", "continue_statement", "if_statement"}
_SHIFTED_IO = {"cin", "cout", "cerr"}


@dataclass(frozen=True)
class Mutant:
    """A changed program: its text, and what was changed (`line 12: < to <=`), joined by `; `."""

    source: str
    change: str

    @property
    def narrows(self) -> bool:
        """Whether a type was made too narrow: the fault that tests miss most easily."""
        return self.change.endswith((" to int", " to float"))


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: bytes
    what: str


def mutants(source: str, family: str, *, count: int, seed: int, faults: int = 1) -> list[Mutant]:
    """Return up to `count` distinct mutants with `faults` changes each, in random order.

    They parse as the original did, but may fail to compile, and some behave like the original.
    The same arguments give the same mutants. Of a language without a grammar there are none.
    """
    rng = random.Random(seed)
    changes = list(_edits(source, written(family)))
    by_source: dict[str, Mutant] = {}
    if faults == 1:
        rng.shuffle(changes)
        for edit in changes:
            mutant = _apply(source, [edit])
            by_source.setdefault(mutant.source, mutant)
        return list(by_source.values())[:count]
    if len(changes) < faults:
        return []
    for _ in range(count * 5):
        if len(by_source) == count:
            break
        chosen = sorted(rng.sample(changes, faults), key=lambda edit: edit.start)
        if all(one.end <= other.start for one, other in pairwise(chosen)):
            mutant = _apply(source, chosen)
            by_source.setdefault(mutant.source, mutant)
    return list(by_source.values())


def _apply(source: str, edits: Sequence[_Edit]) -> Mutant:
    """Make changes that do not overlap, given in the order of the text."""
    content = source.encode()
    lines = [content[: edit.start].count(b"\n") + 1 for edit in edits]
    what = "; ".join(f"line {line}: {edit.what}" for line, edit in zip(lines, edits, strict=True))
    for edit in reversed(edits):
        content = content[: edit.start] + edit.text + content[edit.end :]
    return Mutant(content.decode(errors="replace"), what)


def _edits(source: str, row: Written) -> Iterator[_Edit]:
    tree, content = row.parse(source), source.encode()
    stack = [] if tree is None else [tree.root_node]
    while stack:
        node = stack.pop()
        if node.type in (
            "preproc_include",
            "comment",
            "template_argument_list",
            "import_statement",
            # the same in Java, Kotlin, Rust, Go, C# and JavaScript
            "line_comment",
            "block_comment",
            "import",
            "import_header",
            "import_declaration",
            "use_declaration",
            "using_directive",
            "package_clause",
        ):
            continue
        stack.extend(node.children)
        yield from _edits_of(
            node, content[node.start_byte : node.end_byte].decode("utf-8", "replace"), row
        )


def _edits_of(node: Node, text: str, row: Written) -> Iterator[_Edit]:
    def replace(new: str) -> _Edit:
        return _Edit(node.start_byte, node.end_byte, new.encode(), f"{text[:30]} to {new[:30]}")

    parent = node.parent
    if not node.is_named and parent is not None and text in _SWAPS:
        if not _is_stream(parent):
            yield from map(replace, _SWAPS[text])
    elif node.type in ("number_literal", "integer") and text.isdigit():
        number = int(text)
        yield from (replace(str(new)) for new in (number + 1, number - 1) if new >= 0)
    elif node.type in ("identifier", "field_identifier", "true", "false") and text in _NAMES:
        yield replace(_NAMES[text])
    elif node.type in ("sized_type_specifier", "primitive_type", "type_identifier"):
        if text in _TYPES:
            yield replace(_TYPES[text])
    elif node.type == "preproc_arg":  # `#define ll long long`: the text is not parsed
        name = text.strip()
        if name in _TYPES:
            yield replace(text.replace(name, _TYPES[name]))
    elif node.type in _REMOVABLE:
        if row.empty_statement is not None:
            empty = row.empty_statement.encode()
            yield _Edit(node.start_byte, node.end_byte, empty, f"without {text[:30]}")
    elif node.type == "condition_clause" and text.startswith("(") and ";" not in text:
        yield replace(f"(!{text})")


def _is_stream(node: Node) -> bool:
    """Whether an operator node belongs to `cin >> ...` or `cout << ...`."""
    while node.type == "binary_expression" and node.children:
        node = node.children[0]
    text = node.text or b""
    return text.decode(errors="replace").removeprefix("std::") in _SHIFTED_IO
