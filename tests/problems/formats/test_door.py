"""Packages as organisers and archivers really write them, through the command line.

Each was refused, misread or ended in a traceback once. What Kattis, DOMjudge or BAPCtools install
is read; where something was passed over, a warning says so.
"""

from __future__ import annotations

import json
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from medalist.agent.commands.main import app, guarded

from .conftest import write_files
from .verdicts import run

Answer = tuple[int, str, str]
Cli = Callable[..., Answer]

V25 = "problem_format_version: 2025-09\nname: T\nlimits: {time_limit: 2}\n"
LEGACY: dict[str, str | bytes] = {
    "problem.yaml": "name: T\nlimits: {time_limit: 2}\n",
    "problem_statement/problem.en.tex": "\\problemname{T}\nPrint the number.\n",
    "data/sample/1.in": "1\n",
    "data/sample/1.ans": "1\n",
    "data/secret/1.in": "2\n",
    "data/secret/1.ans": "2\n",
}
NEW: dict[str, str | bytes] = {
    "problem.yaml": V25,
    "statement/problem.en.md": "Print the number.\n",
    "data/secret/1.in": "2\n",
    "data/secret/1.ans": "2\n",
}
ECHO = "print(input())\n"
WRONG = "print(7)\n"


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run `medalist ARGS` in this process: exit code, stdout and stderr."""

    def run(*args: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["medalist", *map(str, args)])
        monkeypatch.setenv("MEDALIST_BOX", "local")
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            guarded(app)
        shown = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), shown.out, shown.err

    return run


@pytest.fixture
def facts(cli: Cli) -> Callable[[Path], dict[str, Any]]:
    """What `problems show --json` says of a path that it must read."""

    def run(path: Path) -> dict[str, Any]:
        code, out, err = cli("problems", "show", path, "--json")
        assert code == 0, err
        found: dict[str, Any] = json.loads(out)
        return found

    return run


@pytest.fixture
def verdict(cli: Cli, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Judge a program: exit code, verdict, and all that was said."""

    def run(path: Path, program: str = ECHO) -> tuple[int, str, str]:
        source = tmp_path / "program.py"
        source.write_text(program)
        code, out, err = cli("judge", path, source)
        return code, out.split(" ", 1)[0], out + err

    return run


Facts = Callable[[Path], dict[str, Any]]
Judged = Callable[..., tuple[int, str, str]]


def legacy(folder: Path, changes: Mapping[str, str | bytes | None]) -> Path:
    return write_files(folder / "t", {**LEGACY, **changes})


def new(folder: Path, changes: Mapping[str, str | bytes | None]) -> Path:
    return write_files(folder / "t", {**NEW, **changes})


# ---- words that YAML takes for something else


@pytest.mark.parametrize(
    "word", ["No", "yes", "On", "off", "TRUE", "false", "007", "12:30", "1_000", "1.10", "0x1F"]
)
def test_a_title_is_what_was_written(tmp_path: Path, facts: Facts, word: str) -> None:
    assert facts(legacy(tmp_path, {"problem.yaml": f"name: {word}\n"}))["title"] == word


def test_a_language_may_be_norwegian(tmp_path: Path, facts: Facts) -> None:
    found = facts(
        new(
            tmp_path,
            {
                "problem.yaml": V25.replace("name: T", "name: {en: X, no: Y}"),
                "statement/problem.no.md": "Skriv tallet.\n",
                "statement/problem.en.md": None,
            },
        )
    )
    assert (found["languages"], found["title"]) == (["no"], "Y")


def test_keywords_and_flags_keep_their_spelling(tmp_path: Path, facts: Facts) -> None:
    found = facts(legacy(tmp_path, {"problem.yaml": "name: T\nkeywords: [on, 1e3, 010, x]\n"}))
    assert found["tags"] == ["on", "1e3", "010", "x"]


# ---- archives


def archived(path: Path, rename: Callable[[str], str], files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo("placeholder")
            info.filename = info.orig_filename = rename(name)
            archive.writestr(info, content)
    return path


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: f"./{name}",
        lambda name: name.replace("/", "//"),
        lambda name: name.replace("/", "/./"),
        lambda name: name.replace("/", "\\"),
        lambda name: ".\\" + name.replace("/", "\\"),
        lambda name: f"t\\{name}",
        lambda name: f"x/../{name}",
    ],
)
def test_odd_names_in_a_zip_mean_what_they_mean(
    tmp_path: Path, verdict: Judged, rename: Callable[[str], str]
) -> None:
    path = archived(tmp_path / "t.zip", rename, LEGACY)
    assert verdict(path)[:2] == (0, "AC")
    assert verdict(path, WRONG)[:2] == (1, "WA")


def test_a_link_in_a_zip_from_windows_is_followed(tmp_path: Path, facts: Facts) -> None:
    files = {k: v for k, v in LEGACY.items() if k != "data/secret/1.ans"}
    path = archived(tmp_path / "t.zip", lambda name: name.replace("/", "\\"), files)
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("placeholder")
        info.filename = info.orig_filename = "data\\secret\\1.ans"
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "1.in")
    assert facts(path)["tests"] == 2


def test_a_folder_in_the_place_of_a_file_of_a_tar_is_one_line(tmp_path: Path, cli: Cli) -> None:
    with tarfile.open(tmp_path / "t.tar", "w") as archive:
        info = tarfile.TarInfo("problem.yaml")
        info.type = tarfile.CHRTYPE
        archive.addfile(info)
    code, _, err = cli("problems", "show", tmp_path / "t.tar")
    assert code == 2
    assert len(err.strip().splitlines()) == 1


