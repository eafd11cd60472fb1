"""DMOJ packages through `medalist judge`: each key of init.yml is obeyed, or a warning says not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .dmoj_packages import (
    ECHO,
    FAILS_1,
    FAILS_2,
    ONE,
    PAIRS,
    PLUS,
    SAYS,
    TWO,
    Judge,
    archive,
    bridged,
    cases,
    prints,
)


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
        # All points are not enough where a case of no points is rejected.
        (cases(TWO, "{in: 1.in, out: 1.out, points: 0}"), ("PAC", 6.0), ("WA", 0.0)),
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


def test_arguments_of_generators_are_words_as_python_writes_them(judge: Judge) -> None:
    gen = "import sys\nprint(*sys.argv[1:], sep='|')\n"
    init = "generator: g.py\ngenerator_args: [false, 12, 1.5]\n"
    init += cases("{out: a}", "{generator_args: ['x y'], out: b}")
    done = judge(init, {"g.py": gen, "a": "False|12|1.5\n", "b": "x y\n"}, {"echo": ECHO})
    assert done.verdicts["echo"] == ("AC", 2.0)


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
    broken = judge(init.replace("t.py, lang: PY3", "t.hs"), {"t.hs": ""}, {"echo": ECHO})
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
