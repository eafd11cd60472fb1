"""What packages say of their own submissions and of their own proofs, through `problems check`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from medalist.agent.commands.main import app, guarded
from medalist.problems.formats import load
from medalist.problems.formats.kattis_rules import matches
from medalist.problems.verdict import Verdict

from .small_packages import write_files

Checked = Callable[[Mapping[str, str]], tuple[dict[str, str], list[str]]]
NEW = {
    "problem.yaml": "problem_format_version: 2025-09\nname: T\nlimits: {time_limit: 2}\n",
    "statement/problem.en.md": "Print the number.\n",
    "data/sample/1.in": "1\n",
    "data/sample/1.ans": "1\n",
    **{f"data/secret/{name}.in": f"{n}\n" for n, name in enumerate(("a-easy", "b-hard"), 2)},
    **{f"data/secret/{name}.ans": f"{n}\n" for n, name in enumerate(("a-easy", "b-hard"), 2)},
}
ECHO = "print(input())\n"
WRONG_ON_3 = "n = int(input())\nprint(n if n < 3 else 0)\n"
CRASH_ON_3 = "n = int(input())\nprint(n if n < 3 else 1 // 0)\n"


@pytest.fixture
def checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Checked:
    """Check a package: why each submission disagrees (empty: it agrees), and other faults."""

    def run(files: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
        package = write_files(tmp_path / "t", {**NEW, **files})
        arguments = ["medalist", "problems", "check", str(package), "--json", "--fresh"]
        monkeypatch.setattr(sys, "argv", arguments)
        monkeypatch.setenv("MEDALIST_BOX", "local")
        capsys.readouterr()
        with pytest.raises(SystemExit):
            guarded(app)
        shown = capsys.readouterr()
        rows = [json.loads(line) for line in shown.out.splitlines()]
        faults = [line for line in shown.err.splitlines() if line.startswith("FAULT")]
        return {row["submission"]: row["reason"] for row in rows}, faults

    return run


def test_rules_of_submissions_yaml_hold_for_single_tests(checked: Checked) -> None:
    rules = """
