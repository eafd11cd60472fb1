"""Packages of Kattis in either format, of a few files, with changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Files = Mapping[str, str | bytes | None]
Answer = tuple[int, str, str]
Cli = Callable[..., Answer]
V25 = "problem_format_version: 2025-09\nname: T\nlimits: {time_limit: 2}\n"
LEGACY: dict[str, str | bytes] = {
    "problem.yaml": "name: T\nlimits: {time_limit: 2}\n",
    "problem_statement/problem.en.tex": "\\problemname{T}\nPrint the number.\n",
    "data/sample/1.in": "1\n",
    "data/sample/1.ans": "1\n",
    "data/secret/1.in": "2\n",
    "data/secret/1.ans": "2\n",
}
NEW: dict[str, str | bytes] = {
    "problem.yaml": V25,
    "statement/problem.en.md": "Print the number.\n",
    "data/secret/1.in": "2\n",
    "data/secret/1.ans": "2\n",
}
ECHO = "print(input())\n"
WRONG = "print(7)\n"
Facts = Callable[[Path], dict[str, Any]]
Judged = Callable[..., tuple[int, str, str]]


def write_files(folder: Path, files: Files) -> Path:
    """Write files below a folder; None leaves one out."""
    for name, content in files.items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def legacy(folder: Path, changes: Mapping[str, str | bytes | None]) -> Path:
    return write_files(folder / "t", {**LEGACY, **changes})


def new(folder: Path, changes: Mapping[str, str | bytes | None]) -> Path:
    return write_files(folder / "t", {**NEW, **changes})
