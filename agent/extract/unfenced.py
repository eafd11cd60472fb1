"""Code in an answer without fences: where it begins and where it ends."""

from __future__ import annotations

from medalist.agent.extract import detect
from medalist.agent.extract.blocks import CodeBlock
from medalist.agent.languages import WRITTEN


def cut_out(block: CodeBlock, language: str | None) -> CodeBlock | None:
    """Cut the code out of prose, from its first line to its last; None if there is none.

    Args:
        block: The text of an answer without fences.
        language: The language asked for, where the text itself does not say.
    """
    seen = detect.language_of(block.code, language) or language
    lines = block.code.split("\n")
    if len(lines) == 1:
        lines = [lines[0].strip("` ")]
    row = WRITTEN.get(seen or "")
    if row is None:
        return None
    first = row.first_line(lines)
    if first is None or detect.language_of("\n".join(lines[first:]), language) is None:
        return None
    kept = lines[first:]
    while kept and (not kept[-1].strip() or row.is_prose(kept[-1])):
        kept.pop()
    ended = first + len(kept) < len(lines)
    code, cut = row.up_to_end("\n".join(kept))
    ended = ended or cut
    if not code.strip():
        return None
    return CodeBlock(code, "", " ".join(lines[:first])[-300:], closed=ended, fenced=False)
