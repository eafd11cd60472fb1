"""Polygon packages as exported on Windows, and standard ones, whose tests are made when judging."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .small_packages import Files
from .verdicts import judged, run, shown, verdicts

Write = Callable[[Path, Files], Path]

XML = """\
<problem short-name="sum">
  <names><name language="english" value="Sum"/></names>
  <judging input-file="" output-file=""><testset name="tests">
    <time-limit>2000</time-limit><memory-limit>268435456</memory-limit>
    <test-count>4</test-count>
    <input-path-pattern>tests/%02d</input-path-pattern>
    <answer-path-pattern>tests/%02d.a</answer-path-pattern>
    <tests>
      <test method="manual" sample="true"/>
      <test method="manual"/>
      <test cmd="gen 5 'a  b'" method="generated"/>
      <test cmd="gen 70 c" method="generated"/>
    </tests>
  </testset></judging>
  <files><executables>
    <executable><source path="files/gen.py" type="python.3"/></executable>
  </executables></files>
  <assets>
    <checker name="std::lcmp.cpp" type="testlib"><source path="files/check.cpp"/></checker>
    <validators><validator><source path="files/val.py" type="python.3"/></validator></validators>
    <solutions>
      <solution tag="main"><source path="solutions/main.py" type="python.3"/></solution>
      <solution tag="wrong-answer"><source path="solutions/wa.py" type="python.3"/></solution>
    </solutions>
  </assets>
