"""Links from a package to sources that the problems of a repository share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .small_packages import Files
from .verdicts import run

Write = Callable[[Path, Files], Path]

VALIDATOR = '#include "shared.h"\nint main() { char c[9]; return ok(scanf("%8s", c)) ? 42 : 43; }\n'
PACKAGE = {
    "problem.yaml": "name: Add\nlimits:\n  time_limit: 2\n",
    "problem_statement/problem.en.tex": "\\problemname{Add}\nAdd.",
    "data/secret/1.in": "1 2\n",
    "data/secret/1.ans": "3\n",
    "input_validators/check/check.cpp": VALIDATOR,
    "submissions/accepted/a.py": "print(sum(map(int, input().split())))",
}
HEADER = "#include <cstdio>\ninline bool ok(int n) { return n == 1; }\n"


def linked(tmp_path: Path, write: Write, to: str, name: str = "shared.h") -> tuple[int, str]:
    """Check a package in a repository whose validator has a link; return the code and messages."""
    package = write(tmp_path / "repo/problems/add", PACKAGE)
    write(
        tmp_path,
        {
            "repo/.git/HEAD": "ref: x",
            "repo/.git/own.h": HEADER,
            "repo/lib/shared.h": HEADER,
            "repo/lib/settings.env": HEADER,
            "repo/.private/shared.h": HEADER,
            "outside.h": HEADER,
        },
    )
    (package / f"input_validators/check/{name}").symlink_to(f"../../../../{to}")
    code, out, err = run("problems", "check", package, "--box", "local", "--fresh")
    return code, out + err


def test_a_header_that_the_repository_shares_is_read(tmp_path: Path, write: Write) -> None:
    code, said = linked(tmp_path, write, "lib/shared.h")
    assert code == 0, said
    assert "1 agree" in said


@pytest.mark.parametrize(
    "to", ["../outside.h", "lib/settings.env", ".git/own.h", ".private/shared.h", "lib"]
)
def test_nothing_else_is_read_by_a_link_that_leaves_the_package(
    tmp_path: Path, write: Write, to: str
) -> None:
    code, said = linked(tmp_path, write, to)
    assert code == 1
    assert "check/shared.h: a link that leaves the package" in said
