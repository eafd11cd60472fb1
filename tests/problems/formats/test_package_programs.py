"""Validators and checkers of packages: folders, scripts, libraries, and what a missing one is."""

from __future__ import annotations

from pathlib import Path

import pytest

from .small_packages import WRONG, Cli, Judged, legacy, new

# ---- programs of the package

VALIDATOR = "#include <iostream>\n#include <{}>\nint main() {{ int x; std::cin >> x; return x == OK ? 42 : 43; }}\n"  # noqa: E501


CUSTOM = {"problem.yaml": "name: T\nvalidation: custom\nlimits: {time_limit: 2}\n",
          "data/sample/1.in": None, "data/sample/1.ans": None}  # fmt: skip


@pytest.mark.parametrize(
    ("build", "files"),
    [
        ("g++ -I $(pwd)/ src/main.cpp -o run -O2", {"src/main.cpp": "lib/l", "lib/l": ""}),
        (
            'cd "$(dirname "$0")"\n${CXX:-g++} -O2 -Iinc/deep -std=c++20 main.cpp \\\n  -o run',
            {"main.cpp": "l.h", "inc/deep/l.h": "", "other.cpp": None},
        ),
        ("g++ -DOK=2 -I. main.cpp -o run # comment", {"main.cpp": "vector"}),
        ("g++ *.cpp -o run", {"main.cpp": "l", "l": ""}),
        (None, {"main.cpp": "own/l.h", "own/l.h": ""}),
    ],
)
def test_validators_with_folders_and_scripts_of_their_own(
    tmp_path: Path, verdict: Judged, build: str | None, files: dict[str, str | None]
) -> None:
    changes: dict[str, str | bytes | None] = dict(CUSTOM)
    for name, header in files.items():
        text = "#define OK 2\n" if header == "" else VALIDATOR.format(header)
        text = "int main() { return 1; }\n" if header is None else text
        changes[f"output_validators/v/{name}"] = text
    if build is not None:
        changes["output_validators/v/build"] = f"#!/bin/bash\nset -e\n{build}\n"
    package = legacy(tmp_path, changes)
    assert verdict(package)[:2] == (0, "AC")
    assert verdict(package, WRONG)[:2] == (1, "WA")


def test_a_run_script_that_calls_python(tmp_path: Path, verdict: Judged) -> None:
    package = legacy(
        tmp_path,
        {
            **CUSTOM,
            "output_validators/v/run": '#!/bin/sh\nexec python3 "$(dirname "$0")/check.py" "$@"\n',
            "output_validators/v/check.py": "import sys\nsys.exit(42 if input() == '2' else 43)\n",
            "output_validators/v/aaa.py": "import sys\nsys.exit(1)\n",
        },
    )
    assert verdict(package)[:2] == (0, "AC")
    assert verdict(package, WRONG)[:2] == (1, "WA")


@pytest.mark.parametrize("module", ["aaa.py", "aaa/__init__.py"])
def test_a_validator_in_python_that_imports_files_of_its_own(
    tmp_path: Path, verdict: Judged, module: str
) -> None:
    package = legacy(
        tmp_path,
        {
            **CUSTOM,
            "output_validators/v/check.py": "import sys\nfrom aaa import OK\n"
            "sys.exit(OK if input() == '2' else 43)\n",
            f"output_validators/v/{module}": "OK = 42\n",
        },
    )
    assert verdict(package)[:2] == (0, "AC")
    assert verdict(package, WRONG)[:2] == (1, "WA")


@pytest.mark.parametrize(
    ("run", "simple"),
    [
        (
            '# which one\n\nDIR=$(dirname "$0")\nexec "$DIR/a" "$1" "$2" "$3" 2>/dev/null\nexit $?',
            True,
        ),
        ('cd "${0%/*}" && echo start >&2\n./a "$@"; exit $?', True),
        ('./a "$@"\n[ $? = 42 ] || exit 43\nexec python3 b.py "$@"', False),
        ("for v in *.cpp *.py; do ./$v $1 $2 $3; done", False),
        ('IN="$1"; shift\n./a "$IN" "$3out"', False),
        ('sort | ./a "$@"', False),
    ],
)
def test_a_run_script_that_does_more_than_to_start_a_program_is_a_judge_error(
    tmp_path: Path, verdict: Judged, run: str, simple: bool
) -> None:
    changes = {
        **CUSTOM,
        "output_validators/v/run": f"#!/bin/sh\n{run}\n",
        "output_validators/v/build": "#!/bin/sh\ng++ -O2 a.cpp -o a\n",
        "output_validators/v/a.cpp": "int main() { return 42; }\n",
        "output_validators/v/b.py": "import sys\nsys.exit(43)\n",
    }
    code, word, said = verdict(legacy(tmp_path, changes))
    assert (code, word) == ((0, "AC") if simple else (3, "JE"))
    assert simple or "its run script does more than to start one program" in said


