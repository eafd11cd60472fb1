"""Fixtures of the readers' tests: small packages, written where a test wants them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medalist.agent.commands.main import app, guarded

from .dmoj_packages import Judge, judge_in
from .small_packages import ECHO, Answer, Cli, Files, write_files

STATEMENT = "\\problemname{Add}\nAdd two numbers.\n\\section*{Input}\nTwo integers.\n"
MINIMAL: dict[str, str | bytes] = {
    "problem.yaml": "name: Add\nlimits:\n  time_limit: 1\n",
    "problem_statement/problem.en.tex": STATEMENT,
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/a.in": "3 4\n",
    "data/secret/a.ans": "7\n",
}


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


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run `medalist ARGS` in this process: exit code, stdout and stderr."""

    def run(*args: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["medalist", *map(str, args)])
        monkeypatch.setenv("MEDALIST_BOX", "local")
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            guarded(app)
        shown = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), shown.out, shown.err

    return run


@pytest.fixture
def facts(cli: Cli) -> Callable[[Path], dict[str, Any]]:
    """What `problems show --json` says of a path that it must read."""

    def run(path: Path) -> dict[str, Any]:
        code, out, err = cli("problems", "show", path, "--json")
        assert code == 0, err
        result: dict[str, Any] = json.loads(out)
        return result

    return run


@pytest.fixture
def verdict(cli: Cli, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Judge a program: exit code, verdict, and all that was said."""

    def run(path: Path, program: str = ECHO) -> tuple[int, str, str]:
        source = tmp_path / "program.py"
        source.write_text(program)
        code, out, err = cli("judge", path, source)
        return code, out.split(" ", 1)[0], out + err

    return run
