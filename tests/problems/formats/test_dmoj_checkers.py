"""Checkers of DMOJ packages through `medalist judge`."""

from __future__ import annotations

import re

import pytest

from .dmoj_packages import SAYS, Judge, bridged, cases, prints

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
    # A program that crashes keeps what it printed before, but is not accepted.
    crashes = {"crash": prints("a\n") + "\nsys.stdout.flush()\n1 / 0",
               "whole": prints("a\nb") + "\nsys.stdout.flush()\n1 / 0"}  # fmt: skip
    done = judge("checker: linecount\n" + cases("{out: a, points: 20}"), {}, crashes)
    assert done.verdicts == {"crash": ("PAC", 10.0), "whole": ("PAC", 20.0)}
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
        ("{name: bridged, args: {files: c.hs, lang: HASK}}", "only C, C#, C\\+\\+, .* are run"),
        ("{name: bridged, args: {files: none.cpp, lang: CPP17}}", "no file 'none.cpp'"),
        ("{name: bridged, args: {files: c.py, lang: PY3, flags: [-x]}}", "flag '-x'"),
        ("none.py", "no file 'none.py'"),
        ("no_such_checker", "not a checker of DMOJ"),
        ("crash.py", "ZeroDivisionError"),
        ("other.py", "no function `check`"),
        ("mute.py", "`passed` must be True or False"),
    ],
)
def test_what_a_checker_that_cannot_be_run_would_decide_is_a_judge_error(
    judge: Judge, checker: str, reason: str
) -> None:
    files = {"c.hs": "main = return ()", "c.py": SAYS, "crash.py": "def check(*a, **k): 1 / 0",
             "other.py": "def main(): pass", "mute.py": "def check(*a, **k): pass"}  # fmt: skip
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
    lenient = "from dmoj.result import CheckerResult, Result\ndef check(output, *a, result, **k):\n"
    lenient += "    died = bool(result.result_flag & Result.IR)\n"
    lenient += "    return CheckerResult(not died, 1.5 if died and output == b'7' else 0)\n"
    lenient += "check.run_on_error = True\n"
    init = "checker: c.py\n" + cases("{out: o, points: 2}")
    dies = prints("7") + "\nsys.stdout.flush()\nsys.exit(3)"
    done = judge(init, {"c.py": lenient}, {"dies": dies, "well": prints("7")})
    assert done.verdicts == {"dies": ("PAC", 1.5), "well": ("WA", 0.0)}
    told = "def check(o, a, submission_language, case_position, batch, binary_data, result, **k):\n"
    told += "    return (submission_language, case_position, batch, binary_data) == "
    told += "('PY3', 1, 1, False) and 0 < result.max_memory < 1 << 20"
    init = "checker: c.py\n" + cases("{out: o, checker: standard}", "{batched: [{out: o}]}")
    done = judge(init, {"c.py": told}, {"right": prints("7")})
    assert done.verdicts["right"] == ("AC", 2.0)


def test_flags_reach_the_compiler_of_a_checker(judge: Judge) -> None:
    checker = '#ifndef FLAG\n#error no FLAG\n#endif\n#include "h.h"\nint main() { return CODE; }'
    args = "files: [h.h, c.c], lang: C11, flags: [-DFLAG]"
    init = f"checker: {{name: bridged, args: {{{args}}}}}\n" + cases("{points: 2}")
    done = judge(init, {"c.c": checker, "h.h": "#define CODE 0\n"}, {"any": "print(1)"})
    assert done.verdicts["any"] == ("AC", 2.0)
    done = judge(init.replace("-DFLAG", "-DF"), {}, {"any": "print(1)"})
    assert done.verdicts["any"] == ("JE", None)