@pytest.mark.parametrize(
    ("settings", "files", "reason"),
    [
        (
            "validation: custom",
            {"output_validators/v.hs": "main = return ()"},
            "not in C, C#, C++, ",
        ),
        ("validation: custom", {}, "the package needs an output validator"),
        ("validation: custom interactive", {}, "the package needs an output validator"),
        (
            "validation: custom interactive",
            {"output_validators/v.pas": "begin end."},
            "not in C, C#, C++, ",
        ),
        ("problem_format_version: 2025-09\ntype: interactive", {}, "needs an output validator"),
        ("problem_format_version: 2025-09\ntype: multi-pass", {}, "needs an output validator"),
        (
            "type: scoring",
            {"data/testdata.yaml": "grading: custom\n", "graders/g.hs": "main = return ()"},
            "not in C, C#, C++, ",
        ),
        ("type: scoring", {"data/secret/testdata.yaml": "grading: custom\n"}, "no grader"),
    ],
)
def test_what_a_missing_program_would_decide_is_a_judge_error(
    tmp_path: Path, verdict: Judged, settings: str, files: dict[str, str], reason: str
) -> None:
    text = f"name: T\n{settings}\nlimits: {{time_limit: 2}}\n"
    package = legacy(tmp_path, {**files, "problem.yaml": text})
    code, word, said = verdict(package)
    assert (code, word) == (3, "JE")
    assert reason in said
    assert "Traceback" not in said


def test_a_program_that_crashes_needs_no_checker_to_be_wrong(
    tmp_path: Path, verdict: Judged
) -> None:
    package = legacy(tmp_path, CUSTOM)
    assert verdict(package, "1 / 0\n")[:2] == (1, "RTE")


# ---- 2025-09: settings at every level


@pytest.mark.parametrize("level", ["data", "data/secret", "data/secret/g", "data/secret/g/1.yaml"])
def test_arguments_are_inherited_from_every_level(
    tmp_path: Path, verdict: Judged, level: str
) -> None:
    files: dict[str, str | bytes | None] = {
        "data/secret/1.in": None, "data/secret/1.ans": None,
        "data/secret/g/1.in": "2\n", "data/secret/g/1.ans": "2\n",
    }  # fmt: skip
    if level == "data/secret/g":
        files["data/secret/g/test_group.yaml"] = ""
    path = level if level.endswith(".yaml") else f"{level}/test_group.yaml"
    files[path] = "output_validator_args: [float_tolerance, '1e-3']\n"
    package = new(tmp_path, files)
    assert verdict(package, "print(float(input()) + 0.0005)\n")[1] == "AC"
    assert verdict(package, "print(float(input()) + 0.005)\n")[1] == "WA"


def test_the_nearest_arguments_win(tmp_path: Path, verdict: Judged) -> None:
    package = new(
        tmp_path,
        {
            "data/test_group.yaml": "output_validator_args: [float_tolerance, '1e-1']\n",
            "data/secret/test_group.yaml": "output_validator_args: []\n",
        },
    )
    assert verdict(package, "print(float(input()) + 0.0005)\n")[1] == "WA"


def test_a_static_validator_that_would_decide_is_refused(tmp_path: Path, cli: Cli) -> None:
    package = new(tmp_path, {"data/secret/test_group.yaml": "static_validation_score: 10\n"})
    code, _, err = cli("problems", "show", package)
    assert code == 2
    assert "static_validation_score: static validators are not run here" in err


def test_a_validator_that_brings_a_library_of_hundreds_of_files(
    tmp_path: Path, verdict: Judged
) -> None:
    """As those do that ship a copy of Eigen: 700 headers of a few kilobytes, some of them large."""
    last = 700
    changes: dict[str, str | bytes | None] = dict(CUSTOM)
    for number in range(1, last + 1):
        following = f'#include "part{number + 1}.h"\n' if number < last else "#define OK 2\n"
        padding = f"// {'x' * (40_000 if number % 100 == 0 else 900)}\n"
        changes[f"output_validators/v/lib/part{number}.h"] = padding * 2 + following
    changes["output_validators/v/main.cpp"] = VALIDATOR.format("lib/part600.h")
    package = legacy(tmp_path, changes)
    assert verdict(package)[:2] == (0, "AC")
    assert verdict(package, WRONG)[:2] == (1, "WA")