# ---- keys


def test_a_key_given_twice_counts_once_with_a_warning(tmp_path: Path, facts: Facts) -> None:
    found = facts(
        legacy(
            tmp_path,
            {
                "problem.yaml": "name: A\nname: B\nlimits: {memory: 1, memory: 64}\n",
                "data/testdata.yaml": "on_reject: break\non_reject: continue\n",
            },
        )
    )
    assert (found["title"], found["memory_mb"]) == ("B", 64)
    twice = [warning for warning in found["warnings"] if "given twice" in warning]
    assert len(twice) == 3
    assert all("the last value counts" in warning for warning in twice)


@pytest.mark.parametrize("value", ["1", "", "[1]", "fast"])
def test_time_multipliers_that_are_no_map_are_passed_over(
    tmp_path: Path, facts: Facts, value: str
) -> None:
    settings = f"name: T\nlimits:\n  time_multipliers: {value}\n"
    warnings = facts(legacy(tmp_path, {"problem.yaml": settings}))["warnings"]
    assert [w for w in warnings if "time_multipliers" in w] == warnings
    assert len(warnings) == bool(value)


def test_keys_of_another_version_in_a_section_are_obeyed(tmp_path: Path, verdict: Judged) -> None:
    """`output_validator_args` in `testdata.yaml`, `output_validator_flags` in `test_group.yaml`."""
    near = "print(float(input()) + 0.0005)\n"
    old = legacy(
        tmp_path / "old", {"data/testdata.yaml": "output_validator_args: [float_tolerance, 1e-3]\n"}
    )
    assert verdict(old, near)[1] == "AC"
    newer = new(
        tmp_path / "new",
        {"data/secret/test_group.yaml": "output_validator_flags: float_tolerance 1e-3\n"},
    )
    assert verdict(newer, near)[1] == "AC"


def test_grading_in_problem_yaml_is_obeyed(tmp_path: Path, verdict: Judged) -> None:
    """`range`, `accept_score` and `on_reject` stood there before `testdata.yaml` was invented."""
    package = legacy(
        tmp_path,
        {
            "problem.yaml": "name: T\ntype: scoring\nlimits: {time_limit: 2}\n"
            "grading: {accept_score: 5, on_reject: grade}\n",
            "data/sample/1.in": None,
            "data/sample/1.ans": None,
            "data/secret/2.in": "3\n",
            "data/secret/2.ans": "9\n",
            "data/secret/3.in": "4\n",
            "data/secret/3.ans": "4\n",
        },
    )
    assert "10 points" in verdict(package)[2]


def test_grading_that_is_no_map_is_passed_over(tmp_path: Path, facts: Facts) -> None:
    found = facts(legacy(tmp_path, {"problem.yaml": "name: T\ngrading: default\n"}))
    assert any("grading: must be a map" in warning for warning in found["warnings"])


def test_domjudge_ini_with_comments(tmp_path: Path, facts: Facts) -> None:
    for number, (line, seconds) in enumerate(
        [
            ("timelimit = 5 ; seconds", 5),
            ("timelimit='3'   # was 4", 3),
            ('TimeLimit = "2.5"; ; x', 2.5),
            ("; timelimit=9\ntimelimit=7", 7),
        ]
    ):
        ini = f"[problem]\n# made by hand\nname = 'A; B'\n{line}\nspecial_compare=compare\n"
        found = facts(
            legacy(
                tmp_path / str(number),
                {"problem.yaml": "type: pass-fail\n", "domjudge-problem.ini": ini},
            )
        )
        assert (found["time_s"], found["time_assumed"]) == (seconds, False)


def test_domjudge_ini_alone_gives_title_and_arguments(tmp_path: Path, verdict: Judged) -> None:
    ini = "name = Near\ntimelimit = 2\nspecial_compare_args = 'float_tolerance 1e-3'\n"
    package = legacy(tmp_path, {"problem.yaml": None, "domjudge-problem.ini": ini})
    assert verdict(package, "print(float(input()) + 0.0005)\n")[1] == "AC"


def test_a_checker_that_only_the_judge_has_is_no_guess(tmp_path: Path, verdict: Judged) -> None:
    ini = "timelimit = 2\nspecial_compare = float_c\n"
    package = legacy(tmp_path, {"domjudge-problem.ini": ini})
    code, word, said = verdict(package)
    assert (code, word) == (3, "JE")
    assert "'float_c' is a program of another judge" in said


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
    found = facts(package)
    assert found["submissions"] == {"accepted": 1}
    assert len([w for w in found["warnings"] if "passed over" in w]) == 5


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
    assert "1.ans: a link to nothing" in err


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
            {"output_validators/v.java": "class v {}"},
            "not in C, C++ or Python",
        ),
        ("validation: custom", {}, "the package needs an output validator"),
        ("validation: custom interactive", {}, "the package needs an output validator"),
        (
            "validation: custom interactive",
            {"output_validators/v.kt": "fun main() {}"},
            "not in C, C++ or Python",
        ),
        ("problem_format_version: 2025-09\ntype: interactive", {}, "needs an output validator"),
        ("problem_format_version: 2025-09\ntype: multi-pass", {}, "needs an output validator"),
        (
            "type: scoring",
            {"data/testdata.yaml": "grading: custom\n", "graders/G.java": "class G {}"},
            "not in C, C++ or Python",
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
