"""The lines of a statement as samples are looked for in them, and the fences among them."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})\s*([^`]*)$")
"""A line that opens a fence: its marks and its info."""
_HTML = re.compile(r"<(?:pre|h[1-6]|p|br|div|strong|b)\b", re.I)


def plain_lines(text: str) -> list[str]:
    """Return a statement's lines, with headings and preformatted text of HTML as Markdown."""
    if not _HTML.search(text):
        return text.splitlines()
    # Up to the last end each `<pre>` has one: a search that finds none would go to the end.
    last = text.lower().rfind("</pre>") + 6
    closed = re.sub(
        r"<pre\b[^<>]{0,200}>(?:\s{0,9}<code\b[^<>]{0,200}>)?(.*?)(?:</code>\s{0,9})?</pre>",
        lambda match: f"\n~~~~~~~~\n{_unmarked(match[1])}\n~~~~~~~~\n",
        text[:last] if last > 5 else "",
        flags=re.I | re.S,
    )
    text = closed + (text[last:] if last > 5 else text)
    heading = r"<h([1-6])\b[^<>]{0,200}>(.{0,200}?)</h\1>"
    return re.sub(heading, r"\n#### \2\n", text, flags=re.I | re.S).splitlines()


def _unmarked(body: str) -> str:
    body = re.sub(r"<br\s{0,9}/?>", "\n", body, flags=re.I)
    return html.unescape(re.sub(r"</?[A-Za-z][^<>]{0,200}>", "", body)).strip("\n")


def fenced(lines: Sequence[str], number: int) -> tuple[list[str], int]:
    """Return the lines in the fence that opens at a line, and the number of the line after it."""
    info = FENCE.match(lines[number])
    mark = info[1] if info else "```"
    end = number + 1
    while end < len(lines) and not _closes(lines[end], mark):
        end += 1
    return list(lines[number + 1 : end]), end + 1


def is_lone_fence(lines: Sequence[str], number: int) -> bool:
    """Whether a line looks like a fence and nothing closes it: then it is data."""
    info = FENCE.match(lines[number])
    if info is None or info[2].strip():
        return False
    return not any(_closes(line, info[1]) for line in lines[number + 1 :])


def _closes(line: str, mark: str) -> bool:
    text = line.strip()
    indent = len(line) - len(line.lstrip())
    return len(text) >= len(mark) and not text.strip(mark[0]) and indent < 4


def joined(lines: Sequence[str]) -> str:
    """Return lines as a file: no blanks at line ends, no empty lines around."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    return f"{text}\n" if text else ""
