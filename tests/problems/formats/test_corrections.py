"""What a user says of a statement that was read wrongly, and where it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.errors import BadInput
from medalist.problems.formats import load

NO_CUT = "no cut between the input and the output is sure"
STATEMENT = """\
Sum

Add the numbers.

Sample Input 1 Sample Output 1
2
3
5
"""


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "sum.txt"
    path.write_text(STATEMENT)
    return path


def show(path: Path) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["problems", "show", str(path), "--json"])
    assert result.exit_code == 0, result.output
    facts: dict[str, Any] = json.loads(result.stdout)
    return facts


def test_doubts_are_shown_with_their_place(statement: Path) -> None:
    facts = show(statement)
    assert facts["sample_data"] == []
    assert [doubt.removeprefix(f"{statement}: ") for doubt in facts["doubts"]] == [
        "time limit: not stated: 2 s assumed",
        "memory limit: not stated: 1024 MiB assumed",
        f"samples: lines 6-8: {NO_CUT}: this sample is left out",
        "samples: none found",
    ]
    result = CliRunner().invoke(app, ["problems", "show", str(statement)])
    assert "doubt: " in result.stderr
    assert "doubt" not in result.stdout


@pytest.mark.parametrize("name", ["sum.yaml", "problem.yaml"])
def test_a_file_beside_the_statement_corrects_it(statement: Path, name: str) -> None:
    (statement.parent / "2.in").write_text("1\n7")
    (statement.parent / "2.out").write_text("7\n")
    statement.with_name(name).write_text(
        "name: Total\nlimits: {time_limit: 1.5, memory: 256}\n"
        'samples:\n- {input: "2\\n3", output: 5}\n- {input_file: 2.in, output_file: 2.out}\n'
    )
    facts = show(statement)
    assert (facts["title"], facts["time_s"], facts["memory_mb"]) == ("Total", 1.5, 256)
    assert not facts["time_assumed"]
    assert facts["doubts"] == facts["warnings"] == []
    assert [(s["input"], s["output"]) for s in facts["sample_data"]] == [
        ("2\n3\n", "5\n"),
        ("1\n7\n", "7\n"),
    ]


def test_a_correction_that_says_only_the_limits_keeps_the_samples(statement: Path) -> None:
    statement.write_text("# A\n\n## Sample Input\n\n    1\n\n## Sample Output\n\n    2\n")
    statement.with_suffix(".yaml").write_text("limits: {memory: 64}\n")
    facts = show(statement)
    assert facts["memory_mb"] == 64
    assert facts["samples"] == 1
    assert len(facts["doubts"]) == 1  # of the time limit


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("limits: {time_limit: -1}", "limits.time_limit: must be more than 0"),
        ("limits: {memory: a lot}", "limits.memory: must be a number"),
        ("samples: 5", "samples: must be a list"),
        ("samples:\n- {output: 1}", "samples[0].input: is missing"),
        ("samples:\n- {input_file: none.in}", "cannot read"),
        ("samples: [", "sum.yaml"),
    ],
)
def test_a_wrong_correction_is_one_line(statement: Path, text: str, message: str) -> None:
    statement.with_suffix(".yaml").write_text(text)
    with pytest.raises(BadInput) as caught:
        load(statement)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_slip_in_a_correction_is_a_warning_and_a_packages_keys_are_none(statement: Path) -> None:
    statement.with_suffix(".yaml").write_text("limit: {memory: 64}\n")
    assert "limit: unknown key" in show(statement)["warnings"][0]
    statement.with_suffix(".yaml").write_text(
        "problem_format_version: 2025-09\nname: {en: Sum}\nlimits: {time_limit: 3}\nlicense: cc0\n"
    )
    facts = show(statement)
    assert facts["warnings"] == []
    assert facts["time_s"] == 3


def test_doubts_go_with_a_problem_into_a_row_of_its_own(statement: Path, tmp_path: Path) -> None:
    row = tmp_path / "row.jsonl"
    done = CliRunner().invoke(
        app, ["problems", "convert", str(statement), "--out", str(row), "--to", "jsonl"]
    )
    assert done.exit_code == 0, done.output
    assert show(row)["doubts"] == show(statement)["doubts"]
