"""DMOJ packages through `medalist judge`: each key of init.yml is obeyed, or a warning says not."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from medalist.agent.commands.main import app, guarded

ECHO = "print(input())"
PLUS = "print(sum(map(int, input().split())))"
STATEMENT = "# T\n\nTime limit: 2 seconds\n\nMemory limit: 256 megabytes\n\nPrint it.\n"
PAIRS = {"1.in": "1\n", "1.out": "1\n", "2.in": "2\n", "2.out": "2\n"}


class Done(NamedTuple):
    """What the command printed and how it ended."""

    code: int
    verdicts: dict[str, tuple[str, float | None]]
    said: str


Judge = Callable[..., Done]
_ROW = re.compile(r"^([A-Z]{2,3}) +(\S+)  (?:([\d.]+) points)?", re.MULTILINE)


@pytest.fixture
def judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    """Write a package and programs, and judge them with the command."""

    def run(init: str, files: Mapping[str, str | bytes], programs: Mapping[str, str]) -> Done:
        package = tmp_path / "p"
        for name, text in {"init.yml": init, "statement.md": STATEMENT, **files}.items():
            path = package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        paths = []
        for name, text in programs.items():
            paths.append(tmp_path / (name if "." in name else f"{name}.py"))
            paths[-1].write_text(text)
        words = ["judge", str(package), *map(str, paths), "--box", "local"]
        with pytest.raises(SystemExit) as end:
            guarded(lambda: app(words))
        out, err = capsys.readouterr()
        verdicts = {
            Path(row[2]).stem: (row[1], None if row[3] is None else float(row[3]))
            for row in _ROW.finditer(out)
        }
        code = end.value.code
        return Done(code if isinstance(code, int) else 0, verdicts, " ".join(err.split()))

    return run


def archive(folder: Path, names: Mapping[str, str]) -> bytes:
    path = folder / "t.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, text in names.items():
            file.writestr(name, text)
    return path.read_bytes()


def cases(*lines: str) -> str:
    return "test_cases:\n" + "".join(f"- {line}\n" for line in lines)


ONE, TWO = "{in: 1.in, out: 1.out, points: 4}", "{in: 2.in, out: 2.out, points: 6}"
FAILS_1 = "n = input()\nprint(n if n != '1' else 0)"
FAILS_2 = "n = input()\nprint(n if n != '2' else 0)"


@pytest.mark.parametrize(
    ("init", "first", "second"),
    [
        # Whoever fails the pretest is not judged further; who fails later keeps the rest.
        (f"pretest_test_cases:\n- {ONE}\n" + cases(TWO), ("WA", 0.0), ("WA", 0.0)),
        (f"pretest_test_cases:\n- {ONE}\n" + cases(ONE, TWO), ("WA", 0.0), ("PAC", 4.0)),
        (
            "pretest_test_cases:\n- batched:\n  - {in: 1.in, out: 1.out}\n" + cases(ONE, TWO),
            ("WA", 0.0),
            ("PAC", 4.0),
        ),
        # So it is after a case or batch of no points, but not before it.
        (cases("{in: 1.in, out: 1.out, points: 0}", TWO), ("WA", 0.0), ("WA", 0.0)),
        (cases(TWO, "{in: 1.in, out: 1.out, points: 0}", TWO), ("PAC", 6.0), ("WA", 0.0)),
        (
            cases("{points: 0, batched: [{in: 1.in, out: 1.out}]}", TWO),
            ("WA", 0.0),
            ("WA", 0.0),
        ),
        # Points that a case does not state come from its batch, or from the top, or are 1.
        (cases("{in: 1.in, out: 1.out}", TWO), ("PAC", 6.0), ("PAC", 1.0)),
        ("points: 5\n" + cases("{in: 1.in, out: 1.out}", TWO), ("PAC", 6.0), ("PAC", 5.0)),
        (
            "points: 5\n" + cases("{batched: [{in: 1.in, out: 1.out}]}", TWO),
            ("PAC", 6.0),
            ("PAC", 5.0),
        ),
        (
            cases("{batched: [{in: 1.in, out: 1.out}]}", "{batched: [{in: 2.in, out: 2.out}]}"),
            ("PAC", 1.0),
            ("PAC", 1.0),
        ),
        # An earlier batch that was not passed locks the one that depends on it.
        (
            cases(
                "{points: 4, batched: [{in: 1.in, out: 1.out}]}",
                "{points: 6, dependencies: [1], batched: [{in: 2.in, out: 2.out}]}",
            ),
            ("WA", 0.0),
            ("PAC", 4.0),
        ),
    ],
)
def test_points_pretests_and_what_is_left_out(
    judge: Judge, init: str, first: tuple[str, float], second: tuple[str, float]
) -> None:
    done = judge(init, PAIRS, {"first": FAILS_1, "second": FAILS_2, "right": ECHO})
    assert done.verdicts["first"] == first
    assert done.verdicts["second"] == second
    assert done.verdicts["right"][0] == "AC"


def prints(text: str) -> str:
    return f"import sys\nsys.stdout.write({text!r})"


LINES = "1 2\n3\n"


@pytest.mark.parametrize(
    ("checker", "answer", "right", "wrong"),
    [
        ("standard", LINES, ["  1\t2 \n\n3"], ["1\n2 3\n", "1 2 3\n"]),
        ("identical", LINES, [LINES], ["1 2\n3", "1  2\n3\n"]),
        ("easy", "Hello World\n", ["hello\nworld", "dlrow olleh"], ["hello word"]),
        ("sorted", "1 2\n3\n", ["3\n1 2\n"], ["3\n2 1\n", "1\n2 3\n"]),
        ("{name: sorted, args: {split_on: whitespace}}", LINES, ["3 2\n1\n"], ["3 3 1 2"]),
        ("unordered", LINES, ["3 2 1"], ["3 2"]),
        ("rstripped", LINES, ["1 2  \n3\n"], ["1  2\n3\n", "1 2\n3"]),
        ("{name: rstripped, args: {filter_new_line: true}}", LINES, ["\n1 2\n\n3"], [" 1 2\n3"]),
        ("floats", "1000000.0 x\n", ["1000000.5 x"], ["1000002 x", "1000000 y", "1000000\nx"]),
        ("floats", "0.5\n", ["0.5000001"], ["0.51", "nan", "half"]),
        ("{name: floats, args: {precision: 2}}", "1000.0\n", ["1009.9"], ["1010.1"]),
        (
            "{name: floats, args: {precision: 2, error_mode: absolute}}",
            "1000.0\n",
            ["1000.01"],
            ["1000.02"],
        ),
        (
            "{name: floats, args: {precision: 2, error_mode: relative}}",
            "0.001\n",
            ["0.00101"],
            ["0.0011"],
        ),
        ("floatsabs", "1000000.0\n", ["1000000.0000001"], ["1000000.5"]),
        ("floatsrel", "0.0000001\n", ["0.0000001"], ["0.0000002"]),
    ],
)
def test_checkers_of_dmoj(
    judge: Judge, checker: str, answer: str, right: list[str], wrong: list[str]
) -> None:
    programs = {f"right{n}": prints(text) for n, text in enumerate(right)}
    programs |= {f"wrong{n}": prints(text) for n, text in enumerate(wrong)}
    init = f"checker: {checker}\n" + cases("{out: a, points: 10}")
    done = judge(init, {"a": answer}, programs)
    assert {name: verdict for name, (verdict, _) in done.verdicts.items()} == {
        **{f"right{n}": "AC" for n in range(len(right))},
        **{f"wrong{n}": "WA" for n in range(len(wrong))},
    }


def test_checkers_that_give_a_share_of_the_points(judge: Judge) -> None:
    matches = "{name: linematches, args: {point_distribution: [3, 7]}}"
    programs = {"both": prints("a\nb"), "one": prints("a\nx"), "more": prints("a\nb\nc")}
    done = judge(f"checker: {matches}\n" + cases("{out: a, points: 20}"), {"a": "a\nb\n"}, programs)
    assert done.verdicts == {"both": ("AC", 20.0), "one": ("PAC", 6.0), "more": ("WA", 0.0)}
    done = judge("checker: linecount\n" + cases("{out: a, points: 20}"), {}, programs)
    assert done.verdicts == {"both": ("AC", 20.0), "one": ("PAC", 10.0), "more": ("WA", 0.0)}
    # Lines that are missing are an error of the package; so is a share of nothing.
    wrong = "{name: linematches, args: {point_distribution: [3]}}"
    done = judge(f"checker: {wrong}\n" + cases("{out: a, points: 20}"), {}, programs)
    assert (done.code, done.verdicts["both"][0]) == (3, "JE")


def test_a_rejected_share_ends_a_batch(judge: Judge) -> None:
    init = "checker: linecount\n" + cases("{points: 8, batched: [{out: a}, {out: b}]}")
    programs = {"half": prints("a\nx")}
    done = judge(init, {"a": "a\nb\n", "b": "a\nx\n"}, programs)
    assert done.verdicts["half"] == ("WA", 0.0)  # the second case is left out
    init = "checker: linecount\n" + cases("{points: 8, batched: [{out: b}, {out: a}]}")
    assert judge(init, {}, programs).verdicts["half"] == ("PAC", 4.0)


def test_a_case_and_a_batch_may_have_checkers_of_their_own(judge: Judge) -> None:
    init = cases(
        "{out: a, points: 1, checker: floats}",
        "{points: 2, checker: {name: floats, args: {precision: 1}}, batched: [{out: a}]}",
        "{out: a, points: 4}",
    )
    programs = {
        "near": prints("0.3333333\n"),
        "far": prints("0.33\n"),
        "same": prints("0.33333334"),
    }
    done = judge(init, {"a": "0.33333334\n"}, programs)
    assert done.verdicts == {"near": ("PAC", 3.0), "far": ("PAC", 2.0), "same": ("AC", 7.0)}


def test_data_are_text_unless_they_are_binary(judge: Judge) -> None:
    show = "import sys\nprint(sys.stdin.buffer.read())"
    files: dict[str, str | bytes] = {"i": b"a\r\nb\rc", "t": r"b'a\nb\nc\n'", "b": r"b'a\r\nb\rc'"}
    done = judge(cases("{in: i, out: t}"), files, {"show": show})
    assert done.verdicts["show"] == ("AC", 1.0)
    done = judge("binary_data: true\n" + cases("{in: i, out: b}"), files, {"show": show})
    assert done.verdicts["show"] == ("AC", 1.0)


def test_a_case_without_input_or_answer(judge: Judge) -> None:
    programs = {"hi": "print('hi')", "reads": "import sys\nprint(sys.stdin.read() or 'hi')"}
    done = judge(cases("{out: a}"), {"a": "hi\n"}, {**programs, "silent": ""})
    assert done.verdicts == {"hi": ("AC", 1.0), "reads": ("AC", 1.0), "silent": ("WA", 0.0)}
    assert judge(cases("{}"), {}, {"silent": ""}).verdicts["silent"] == ("AC", 1.0)


OWN_PATTERNS = r"""
test_cases:
  input_format: (?P<case>\w+)\.i
  output_format: (?P<case>\w+)\.o
  case_points: [3, 4]
