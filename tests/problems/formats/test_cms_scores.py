"""Keys of a CMS task that change scores: obeyed, refused, or warned of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .small_packages import Files
from .verdicts import judged, run

Write = Callable[[Path, Files], Path]

YAML = "name: t\ntime_limit: 2\nmemory_limit: 256\ninfile: ''\noutfile: ''\nn_input: 4\n"
TASK = {
    "task.yaml": YAML,
    "gen/GEN": "#ST: 100\n1\n2\n3\n4\n",
    "statement/statement.md": "# T\n\nPrint the number.\n",
    **{f"input/input{n}.txt": f"{n}\n" for n in range(4)},
    **{f"output/output{n}.txt": f"{n}\n" for n in range(4)},
}
CHECKER = "import sys\nprint(1.0)\nprint('ok', file=sys.stderr)\n"
MAPS = (
    "score_type: GroupMin\nscore_type_parameters: [{max_score: 10, testcases: ['000']}, "
    "{max_score: 20, testcases: ['001', '002']}, {max_score: 70, testcases: ['003', '000']}]\n"
)
SMALL = "n = int(input())\nprint(n if n < 3 else 0)\n"  # wrong on the last test


def scores(write: Write, tmp_path: Path, keys: str, **more: str) -> tuple[str, float]:
    package = write(tmp_path / "t", {**TASK, "task.yaml": YAML + keys, **more})
    rows = judged(package, tmp_path / "by", small=SMALL, right="print(input())")
    assert rows["right"]["verdict"] == "AC"
    return rows["small"]["verdict"], rows["small"]["score"]


@pytest.mark.parametrize(
    ("keys", "score"),
    [
        ("", 0),
        ("score_type: Sum\nscore_type_parameters: 5\n", 15),
        ("score_type: GroupMin\nscore_type_parameters: [[30, 3], [70, 1]]\n", 30),
        ("score_type: GroupMul\nscore_type_parameters: [[30, '00[0-2]'], [70, '.*']]\n", 30),
        (MAPS, 30),
    ],
)
def test_a_stated_score_type_is_obeyed(
    write: Write, tmp_path: Path, keys: str, score: float
) -> None:
    assert scores(write, tmp_path, keys) == ("PAC" if score else "WA", score)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("score_type: GroupMul\nscore_type_parameters: [[100, 4]]\n", "GroupMul is not judged"),
        ("score_type: GroupThreshold\nscore_type_parameters: [[9, 4, 1]]\n", "GroupThreshold is"),
        ("score_type: Best\nscore_type_parameters: 1\n", "score_type: must be one of Sum"),
        ("score_type: Sum\nscore_type_parameters: [[1, 2]]\n", "of Sum must be the points"),
        ("score_type: GroupMin\nscore_type_parameters: 9\n", "must be a list of subtasks"),
        ("score_type: GroupMin\nscore_type_parameters: [[1]]\n", "must be [points, tests]"),
        ("score_type: GroupMin\nscore_type_parameters: [[1, 5]]\n", "have 5 tests, but there are"),
        ("score_type: GroupMin\nscore_type_parameters: [[1, 4], [1, 'x']]\n", "in one way"),
        ("score_type: GroupMin\nscore_type_parameters: [[1, '(']]\n", "not a regular expression"),
        ("score_type: GroupMin\nscore_type_parameters: [[1, '9']]\n", "subtask 0 has no test"),
        ("score_type: GroupMin\nscore_type_parameters: [[1, ['7']]]\n", "there is no test '7'"),
        ("output_only_testcases: 0,1\n", "take a program and outputs are not judged"),
    ],
)
def test_a_score_that_the_judge_cannot_give_is_refused(
    write: Write, tmp_path: Path, keys: str, why: str
) -> None:
    files = {**TASK, "task.yaml": YAML + keys, "check/checker.py": CHECKER}
    package = write(tmp_path / "t", files)
    (tmp_path / "a.py").write_text(SMALL)
    code, _, err = run("judge", package, tmp_path / "a.py", "--box", "local")
    assert (code, why in err) == (2, True), err


def test_keys_that_are_known_and_not_obeyed_are_warned_of(write: Write, tmp_path: Path) -> None:
    keys = (
        "token_mode: finite\nmax_submission_number: 50\nscore_mode: max\nscore_precision: 0\n"
        "public_testcases: ''\nscore_type: Sum\n"
    )
    package = write(tmp_path / "t", {**TASK, "task.yaml": YAML + keys, "gen/GEN": "1\n2\n3\n4\n"})
    _, _, err = run("problems", "show", package)
    assert "task.yaml: token_mode, max_submission_number, score_mode: not used" in err
    assert "score_type: not used (nor does CMS, unless" in err
    assert "score_precision" not in err  # 25 points a test: nothing is to be rounded
    thirds = write(
        tmp_path / "u", {**TASK, "task.yaml": YAML + keys + "total_value: 10\n", "gen/GEN": None}
    )
    assert "score_precision: scores are not rounded" in run("problems", "show", thirds)[2]


def test_tests_that_are_in_no_subtask_are_named(write: Write, tmp_path: Path) -> None:
    keys = "score_type: GroupMin\nscore_type_parameters: [[30, 2], [10, 1]]\n"
    package = write(tmp_path / "t", {**TASK, "task.yaml": YAML + keys})
    assert "1 tests are in no subtask: not judged" in run("problems", "show", package)[2]
