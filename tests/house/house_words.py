"""Words of this house that strangers do not search for: what to write instead.

`python -m tests.house.house_words` prints each use in source, tests and docs. Prompts are left out
(a changed prompt is another experiment), and so are figures and data.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.product import ROOT

FOLDERS = ("agent", "problems", "sandbox", "src", "tests", "docs", "benchmarks")
_LEFT_OUT = ("tests/data/", "benchmarks/data/", "problems/archive/", "tests/house/house_words.py")
LOOP_VARIABLE = "one"
RESULT = "found"
WORDS = {
    r"\btold apart\b": "distinguished, killed (mutants)",
    r"\bmade inputs?\b": "generated inputs",
    r"\bmend(s|ed|ing)?\b": "fix, repair",
    r"\bhad chosen\b": "would have chosen",
    r"manieth\b": "index, N-th",
    r"\bon the average\b": "on average",
    r"\bthat lacks?\b": "that is missing",
    r"\bthere twice\b": "duplicate ...",
    r"\} is no [a-z]": "'x' is not a ...",
    r"\bhad better\b": "should",
    r"\bgoes on where\b": "resumes where",
    r"\b(box|sandbox|problem) (broke|breaks)\b": "failed, fails",
}


def uses(name: str, text: str) -> Iterator[str]:
    """Yield `file:line: word: what to write instead` for each use in one file.

    Args:
        name: The file's name; the syntax tree of a `.py` file is looked at, too.
        text: Its content.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, instead in WORDS.items():
            if match := re.search(pattern, line):
                yield f"{name}:{number}: {match[0]!r}: {instead}"
    if name.endswith(".py"):
        for node in ast.walk(ast.parse(text)):
            yield from _names(name, node)


def _names(name: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        if isinstance(node.target, ast.Name) and node.target.id == LOOP_VARIABLE:
            yield f"{name}:{node.target.lineno}: for one in: name the variable by its noun"
    elif isinstance(node, ast.Assign | ast.NamedExpr):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == RESULT for target in targets):
            yield f"{name}:{node.lineno}: found =: name the result by its noun"


def every_use(root: Path = ROOT) -> list[str]:
    """Return each use in source, tests, benchmarks and docs."""
    lines: list[str] = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix in (".py", ".md") and not name.startswith(_LEFT_OUT):
                lines += uses(name, path.read_text(encoding="utf-8"))
    return lines


def main() -> int:
    """Print each use; 1 if there is any."""
    lines = every_use()
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
