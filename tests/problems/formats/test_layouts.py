"""Statements in the layouts that judges have, read as a user does: `medalist problems show`.

`tests/data/statements/expected.json` is the table: a file, its layout, and what is to be read.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist
from typer.testing import CliRunner

from medalist.agent.commands.main import app

FOLDER = Path(__file__).parents[2] / "data" / "statements"
TABLE: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))


def shown(path: Path) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["problems", "show", str(path), "--json"])
    assert result.exit_code == 0, result.output
    facts: dict[str, Any] = json.loads(result.stdout)
    return facts


def check(facts: dict[str, Any], wanted: dict[str, Any]) -> None:
    samples = [[sample["input"], sample["output"]] for sample in facts["sample_data"]]
    assert samples == wanted["samples"]
    assert (None if facts["time_assumed"] else facts["time_s"]) == wanted["time_s"]
    assert facts["memory_mb"] == (wanted["memory_mb"] or 1024)
    assert facts["bounds"] == wanted["bounds"]
    assert facts["languages"] == [wanted["language"]]
    doubts = facts["doubts"]
    assert len(doubts) == len(wanted["doubts"]), doubts
    assert all(any(part in doubt for doubt in doubts) for part in wanted["doubts"]), doubts


def test_the_table_has_the_layouts_that_it_should() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*TABLE, "expected.json"}
    languages = Counter(row["language"] for row in TABLE.values())
    assert len(TABLE) >= 60
    assert sum(languages[language] for language in ("zh", "ja", "ko", "ru")) >= 30


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_layout_is_read(name: str) -> None:
    check(shown(FOLDER / name), TABLE[name])


@pytest.mark.parametrize("name", ["boj-page.txt", "olymp-ru.tex", "kattis.html"])
def test_a_layout_is_read_by_a_process_of_its_own(name: str, tmp_path: Path) -> None:
    done = medalist("problems", "show", FOLDER / name, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    check(json.loads(done.stdout), TABLE[name])


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("lanqiao.txt", "gbk"),
        ("csp-web.txt", "gb18030"),
        ("tw-samples.md", "big5"),
        ("nhspc-tw.txt", "big5"),
        ("atcoder-ja.txt", "cp932"),
        ("joi.txt", "euc_jp"),
        ("koi.txt", "euc_kr"),
        ("goorm.md", "cp949"),
        ("olymp-ru.tex", "cp1251"),
        ("informatics-ru.txt", "cp1251"),
        ("informatics-ru.txt", "koi8-r"),
    ],
)
def test_a_layout_in_an_older_encoding_is_read(name: str, encoding: str, tmp_path: Path) -> None:
    text = (FOLDER / name).read_text("utf-8").translate({0x2264: "<=", 0x2013: "-", 0x2014: "-"})
    text = text.translate({0xFF0E: ".", 0x2026: "...", 0x2116: "N", 0x2022: "-", 0xA0: " "})
    (tmp_path / name).write_bytes(text.encode(encoding))
    check(shown(tmp_path / name), TABLE[name])
