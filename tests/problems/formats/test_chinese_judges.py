"""FPS, QDUOJ, Hydro and folders of a statement with tests: read, shown and judged."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from .verdicts import judged, run, shown, verdicts

Write = Callable[[Path, Mapping[str, str | bytes | None]], Path]

ADD = "print(sum(map(int, input().split())))"
ONLY_SMALL = "a, b = map(int, input().split())\nprint(a + b if a < 10 else 0)"
# Right is any number that is not smaller than the input.
CHECK_FILES = """\
#include <fstream>
int main(int argc, char** argv) {{
    std::ifstream in(argv[1]), out(argv[{out}]);
    int n, m;
    in >> n;
    if (!(out >> m)) return {bad};
    return m >= n ? 0 : 1;
}}
"""


def item(title: str, *tests: tuple[str, str | None], more: str = "") -> str:
    pairs = "".join(
        f"<test_input><![CDATA[{a}]]></test_input>"
        + ("" if b is None else f"<test_output><![CDATA[{b}]]></test_output>")
        for a, b in tests
    )
    return (
        f"<item><title><![CDATA[{title}]]></title><time_limit unit='ms'>1500</time_limit>"
        "<memory_limit unit='kb'>65536</memory_limit><description><![CDATA[<p>Add &lt; it</p>]]>"
        "</description><input>two numbers</input><output>[md]**one**[/md]</output>"
        f"<sample_input>1 2</sample_input><sample_output>3</sample_output>{pairs}{more}</item>"
    )


def fps(*items: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<fps version="1.2">{"".join(items)}</fps>'
    )


def test_fps_is_read_and_judged(tmp_path: Path) -> None:
    solution = f"<solution language='Python'><![CDATA[{ADD}]]></solution>"
    path = tmp_path / "fps.xml"
    path.write_text(fps(item("A+B", ("4 5", "9\n"), ("40 5\n", "45"), more=solution)))
    row = shown(path)
    assert (row["problem"], row["title"], row["time_s"], row["memory_mb"]) == (
        "A-B",
        "A+B",
        1.5,
        64,
    )
    assert (row["samples"], row["tests"], row["submissions"]) == (1, 3, {"accepted": 1})
    assert "Add < it" in row["statement"]
    assert "## Output\n\n**one**" in row["statement"]
    by_program = verdicts(path, tmp_path / "subs", right=ADD, wrong=ONLY_SMALL)
    assert by_program == {"right": "AC", "wrong": "WA"}


def test_fps_of_several_problems_zipped_and_with_the_usual_doctype(
    tmp_path: Path, write: Write
) -> None:
    doctype = (
        '<!DOCTYPE fps PUBLIC "-//freeproblemset//X//EN" "http://hustoj.com/fps.current.dtd" >\n'
    )
    text = fps(item("A+B", ("4 5", "9")), item("加法", ("1 1", "2")), head=doctype)
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr("some/fps.xml", text)
    code, out, _ = run("problems", "list", tmp_path / "set.zip", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [row["title"] for row in rows] == ["A+B", "加法"]
    path = tmp_path / "set.zip/some/fps.xml/A-B"
    assert verdicts(path, tmp_path / "subs", right=ADD) == {"right": "AC"}
    folder = write(tmp_path / "folder", {"a.xml": text, "b.xml": "<other/>"})
    _, out, _ = run("problems", "list", folder, "--json")
    assert len(out.splitlines()) == 2


def test_fps_special_judge(tmp_path: Path) -> None:
    spj = CHECK_FILES.format(out=3, bad=1)
    path = tmp_path / "spj.xml"
    more = f"<spj language='C++'><![CDATA[{spj}]]></spj>"
    path.write_text(fps(item("Larger", ("4", "4"), ("7", "7"), more=more)))
    by_program = verdicts(
        path, tmp_path / "subs", right="print(int(input().split()[0]) + 7)", wrong="print(5)",
        nothing="pass",
    )  # fmt: skip
    assert by_program == {"right": "AC", "wrong": "WA", "nothing": "WA"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (fps(item("A", ("1", "1"), more="<append language='C++'>int x;</append>")), "append: code"),
        (fps(item("A", ("1", "1"), more="<spj language='Pascal'>begin</spj>")), "spj: Pascal: not"),
        (fps(item("A", ("1", "1"), ("2", None))), "test_output: 2 inputs, but 1 outputs"),
        ("<fps><item></fps>", "not XML"),
        ('<!DOCTYPE fps [<!ENTITY x "y">]><fps/>', "it defines its own entities: refused"),
        ("<set/>", "<set> is not FPS"),
    ],
)
def test_fps_that_cannot_be_judged_is_refused_in_one_line(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "x.xml").write_text(text)
    code, _, err = run("problems", "show", tmp_path / "x.xml")
    assert code == 2
    assert message in err
    assert len(err.strip().splitlines()) == 1


def qduoj(**changes: Any) -> dict[str, str]:
    settings = {
        "display_id": "A1", "title": "Add", "rule_type": "ACM", "spj": None, "tags": ["x"],
        "description": {"format": "html", "value": "<p>Add</p>"}, "template": {},
        "input_description": {"format": "html", "value": "x"},
        "hint": {"format": "html", "value": ""},
        "output_description": {"format": "markdown", "value": "*y*"}, "time_limit": 1000,
        "memory_limit": 256, "samples": [{"input": "1 2", "output": "3"}], "source": "",
        "test_case_score": [
            {"score": 40, "input_name": "1.in", "output_name": "1.out"},
            {"score": 60, "input_name": "2.in", "output_name": "2.out"},
        ],
    }  # fmt: skip
    return {
        "problem.json": json.dumps({**settings, **changes}),
        "testcase/1.in": "4 5\n", "testcase/1.out": "9\n",
        "testcase/2.in": "40 5\n", "testcase/2.out": "45\n",
    }  # fmt: skip


def test_qduoj_is_read_and_judged(write: Write, tmp_path: Path) -> None:
    folder = write(tmp_path / "1", qduoj())
    row = shown(folder)
    assert (row["problem"], row["title"], row["time_s"], row["memory_mb"]) == (
        "A1",
        "Add",
        1.0,
        256,
    )
    assert (row["samples"], row["tests"], row["full_score"]) == (1, 3, None)
    assert "## Output\n\n*y*" in row["statement"]
    by_program = verdicts(
        folder, tmp_path / "subs", right=ADD, wrong=ONLY_SMALL, blank=f"{ADD}\nprint()",
        inner=ADD.replace("print(", "print('', ", 1),
    )  # fmt: skip
    assert by_program == {"right": "AC", "wrong": "WA", "blank": "AC", "inner": "WA"}


def test_qduoj_rules_of_oi_give_points_and_zips_hold_several(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "problems.zip", "w") as archive:
        for number in (1, 2):
            for name, text in qduoj(rule_type="OI", display_id=f"B{number}").items():
                archive.writestr(f"{number}/{name}", text)
    path = tmp_path / "problems.zip/2"
    row = shown(path)
    assert (row["problem"], row["full_score"]) == ("B2", 100)
    assert [subtask["points"] for subtask in row["subtasks"]] == [40, 60]
    points = judged(path, tmp_path / "subs", right=ADD, half=ONLY_SMALL)
    assert {name: (row["verdict"], row["score"]) for name, row in points.items()} == {
        "right": ("AC", 100), "half": ("PAC", 40),
    }  # fmt: skip


def test_qduoj_special_judge_has_no_answers(write: Write, tmp_path: Path) -> None:
    spj = {"language": "C++", "code": CHECK_FILES.format(out=2, bad=255)}
    tests = [{"score": 100, "input_name": f"{n}.in", "output_name": "-"} for n in (1, 2)]
    files = qduoj(spj=spj, test_case_score=tests, samples=[])
    files = {name: text for name, text in files.items() if not name.endswith(".out")}
    folder = write(tmp_path / "1", {**files, "testcase/2.in": "7\n"})
    by_program = verdicts(
        folder, tmp_path / "subs", right="print(int(input().split()[0]) + 7)", wrong="print(5)",
        broken="pass",
    )  # fmt: skip
    assert by_program == {"right": "AC", "wrong": "WA", "broken": "JE"}


HYDRO = {
    "problem.yaml": "pid: P1\nowner: 2\ntitle: 加\ntag: [a]\nnSubmit: 0\nnAccept: 0\n",
    "problem_zh.md": "# 加\n\n```input1\n1 2\n```\n\n```output1\n3\n```\n",
    "problem_en.md": "# Add\n\nAdd.\n\n```input1\n1 2\n```\n\n```output1\n3\n```\n",
    "testdata/1-1.in": "4 5\n", "testdata/1-1.out": "9\n",
    "testdata/2-1.in": "40 5\n", "testdata/2-1.out": "45\n",
    "testdata/2-2.in": "41 5\n", "testdata/2-2.out": "46\n",
}  # fmt: skip
SUBTASKS = """\
time: 2s
memory: 128m
subtasks:
- id: 1
  score: 30
  time: 500ms
  cases: [{input: 1-1.in, output: 1-1.out}]
