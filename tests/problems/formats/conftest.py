"""Fixtures of the readers' tests: small packages, written where a test wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from .dmoj_packages import Judge, judge_in

Files = Mapping[str, str | bytes | None]

STATEMENT = "\\problemname{Add}\nAdd two numbers.\n\\section*{Input}\nTwo integers.\n"
MINIMAL: dict[str, str | bytes] = {
    "problem.yaml": "name: Add\nlimits:\n  time_limit: 1\n",
    "problem_statement/problem.en.tex": STATEMENT,
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/a.in": "3 4\n",
    "data/secret/a.ans": "7\n",
}


def write_files(folder: Path, files: Files) -> Path:
    """Write files below a folder; None leaves one out."""
    for name, content in files.items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.fixture
def write() -> Callable[[Path, Files], Path]:
    """Write files below a folder."""
    return write_files


@pytest.fixture
def package() -> Callable[..., Path]:
    """Write the minimal Kattis package, with changes, into the folder `add` of a folder."""

    def make(folder: Path, changes: Files | None = None) -> Path:
        return write_files(folder / "add", {**MINIMAL, **(changes or {})})

    return make


@pytest.fixture
def judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    """Write a DMOJ package and programs, and judge them with the command."""
    return judge_in(tmp_path, capsys)