"""


@pytest.mark.parametrize(
    ("init", "names", "points"),
    [
        ("points: 50\n", {"input.1": "1", "output.1": "1", "input.2": "2", "output.2": "2"}, 100),
        ("", {"x.1.in": "1", "x.1.out": "1", "x.2.in": "2", "x.2.out": "2"}, 2),
        ("", {"1-1.in": "1", "1-1.out": "1", "1-2.in": "2", "1-2.out": "2"}, 1),
        ("", {"d/t01.1.in": "1", "d/t01.1.out": "1", "__MACOSX/d/._t01.1.in": "?"}, 1),
        ("", {"IN3.TXT": "1", "OUT3.TXT": "1", "notes7.md": "?"}, 1),
        (
            OWN_PATTERNS,
            {"b.i": "2", "b.o": "2", "a.i": "1", "a.o": "1"},
            7,
        ),
    ],
)
def test_cases_are_found_by_their_names(
    judge: Judge, tmp_path: Path, init: str, names: dict[str, str], points: int
) -> None:
    done = judge(f"archive: t.zip\n{init}", {"t.zip": archive(tmp_path, names)}, {"echo": ECHO})
    assert done.verdicts["echo"] == ("AC", float(points))


def bridged(text: str) -> str:
    return f"checker: {{name: bridged, args: {{files: c.py, lang: PY3, {text}}}}}\n"


SAYS = """\
import sys
code, *lines = open(sys.argv[2]).read().split("\\n", 1)
print(*lines, sep="\\n")
print(*lines, sep="\\n", file=sys.stderr)
sys.exit(int(code))
"""


@pytest.mark.parametrize(
    ("args", "output", "verdict"),
    [
        ("type: default", "0", ("AC", 10.0)),
        ("type: default", "1", ("WA", 0.0)),
        ("type: default", "2", ("JE", None)),
        ("type: testlib", "2", ("WA", 0.0)),
        ("type: testlib", "3", ("JE", None)),
        ("type: testlib", "7\npoints 5", ("PAC", 5.0)),
        ("type: testlib", "7\npoints 10", ("AC", 10.0)),
        ("type: testlib", "7\npoints 50", ("JE", None)),
        ("type: testlib, treat_checker_points_as_percentage: true", "7\npoints 50", ("PAC", 5.0)),
        ("type: testlib, treat_checker_points_as_percentage: true", "7\npoints 101", ("JE", None)),
        ("type: coci", "7\npartial 1/5", ("PAC", 2.0)),
        ("type: coci", "7\npartial 6/5", ("JE", None)),
        ("type: coci", "7\npoints 1", ("JE", None)),
        ("type: peg", "0", ("AC", 10.0)),
        ("type: peg", "1\n1\n4", ("PAC", 2.5)),
        ("type: peg", "1\nno", ("WA", 0.0)),
        ("type: lightoj", "0", ("JE", None)),
        ("args_format_string: '\"a b\" {output_file} {input_file}'", "0", ("AC", 10.0)),
    ],
)
def test_ways_of_calling_a_checker(
    judge: Judge, args: str, output: str, verdict: tuple[str, float | None]
) -> None:
    init = bridged(args) + cases("{in: i, out: o, points: 10}")
    done = judge(init, {"c.py": SAYS, "i": "1\n", "o": "2\n"}, {"says": prints(output)})
    shown = done.verdicts["says"]
    assert ("WA" if shown[0] == "PE" else shown[0], shown[1]) == verdict


@pytest.mark.parametrize(
    ("checker", "reason"),
    [
        ("{name: bridged, args: {files: c.java, lang: JAVA8}}", "only C, C\\+\\+ and Python 3"),
        ("{name: bridged, args: {files: none.cpp, lang: CPP17}}", "no file 'none.cpp'"),
        ("{name: bridged, args: {files: c.py, lang: PY3, flags: [-x]}}", "flag '-x'"),
        ("none.py", "no file 'none.py'"),
        ("no_such_checker", "not a checker of DMOJ"),
        ("crash.py", "ZeroDivisionError"),
        ("other.py", "no function `check`"),
    ],
)
def test_what_a_checker_that_cannot_be_run_would_decide_is_a_judge_error(
    judge: Judge, checker: str, reason: str
) -> None:
    files = {"c.java": "class C {}", "c.py": SAYS, "crash.py": "def check(*a, **k): 1 / 0",
             "other.py": "def main(): pass"}  # fmt: skip
    init = f"checker: {checker}\n" + cases("{out: a, points: 1}")
    done = judge(init, {**files, "a": "1\n"}, {"one": "print(1)", "dies": "1 / 0"})
    assert (done.code, done.verdicts["one"]) == (3, ("JE", None))
    assert done.verdicts["dies"][0] == "RTE"  # no checker is needed to say so
    assert re.search(reason, done.said), done.said


PYTHON_CHECKER = """\
from dmoj.checkers import standard
from dmoj.result import CheckerResult
from dmoj.utils.unicode import utf8text

