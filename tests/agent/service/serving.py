"""`medalist serve` as a process on a free port, and the programs that tests send to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from tests.agent.command import Running, start

PATIENCE_S = 120

SUM = "a, b = map(int, input().split())\nprint(a + b)\n"
WRONG = "a, b = map(int, input().split())\nprint(a - b if a else b)\n"
CRASH = "raise SystemExit(3)\n"
SLOW = "while True:\n    pass\n"
HOSTILE = (
    "import os, sys\n"
    "for path in ('/proc/1/environ', '/etc/shadow', '/work', '/root'):\n"
    "    try:\n        print(os.listdir(path) if os.path.isdir(path) else open(path).read())\n"
    "    except OSError:\n        pass\n"
    "os.kill(os.getppid(), 9)\nos.fork()\n"
)
SUM_CPP = (
    "#include <cstdio>\n"
    'int main() { long long a, b; scanf("%lld %lld", &a, &b); printf("%lld\\n", a + b); }\n'
)
SUMS = {"inputs": ["1 2\n", "5 7\n", "0 4\n"], "outputs": ["3\n", "12\n", "4\n"]}


def fenced(program: str, language: str = "python") -> str:
    return f"Here it is:\n```{language}\n{program}```\n"


def package(folder: Path, *, points: bool = False) -> Path:
    """A problem that asks for a sum: pass/fail, or with points for two groups of tests."""
    folder.mkdir(parents=True)
    kind = "type: scoring\n" if points else ""
    (folder / "problem.yaml").write_text(
        f"name: Sum\n{kind}limits:\n  time_limit: 1\nlicense: cc0\n"
    )
    statement = folder / "problem_statement"
    statement.mkdir()
    (statement / "problem.md").write_text("Print the sum of two integers.\n")
    secret = folder / "data" / "secret"
    secret.mkdir(parents=True)
    (folder / "data" / "sample").mkdir()
    pairs = [(3, 4), (0, 9), (10, 20)]
    if points:
        (secret / "testdata.yaml").write_text("on_reject: continue\ngrading: default\n")
        for number, group in enumerate((pairs[:1], pairs[1:]), start=1):
            inner = secret / f"group{number}"
            inner.mkdir()
            (inner / "testdata.yaml").write_text(
                "on_reject: break\naccept_score: 50\nrange: 0 50\ngrader_flags: min\n"
            )
            _write(inner, group)
    else:
        _write(secret, pairs)
    return folder


def _write(folder: Path, pairs: list[tuple[int, int]]) -> None:
    for number, (a, b) in enumerate(pairs, start=1):
        (folder / f"{number}.in").write_text(f"{a} {b}\n")
        (folder / f"{number}.ans").write_text(f"{a + b}\n")


@contextmanager
def serving(*options: str | Path, cwd: Path, **extra: str) -> Iterator[tuple[str, Running]]:
    """Start the service; its address and its process."""
    process = start("serve", *options, "--port", "0", cwd=cwd, **extra)
    try:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if match := re.search(r"judge: (http\S+)", line):
                yield match[1], process
                break
        else:
            raise AssertionError(said)
    finally:
        process.kill()
        process.communicate()


def client(address: str, **options: object) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=PATIENCE_S, trust_env=False, **options)  # type: ignore[arg-type]
