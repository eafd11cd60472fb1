"""Judges small programs through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.errors import MedalistError


def run(*arguments: object) -> tuple[int, str, str]:
    """Run `medalist ARGUMENTS` in the local box; return its code, stdout and stderr."""
    result = CliRunner().invoke(app, [*map(str, arguments)], env={"MEDALIST_BOX": "local"})
    if isinstance(result.exception, MedalistError):  # what `commands/main.py` makes of it
        return result.exception.exit_code, result.stdout, f"{result.stderr}{result.exception}\n"
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def judged(problem: Path, folder: Path, **programs: str) -> dict[str, dict[str, Any]]:
    """Return what `medalist judge --json` says of programs, by name."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in programs.items():
        ending = "cpp" if "#include" in text else "py"
        paths.append(folder / f"{name}.{ending}")
        paths[-1].write_text(text)
    _, out, err = run("judge", problem, *paths, "--box", "local", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == len(programs), err
    return {Path(row["source"]).stem: row for row in rows}


def verdicts(problem: Path, folder: Path, **programs: str) -> dict[str, str]:
    """Return the verdicts of programs, by name."""
    return {name: row["verdict"] for name, row in judged(problem, folder, **programs).items()}


def shown(problem: Path) -> dict[str, Any]:
    """Return what `medalist problems show --json` says."""
    code, out, err = run("problems", "show", problem, "--json")
    assert code == 0, err
    return dict(json.loads(out))


def jsonl(path: Path, *rows: dict[str, Any]) -> Path:
    """Write rows of a data set."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
