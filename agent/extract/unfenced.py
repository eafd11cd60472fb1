"""Code in an answer without fences: where it begins and where it ends."""

from __future__ import annotations

import re

from medalist.agent.extract import detect
from medalist.agent.extract.blocks import CodeBlock

_WORDS = re.compile(
    r"^\s*(?:[-*•]\s|\d+[.)]\s|#{2,}\s|\*\*)"
    r"|^[^\s(){};=#/'\"]+(?:\s+[^\s(){};=#/'\"]+){2,}[.:!?]?$"
)
_CPP_FIRST = re.compile(
    r"^[ \t]*(?:#\s*(?:include|define|pragma|ifndef|ifdef|if)\b|//"
    r"|(?:using|typedef|template|struct|class|const|static|int|long|void|signed|auto)\b"
    r".*[;{})>]\s*$)"
)
_PYTHON_EARLY = re.compile(
    r"^(?:(?:import|from|def|class|for|while|if|with)\b|try:|print\(|@\w|#|[\w, ]+\s*=(?!=))"
)


def cut_out(block: CodeBlock, language: str | None) -> CodeBlock | None:
    """Cut the code out of prose, from its first line to its last; None if there is none.

    Args:
        block: The text of an answer without fences.
        language: The language asked for, where the text itself does not say.
    """
    seen = detect.language_of(block.code) or language
    lines = block.code.split("\n")
    if len(lines) == 1:
        lines = [lines[0].strip("` ")]
    if seen == "cpp":
        first = _first_of_cpp(lines)
    elif seen == "python":
        first = next((n for n, line in enumerate(lines) if _begins_python(line)), None)
    else:
        return None
    if first is None or detect.language_of("\n".join(lines[first:])) is None:
        return None
    kept = lines[first:]
    while kept and (not kept[-1].strip() or _is_prose(seen, kept[-1])):
        kept.pop()
    ended = first + len(kept) < len(lines)
    code = "\n".join(kept)
    if seen == "cpp" and detect.has_main(code):
        code, cut = _up_to_balance(code)
        ended = ended or cut
    if not code.strip():
        return None
    return CodeBlock(code, "", " ".join(lines[:first])[-300:], closed=ended, fenced=False)


def _first_of_cpp(lines: list[str]) -> int | None:
    return next((n for n, line in enumerate(lines) if _CPP_FIRST.match(line)), None)


def _begins_python(line: str) -> bool:
    """Whether a line is Python by itself, or the head of a block."""
    if not _PYTHON_EARLY.match(line) or re.match(r"#{2,}\s", line):
        return False
    return any(detect.error_bytes("python", line + end) == 0 for end in ("", " pass"))


def _is_prose(language: str, line: str) -> bool:
    text = line.strip()
    if language == "cpp":
        if text.startswith(("#", "//")):
            return False
        return bool(_WORDS.match(line)) or not text.endswith((";", "}", "{", ">", "*/", ",", ")"))
    if detect.error_bytes("python", text) == 0:
        return False
    return bool(_WORDS.match(line)) or (len(text.split()) > 3 and text[0].isupper())


def _up_to_balance(code: str) -> tuple[str, bool]:
    """Cut C++ text after the last closing brace in a line's first column, if prose follows."""
    lines = code.split("\n")
    for number in range(len(lines), 0, -1):
        if lines[number - 1].rstrip() in ("}", "};"):
            rest = [line for line in lines[number:] if line.strip()]
            if rest and detect.unbalanced("\n".join(lines[:number])) is None:
                return "\n".join(lines[:number]), True
            break
    return code, False
