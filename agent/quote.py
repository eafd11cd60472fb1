"""Hostile text, made harmless: for a prompt, for a terminal, for a model that judges programs."""

from __future__ import annotations

import hashlib
import re

from medalist.agent.languages import written
from medalist.agent.languages.trees import walk
from medalist.hostile import printable

__all__ = ["cut_middle", "fenced", "printable", "quoted", "without_comments"]


def quoted(text: str, title: str) -> str:
    """Put hostile text between marks that it cannot contain.

    Args:
        text: Anything.
        title: What it is, for the reader: `program A`, `compiler's message`.
    """
    shown = printable(text).strip("\n")
    mark = hashlib.sha256(shown.encode()).hexdigest()[:8]
    while mark in shown:
        mark = hashlib.sha256(mark.encode()).hexdigest()[:8]
    return f"[{title}, quoted up to {mark}]\n{shown}\n[{mark}: end of {title}]"


def fenced(text: str, info: str = "") -> str:
    """Put text into a Markdown block whose fence is longer than any in the text."""
    shown = printable(text).strip("\n")
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{info}\n{shown}\n{fence}"


def without_comments(language: str, source: str) -> str:
    """Strip comments and docstrings, so that a program cannot talk to its reader.

    For reading only: where a text cannot be parsed, more may go than comments.
    """
    row = written(language)
    tree = row.parse(source)
    data = source.encode(errors="replace")
    spans = [
        (node.start_byte, node.end_byte)
        for node in (walk(tree.root_node) if tree is not None else ())
        if node.type.endswith("comment")
        or _is_docstring(node.type, node.parent and node.parent.type)
    ]
    for start, end in sorted(spans, reverse=True):
        data = data[:start] + data[end:]
    text = data.decode(errors="replace")
    if tree is None:
        text = re.sub(row.comment, "", text)
    text = re.sub(row.hidden_comment, lambda match: match[1], text, flags=re.MULTILINE)
    lines = text.split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


def _is_docstring(kind: str, parent: str | None) -> bool:
    return kind == "string" and parent == "expression_statement"


def cut_middle(text: str, most: int) -> str:
    """Shorten long text to at most about `most` characters, keeping its beginning and its end."""
    if len(text) <= most:
        return text
    left = re.sub(r"\S*\Z", "", text[: most * 2 // 3]) or text[: most * 2 // 3]
    return f"{left}\n... ({len(text) - most} characters left out) ...\n{text[-(most // 3) :]}"
