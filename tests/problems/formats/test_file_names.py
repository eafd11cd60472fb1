"""Programs that read and write files, through `medalist judge` and `medalist solve`."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.problems.formats.statement_parser import find_files

STATEMENT = "# Copy\n\nTime limit: 2 seconds\n\nPrint the number.\n"
FREOPEN = """\
#include <cstdio>
int main() {{
  freopen("{0}", "r", stdin);
  freopen("{1}", "w", stdout);
  int n;
  if (scanf("%d", &n) != 1) return 3;
  printf("%d\\n", n);
}}
"""
STREAMS = """\
#include <fstream>
int main() {{ std::ifstream in("{0}"); std::ofstream out("{1}"); int n; in >> n; out << n; }}
"""
PYTHON = "n = int(open('{0}').read())\nwith open('{1}', 'w') as out:\n    print(n, file=out)\n"
HALF = "print(int(open('{0}').read()))\n"
STDIO = "print(input())\n"
WRONG = "with open('{1}', 'w') as out:\n    print(0, file=out)\n"
SILENT = "open('{0}').read()\n"

PAIR = {"input/input0.txt": "5\n", "output/output0.txt": "5\n", "statement/statement.md": STATEMENT}
TASK = "name: t\ntitle: T\ntime_limit: 2\nmemory_limit: 256\n"
POLYGON = """\
<problem short-name="copy"><judging input-file="copy.in" output-file="copy.out">
<testset name="tests"><time-limit>2000</time-limit><test-count>1</test-count>
<input-path-pattern>tests/%02d</input-path-pattern>
<answer-path-pattern>tests/%02d.a</answer-path-pattern>
<tests><test method="manual"/></tests></testset></judging>
<assets><checker name="std::ncmp.cpp"/></assets></problem>
"""
ROW = {
    "name": "copy",
    "description": "Print the number.",
    "public_tests": {"input": ["1\n"], "output": ["1\n"]},
    "private_tests": {"input": ["5\n"], "output": ["5\n"]},
    "time_limit": 2,
}
DMOJ = {"1.in": "5\n", "1.out": "5\n", "statement.md": STATEMENT}
CASES = "test_cases:\n- {in: 1.in, out: 1.out, points: 1}\n"
PACKAGES: dict[str, tuple[dict[str, str], str, str]] = {
    "cms by default": ({"task.yaml": TASK, **PAIR}, "input.txt", "output.txt"),
    "cms by name": (
        {"task.yaml": f"{TASK}infile: copyin.txt\noutfile: copyout.txt\n", **PAIR},
        "copyin.txt",
        "copyout.txt",
    ),
    "polygon": (
        {
            "problem.xml": POLYGON,
            "statements/english/problem.tex": "Print the number.",
            "tests/01": "5\n",
            "tests/01.a": "5\n",
        },
        "copy.in",
        "copy.out",
    ),
    "dmoj": (
        {"init.yml": f"file_io: {{input: COPY.INP, output: COPY.OUT}}\n{CASES}", **DMOJ},
        "COPY.INP",
        "COPY.OUT",
    ),
    "codecontests": (
        {"rows.jsonl": json.dumps({**ROW, "input_file": "c.in", "output_file": "c.out"})},
        "c.in",
        "c.out",
    ),
    "codeforces": (
        {"rows.jsonl": json.dumps({**ROW, "input_mode": "file"})}, "input.txt", "output.txt",
    ),
    "qduoj": (
        {
            "problem.json": json.dumps(
                {"display_id": "C", "title": "Copy", "description": {"format": "html", "value":
                 "<p>Print the number.</p>"}, "time_limit": 2000, "memory_limit": 256,
                 "io_mode": {"io_mode": "File IO", "input": "q.in", "output": "q.out"},
                 "samples": [], "rule_type": "ACM", "spj": None, "tags": [],
                 "test_case_score": [{"score": 100, "input_name": "1.in", "output_name": "1.out"}]}
            ),
            "testcase/1.in": "5\n",
            "testcase/1.out": "5\n",
        },
        "q.in",
        "q.out",
    ),
    "hydro": (
        {
            "problem.yaml": "pid: P1\ntitle: Copy\n",
            "problem_zh.md": "Print the number.",
            "testdata/config.yaml": "filename: h\n",
            "testdata/1.in": "5\n",
            "testdata/1.out": "5\n",
        },
        "h.in",
        "h.out",
    ),
    "statement": (
        {
            "init.yml": CASES,
            **DMOJ,
            "statement.md": f"{STATEMENT}\nINPUT FORMAT (file copy.in):\n\nOne number.\n\n"
            "OUTPUT FORMAT (file copy.out):\n\nThe number.\n",
        },
        "copy.in",
        "copy.out",
    ),
}  # fmt: skip


def judged(folder: Path, package: dict[str, str], *programs: tuple[str, str], box: str) -> Any:
    for name, text in package.items():
        path = folder / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    target = "package/rows.jsonl" if "rows.jsonl" in package else "package"
    for name, text in programs:
        (folder / name).write_text(text)
    names = [name for name, _ in programs]
    done = medalist("judge", target, *names, "--json", "--box", box, cwd=folder)
    if done.returncode == 3 and not done.stdout:
        pytest.skip(done.stderr)
    return [json.loads(line)["verdict"] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("package", PACKAGES)
def test_programs_find_their_input_and_leave_their_output_in_files(
    tmp_path: Path, package: str
) -> None:
    files, given, taken = PACKAGES[package]
    programs = [
        ("free.cpp", FREOPEN), ("both.py", PYTHON), ("half.py", HALF), ("stdio.py", STDIO),
        ("wrong.py", WRONG), ("silent.py", SILENT),
    ]  # fmt: skip
    sources = [(name, text.format(given, taken)) for name, text in programs]
    verdicts = judged(tmp_path, files, *sources, box="local")
    assert verdicts == ["AC", "AC", "AC", "AC", "WA", "WA"]


@pytest.mark.parametrize("box", [pytest.param("docker", marks=pytest.mark.docker), "local"])
def test_in_both_boxes_and_with_a_checker(tmp_path: Path, box: str) -> None:
    files = {
        "task.yaml": TASK,
        **PAIR,
        "check/checker.py": "import sys\n"
        "print(float(open(sys.argv[2]).read() == open(sys.argv[3]).read()))\n",
    }
    sources = [(f"{n}.cpp", text.format("input.txt", "output.txt"))
               for n, text in enumerate((FREOPEN, STREAMS))]  # fmt: skip
    python = ("p.py", PYTHON.format("input.txt", "output.txt"))
    assert judged(tmp_path, files, *sources, python, box=box) == ["AC", "WA", "AC"]


def test_a_name_that_no_run_can_have_is_warned_of(tmp_path: Path) -> None:
    files = {"task.yaml": f"{TASK}infile: ../etc/passwd\noutfile: ''\n", **PAIR}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "stdio.py").write_text(STDIO)
    done = medalist("judge", ".", "stdio.py", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "infile, outfile: '../etc/passwd' is not a plain file name: not used" in done.stderr


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("input\ninput.txt\noutput\noutput.txt\n", ("input.txt", "output.txt")),
        ("**Input:** input.txt\n**Output:** output.txt\n", ("input.txt", "output.txt")),
        ("input\nstandard input\noutput\nstandard output\n", ()),
        ("Read it from the file `ride.in`, write to the file `ride.out`.",
         ("ride.in", "ride.out")),
        ("从文件 ride.in 中读入数据。\n输出到文件 ride.out 中。\n", ("ride.in", "ride.out")),
    ],
)  # fmt: skip
def test_files_that_a_statement_names(text: str, files: tuple[str, ...]) -> None:
    assert find_files(text) == files


def test_solve_runs_candidates_by_the_files_of_the_statement(tmp_path: Path) -> None:
    (tmp_path / "copy.md").write_text(
        f"{STATEMENT}\nINPUT FORMAT (file copy.in):\n\nOne number n, 1 <= n <= 100.\n\n"
        "SAMPLE INPUT (file copy.in):\n\n```\n5\n```\n\nOUTPUT FORMAT (file copy.out):\n\n"
        "The number.\n\nSAMPLE OUTPUT (file copy.out):\n\n```\n5\n```\n"
    )
    programs = [PYTHON, WRONG, PYTHON.replace("n = ", "n = 0 + ")]
    rows = [
        {"problem_id": "copy", "candidate_id": str(n), "language": "python",
         "source": text.format("copy.in", "copy.out")}
        for n, text in enumerate(programs)
    ]  # fmt: skip
    (tmp_path / "pool.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = medalist(
        "solve", "copy.md", "--pool", "pool.jsonl", "--lang", "python", "-n", "3", "--json",
        "--out", "run", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    result = json.loads(done.stdout)
    assert "copy.out" in (tmp_path / result["source"]).read_text()
    assert "print(0" not in (tmp_path / result["source"]).read_text()
