"""What C++ text shows without a parser: `main`, brackets that do not match, where it is cut."""

from __future__ import annotations

import re


def has_main(code: str) -> bool:
    """Whether C++ text defines `main`."""
    bare = re.sub(r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)", " ", code)
    return (
        re.search(
            r"\bmain\s*\([^;{]{0,300}\)\s*(?:noexcept\s*)?(?:->\s*int\s*)?(?:try\s*)?\{", bare
        )
        is not None
    )


_CPP_PIECES = re.compile(
    r"""//[^\n]*|/\*[\s\S]*?\*/|(?P<open_comment>/\*)
    |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|(?P<quote>["'])
    |^[ \t]*\#(?:\\\n|[^\n])*|(?P<bracket>[(){}\[\]])""",
    re.VERBOSE | re.MULTILINE,
)
_RAW_STRING = re.compile(r'\bR"([^()\\\s"]{0,16})\(')
_PAIRS = {")": "(", "]": "[", "}": "{"}


def unbalanced(code: str) -> str | None:
    """Return why the brackets of C++ text do not match, or None if they do.

    Text in comments, strings and preprocessor lines does not count; a text whose macros hold
    braces cannot be told and counts as balanced.
    """
    if re.search(r"^[ \t]*#[ \t]*define\b.*[{}]", code, re.MULTILINE) or "#if" in code:
        return None
    stack: list[str] = []
    for match in _CPP_PIECES.finditer(_without_raw_strings(code)):
        if match["open_comment"]:
            return "a comment is not closed"
        bracket = match["bracket"]
        if not bracket:
            continue
        if bracket in "([{":
            stack.append(bracket)
        elif not stack or stack.pop() != _PAIRS[bracket]:
            return f"`{bracket}` closes nothing"
    return f"{len(stack)} brackets are not closed, the last is `{stack[-1]}`" if stack else None


def _without_raw_strings(code: str) -> str:
    """Empty the raw strings of C++ text; one that is not closed stays."""
    kept: list[str] = []
    place = 0
    open_ended: set[str] = set()
    for match in _RAW_STRING.finditer(code):
        if match.start() < place or match[1] in open_ended:
            continue
        end = code.find(f'){match[1]}"', match.end())
        if end < 0:
            open_ended.add(match[1])
            continue
        kept += [code[place : match.start()], '""']
        place = end + len(match[1]) + 2
    return "".join([*kept, code[place:]])


def breaks_off(code: str) -> str | None:
    """Return how a text that is not empty shows that it was cut, or None if it may be whole."""
    why = unbalanced(code)
    if why is not None and "closes nothing" not in why:
        return why
    inert = code.rsplit("\n", 1)[-1].lstrip().startswith(("//", "#"))
    return (
        None if code[-1] in "};>" or code.endswith("*/") or inert else "it ends inside a statement"
    )


def up_to_balance(code: str) -> tuple[str, bool]:
    """Cut C++ text after the last closing brace in a line's first column, if prose follows."""
    lines = code.split("\n")
    for number in range(len(lines), 0, -1):
        if lines[number - 1].rstrip() in ("}", "};"):
            rest = [line for line in lines[number:] if line.strip()]
            if rest and unbalanced("\n".join(lines[:number])) is None:
                return "\n".join(lines[:number]), True
            break
    return code, False
