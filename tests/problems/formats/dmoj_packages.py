"""DMOJ packages for tests, and what `medalist judge` says of them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from medalist.agent.commands.main import app, guarded

ECHO = "print(input())"
PLUS = "print(sum(map(int, input().split())))"
STATEMENT = "# T\n\nTime limit: 2 seconds\n\nMemory limit: 256 megabytes\n\nPrint it.\n"
PAIRS = {"1.in": "1\n", "1.out": "1\n", "2.in": "2\n", "2.out": "2\n"}


class Done(NamedTuple):
    """What the command printed and how it ended."""

    code: int
    verdicts: dict[str, tuple[str, float | None]]
    said: str


Judge = Callable[..., Done]
_ROW = re.compile(r"^([A-Z]{2,3}) +(\S+)  (?:([\d.]+) points)?", re.MULTILINE)


def judge_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    """Return a function that writes a package and programs, and judges them by the command."""

    def run(init: str, files: Mapping[str, str | bytes], programs: Mapping[str, str]) -> Done:
        package = folder / "p"
        for name, text in {"init.yml": init, "statement.md": STATEMENT, **files}.items():
            path = package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        paths = []
        for name, text in programs.items():
            paths.append(folder / (name if "." in name else f"{name}.py"))
            paths[-1].write_text(text)
        words = ["judge", str(package), *map(str, paths), "--box", "local"]
        with pytest.raises(SystemExit) as end:
            guarded(lambda: app(words))
        out, err = capsys.readouterr()
        verdicts = {
            Path(row[2]).stem: (row[1], None if row[3] is None else float(row[3]))
            for row in _ROW.finditer(out)
        }
        code = end.value.code
        return Done(code if isinstance(code, int) else 0, verdicts, " ".join(err.split()))

    return run


def archive(folder: Path, names: Mapping[str, str]) -> bytes:
    path = folder / "t.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, text in names.items():
            file.writestr(name, text)
    return path.read_bytes()


def cases(*lines: str) -> str:
    return "test_cases:\n" + "".join(f"- {line}\n" for line in lines)


ONE, TWO = "{in: 1.in, out: 1.out, points: 4}", "{in: 2.in, out: 2.out, points: 6}"
FAILS_1 = "n = input()\nprint(n if n != '1' else 0)"
FAILS_2 = "n = input()\nprint(n if n != '2' else 0)"


def prints(text: str) -> str:
    return f"import sys\nsys.stdout.write({text!r})"


def bridged(text: str) -> str:
    return f"checker: {{name: bridged, args: {{files: c.py, lang: PY3, {text}}}}}\n"


SAYS = """\
import sys
code, *lines = open(sys.argv[2]).read().split("\\n", 1)
print(*lines, sep="\\n")
print(*lines, sep="\\n", file=sys.stderr)
sys.exit(int(code))
"""
