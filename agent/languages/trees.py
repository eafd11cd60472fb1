"""Trees of tree-sitter: it never fails, errors are nodes of the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Tree


@cache
def _language(grammar: Callable[[], object]) -> Language:
    from tree_sitter import Language

    return Language(grammar())


def parse(grammar: Callable[[], object], code: str) -> Tree:
    """Parse a text with a grammar (`tree_sitter_cpp.language`, for instance)."""
    from tree_sitter import Parser

    return Parser(_language(grammar)).parse(code.encode(errors="replace"))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in the order of the text."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(reversed(node.children))


def text_of(node: Node | None) -> str:
    """Return the text of a node, empty for none."""
    return (node.text or b"").decode(errors="replace") if node is not None else ""


def error_bytes(root: Node) -> int:
    """Bytes that the grammar could not make sense of, plus one for each missing token."""
    if not root.has_error:
        return 0
    total, todo = 0, [root]
    while todo:
        node = todo.pop()
        if node.is_missing:
            total += 1
        elif node.type == "ERROR":
            total += max(1, node.end_byte - node.start_byte)
        elif node.has_error:
            todo.extend(node.children)
    return total