def check(process_output, judge_output, judge_input, point_value, submission_source, scale=1, **kw):
    print("what is printed says nothing")
    if standard.check(process_output, judge_output):
        return True
    near = abs(int(utf8text(process_output)) - int(judge_input)) <= scale
    return CheckerResult(near, point_value / 2 if near else 0, "near" if near else None)
"""


def test_checkers_in_python_are_run(judge: Judge) -> None:
    init = "checker: {name: c.py, args: {scale: 3}}\n" + cases("{in: i, out: o, points: 10}")
    programs = {
        "right": prints("7"),
        "near": prints("102"),
        "far": prints("9"),
        "no": prints("\udc80"),
    }
    files = {"c.py": PYTHON_CHECKER, "i": "100\n", "o": "7\n"}
    done = judge(init, files, {**programs, "no": "import os\nos.write(1, b'\\x80')"})
    assert done.verdicts == {
        "right": ("AC", 10.0), "near": ("PAC", 5.0), "far": ("WA", 0.0), "no": ("WA", 0.0),
    }  # fmt: skip
    told = "def check(o, a, submission_language, case_position, batch, binary_data, result, **k):\n"
    told += "    return (submission_language, case_position, batch, binary_data) == "
    told += "('PY3', 1, 1, False) and 0 < result.max_memory < 1 << 20"
    init = "checker: c.py\n" + cases("{out: o, checker: standard}", "{batched: [{out: o}]}")
    done = judge(init, {"c.py": told}, {"right": prints("7")})
    assert done.verdicts["right"] == ("AC", 2.0)


def test_generators_make_the_tests(judge: Judge) -> None:
    gen = "import sys\na = sys.stdin.read() or ' '.join(sys.argv[1:])\nprint(a)\n"
    gen += "print(sum(map(int, a.split())), end='', file=sys.stderr)"
    init = "generator: {source: g.py, language: PY3, args: [5, 6]}\n" + cases(
        "{generator_args: [1, 2]}", "{generator_in: i}", "{}", "{in: i}", "{in: i, out: o}"
    )
    done = judge(init, {"g.py": gen, "i": "3 4\n", "o": "-1\n"}, {"plus": PLUS})
    assert done.verdicts["plus"] == ("PAC", 3.0)  # {in: i} alone: nothing is left to add up
    c = "#include <stdlib.h>\nint main() { volatile char *p = malloc(400 << 20); return !p; }"
    reserves = "generator: {source: g.c, memory_limit: 65536}\n" + cases("{}")
    done = judge(reserves, {"g.c": c}, {"plus": PLUS})
    assert "generator g.c failed: exit code 1" in done.said  # what is reserved counts, as there
    broken = judge(init, {"g.py": gen + "\nsys.exit(3)"}, {"plus": PLUS})
    assert (broken.code, broken.verdicts["plus"]) == (3, ("JE", None))
    assert "generator g.py failed: exit code 3" in broken.said


def test_links_to_the_input(judge: Judge) -> None:
    init = "symlinks: {in_link: /dev/stdin, none: /dev/null}\n" + cases("{in: 1.in, out: 1.out}")
    reads = "print(open('in_link').read() + open('none').read())"
    assert judge(init, PAIRS, {"reads": reads}).verdicts["reads"] == ("AC", 1.0)
    init = "symlinks: {i.txt: /dev/stdin, o.txt: /dev/stdout}\n" + cases(ONE, TWO)
    writes = "open('o.txt', 'w').write(open('i.txt').read())"
    programs = {"writes": writes, "prints": ECHO, "neither": "open('x', 'w').write('1')"}
    done = judge(init, {}, programs)
    assert done.verdicts == {"writes": ("AC", 10.0), "prints": ("AC", 10.0), "neither": ("WA", 0.0)}


def test_a_limit_on_output(judge: Judge) -> None:
    init = "output_limit_length: 5\n" + cases("{out: a}")
    done = judge(init, {"a": "1234\n"}, {"short": "print(1234)", "long": "print(' ' + '1234')"})
    assert done.verdicts == {"short": ("AC", 1.0), "long": ("OLE", 0.0)}


TALK = """\
from dmoj.graders.interactive import InteractiveGrader
class Grader(InteractiveGrader):
    def interact(self, case, interactor):
        interactor.writeln(case.input_data().decode().strip())
        return interactor.readint(0, 9) == int(case.output_data())
