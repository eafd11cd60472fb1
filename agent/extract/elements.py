"""Elements of XML, HTML and the like around a program, whatever their tags are called.

Models wrap programs as prompts of other tools have it: `<code>` inside of `<solution>`, or
`<answer>` in the language of the statement. A tag counts where it begins a line or follows
another one, and where its end is there, too; so nothing inside of code is taken for one.
"""

from __future__ import annotations

import html
import re
from collections import Counter

_NAME = r"[^\W\d][\w.-]{0,30}"
_TAG = re.compile(
    rf"(?:^|(?<=>))[ \t]*<(?P<name>{_NAME})(?P<attributes>[ ][^<>\n]{{0,100}})?>"
    rf"|</(?P<end>{_NAME})>[ \t]*(?=<|$)",
    re.MULTILINE,
)
_LANGUAGE = re.compile(r"lang(?:uage)?[-=]\W?([\w+#]+)")
_CALLS = frozenset({"tool_call", "function_call", "tool_use"})


def fenced(text: str) -> str:
    """Write fences for the innermost elements of several lines; drop the tags around them."""
    written: list[str] = []
    end = 0
    for start, stop in _leaves(text):
        outside = _TAG.sub("\n", text[end : start.start()])
        content = text[start.end() : stop.start()]
        if "<" not in content:
            content = html.unescape(content)
        label = _LANGUAGE.search(start["attributes"] or "")
        written += [outside, f"\n```{label[1] if label else ''}\n", content, "\n```\n"]
        end = stop.end()
    if not written:
        return text
    return "".join([*written, _TAG.sub("\n", text[end:])])


def _leaves(text: str) -> list[tuple[re.Match[str], re.Match[str]]]:
    """Return the tags of elements that hold several lines and no other such element."""
    if "</" not in text:
        return []
    leaves: list[tuple[re.Match[str], re.Match[str]]] = []
    waiting: list[re.Match[str]] = []
    names: Counter[str] = Counter()
    for match in _TAG.finditer(text):
        if match["name"]:
            waiting.append(match)
            names[match["name"].lower()] += 1
            continue
        name = match["end"].lower()
        if not names[name]:
            continue
        start = waiting.pop()
        while start["name"].lower() != name:  # those have no end: they are not elements
            names[start["name"].lower()] -= 1
            start = waiting.pop()
        names[name] -= 1
        inner = leaves and leaves[-1][0].start() > start.start()
        if not inner and name not in _CALLS and "\n" in text[start.end() : match.start()].strip():
            leaves.append((start, match))
    return leaves