mixed/{wrong,crash}.py:
  sample: {permitted: [AC]}
  "secret/*-{ easy }": {permitted: [AC]}
  secret/*-hard: {permitted: [AC, WA], required: [WA]}
mixed/echo.py: {permitted: [AC]}
accepted/wrong.py: {permitted: [AC, WA]}
"""
    reasons, _ = checked(
        {
            "submissions/submissions.yaml": rules,
            "submissions/mixed/wrong.py": WRONG_ON_3,
            "submissions/mixed/crash.py": CRASH_ON_3,
            "submissions/mixed/echo.py": ECHO,
            "submissions/accepted/wrong.py": WRONG_ON_3,
        }
    )
    assert reasons["mixed/wrong.py"] == ""
    assert reasons["mixed/echo.py"] == ""
    assert "secret/b-hard is RTE, not AC|PAC|WA|PE" in reasons["mixed/crash.py"]
    assert "secret/*-hard: no test is WA|PE" in reasons["mixed/crash.py"]
    # A rule for a single submission adds to what its folder says, and does not replace it.
    assert "WA is not permitted" in reasons["accepted/wrong.py"]


def test_a_folder_s_own_name_replaces_what_its_label_says(checked: Checked) -> None:
    reasons, _ = checked(
        {
            "submissions/submissions.yaml": "wrong_answer: {permitted: [AC, WA, RTE]}\n",
            "submissions/wrong_answer/crash.py": CRASH_ON_3,
            "submissions/wrong_answer/wrong.py": WRONG_ON_3,
        }
    )
    # `required` is still the folder's default: some test must be a wrong answer.
    assert reasons["wrong_answer/wrong.py"] == ""
    assert reasons["wrong_answer/crash.py"] == "all tests: no test is WA|PE"


def test_a_message_and_an_entry_point_are_obeyed(checked: Checked) -> None:
    rules = """
"*/said.py": {message: 'number 3'}
"*/unsaid.py": {message: 'number 4'}
"*/two": {entrypoint: second.py, language: python3}
"""
    checker = (
        "import sys\nwanted = open(sys.argv[2]).read().split()\n"
        "open(sys.argv[3] + 'judgemessage.txt', 'w').write('number ' + wanted[0])\n"
        "sys.exit(42 if sys.stdin.read().split() == wanted else 43)\n"
    )
    reasons, _ = checked(
        {
            "output_validator/check.py": checker,
            "submissions/submissions.yaml": rules,
            "submissions/wrong_answer/said.py": WRONG_ON_3,
            "submissions/wrong_answer/unsaid.py": WRONG_ON_3,
            "submissions/accepted/two/first.py": "print(0)\n",
            "submissions/accepted/two/second.py": ECHO,
        }
    )
    assert reasons["wrong_answer/said.py"] == ""
    assert "no test's message has 'number 4'" in reasons["wrong_answer/unsaid.py"]
    assert reasons["accepted/two"] == ""


@pytest.mark.parametrize(
    ("glob", "name", "fits"),
    [
        ("accepted", "accepted/a.py", True),
        ("accepted/*", "accepted/a/main.py", True),
        ("*", "accepted/a.py", True),
        ("*.py", "accepted/a.py", False),
        ("accepted/{a,b}.{py,cpp}", "accepted/b.cpp", True),
        ("accepted/{a,b}.py", "accepted/c.py", False),
        ("secret/[12]", "secret/1", False),
        ("secret/g*/1", "secret/group1/1", True),
        ("secret/**/1", "secret/a/b/1", False),
    ],
)
def test_patterns_are_those_of_the_format(glob: str, name: str, fits: bool) -> None:
    assert matches(glob, name) is fits


def test_proofs_of_validators_and_checker(checked: Checked) -> None:
    files = {
        "input_validators/strict.py": "import sys\nn = int(input())\nok = n < int(sys.argv[1])\n"
        "sys.exit(42 if ok else 43)\n",
        "data/test_group.yaml": "input_validator_args: {strict: ['5']}\n",
        "data/invalid_input/big.in": "7\n",
        "data/invalid_input/fine.in": "4\n",
        "data/invalid_output/wrong.in": "1\n",
        "data/invalid_output/wrong.ans": "1\n",
        "data/invalid_output/wrong.out": "2\n",
        "data/invalid_output/right.in": "1\n",
        "data/invalid_output/right.ans": "1\n",
        "data/invalid_output/right.out": "1 \n",
        "data/valid_output/near.in": "1\n",
        "data/valid_output/near.ans": "1\n",
        "data/valid_output/near.out": "1.05\n",
        "data/valid_output/test_group.yaml": "output_validator_args: [float_tolerance, '0.1']\n",
        "submissions/accepted/a.py": ECHO,
    }
    _, faults = checked(files)
    assert [fault.split(": ", 1)[1] for fault in faults] == [
        "invalid_input/fine: no input validator rejects it",
        "invalid_output/right: its output is AC",
    ]


def test_flags_of_a_map_go_to_the_validator_of_that_name_alone(checked: Checked) -> None:
    says = "import sys\nsys.exit(42 if sys.argv[1:] == {} else 1)\n"
    _, faults = checked(
        {
            "input_validators/one.py": says.format("['x', 'y']"),
            "input_validators/two.py": says.format("[]"),
            "data/test_group.yaml": "input_validator_args: {one: [x, 'y']}\n",
        }
    )
    assert faults == []


LABELS: dict[str, tuple[str, frozenset[Verdict] | None]] = {
    "prose": (
        "# @EXPECTED_RESULTS@ is explained below.\n# @EXPECTED_RESULTS@: TIMELIMIT, CORRECT\n",
        frozenset({Verdict.TLE, Verdict.ILE, Verdict.AC}),
    ),
    "lower case": (
        "# @expected_results@: wrong-answer\n",
        frozenset({Verdict.WA, Verdict.PE}),
    ),
    "any": ("# @EXPECTED_RESULTS@: CHECK-MANUALLY\n", None),
    "none": ("# see @EXPECTED_RESULTS@ of the format\n", frozenset({Verdict.AC})),
}


@pytest.mark.parametrize("case", LABELS)
def test_expected_results_in_comments(tmp_path: Path, case: str) -> None:
    text, permitted = LABELS[case]
    package = write_files(tmp_path / "t", {**NEW, "submissions/Accepted/a.py": text + ECHO})
    secret = load(package).secret
    assert secret is not None
    assert secret.submissions[0].permitted == permitted
    assert secret.submissions[0].label == "accepted"


def test_expected_score_is_checked(checked: Checked) -> None:
    reasons, _ = checked(
        {
            "problem.yaml": NEW["problem.yaml"] + "type: scoring\n",
            "submissions/mixed/half.py": "# @EXPECTED_SCORE@: 50\n" + WRONG_ON_3,
            "submissions/mixed/lie.py": "// @expected_score@: 40.5\n".replace("//", "#")
            + WRONG_ON_3,
        }
    )
    assert reasons["mixed/half.py"] == ""
    assert "50.0 points are not within 40.5 to 40.5" in reasons["mixed/lie.py"]
