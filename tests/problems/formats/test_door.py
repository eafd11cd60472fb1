"""Packages as organisers and archivers really write them, through the command line.

Each was refused, misread or ended in a traceback once. What Kattis, DOMjudge or BAPCtools install
is read; where something was passed over, a warning says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .small_packages import ECHO, LEGACY, WRONG, Cli, Facts, Judged, legacy, write_files
from .verdicts import run

# ---- what is not there


def test_samples_alone_are_judged_with_a_warning(tmp_path: Path, verdict: Judged) -> None:
    package = legacy(tmp_path, {"data/secret/1.in": None, "data/secret/1.ans": None})
    code, word, said = verdict(package)
    assert (code, word) == (0, "AC")
    assert "no secret tests: judged on the samples alone" in said
    assert verdict(package, WRONG)[:2] == (1, "WA")


@pytest.mark.parametrize("settings", ["", "problem_format_version: 2025-09\n"])
def test_samples_alone_decide_a_scoring_problem(
    tmp_path: Path, verdict: Judged, settings: str
) -> None:
    files = {"data/secret/1.in": None, "data/secret/1.ans": None}
    package = legacy(tmp_path, {**files, "problem.yaml": f"{settings}name: T\ntype: scoring\n"})
    assert verdict(package)[1] == "AC"
    assert verdict(package, WRONG)[1] == "WA"


def test_a_package_without_a_statement_is_judged(tmp_path: Path, verdict: Judged) -> None:
    code, word, said = verdict(legacy(tmp_path / "a", {"problem_statement/problem.en.tex": None}))
    assert (code, word) == (0, "AC")
    assert "the package has no statement" in said
    code, word, said = verdict(legacy(tmp_path / "b", {"problem_statement/problem.en.tex": "%\n"}))
    assert (code, word) == (0, "AC")
    assert "the statement is empty" in said


def test_a_package_without_any_test_is_a_statement(tmp_path: Path, cli: Cli) -> None:
    package = legacy(tmp_path, dict.fromkeys(n for n in LEGACY if "data/" in n))
    code, out, err = cli("problems", "show", package)
    assert (code, "Print the number." in out) == (0, True)
    assert "cannot be judged" in err
    (tmp_path / "p.py").write_text(ECHO)
    assert cli("judge", package, tmp_path / "p.py")[0] == 2


def test_links_to_nothing_where_nothing_depends_on_them(tmp_path: Path, facts: Facts) -> None:
    package = legacy(tmp_path, {"submissions/accepted/a.py": ECHO})
    for name in ("problem.pdf", "problem_statement/problem.en.pdf", "problem_statement/x.png",
                 "submissions/accepted/b.py", "attachments/z.zip"):  # fmt: skip
        (package / name).parent.mkdir(exist_ok=True)
        os.symlink("nowhere", package / name)
    shown = facts(package)
    assert shown["submissions"] == {"accepted": 1}
    assert len([w for w in shown["warnings"] if "passed over" in w]) == 5


def test_a_link_that_a_checkout_wrote_as_text_is_no_statement(
    tmp_path: Path, verdict: Judged
) -> None:
    package = legacy(
        tmp_path,
        {"problem_statement/problem.en.tex": None, "problem.pdf": "problem_statement/gone.pdf"},
    )
    code, word, said = verdict(package)
    assert (code, word) == (0, "AC")
    assert "problem.pdf: not a PDF" in said


def test_a_link_to_nothing_that_is_a_test_is_refused(tmp_path: Path, cli: Cli) -> None:
    package = legacy(tmp_path, {"data/secret/1.ans": None})
    os.symlink("nowhere", package / "data/secret/1.ans")
    code, _, err = cli("problems", "show", package)
    assert code == 2
    assert "1.ans: a dangling or circular link" in err


# ---- found by benchmarks/fuzz_readers.py


@pytest.mark.parametrize("marker", ["task.yaml", "problem.xml", "init.yml", "problem.yaml"])
def test_a_folder_with_a_marker_s_name_is_no_package(tmp_path: Path, cli: Cli, marker: str) -> None:
    write_files(tmp_path / "t", {f"{marker}/inner": "name: x\n", "notes.txt": "x"})
    code, _, err = cli("problems", "show", tmp_path / "t")
    assert code == 2
    assert len(err.strip().splitlines()) == 1


def test_rows_with_lists_where_words_belong(tmp_path: Path, cli: Cli) -> None:
    row: dict[str, Any] = {
        "name": "x", "description": "Add.", "public_tests": {"input": ["1"], "output": ["1"]},
        "private_tests": {"input": ["1"], "output": ["1"]},
        "solutions": {"language": [[3], {"a": 1}, None, 3.5], "solution": ["a", "b", "c", "d"]},
    }  # fmt: skip
    (tmp_path / "cc.jsonl").write_text(json.dumps(row) + "\n")
    assert cli("problems", "show", tmp_path / "cc.jsonl")[0] == 0
    own = {
        "medalist_problem": 1,
        "public": {"problem_id": "x", "statements": {"en": "x"}},
        "secret": {
            "groups": [{"group_id": "g", "\ufeff": 1}],
            "submissions": [{"name": "a", "permitted": [["AC"]]}],
        },
    }
    (tmp_path / "own.jsonl").write_text(json.dumps(own) + "\n")
    code, _, err = cli("problems", "show", tmp_path / "own.jsonl")
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert err.strip().isprintable()


def test_names_of_rows_with_line_ends_stay_in_one_line(tmp_path: Path, cli: Cli) -> None:
    rows = [
        {"problem_id": f"a\n{n}", "question": "Q", "input_output": '{"inputs": [], "outputs": []}'}
        for n in range(2)
    ]
    (tmp_path / "apps.json").write_text(json.dumps(rows))
    code, _, err = cli("problems", "show", tmp_path / "apps.json")
    assert code == 2
    assert "holds several problems" in err
    assert err.count("\n") == 1


def test_keys_of_kattis_that_are_not_obeyed_are_warned_of(
    package: Callable[..., Path], tmp_path: Path
) -> None:
    limits = "limits:\n  time_limit: 1\n  memory: 64\n"
    stated = f"name: Add\nlanguages: [c, cpp]\n{limits}  code: 1\n  validation_memory: 512\n"
    _, _, err = run("problems", "show", package(tmp_path, {"problem.yaml": stated}))
    assert "problem.yaml: languages: not obeyed" in err
    assert "problem.yaml: limits.code, limits.validation_memory: not obeyed" in err
    usual = package(tmp_path / "all", {"problem.yaml": f"name: Add\nlanguages: all\n{limits}"})
    assert "not obeyed" not in run("problems", "show", usual)[2]
