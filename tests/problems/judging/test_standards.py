"""`medalist judge` of C++: standards, names of files, large arrays, and what `--json` says."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.problems.formats import load
from medalist.sandbox.languages import cpp_of

YAML = "name: T\nlimits:\n  time_limit: 2\n"
ECHO = "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << n; }\n"
TWENTY = (
    "#include <concepts>\n#include <iostream>\n"
    "template <std::integral T> T same(T x) { return x; }\n"
    "int main() { int n; std::cin >> n; std::cout << same(n); }\n"
)
# `requires` is a name before C++20, and what a literal of char8_t is has changed with it.
SEVENTEEN = ECHO.replace("int n;", 'int n; const char *requires = u8"x"; (void)requires;')
TWENTY_THREE = (
    "#include <iostream>\n#include <utility>\nenum class E { one = 1 };\n"
    "int main() { int n; std::cin >> n; std::cout << n * std::to_underlying(E::one); }\n"
)
NONE = "int main() { return nothing; }\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, text in {
        "problem.yaml": YAML,
        "problem_statement/problem.en.tex": "\\problemname{T}\nEcho.",
        "data/secret/1.in": "5\n",
        "data/secret/1.ans": "5\n",
    }.items():
        (tmp_path / "echo" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "echo" / name).write_text(text)
    return tmp_path


def judge(folder: Path, *args: str, **sources: str) -> subprocess.CompletedProcess[str]:
    for name, text in sources.items():
        (folder / name).write_text(text)
    return medalist("judge", "echo", *sources, *args, cwd=folder)


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_standard_that_compiles_is_taken_and_named(package: Path) -> None:
    sources = {"a.cpp": ECHO, "b.cpp": SEVENTEEN, "c.cpp": TWENTY, "d.cpp": TWENTY_THREE,
               "e.cpp": NONE, "f.cpp": f"// @std c++17\n{TWENTY}"}  # fmt: skip
    by_source = rows(judge(package, "--json", **sources))
    assert [(row["verdict"], row["standard"]) for row in by_source] == [
        ("AC", "gnu++20"), ("AC", "gnu++17"), ("AC", "gnu++20"), ("AC", "gnu++23"),
        ("CE", "gnu++20"), ("CE", "gnu++17"),
    ]  # fmt: skip
    assert by_source[4]["language"] == "cpp20"
    assert "‘nothing’ was not declared" in by_source[4]["message"]


def test_the_standard_can_be_stated(package: Path) -> None:
    by_source = rows(
        judge(package, "--std", "gnu++17", "--json", **{"a.cpp": TWENTY, "b.cpp": ECHO})
    )
    assert [(row["verdict"], row["standard"]) for row in by_source] == [
        ("CE", "gnu++17"), ("AC", "gnu++17"),
    ]  # fmt: skip
    done = judge(package, "--std", "c++19")
    assert done.returncode == 2
    wrong = medalist("judge", "echo", "a.cpp", "--std", "c++19", cwd=package)
    assert wrong.returncode == 2
    assert "--std: unknown standard 'c++19' (gnu++11, gnu++14" in wrong.stderr


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("17", "cpp17"), ("c++2a", "cpp20"), ("gnu++20", "cpp20"), ("C++ 23", "cpp23"),
        ("cpp.g++17", "cpp17"), ("cpp.gcc13-64-winlibs-g++20", "cpp20"), ("CPP14", "cpp14"),
        ("cpp.ms2017", None), ("python.3", None), ("c++19", None), ("", None),
    ],
)  # fmt: skip
def test_standards_as_people_write_them(text: str, row: str | None) -> None:
    assert cpp_of(text) == row


def test_a_file_of_any_name_is_compiled_as_what_it_is(package: Path) -> None:
    names = ("sol.C", "sol.cc", "sol.cxx", "sol.hpp", "sol.txt", "noext", "a b.h", "-x.CPP")
    for name in names:
        (package / name).write_text(ECHO)
    done = medalist("judge", "--json", "--", "echo", *names, cwd=package)
    assert [row["verdict"] for row in rows(done)] == ["AC"] * len(names)
    done = medalist("judge", "echo", "sol.txt", "sol.hpp", "--lang", "cpp17", "--json", cwd=package)
    assert [(row["verdict"], row["language"]) for row in rows(done)] == [("AC", "cpp17")] * 2
    done = medalist("judge", "echo", "sol.txt", "--lang", "C++17", "--json", cwd=package)
    assert [(row["verdict"], row["language"]) for row in rows(done)] == [("AC", "cpp17")]
    c_text = (
        '#include <stdio.h>\nint main(void) { int new; scanf("%d", &new); printf("%d", new); }\n'
    )
    done = judge(package, "--lang", "c17", "--json", **{"c.txt": c_text, "c.cpp": c_text})
    assert [row["verdict"] for row in rows(done)] == ["AC", "AC"]


def test_a_large_array_is_in_the_program_or_over_a_limit_that_is_named(package: Path) -> None:
    texts = [
        ECHO.replace("int main", f"char big[{mib} << 20] = {{1}};\nint main") for mib in (80, 300)
    ]
    sources = {"a.cpp": texts[0], "b.cpp": texts[1]}
    large, larger = rows(judge(package, "--json", **sources))
    assert large["verdict"] == "AC"
    assert larger["verdict"] == "CE"
    assert larger["message"].startswith("the compiler wrote more than 256 MiB: an array with")
    assert "bug report" not in larger["message"]


def test_json_says_why_and_by_which_limit(package: Path) -> None:
    sources = {
        "crash.py": "raise ValueError('no such thing')\n",
        "abort.cpp": "#include <cstdlib>\nint main() { abort(); }\n",
        "exit.c": "int main(void) { return 3; }\n",
        "wrong.py": "print(4)\n",
    }
    by_source = rows(judge(package, "--json", "--limit-scale", "1.5", **sources))
    assert [(row["verdict"], row["language"], row["message"]) for row in by_source] == [
        ("RTE", "python3", "secret/1: RTE: exit code 1: ValueError: no such thing"),
        ("RTE", "cpp20", "secret/1: RTE: SIGABRT"),
        ("RTE", "c17", "secret/1: RTE: exit code 3"),
        ("WA", "python3", "secret/1: WA"),
    ]
    assert {(row["time_limit"], row["time_limit_s"]) for row in by_source} == {("stated", 3.0)}
    (package / "echo/problem.yaml").write_text("name: T\nvalidation: custom\n")
    (package / "echo/output_validators").mkdir()
    (package / "echo/output_validators/check.py").write_text("raise SystemExit(1)\n")
    (broken,) = rows(judge(package, "--json", **{"echo.py": "print(input())\n"}))
    assert broken["verdict"] == "JE"
    assert "check.py exited with 1, not 42 or 43" in broken["message"]
    assert (broken["time_limit"], broken["standard"]) == ("assumed", None)


def test_a_missing_language_is_a_judge_error_of_its_own_submissions(package: Path) -> None:
    sources = {"a.py": "#!/usr/bin/env pypy3\nprint(input())\n", "b.cpp": ECHO}
    done = judge(package, "--json", **sources)
    slow, quick = rows(done)
    assert quick["verdict"] == "AC"
    if slow["verdict"] != "AC":  # this machine has no PyPy
        assert done.returncode == 3
        assert slow["verdict"] == "JE"
        assert "PyPy 3 does not work in this sandbox" in slow["message"]
        assert "apt-get install pypy3" in slow["message"]


def test_polygon_names_the_standard_of_its_programs(tmp_path: Path) -> None:
    for name, text in {
        "problem.xml": '<problem short-name="p"><judging><testset name="tests">'
        "<time-limit>1000</time-limit><test-count>1</test-count>"
        "<input-path-pattern>tests/%02d</input-path-pattern>"
        "<answer-path-pattern>tests/%02d.a</answer-path-pattern>"
        '<tests><test method="manual"/></tests></testset></judging><assets>'
        '<checker type="testlib"><source path="files/check.cpp" type="cpp.g++14"/></checker>'
        '<solutions><solution tag="main"><source path="solutions/a.cpp" type="cpp.g++17"/>'
        '</solution><solution tag="accepted"><source path="solutions/b.cpp" '
        'type="cpp.gcc13-64-winlibs-g++20"/></solution></solutions></assets></problem>',
        "statements/english/problem.tex": "Print the number.",
        "tests/01": "5\n",
        "tests/01.a": "5\n",
        "files/check.cpp": ECHO,
        "solutions/a.cpp": ECHO,
        "solutions/b.cpp": ECHO,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    secret = load(tmp_path).secret
    assert secret is not None
    assert secret.checker is not None
    assert secret.checker.language == "cpp14"
    assert [submission.language for submission in secret.submissions] == ["cpp17", "cpp20"]
