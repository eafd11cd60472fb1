"""What testlib's stock checkers and CMS compare without a checker, through `medalist judge`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from .verdicts import verdicts

Write = Callable[[Path, Mapping[str, str | bytes | None]], Path]

XML = """<?xml version="1.0" encoding="utf-8"?>
<problem revision="1" short-name="t"><names><name language="english" value="T"/></names>
<judging cpu-name="x" cpu-speed="1" input-file="" output-file="">
<testset name="tests"><time-limit>2000</time-limit><memory-limit>268435456</memory-limit>
<test-count>1</test-count><input-path-pattern>tests/%02d</input-path-pattern>
<answer-path-pattern>tests/%02d.a</answer-path-pattern><tests><test method="manual"/></tests>
</testset></judging><assets><checker name="std::{name}.cpp" type="testlib">
<source path="files/check.cpp" type="cpp.g++17"/></checker></assets></problem>"""
WAYS = {
    "same": "print('1 2\\n3 4')",
    "blanks": "print(' 1   2 \\n3\\t4\\n\\n')",
    "trailing": "print('1 2\\n3 4\\n\\n')",
    "other_lines": "print('1\\n2 3 4')",
    "other_order": "print('4 3 2 1')",
    "more": "print('1 2\\n3 4\\n4')",
    "less": "print('1 2\\n3')",
}


def polygon(write: Write, folder: Path, name: str, answer: str) -> Path:
    return write(
        folder,
        {
            "problem.xml": XML.replace("{name}", name),
            "statement-sections/english/legend.tex": "Do it.",
            "tests/01": "1\n",
            "tests/01.a": answer,
        },
    )


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("fcmp", {"same", "trailing"}),
        ("lcmp", {"same", "trailing", "blanks"}),
        ("ncmp", {"same", "trailing", "blanks", "other_lines"}),
        ("uncmp", {"same", "trailing", "blanks", "other_lines", "other_order"}),
    ],
)
def test_stock_checkers(write: Write, tmp_path: Path, name: str, right: set[str]) -> None:
    package = polygon(write, tmp_path / "p", name, "1 2\n3 4\n")
    by_program = verdicts(package, tmp_path / "subs", **WAYS)
    assert {way for way, verdict in by_program.items() if verdict == "AC"} == right
    assert {verdict for way, verdict in by_program.items() if way not in right} == {"WA"}


def test_cms_compares_line_by_line(write: Write, tmp_path: Path) -> None:
    task = write(
        tmp_path / "t",
        {
            "task.yaml": "name: t\ntitle: T\ntime_limit: 2\nmemory_limit: 256\n",
            "statement/statement.md": "Print numbers with an absolute error of at most 0.1.\n",
            "input/input0.txt": "1\n",
            "output/output0.txt": "1 2\n3 4\n",
        },
    )
    by_program = verdicts(
        task, tmp_path / "subs", **WAYS, gap="print('1 2\\n\\n3 4')", near="print('1.01 2\\n3 4')"
    )
    assert {way for way, verdict in by_program.items() if verdict == "AC"} == {
        "same", "trailing", "blanks",
    }  # fmt: skip
