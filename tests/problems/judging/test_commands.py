"""`medalist judge` and `medalist problems check`, as a user calls them."""

import json
import zipfile
from pathlib import Path

import pytest
from tests.agent.command import medalist

RIGHT = "print(sum(map(int, input().split())))\n"
YAML = "problem_format_version: legacy\nname: Sum\nlimits:\n  time_limit: 1\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package whose validator, answers and labels are right."""
    files = {
        "problem.yaml": YAML,
        "problem_statement/problem.en.tex": "\\problemname{Sum}\nAdd two numbers.",
        "data/sample/1.in": "1 2\n",
        "data/sample/1.ans": "3\n",
        "data/secret/1.in": "5 6\n",
        "data/secret/1.ans": "11\n",
        "input_validators/numbers.py": "import sys\na, b = input().split()\n"
        "sys.exit(42 if int(a) < 100 > int(b) and not sys.stdin.read() else 43)\n",
        "submissions/accepted/right.py": RIGHT,
        "submissions/wrong_answer/three.py": "print(3)\n",
        "submissions/time_limit_exceeded/loop.c": "int main() { for (volatile int i;;) i = 1; }",
        "submissions/accepted/main.hs": "main = return ()\n",
    }
    for name, text in files.items():
        path = tmp_path / "sum" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "sum"


def test_judge_prints_one_object_a_source(package: Path) -> None:
    done = medalist(
        "judge", package, package / "submissions/accepted/right.py",
        package / "submissions/wrong_answer/three.py", "--json", "--show-diff",
        cwd=package,
    )  # fmt: skip
    right, wrong = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert set(right) == {
        "source", "language", "standard", "verdict", "score", "message", "time_limit_s",
        "time_limit", "cpu_s", "memory_mb", "doubts", "tests",
    }  # fmt: skip
    assert (right["verdict"], right["score"]) == ("AC", None)
    assert 0 < right["memory_mb"] < 256
    assert [set(test) for test in right["tests"]] == [{"id", "verdict", "cpu_s"}] * 2
    assert [test["verdict"] for test in wrong["tests"]] == ["AC", "WA"]
    assert "secret/1: line 1, token 1: expected '11', got '3'" in done.stderr