"""
NO_FLUSH = "import sys\nn = input()\nsys.stdout.write(n + chr(10))\nsys.stdin.read(1)"


def test_interactive_graders_in_python(judge: Judge) -> None:
    init = "custom_judge: t.py\nunbuffered: true\n" + cases(ONE, TWO)
    programs = {"echo": ECHO, "keeps": NO_FLUSH, "big": "input()\nprint(10)", "text": "print('x')"}
    done = judge(init, {**PAIRS, "t.py": TALK}, programs)
    assert done.verdicts == {
        "echo": ("AC", 10.0), "keeps": ("AC", 10.0), "big": ("WA", 0.0), "text": ("WA", 0.0),
    }  # fmt: skip
    more = TALK + "    def check_result(self, case, result):\n        return True\n"
    done = judge(init, {"t.py": more}, {"echo": ECHO})
    assert (done.code, done.verdicts["echo"]) == (3, ("JE", None))


def test_bridged_interactors(judge: Judge) -> None:
    talk = "import sys\nprint(open(sys.argv[1]).read().strip())\n"
    talk += "sys.exit(0 if input() == open(sys.argv[2]).read().strip() else 1)"
    init = "interactive: {files: t.py, lang: PY3}\n" + cases(ONE, TWO)
    done = judge(init, {**PAIRS, "t.py": talk}, {"echo": ECHO, "first": FAILS_1})
    assert done.verdicts == {"echo": ("AC", 10.0), "first": ("PAC", 6.0)}
    broken = judge(init.replace("t.py, lang: PY3", "t.java"), {"t.java": ""}, {"echo": ECHO})
    assert (broken.code, broken.verdicts["echo"]) == (3, ("JE", None))
    wrong = judge(init.replace("PY3", "PY3, type: peg"), {}, {"echo": ECHO})
    assert "type 'peg' has no interactors" in wrong.said


def test_functions_are_compiled_with_the_entry(judge: Judge) -> None:
    entry = '#include "f.h"\n#include <stdio.h>\n'
    entry += 'int main(void) { int n; scanf("%d", &n); printf("%d\\n", f(n)); return 0; }\n'
    init = "signature_grader: {entry: handler.c, header: f.h}\n" + cases(ONE, TWO)
    programs = {
        "right.cpp": "int f(int n) { return n; }",
        "own.c": "int f(int n) { return n == 1 ? 1 : 3; }\nint main() { return 7; }",
        "echo": ECHO,
    }
    done = judge(init, {**PAIRS, "handler.c": entry, "f.h": "int f(int);\n"}, programs)
    assert done.verdicts == {"right": ("AC", 10.0), "own": ("PAC", 4.0), "echo": ("JE", None)}


def test_flags_reach_the_compiler_of_a_checker(judge: Judge) -> None:
    checker = '#ifndef FLAG\n#error no FLAG\n#endif\n#include "h.h"\nint main() { return CODE; }'
    args = "files: [h.h, c.c], lang: C11, flags: [-DFLAG]"
    init = f"checker: {{name: bridged, args: {{{args}}}}}\n" + cases("{points: 2}")
    done = judge(init, {"c.c": checker, "h.h": "#define CODE 0\n"}, {"any": "print(1)"})
    assert done.verdicts["any"] == ("AC", 2.0)
    done = judge(init.replace("-DFLAG", "-DF"), {}, {"any": "print(1)"})
    assert done.verdicts["any"] == ("JE", None)


def test_keys_that_are_not_obeyed_are_warned_of(judge: Judge) -> None:
    init = "short_circuit: true\nwall_time_factor: 5\nhints: [unicode]\nspeling: 1\n"
    init += "output_prefix_length: 3\n" + cases(
        "{in: 1.in, out: 1.out, odd: 1, wall_time_factor: 2}"
    )
    done = judge(init, PAIRS, {"echo": ECHO})
    assert done.verdicts["echo"] == ("AC", 1.0)
    for word in ("short_circuit: not obeyed", "hints: not obeyed", "speling: unknown key",
                 "wall_time_factor: not obeyed", "output_prefix_length: not obeyed",
                 r"test_cases\[0\].odd: unknown key"):  # fmt: skip
        assert re.search(word, done.said), word


def test_a_statement_about_interaction_makes_no_problem_interactive(judge: Judge) -> None:
    statement = "# T\n\nThis is not an interactive problem. Print the number.\n"
    done = judge(cases(ONE), {**PAIRS, "statement.md": statement}, {"echo": ECHO})
    assert done.verdicts["echo"] == ("AC", 4.0)


def test_a_batch_passed_in_part_unlocks_the_next(judge: Judge) -> None:
    init = bridged("type: testlib, treat_checker_points_as_percentage: true") + cases(
        "{points: 4, batched: [{out: 1.out}]}",
        "{points: 6, dependencies: [1], batched: [{out: 2.out}]}",
    )
    done = judge(init, {**PAIRS, "c.py": SAYS}, {"half": prints("7\npoints 50")})
    assert done.verdicts["half"] == ("PAC", 5.0)
