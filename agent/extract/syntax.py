"""Errors that are certain before a compiler is paid."""

from __future__ import annotations

from tree_sitter import Node

from medalist.agent.extract import detect


def syntax_error(language: str, source: str) -> str | None:
    """Return what is certainly wrong with a program's syntax, or None if nothing is for sure.

    For C++ only brackets, strings and comments are counted: macros make everything else
    uncertain without a preprocessor. Python is parsed, by a grammar that knows newer syntax
    than any interpreter in use; what it refuses no interpreter takes.

    Args:
        language: `cpp` or `python`.
        source: The program's text.
    """
    if language == "cpp":
        return detect.unbalanced(source)
    root = detect.parse("python", source).root_node
    for node in detect.walk(root):
        what = _what_is_wrong(node)
        if what is not None:
            return f"line {node.start_point.row + 1}: {what}"
    # A missing indentation is in no node of the tree.
    return "the indentation is broken" if root.has_error else None


def _what_is_wrong(node: Node) -> str | None:
    if node.is_missing:
        return f"{node.type!r} is missing"
    if node.type == "ERROR":
        return "this cannot be parsed"
    if node.type == "block" and not any(child.type != "comment" for child in node.children):
        return "a block is empty"
    return None
