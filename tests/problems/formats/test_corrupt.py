"""Corrupt packages: each gives one line that names the file, and the field where there is one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medalist.errors import BadInput
from medalist.problems.formats import load

from .one_line import Package, one_line

V25 = "problem_format_version: 2025-09\nname: Add\nuuid: x\n"


SCORING = "name: Add\ntype: scoring\n"


GROUP = {"data/secret/g/1.in": "1 1\n", "data/secret/g/1.ans": "2\n"}


GROUPS25 = {
    "data/secret/a.in": None,
    "data/secret/a.ans": None,
    **{f"data/secret/{g}/1.in": "1 1\n" for g in ("g1", "g2")},
    **{f"data/secret/{g}/1.ans": "2\n" for g in ("g1", "g2")},
}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
    for a, b in zip("abcdefg", "bcdefgh", strict=True)
)


# Changes to the minimal package, and what the error must say.
KATTIS: dict[str, tuple[dict[str, Any], str]] = {
    "answer missing": ({"data/secret/a.ans": None}, r"data/secret/a\.in: the answer is missing"),
    "sample answer missing": ({"data/sample/1.ans": None}, r"data/sample/1\.in: the answer is"),
    "binary statement": (
        {"problem_statement/problem.en.tex": b"\x00\x01\x02"}, r"problem\.en\.tex: a binary file",
    ),
    "statement in an unknown encoding": (
        {"problem_statement/problem.en.tex": b"Add \xff\xff\x80."},
        r"problem\.en\.tex: neither UTF-8 nor GBK",
    ),
    "PDF that is none": (
        {"problem_statement/problem.en.tex": None, "problem_statement/problem.en.pdf": b"%PDF-x"},
        r"problem\.en\.pdf: not a PDF that can be read",
    ),
    "yaml: not UTF-8": ({"problem.yaml": b"name: \xff\n"}, r"problem\.yaml: not UTF-8 at byte 6"),
    "yaml: syntax": ({"problem.yaml": "name: [Add\n"}, r"problem\.yaml: .* in line \d"),
    "yaml: tab": ({"problem.yaml": "name:\n\t- x\n"}, r"problem\.yaml: .* in line 2"),
    "yaml: NUL": ({"problem.yaml": "name: \x00\n"}, r"problem\.yaml: "),
    "yaml: a list": ({"problem.yaml": "- a\n"}, r"problem\.yaml: must be a map"),
    "yaml: two documents": ({"problem.yaml": "a: 1\n---\nb: 2\n"}, r"problem\.yaml: "),
    "yaml: bomb": ({"problem.yaml": BOMB}, r"problem\.yaml: unpacks to more than 100,000 values"),
    "yaml: alias to itself": ({"problem.yaml": "a: &a [*a]\n"}, r"problem\.yaml: "),
    "yaml: deep": ({"problem.yaml": f"a: {'[' * 90}{']' * 90}\n"}, r"problem\.yaml: nested more"),
    "yaml: python object": (
        {"problem.yaml": "a: !!python/object/apply:os.system ['true']\n"}, r"problem\.yaml: ",
    ),
    "yaml: huge": (
        {"problem.yaml": "name: " + "a" * (17 << 20)}, r"problem\.yaml: larger than 16 MiB",
    ),
    "version": (
        {"problem.yaml": "problem_format_version: 1999-01\n"}, r"format_version: must be one of",
    ),
    "type": ({"problem.yaml": "type: fun\n"}, r"problem\.yaml: type: 'fun' is not one of"),
    "validation": ({"problem.yaml": "validation: magic\n"}, r"validation: must begin with"),
    "validation word": (
        {"problem.yaml": "validation: custom magic\n"}, r"validation: 'magic' is not one of",
    ),
    "name: list": ({"problem.yaml": "name: [a]\n"}, r"problem\.yaml: name: must be text"),
    "limits: list": ({"problem.yaml": "limits: [1]\n"}, r"problem\.yaml: limits: must be a map"),
    "time limit: word": (
        {"problem.yaml": "limits: {time_limit: fast}\n"}, r"limits\.time_limit: must be a number",
    ),
    "time limit: 0": (
        {"problem.yaml": "limits: {time_limit: 0}\n"}, r"limits\.time_limit: must be more than 0",
    ),
    "time limit: infinite": (
        {"problem.yaml": "limits: {time_limit: .inf}\n"}, r"limits\.time_limit: must be a number",
    ),
    "memory: negative": (
        {"problem.yaml": "limits: {memory: -5}\n"}, r"limits\.memory: must be more than 0",
    ),
    "memory: flag": ({"problem.yaml": "limits: {memory: true}\n"}, r"memory: must be a number"),
    "passes": (
        {"problem.yaml": "limits: {validation_passes: 1}\n"},
        r"limits\.validation_passes: must be at least 2",
    ),
    "objective": (
        {"problem.yaml": SCORING + "grading: {objective: most}\n"},
        r"grading\.objective: must be one of max, min",
    ),
    "flags: quotation": (
        {"problem.yaml": "validator_flags: \"'a\"\n"}, r"validator_flags: a quotation mark",
    ),
    "flags: unknown": (
        {"problem.yaml": "validator_flags: fuzzy\n"}, r"validator_flags: 'fuzzy' is not a flag",
    ),
    "flags: no number": (
        {"problem.yaml": "validator_flags: float_tolerance\n"}, r"flags: .*needs a number",
    ),
    ".timelimit": (
        {"problem.yaml": "name: a\n", ".timelimit": "soon\n"}, r"\.timelimit: must be a number",
    ),
    "domjudge-problem.ini": (
        {"problem.yaml": "name: a\n", "domjudge-problem.ini": "timelimit=-1\n"},
        r"domjudge-problem\.ini: timelimit: must be a number",
    ),
    "group: on_reject": (
        {"data/secret/testdata.yaml": "on_reject: explode\n"}, r"on_reject: must be one of",
    ),
    "group: range": (
        {"data/secret/testdata.yaml": "range: 5\n"}, r"testdata\.yaml: range: must be two numbers",
    ),
    "group: range backwards": (
        {"data/secret/testdata.yaml": "range: 5 1\n"}, r"range: the first number must not exceed",
    ),
    "group: points beyond range": (
        {"data/secret/testdata.yaml": "range: 0 5\naccept_score: 9\n"}, r"accept_score: 9 is more",
    ),
    "group: points word": (
        {"data/secret/testdata.yaml": "accept_score: all\n"}, r"accept_score: must be a number",
    ),
    "2025: negative points": (
        {"problem.yaml": V25 + "type: scoring\n", **GROUPS25,
         "data/secret/g1/test_group.yaml": "max_score: -3\n"},
        r"g1/test_group\.yaml: max_score: must be at least 0",
    ),
    "2025: points missing": (
        {"problem.yaml": V25 + "type: scoring\n", **GROUPS25,
         "data/secret/g1/test_group.yaml": "{}\n"},
        r"g1/test_group\.yaml: max_score: a pass-fail group must state its points",
    ),
    "2025: cyclic dependency": (
        {"problem.yaml": V25 + "type: scoring\n", **GROUPS25,
         "data/secret/g1/test_group.yaml": "max_score: 50\nrequire_pass: secret/g2\n",
         "data/secret/g2/test_group.yaml": "max_score: 50\nrequire_pass: secret/g1\n"},
        r"g1/test_group\.yaml: require_pass: 'secret/g2' is not an earlier group",
    ),
    "2025: unknown dependency": (
        {"problem.yaml": V25 + "type: scoring\n", **GROUPS25,
         "data/secret/g2/1.in": None, "data/secret/g2/1.ans": None,
         "data/secret/g1/test_group.yaml": "max_score: 50\nrequire_pass: secret/zzz\n"},
        r"require_pass: 'secret/zzz' is not an earlier group",
    ),
    "2025: dependency on all": (
        {"problem.yaml": V25 + "type: scoring\n", **GROUPS25,
         "data/secret/g1/test_group.yaml": "max_score: 50\n",
         "data/secret/g2/test_group.yaml": "max_score: 50\nrequire_pass: secret\n"},
        r"g2/test_group\.yaml: require_pass: 'secret' is not an earlier group",
    ),
    "2025: aggregation": (
        {"problem.yaml": V25 + "type: scoring\n", **GROUPS25,
         "data/secret/g1/test_group.yaml": "max_score: 50\nscore_aggregation: luck\n"},
        r"score_aggregation: must be one of",
    ),
    "2025: tests beside groups": (
        {"problem.yaml": V25, "data/secret/g/test_group.yaml": "{}\n", **GROUP},
        r"data/secret: holds tests beside groups",
    ),
    "2025: arguments": (
        {"problem.yaml": V25, "data/secret/a.yaml": "args: {a: b}\n"}, r"args: must be text",
    ),
    "submissions.yaml": (
        {"problem.yaml": V25, "submissions/submissions.yaml": "a/*:\n  permitted: [OK]\n",
         "submissions/a/x.py": ""},
        r"submissions\.yaml: a/\*\.permitted: 'OK' is not one of",
    ),
    "submissions.yaml: score": (
        {"problem.yaml": V25, "submissions/submissions.yaml": "a/*:\n  score: [1]\n",
         "submissions/a/x.py": ""},
        r"submissions\.yaml: a/\*\.score: must be a number or two numbers",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", KATTIS)
def test_kattis(package: Package, tmp_path: Path, case: str) -> None:
    changes, expected = KATTIS[case]
    one_line(package(tmp_path, changes), expected)


def link(target: str, name: str) -> Callable[[Path], None]:
    return lambda folder: os.symlink(target, folder / name)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (link("/etc/hostname", "data/secret/b.in"), r"b\.in: a link that leaves the package"),
        (link("../../../x", "data/secret/b.in"), r"b\.in: a (link that leaves|dangling)"),
        (link("b.in", "data/secret/b.in"), r"b\.in: a dangling or circular link"),
        (link("none", "data/secret/b.in"), r"b\.in: a dangling"),
        (link("..", "data/secret/up"), r"data/secret/up: a link in a circle"),
        (link(".", "data/secret/self"), r"data/secret/self: a link in a circle"),
        (lambda f: os.mkfifo(f / "data/secret/b.in"), r"b\.in: neither a file nor a folder"),
    ],
)
def test_links_and_devices(
    package: Package, tmp_path: Path, spoil: Callable[[Path], None], expected: str
) -> None:
    folder = package(tmp_path)
    spoil(folder)
    one_line(folder, expected)


def test_a_file_that_goes_after_loading(package: Package, tmp_path: Path) -> None:
    folder = package(tmp_path)
    secret = load(folder).secret
    assert secret is not None
    (folder / "data/secret/a.in").unlink()
    with pytest.raises(BadInput, match=r"a\.in: cannot read: No such file"):
        secret.groups[1].tests[0].input.read()


def test_harmless_oddities_are_read(package: Package, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {
            "problem.yaml": b"\xef\xbb\xbfname: Add\r\nlimits:\r\n  time_limit: 1\r\n",
            "data/secret/a.in": b"3 4\r\n",
            "data/secret/long.in": b"1" * (8 << 20),
            "data/secret/long.ans": b"2\n",
            "data/secret/.hidden.in": b"",
            "data/secret/orphan.ans": b"",
        },
    )
    problem = load(folder)
    assert problem.secret is not None
    tests = problem.secret.groups[1].tests
    assert [test.test_id for test in tests] == ["secret/a", "secret/long"]
    assert tests[0].input.read() == b"3 4\r\n"
    assert any("orphan.ans: an answer without an input" in w for w in problem.warnings)