</problem>
"""
TALKS = '<interactor><source path="files/gen.py" type="python.3"/></interactor>'
# A test is a number and a line of text; the answer is both, doubled.
MAIN = "n = int(input())\ns = input()\nprint(2 * n)\nprint(s, s)\n"
STANDARD = {
    "problem.xml": XML,
    "statement-sections/english/legend.tex": "Double both.",
    "statement-sections/english/example.01": "1\r\nx\r\n",
    "statement-sections/english/example.01.a": "2\r\nx x\r\n",
    "files/gen.py": "import sys\nprint(sys.argv[1])\nprint(sys.argv[2])\n",
    "files/val.py": "import sys\nsys.exit(b'\\r' in sys.stdin.buffer.read())\n",
    "solutions/main.py": MAIN,
    "solutions/wa.py": MAIN.replace("2 * n", "2 * n if n < 60 else 0"),
    "tests/01": "1\r\nx\r\n",
    "tests/02": "2\r\nhello\r\n",
}
FULL = STANDARD | {
    "tests/03": "5\r\na  b\r\n",
    "tests/04": "70\r\nc\r\n",
    "tests/01.a": "2\r\nx x\r\n",
    "tests/02.a": "4\r\nhello hello\r\n",
    "tests/03.a": "10\r\na  b a  b\r\n",
    "tests/04.a": "140\r\nc c\r\n",
}
# What a line is to a program in C or C++: its end belongs to it.
RAW = (
    "import sys\nn, s = [line.rstrip(b'\\n') for line in sys.stdin.buffer]\n"
    "assert b'\\r' not in s\nprint(2 * int(n))\nprint((s + b' ' + s).decode())\n"
)


def test_lines_of_a_package_made_on_windows_end_in_a_line_feed(
    write: Write, tmp_path: Path
) -> None:
    package = write(tmp_path / "sum", FULL)
    code, out, err = run("problems", "check", package, "--box", "local", "--fresh", "--json")
    assert code == 0, out + err
    assert "FAULT" not in err
    assert len(out.splitlines()) == 2
    assert verdicts(package, tmp_path / "by", raw=RAW) == {"raw": "AC"}


def test_tests_of_a_standard_package_are_made_by_its_generators_and_its_main_solution(
    write: Write, tmp_path: Path
) -> None:
    package = write(tmp_path / "sum", STANDARD)
    code, out, err = run("problems", "check", package, "--box", "local", "--fresh", "--json")
    assert code == 0, out + err
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["submission"], row["verdict"]) for row in rows] == [
        ("solutions/main.py", "AC"), ("solutions/wa.py", "WA"),
    ]  # fmt: skip
    assert "2 inputs and 4 answers of 4 tests are made here" in err
    assert shown(package)["samples"] == 1
    points = judged(package, tmp_path / "by", raw=RAW, wrong=RAW.replace("2 * int(n)", "10"))
    assert points["raw"]["verdict"] == "AC"
    assert points["wrong"]["verdict"] == "WA"
    assert len(points["raw"]["tests"]) == 4


def test_a_standard_package_is_converted_with_the_tests_that_are_made(
    write: Write, tmp_path: Path
) -> None:
    package = write(tmp_path / "sum", STANDARD)
    wrong = RAW.replace("2 * int(n)", "2 * int(n) if int(n) < 60 else 0")
    for to, out in (("kattis", "k"), ("cms", "c"), ("jsonl", "rows.jsonl")):
        target = tmp_path / out
        code, said, err = run(
            "problems", "convert", package, "--to", to, "--out", target, "--json", "--box", "local"
        )
        assert code == 0, said + err
        written = target if to == "jsonl" else Path(json.loads(said)["path"])
        by_program = verdicts(written, tmp_path / "by", right=RAW, wrong=wrong)
        assert by_program["right"] == "AC"
        assert by_program["wrong"] in ("WA", "PAC")
    code, said, err = run("problems", "import", package, "--into", tmp_path / "i", "--box", "local")
    assert code == 0, said + err
    assert (tmp_path / "i/sum/data/secret/4.ans").read_bytes() == b"140\nc c\n"
    broken = write(tmp_path / "broken", STANDARD | {"files/gen.py": "raise SystemExit(3)"})
    code, said, err = run(
        "problems", "convert", broken, "--to", "kattis", "--out", tmp_path / "k", "--box", "local"
    )
    assert (code, "files/gen.py failed: exit code 3" in err) == (1, True)


def test_one_generator_may_write_files(write: Write, tmp_path: Path) -> None:
    xml = XML.replace("gen 5 'a  b'\"", 'gen 5 x" from-file="3"').replace(
        'gen 70 c"', 'gen 5 x" from-file="04"'
    )
    many = (
        "open('3', 'w').write('5\\na b\\n')\nopen('04', 'w').write('70\\nc\\n')\nprint('no test')\n"
    )
    package = write(tmp_path / "sum", STANDARD | {"problem.xml": xml, "files/gen.py": many})
    wrong = RAW.replace("2 * int(n)", "2 * int(n) % 100")
    assert verdicts(package, tmp_path / "by", right=RAW, wrong=wrong) == {
        "right": "AC", "wrong": "WA",
    }  # fmt: skip
    none = write(tmp_path / "none", STANDARD | {"problem.xml": xml.replace('"04"', '"05"')})
    row = judged(none, tmp_path / "by", right=RAW)["right"]
    assert (row["verdict"], "wrote no" in row["message"]) == ("JE", True)


def test_a_main_solution_that_uses_files_makes_the_answers(write: Write, tmp_path: Path) -> None:
    xml = XML.replace('input-file="" output-file=""', 'input-file="in.txt" output-file="out.txt"')
    main = (
        "n, s = open('in.txt').read().splitlines()\n"
        "open('out.txt', 'w').write(f'{2 * int(n)}\\n{s} {s}\\n')\n"
    )
    files = STANDARD | {"problem.xml": xml, "solutions/main.py": main}
    package = write(tmp_path / "sum", files)
    assert verdicts(package, tmp_path / "by", main=main, raw=RAW, no="print(1)") == {
        "main": "AC", "raw": "AC", "no": "WA",
    }  # fmt: skip


def test_a_program_of_the_package_that_fails_is_a_judge_error(write: Write, tmp_path: Path) -> None:
    for name in ("files/gen.py", "solutions/main.py"):
        package = write(tmp_path / name.replace("/", "-"), STANDARD | {name: "raise SystemExit(3)"})
        row = judged(package, tmp_path / "by", right=RAW)["right"]
        assert row["verdict"] == "JE"
        assert f"{name} failed: exit code 3" in row["message"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"tests/02": None}, "tests/02: the test's file is missing: it was written by hand"),
        ({"files/gen.py": None}, "the source of its generator 'gen' is not in the package"),
        ({"solutions/main.py": None}, "there is no main solution in C, C#, C++, "),
        (
            {"problem.xml": XML.replace("<solutions>", f"{TALKS}<solutions>")},
            "in an interactive problem no program makes it alone",
        ),
        (
            {"problem.xml": XML.replace("gen 70 c", "gen 'a")},
            'its command "gen \'a" cannot be read',
        ),
        (
            {"problem.xml": XML.replace('gen 70 c"', 'gen 1" from-file="../../x"')},
            "which is not a plain file name",
        ),
        (
            {
                "problem.xml": XML.replace("files/gen.py", "files/gen.hs"),
                "files/gen.hs": "main = return ()",
            },
            "its generator files/gen.hs is not in C, C#, C++, ",
        ),
    ],
)
def test_what_cannot_be_made_is_refused_by_name(
    write: Write, tmp_path: Path, changes: Files, why: str
) -> None:
    package = write(tmp_path / "sum", {**STANDARD, **changes})
    (tmp_path / "a.py").write_text(RAW)
    code, _, err = run("judge", package, tmp_path / "a.py", "--box", "local")
    assert code == 2
    assert why in err
    assert "export the full package" in err


def test_who_converts_lines_that_end_in_cr_lf_and_who_hands_them_out(
    write: Write, tmp_path: Path
) -> None:
    """QDUOJ converts them as it takes a problem up, Kattis hands data out as they are."""
    tests = {"1.in": "1\r\nx\r\n", "1.out": "2\r\nx x\r\n"}
    text = {"description": {"format": "html", "value": "Double both."}}
    score = [{"input_name": "1.in", "output_name": "1.out", "score": 100}]
    qduoj = json.dumps(
        {"display_id": "Q", "title": "Q", "samples": [], "test_case_score": score, **text}
    )
    folders = {
        "qduoj": {"problem.json": qduoj, **{f"testcase/{n}": t for n, t in tests.items()}},
        "plain": {"problem.md": "# P\n\nDouble both.\n", **tests},
    }
    for name, files in folders.items():
        package = write(tmp_path / name, files)
        assert verdicts(package, tmp_path / "by", raw=RAW) == {"raw": "AC"}, name
    kattis = write(
        tmp_path / "kattis",
        {
            "problem.yaml": "name: K\nlimits:\n  time_limit: 2\n",
            "problem_statement/problem.en.tex": "\\problemname{K}\nDouble both.",
            "data/secret/1.in": tests["1.in"],
            "data/secret/1.ans": tests["1.out"],
        },
    )
    assert verdicts(kattis, tmp_path / "by", raw=RAW, main=MAIN) == {"raw": "RTE", "main": "AC"}
    _, _, err = run("problems", "check", kattis, "--box", "local")
    assert "lines of 1 of 1 inputs end in CR LF" in err


def test_audit_judges_on_tests_that_are_made(write: Write, tmp_path: Path) -> None:
    package = write(tmp_path / "sum", STANDARD)
    _, out, err = run("problems", "audit", package, "--mutants", "2", "--box", "local", "--json")
    assert "FAULT" not in err
    assert sum(json.loads(out)["judged"].values()) > 0
    broken = write(tmp_path / "broken", STANDARD | {"files/gen.py": "raise SystemExit(3)"})
    code, _, err = run("problems", "audit", broken, "--box", "local")
    assert (code, "generator files/gen.py failed: exit code 3" in err) == (1, True)