def test_judge_says_where_its_limit_comes_from_and_scales_it(package: Path) -> None:
    right = package / "submissions/accepted/right.py"
    done = medalist("judge", package, right, "--limit-scale", "0.5", "--keep-going", cwd=package)
    assert done.returncode == 0
    assert done.stdout.startswith("AC ")
    assert "time limit 0.5 s (as the package states, scaled by 0.5)" in done.stderr
    (package / "problem.yaml").write_text("problem_format_version: legacy\nname: Sum\n")
    assert "from 1 accepted solutions" in medalist("judge", package, right, cwd=package).stderr
    for path in (package / "submissions").rglob("right.py"):
        path.rename(package.parent / "right.py")
    done = medalist("judge", package, package.parent / "right.py", cwd=package)
    assert "time limit 2 s (assumed" in done.stderr


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["nowhere", "x.py"], "no such path"),
        (["PACKAGE", "missing.py"], "missing.py: No such file or directory"),
        (["PACKAGE", "PACKAGE/problem.yaml"], "not a program in a language that medalist runs"),
        (["PACKAGE", "PACKAGE/submissions/accepted/right.py", "--lang", "cobol"], "--lang"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(package: Path, args: list[str], line: str) -> None:
    done = medalist("judge", *(arg.replace("PACKAGE", str(package)) for arg in args), cwd=package)
    assert done.returncode == 2
    assert done.stdout == ""
    assert line in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_statement_without_tests_is_judged_on_its_samples(tmp_path: Path) -> None:
    samples = "## Sample Input\n\n```\n1 2\n```\n\n## Sample Output\n\n```\n3\n```\n"
    texts = {
        "plain": f"# Sum\n\nAdd two numbers.\n\n{samples}",
        "talks": f"# Sum\n\nThis is an interactive problem.\n\n{samples}",
        "many": f"# Sum\n\nIf there are several answers, print any of them.\n\n{samples}",
        "none": "# Sum\n\nAdd two numbers.\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text)
    for name, text in (("right", RIGHT), ("wrong", "print(4)\n")):
        (tmp_path / f"{name}.py").write_text(text)
    both = tmp_path / "right.py", tmp_path / "wrong.py"
    done = medalist("judge", tmp_path / "plain.md", *both, "--json", cwd=tmp_path)
    assert [json.loads(line)["verdict"] for line in done.stdout.splitlines()] == ["AC", "WA"]
    assert "plain.md: has no tests: judged on the samples of the statement alone" in done.stderr
    for name in ("talks", "many", "none"):
        done = medalist("judge", tmp_path / f"{name}.md", *both, cwd=tmp_path)
        assert (done.returncode, "has no tests to judge with" in done.stderr) == (2, True)


def test_check_proves_a_package_and_resumes(package: Path) -> None:
    done = medalist("problems", "check", package.parent, "--json", cwd=package)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [set(row) for row in rows] == [
        {"problem", "submission", "expected", "verdict", "agrees", "reason"}
    ] * 3
    assert {row["submission"]: row["verdict"] for row in rows} == {
        "accepted/right.py": "AC",
        "time_limit_exceeded/loop.c": "TLE",
        "wrong_answer/three.py": "WA",
    }
    assert "3 labelled submissions: 3 agree" in done.stderr
    assert "1 .hs" in done.stderr
    again = medalist("problems", "check", package, "--json", cwd=package)
    assert again.stdout == done.stdout


def test_check_finds_what_is_wrong(package: Path) -> None:
    (package / "data/secret/1.in").write_text("500 6\n")
    (package / "submissions/wrong_answer/right.py").write_text(RIGHT)
    (package / "output_validators").mkdir()
    (package / "output_validators/check.py").write_text(
        "import sys\nanswer, said = open(sys.argv[2]).read(), sys.stdin.read()\n"
        "sys.exit(42 if said == answer and '11' not in said else 43)\n"
    )
    (package / "problem.yaml").write_text(YAML + "validation: custom\n")
    (package / "submissions/time_limit_exceeded/loop.c").unlink()
    done = medalist("problems", "check", package, cwd=package)
    assert done.returncode == 1
    assert "secret/1: rejected by" in done.stderr
    assert "secret/1: its own answer is WA" in done.stderr
    assert "DISAGREE  sum/accepted/right.py  WA (expected AC)" in done.stdout
    assert "ok        sum/wrong_answer/three.py" in done.stdout


def test_check_takes_submissions_from_elsewhere(package: Path) -> None:
    elsewhere = package.parent / "elsewhere"
    (elsewhere / "sum").mkdir(parents=True)
    (elsewhere / "sum/wa_four.py").write_text("print(4)\n")
    (elsewhere / "sum/ac_four.py").write_text("print(4)  # wrong\n")
    done = medalist("problems", "check", package, "--submissions", elsewhere, cwd=package)
    assert done.returncode == 1
    assert "ok        sum/wa_four.py" in done.stdout
    assert "DISAGREE  sum/ac_four.py  WA (expected AC)" in done.stdout
    assert "5 labelled submissions: 4 agree, 1 disagree" in done.stderr
    assert (
        medalist("problems", "check", package, "--submissions", "none", cwd=package).returncode == 2
    )


def test_check_goes_on_after_test_data_that_cannot_be_read(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for path in sorted(package.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(package))
    content = bytearray((folder / "a.zip").read_bytes())
    content[content.index(b"5 6\n")] ^= 1
    (folder / "a.zip").write_bytes(content)
    package.rename(folder / "sum")
    done = medalist("problems", "check", folder, cwd=folder)
    assert done.returncode == 1
    assert "data/secret/1.in: damaged in the archive" in done.stderr
    assert "1 packages; 3 labelled submissions: 3 agree" in done.stderr
    assert "1 packages could not be read" in done.stderr
