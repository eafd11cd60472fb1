"""One file out of a program that an answer gives in several blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from medalist.agent.extract import detect


class Part(NamedTuple):
    """Code of one language, and the words right before it (a file's name, perhaps)."""

    code: str
    before: str


_LOCAL_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"[^\n]*$', re.MULTILINE)
_IMPORT_FROM = re.compile(r"^from[ \t]+\.?(\w+)[ \t]+import\b[^\n]*$", re.MULTILINE)
_CPP_DEFINES = re.compile(
    r"^[ \t]*#[ \t]*define[ \t]+(\w+)|\b(?:struct|class|enum(?:\s+class)?|using)\s+(\w+)\s*[={:]"
    r"|^[A-Za-z_][\w:<>,&*\s]*?[\s&*](\w+)\s*\([^;{}]*\)\s*\{",
    re.MULTILINE,
)
_PYTHON_DEFINES = re.compile(
    r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE
)
_IMPORTED = re.compile(r"^(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+(.+)$", re.MULTILINE)


def assemble(language: str, chosen: Part, others: Sequence[Part]) -> tuple[str, int]:
    """Complete a program with the blocks that it builds on.

    A block is used if the program includes or imports it by its file name, or if it defines
    something that the program uses and nowhere defines.

    Args:
        language: `cpp` or `python`.
        chosen: The block with the main program.
        others: The other blocks of the same language without a main program, in order.

    Returns:
        The program, and how many blocks were used beside the chosen one.
    """
    code, used = _inlined(language, chosen.code, others)
    missing = [
        part.code
        for part in others
        if part.code not in code and _completes(language, part.code, code)
    ]
    return "\n\n".join([*missing, code]), used + len(missing)


def _inlined(language: str, code: str, others: Sequence[Part]) -> tuple[str, int]:
    """Put files in the place of the lines that include or import them."""
    pattern, suffix = (_LOCAL_INCLUDE, "") if language == "cpp" else (_IMPORT_FROM, ".py")
    used = 0
    for match in pattern.finditer(code):
        name = match[1].rsplit("/", 1)[-1] + suffix
        part = next((part for part in others if name in part.before), None)
        if part is not None:
            text = re.sub(r"^[ \t]*#[ \t]*pragma[ \t]+once[ \t]*\n", "", part.code)
            code = code.replace(match[0], text.strip("\n"), 1)
            used += 1
    return code, used


def _completes(language: str, part: str, code: str) -> bool:
    if language == "cpp" and "#include" in part.replace(" ", "") and "#include" not in code:
        return True
    return bool((_defined(language, part) - _defined(language, code)) & _words(code))


def _words(code: str) -> set[str]:
    bare = re.sub(r"//[^\n]*|/\*[\s\S]*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", " ", code)
    return set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", bare))


def _defined(language: str, code: str) -> set[str]:
    pattern = _CPP_DEFINES if language == "cpp" else _PYTHON_DEFINES
    names = {name for match in pattern.finditer(code) for name in match.groups() if name}
    if language == "python":
        for match in _IMPORTED.finditer(code):
            names |= {item.split()[-1] for item in match[1].strip("() ").split(",") if item.split()}
        # Names bound inside count as defined too: a loop's variable is not missing.
        names |= {
            (node.text or b"").decode(errors="replace")
            for node in detect.walk(detect.parse("python", code).root_node)
            if node.type == "identifier" and _binds(node.parent.type if node.parent else "")
        }
    return names


def _binds(parent: str) -> bool:
    return parent in {
        "parameters", "pattern_list", "tuple_pattern", "for_statement", "as_pattern_target",
        "default_parameter", "typed_parameter", "lambda_parameters", "for_in_clause",
    }  # fmt: skip
