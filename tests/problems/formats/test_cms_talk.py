"""CMS Communication tasks, and tools of CMS and Polygon packages that cannot be run: by `judge`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from medalist.agent.commands.main import app, guarded

from .small_packages import write_files

Judged = Callable[[Mapping[str, str], str, str], tuple[str, str]]
TASK = {
    "task.yaml": "name: t\ntime_limit: 1\nmemory_limit: 256\ninfile: ''\noutfile: ''\n",
    "input/input0.txt": "3 4\n",
    "output/output0.txt": "",
    "statement/statement.md": "# T\n\nAdd the numbers; ask for the secret one.\n",
}
# Asks nothing of anyone's `main`: no return, streams of its own, its test as file and as stdin.
MANAGER = """
#include <cstdio>
int main(int argc, char **argv) {
  FILE *test = fopen("input.txt", "r");
  FILE *to = fopen(argv[1], "w"), *from = fopen(argv[2], "r");
  int a, b, c, d, sum = 0;
  if (fscanf(test, "%d %d", &a, &b) != 2 || scanf("%d %d", &c, &d) != 2 || a != c) return 1;
  fprintf(to, "%d %d\\n", a, b);
  fflush(to);
  if (fscanf(from, "%d", &sum) == 1 && sum < 0) {
    fprintf(to, "5\\n");
    fflush(to);
    if (fscanf(from, "%d", &sum) != 1) sum = 0;
  }
  fprintf(stderr, "said %d", sum);
  printf("%s\\n", sum == a + b + 5 ? "1.0" : sum == a + b ? "0.5" : "0.0");
}
"""
PIPES = """
#include <cstdio>
int solve(int a, int b);
static FILE *in, *out;
int ask() {
  int x = 0;
  fprintf(out, "-1\\n");
  fflush(out);
  return fscanf(in, "%d", &x) == 1 ? x : 0;
}
int main(int argc, char **argv) {
  in = fopen(argv[2], "r");
  out = fopen(argv[1], "w");
  int a, b;
  if (fscanf(in, "%d %d", &a, &b) != 2) return 1;
  fprintf(out, "%d\\n", solve(a, b));
  fclose(out);
}
"""
STREAMS = """
#include <cstdio>
int solve(int a, int b);
int ask() { int x = 0; puts("-1"); fflush(stdout); return scanf("%d", &x) == 1 ? x : 0; }
int main() { int a, b; if (scanf("%d %d", &a, &b) != 2) return 1; printf("%d\\n", solve(a, b)); }
"""
ASKS = "int ask();\nint solve(int a, int b) { return a + b + ask(); }\n"
ADDS = "int solve(int a, int b) { return a + b; }\n"
LIES = "int solve(int, int) { return 1; }\n"
DIES = "int solve(int, int) { __builtin_trap(); }\n"


@pytest.fixture
def judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Judged:
    """Judge a program on a package: the verdict, and all that was said."""

    def run(files: Mapping[str, str], name: str, program: str) -> tuple[str, str]:
        package = write_files(tmp_path / "t", files)
        (tmp_path / name).write_text(program)
        monkeypatch.setattr(sys, "argv", ["medalist", "judge", str(package), str(tmp_path / name)])
        monkeypatch.setenv("MEDALIST_BOX", "local")
        capsys.readouterr()
        with pytest.raises(SystemExit):
            guarded(app)
        shown = capsys.readouterr()
        return shown.out.split(" ", 1)[0], shown.out + shown.err

    return run


def test_user_io_says_how_a_program_without_a_stub_talks(judged: Judged) -> None:
    files = {**TASK, "check/manager.cpp": MANAGER}
    fifo = {**files, "task.yaml": TASK["task.yaml"] + "user_io: fifo_io\n"}
    alone = {kind: stub + ADDS for kind, stub in (("pipes", PIPES), ("streams", STREAMS))}
    assert judged(files, "a.cpp", alone["streams"])[0] == "PAC"
    assert judged(files, "a.cpp", alone["pipes"])[0] in ("RTE", "WA")
    assert judged(fifo, "a.cpp", alone["pipes"])[0] == "PAC"


@pytest.mark.parametrize("stub", [PIPES, STREAMS], ids=["pipes", "streams"])
def test_a_manager_talks_to_the_program(judged: Judged, stub: str) -> None:
    files = {**TASK, "check/manager.cpp": MANAGER, "sol/stub.cpp": stub}
    assert judged(files, "a.cpp", ASKS)[0] == "AC"
    word, said = judged(files, "b.cpp", ADDS)
    assert word == "PAC"
    assert "50 points" in said
    assert judged(files, "c.cpp", LIES)[0] == "WA"
    assert judged(files, "d.cpp", DIES)[0] == "RTE"


# Ends the stream to the program, and continues.
CLOSES = """
#include <cstdio>
#include <fstream>
int main(int, char **argv) {
  int a, b, sum = 0;
  if (scanf("%d %d", &a, &b) != 2) return 1;
  OPEN
  FILE *from = fopen(argv[2], "r");
  bool right = fscanf(from, "%d", &sum) == 1 && sum == a + b && fscanf(from, "%d", &sum) == EOF;
  puts(right ? "1.0" : "0.0");
}
"""
READS_ALL = """
#include <cstdio>
#include <unistd.h>
int main() {
  int x, sum = 0;
  while (scanf("%d", &x) == 1) sum += x;
  printf("%d\\n", sum);
  fclose(stdout);
  usleep(20000);
}
"""


@pytest.mark.parametrize(
    "opened",
    [
        'FILE *to = fopen(argv[1], "w"); fprintf(to, "%d\\n%d\\n", a, b); fclose(to);',
        "std::ofstream to(argv[1]); to << a << ' ' << b << std::endl; to.close();",
        "std::ofstream to(argv[1]); while (sum++ < 50000) to << 0 << ' '; to << a + b; to.close();",
    ],
)
def test_who_closes_a_pipe_ends_its_stream(judged: Judged, opened: str) -> None:
    files = {**TASK, "check/manager.cpp": CLOSES.replace("OPEN", opened)}
    assert judged(files, "a.cpp", READS_ALL)[0] == "AC"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"check/manager.cpp": MANAGER, "task.yaml": TASK["task.yaml"] + "num_processes: 2\n"},
         "it talks to 2 processes"),
        ({"check/manager.py": "print(1)\n"}, "only managers in C and C++ are run"),
        ({"check/manager": "\x7fELF"}, "only a compiled program"),
        ({"check/checker": "\x7fELF"}, "only a compiled program"),
        ({"check/checker.pas": "begin end."}, "in a language that is not run"),
    ],
)  # fmt: skip
def test_tools_that_cannot_be_run_are_judge_errors(
    judged: Judged, files: dict[str, str], reason: str
) -> None:
    word, said = judged({**TASK, **files}, "a.py", "print(7)\n")
    assert word == "JE"
    assert reason in said


POLYGON = """<problem short-name="t"><names><name language="english" value="T"/></names>
<judging><testset name="tests"><time-limit>1000</time-limit><memory-limit>268435456</memory-limit>
<test-count>1</test-count><input-path-pattern>tests/%02d</input-path-pattern>
<answer-path-pattern>tests/%02d.a</answer-path-pattern><tests><test method="manual"/></tests>
</testset></judging><assets>{}</assets></problem>"""


@pytest.mark.parametrize(
    "asset",
    [
        '<checker type="testlib"><source path="files/check.pas" type="pas"/></checker>',
        '<checker type="testlib"><source path="files/gone.cpp" type="cpp.g++17"/></checker>',
        '<interactor><source path="files/gone.cpp" type="cpp.g++17"/></interactor>',
    ],
)
def test_a_polygon_program_that_cannot_be_run_is_a_judge_error(judged: Judged, asset: str) -> None:
    files = {
        "problem.xml": POLYGON.format(asset), "tests/01": "1\n", "tests/01.a": "1\n",
        "files/check.pas": "begin end.",
    }  # fmt: skip
    assert judged(files, "a.py", "print(input())\n")[0] == "JE"
