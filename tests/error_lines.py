"""The error lines of the source, as patterns: what is put in while it runs stands as `...`."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
_ERRORS = {
    "AttemptFailed", "BadInput", "BudgetExhausted", "EngineError", "JournalFailure",
    "MissingPrerequisite", "ModelFailure", "SandboxFailure",
}  # fmt: skip
# Modules that word errors in variables before they raise them.
_WORDED = ("agent/llm/failures.py", "agent/llm/gate.py", "problems/formats/load.py")


@functools.cache
def error_lines() -> frozenset[tuple[str, str]]:
    """Each error's class and message in the source of the product."""
    return frozenset(_lines())


def _lines() -> Iterator[tuple[str, str]]:
    for room in ("agent", "problems", "sandbox"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            worded = path.relative_to(ROOT).as_posix() in _WORDED
            if not worded and not any(f"{name}(" in text for name in _ERRORS):
                continue
            tree = ast.parse(text)
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    if node.func.id in _ERRORS:
                        message = node.args[1 if node.func.id == "EngineError" else 0]
                        yield node.func.id, _text(message)
                elif worded and isinstance(node, ast.JoinedStr):
                    yield "worded", _text(node)
                elif worded and isinstance(node, ast.Constant):
                    yield "worded", _text(node)
                    yield "worded", f"... {_text(node)}: ..."


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [
            _text(value) if isinstance(value, ast.Constant) else "..." for value in node.values
        ]
        return "".join(parts)
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    if isinstance(node, ast.Call) and node.args:  # What hides keys in a message, or shortens it.
        return _text(node.args[0])
    return "..."


def fits(line: str, message: str) -> bool:
    """Whether a line of the page stands for a message of the source."""
    words = message.replace("...", "").strip()
    pattern = ".*".join(re.escape(part) for part in message.split("..."))
    return len(words) > 5 and re.fullmatch(pattern, line) is not None