- id: 2
  if: [1]
  type: sum
  cases:
  - {input: 2-1.in, output: 2-1.out}
  - {input: 2-2.in, output: 2-2.out, score: 20}
"""


def test_hydro_subtasks_points_and_limits(write: Write, tmp_path: Path) -> None:
    folder = write(tmp_path / "p", {**HYDRO, "testdata/config.yaml": SUBTASKS})
    row = shown(folder)
    assert (row["problem"], row["title"], row["time_s"], row["memory_mb"]) == ("P1", "加", 2.0, 128)
    assert (row["samples"], row["tests"], sorted(row["languages"])) == (1, 4, ["en", "zh"])
    assert [subtask["points"] for subtask in row["subtasks"]] == [30, 70]
    busy = """\
import time
a, b = map(int, input().split())
while a < 10 and time.process_time() < 0.9:
    pass
print(a + b)
"""
    points = judged(
        folder, tmp_path / "subs", right=ADD, small=ONLY_SMALL, slow_on_the_first=busy,
        without_the_last=f"{ADD[:-1]} % 46)",
    )  # fmt: skip
    assert {name: (row["verdict"], row["score"]) for name, row in points.items()} == {
        "right": ("AC", 100), "small": ("PAC", 30), "slow_on_the_first": ("TLE", 0),
        "without_the_last": ("PAC", 80),
    }  # fmt: skip


def test_hydro_without_settings_goes_by_names(write: Write, tmp_path: Path) -> None:
    folder = write(tmp_path / "p", HYDRO)
    row = shown(folder)
    assert (row["time_s"], row["memory_mb"]) == (1.0, 256)
    assert [subtask["points"] for subtask in row["subtasks"]] == [50, 50]
    points = judged(folder, tmp_path / "subs", right=ADD, half=ONLY_SMALL)
    assert {n: row["score"] for n, row in points.items()} == {"right": 100, "half": 50}


def test_hydro_checkers(write: Write, tmp_path: Path) -> None:
    settings = "checker_type: {}\nchecker: {}\ncases: [{{input: 1-1.in, output: 1-1.out}}]\n"
    lemon = (
        "#include <fstream>\nint main(int, char** a) { std::ifstream o(a[2]); int m = 0; o >> m;\n"
        "std::ofstream(a[5]) << (m == 9 ? 100 : m == 8 ? 30 : 0); }"
    )
    for kind, name, source, scores in (
        ("hustoj", "spj.cc", CHECK_FILES.format(out=3, bad=1), (100, 100, 0)),
        ("lemon", "c.cpp", lemon, (100, 0, 30)),
        ("testlib", "uncmp", None, (100, 0, 0)),
    ):
        files = {**HYDRO, "testdata/config.yaml": settings.format(kind, name)}
        files["testdata/1-1.in"] = "9 0\n"
        folder = write(tmp_path / kind, {**files, f"testdata/{name}": source})
        points = judged(folder, tmp_path / "subs", a="print(9)", b="print(10)", c="print(8)")
        assert tuple(row["score"] for row in points.values()) == scores, kind


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("type: communication\n", "type: communication: a kind of Hydro problem"),
        ("type: objective\n", "type: objective: a kind of Hydro problem"),
        ("checker_type: testlib\n", "checker: is missing for checker_type testlib"),
        ("checker_type: new\nchecker: a.cc\n", "checker_type: new: a checker that cannot be asked"),
        ("time: soon\n", "time: 'soon' is not a time"),
        ("subtasks: [{score: 1, cases: [{input: 9.in, output: 9.out}]}]\n", "9.in"),
        (
            "subtasks: [{score: 1, if: [3], cases: [{input: 1-1.in, output: 1-1.out}]}]\n",
            "3 is not",
        ),
        ("time_limit_rate: {py: 2}\n", "time_limit_rate: limits by language are not read"),
    ],
)
def test_hydro_that_cannot_be_judged_is_refused_by_name(
    write: Write, tmp_path: Path, config: str, message: str
) -> None:
    folder = write(tmp_path / "p", {**HYDRO, "testdata/config.yaml": config})
    code, _, err = run("problems", "show", folder)
    assert code == 2
    assert message in err


STATEMENT = "# Add\n\nTime limit: 3 seconds\n\n## Sample Input\n\n1 2\n\n## Sample Output\n\n3\n"


@pytest.mark.parametrize(
    "names",
    [
        ("1.in", "1.out", "2.in", "2.out"),
        ("tests/add01.in", "tests/add01.ans", "tests/add02.in", "tests/add02.ans"),
        ("data/input/input1.txt", "data/output/output1.txt", "data/input/input2.txt",
         "data/output/output2.txt"),
        ("testdata/add1.in.txt", "testdata/add1.out.txt", "testdata/add2.in.txt",
         "testdata/add2.out.txt"),
    ],
)  # fmt: skip
def test_statement_with_tests_beside_it(
    write: Write, tmp_path: Path, names: tuple[str, str, str, str]
) -> None:
    texts = dict(zip(names, ("4 5\n", "9\n", "40 5\n", "45\n"), strict=True))
    folder = write(tmp_path / "add", {"problem.md": STATEMENT, **texts})
    row = shown(folder)
    assert (row["title"], row["time_s"], row["samples"], row["tests"]) == ("Add", 3.0, 1, 3)
    by_program = verdicts(folder, tmp_path / "subs", right=ADD, wrong=ONLY_SMALL)
    assert by_program == {"right": "AC", "wrong": "WA"}
    _, out, _ = run("problems", "list", tmp_path, "--json")
    assert [json.loads(line)["problem"] for line in out.splitlines()] == ["add"]


def test_statement_with_subtasks_and_tests_named_by_them(write: Write, tmp_path: Path) -> None:
    table = "\n## Subtasks\n\n| Subtask | Points |\n|---|---|\n| 1 | 30 |\n| 2 | 70 |\n"
    files = {
        "statement.md": STATEMENT + table, "tests/1-1.in": "4 5\n", "tests/1-1.out": "9\n",
        "tests/2-1.in": "40 5\n", "tests/2-1.out": "45\n",
    }  # fmt: skip
    folder = write(tmp_path / "add", files)
    points = judged(folder, tmp_path / "subs", right=ADD, part=ONLY_SMALL)
    assert {n: row["score"] for n, row in points.items()} == {"right": 100, "part": 30}
