"""How people write languages, and which rows of the table that is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.problems.formats.row_checkers import language_named

NAMES: dict[str | None, list[str | None]] = {
    "cpp": [
        "C++",
        "GNU C++17",
        "g++ 11",
        "clang++17 diagnostics",
        "GNU C++20 (64)",
        "cpp11",
        "CPP",
    ],
    "c17": ["C (gcc)", "gcc", "C11", "c99", "GNU C"],
    "java": ["Java", "Java 17", "java8", "JAVA (OpenJDK 11)"],
    "javascript": ["JavaScript", "Node.js 12", "js"],
    "csharp": ["C#", "C# 8", "C# (Mono)"],
    "rust": ["Rust", "Rust 1.70"],
    "go": ["Go", "Go 1.19", "golang"],
    "kotlin": ["Kotlin", "Kotlin 1.6"],
    "python3": ["Python", "py3", "PyPy 3-64", "Python 3.8", "pypy3"],
    None: [
        "Python 2",
        "python2.7",
        "PyPy 2",
        "py2",
        "C/C++",
        "Cython",
        "Haskell",
        "ruby",
        "",
        None,
    ],
}


def test_languages_are_known_by_how_their_names_begin() -> None:
    for row, words in NAMES.items():
        for word in words:
            named = language_named(word)
            assert (named and named[0]) == row, word


@pytest.mark.parametrize("command", ["check", "audit"])
def test_only_what_runs_python_can_run_it(command: str, tmp_path: Path) -> None:
    done = medalist("problems", command, "warmer", "--python", "cpp", cwd=tmp_path)
    assert done.returncode == 2
    assert "--python: 'cpp' does not run Python" in done.stderr
    assert "python3, pypy3" in done.stderr
