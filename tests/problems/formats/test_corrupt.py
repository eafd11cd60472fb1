"""Corrupt packages: each gives one line that names the file, and the field where there is one."""

from __future__ import annotations

import io
import json
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medalist.errors import BadInput
from medalist.problems.formats import load

Package = Callable[..., Path]
Write = Callable[[Path, dict[str, Any]], Path]

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
    "yaml: bomb": ({"problem.yaml": BOMB}, r"problem\.yaml: unfolds to more than 100,000 values"),
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
        {"problem.yaml": "validator_flags: fuzzy\n"}, r"validator_flags: 'fuzzy' is no flag",
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


def one_line(path: Path, expected: str) -> None:
    with pytest.raises(BadInput, match=expected) as caught:
        load(path)
    text = str(caught.value)
    assert "\n" not in text
    assert text.isprintable()
    assert str(path.parent) in text or "'" in text


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
        (link("../../../x", "data/secret/b.in"), r"b\.in: a link (that leaves|to nothing)"),
        (link("b.in", "data/secret/b.in"), r"b\.in: a link to nothing, or in a circle"),
        (link("none", "data/secret/b.in"), r"b\.in: a link to nothing"),
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


def zipped(path: Path, files: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_zip_faults(tmp_path: Path) -> None:
    one_line(zipped(tmp_path / "a.zip", {"../x/problem.yaml": ""}), r"leads out of the archive")
    one_line(zipped(tmp_path / "b.zip", {"/x/problem.yaml": ""}), r"leads out of the archive")
    one_line(zipped(tmp_path / "c.zip", {"x\\..\\y": ""}), r"leads out of the archive")
    one_line(zipped(tmp_path / "d.zip", {"C:/x": ""}), r"leads out of the archive")
    one_line(zipped(tmp_path / "e.zip", {}), r"holds no problem")
    one_line(zipped(tmp_path / "f.zip", {"x\n": ""}), r"a file name that cannot be printed")
    (tmp_path / "g.zip").write_bytes(b"PK\x03\x04 and no more")
    one_line(tmp_path / "g.zip", r"not an archive that can be read")
    (tmp_path / "h.zip").write_bytes(b"")
    one_line(tmp_path / "h.zip", r"not an archive that can be read")


def test_zip_with_the_same_name_twice(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("problem.yaml", "name: a")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("problem.yaml", "name: b")
    one_line(tmp_path / "a.zip", r"'problem\.yaml' is there twice")


def test_zip_bomb(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"problem.yaml": "name: a\n"}).read_bytes())
    # The size that the archive's directory declares: nothing is unfolded to find it out.
    size = data.index(b"PK\x01\x02") + 24
    data[size : size + 4] = (3 << 30).to_bytes(4, "little")
    (tmp_path / "bomb.zip").write_bytes(data)
    one_line(tmp_path / "bomb.zip", r"unfolds to more than 3,072 MiB: a zip bomb")


def test_a_file_larger_than_its_archive_declares(tmp_path: Path) -> None:
    text = "name: a\n" + "# long\n" * 1000
    data = bytearray(zipped(tmp_path / "a.zip", {"problem.yaml": text}).read_bytes())
    size = data.index(b"PK\x01\x02") + 24
    data[size : size + 4] = (10).to_bytes(4, "little")
    (tmp_path / "liar.zip").write_bytes(data)
    one_line(tmp_path / "liar.zip", r"problem\.yaml: damaged in the archive")


def test_zip_with_damaged_and_linked_members(package: Package, tmp_path: Path) -> None:
    folder = package(tmp_path)
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    whole = zipped(tmp_path / "whole.zip", files)
    data = bytearray(whole.read_bytes())
    at = data.index(b"data/secret/a.in") + len("data/secret/a.in")
    data[at] ^= 0xFF
    (tmp_path / "damaged.zip").write_bytes(data)
    secret = load(tmp_path / "damaged.zip").secret
    assert secret is not None
    with pytest.raises(BadInput, match=r"a\.in: damaged in the archive"):
        secret.groups[1].tests[0].input.read()
    for target, expected in (("../../../../etc/passwd", "leaves the package"), ("b.in", "circle")):
        path = zipped(tmp_path / "linked.zip", files)
        with zipfile.ZipFile(path, "a") as archive:
            info = zipfile.ZipInfo("data/secret/b.in")
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
        one_line(path, expected)


def test_tar_faults(tmp_path: Path) -> None:
    def tarred(name: str, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
        with tarfile.open(tmp_path / name, "w:gz") as archive:
            for info, content in members:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        return tmp_path / name

    one_line(tarred("a.tar.gz", (tarfile.TarInfo("../x"), b"")), r"leads out of the archive")
    one_line(tarred("b.tar.gz", (tarfile.TarInfo("/x"), b"")), r"leads out of the archive")
    twice = [(tarfile.TarInfo("x"), b""), (tarfile.TarInfo("./x"), b"")]
    one_line(tarred("c.tar.gz", *twice), r"'x' is there twice")
    device = tarfile.TarInfo("problem.yaml")
    device.type = tarfile.CHRTYPE
    one_line(tarred("d.tar.gz", (device, b"")), r"problem\.yaml: ")
    (tmp_path / "e.tar.gz").write_bytes(b"\x1f\x8b\x08\x00 cut")
    one_line(tmp_path / "e.tar.gz", r"not an archive that can be read")


TASK = "name: t\ntime_limit: 1\nmemory_limit: 64\n"
CASE = "test_cases:\n- {in: 1.in, out: 1.out}\n"
XML = "<problem><judging><testset name='tests'>{}<tests>{}</tests></testset></judging></problem>"
OTHERS: dict[str, tuple[dict[str, Any], str]] = {
    "cms: no tests": ({"task.yaml": TASK}, r"input: the task has no tests"),
    "cms: output missing": (
        {"task.yaml": TASK + "n_input: 1\n", "input/input0.txt": ""},
        r"output/output0\.txt: the test's file is missing",
    ),
    "cms: count": (
        {"task.yaml": TASK + "n_input: 3\n", "gen/GEN": "#ST: 100\n1\n"},
        r"task\.yaml: n_input: is 3, but gen/GEN has 1 tests",
    ),
    "cms: negative points": (
        {"task.yaml": TASK, "gen/GEN": "#ST: -4\n1\n"}, r"gen/GEN: line 1: points must be",
    ),
    "cms: empty subtask": (
        {"task.yaml": TASK, "gen/GEN": "#ST: 40\n#ST: 60\n1\n"}, r"#ST: 40: a subtask without",
    ),
    "cms: time": ({"task.yaml": "name: t\ntime_limit: -1\nn_input: 1\n",
                   "input/input0.txt": "", "output/output0.txt": ""},
                  r"task\.yaml: time_limit: must be more than 0"),
    "dmoj: no tests": ({"init.yml": "archive: a.zip\n"}, r"init\.yml: archive: there is no file"),
    "dmoj: bad zip": (
        {"init.yml": "archive: a.zip\n" + CASE, "a.zip": "no"}, r"a\.zip: not a zip archive",
    ),
    "dmoj: no such test": ({"init.yml": CASE}, r"1\.(in|out): the test's file is missing"),
    "dmoj: Python in init.yml": (
        {"init.yml": "test_cases++: node = []\n"}, r"test_cases\+\+: Python code .* is not run",
    ),
    "dmoj: grader": (
        {"init.yml": "custom_judge: g.py\ntest_cases:\n- {}\n", "g.py": "class Grader: pass"},
        r"custom_judge: Python code for DMOJ's own judge",
    ),
    "dmoj: two inputs": (
        {"init.yml": "generator: g.c\ntest_cases:\n- {in: a, generator_args: [1]}\n", "a": ""},
        r"\[0\]\.in: the input is a file, and a generator is to make it",
    ),
    "dmoj: a batch in a batch": (
        {"init.yml": "test_cases:\n- batched:\n  - batched:\n    - {in: a}\n", "a": ""},
        r"a batch inside a batch",
    ),
    "dmoj: link": (
        {"init.yml": "symlinks: {x: /etc/passwd}\ntest_cases:\n- {in: a}\n", "a": ""},
        r"symlinks\.x: a link to '/etc/passwd' is not made",
    ),
    "dmoj: negative points": (
        {"init.yml": "test_cases:\n- {in: a, points: -1}\n"}, r"points: must be at least 0",
    ),
    "dmoj: dependency": (
        {"init.yml": "test_cases:\n- {dependencies: [1], batched: [{in: a}]}\n", "a": ""},
        r"dependencies: 1 is not an earlier batch",
    ),
    "dmoj: empty batch": (
        {"init.yml": "test_cases:\n- {points: 1, batched: []}\n"}, r"batched: holds no tests",
    ),
    "dmoj: pattern": (
        {"init.yml": "test_cases: {input_format: '(?P<case>a'}\n"},
        r"input_format: not a regular expression",
    ),
    "dmoj: slow pattern": (
        {"init.yml": "test_cases: {input_format: '((a|aa)+)+b(?P<case>1)'}\n", "a" * 60: ""},
        r"input_format: the pattern takes too long",
    ),
    "dmoj: too few points": (
        {"init.yml": "test_cases: {case_points: [1]}\n", "1.in": "", "2.in": ""},
        r"case_points: holds 1 numbers for 2 cases",
    ),
    "polygon: not XML": ({"problem.xml": "<problem>"}, r"problem\.xml: not XML"),
    "polygon: entities": (
        {"problem.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><problem/>"}, r"<!DOCTYPE>: entities of its",
    ),
    "polygon: no tests": ({"problem.xml": "<problem/>"}, r"problem\.xml: <testset>: there are no"),
    "polygon: count": (
        {"problem.xml": XML.format("<test-count>2</test-count>", "<test/>")},
        r"<test-count>: is 2, but 1 tests follow",
    ),
    "polygon: not generated": ({"problem.xml": XML.format("", "<test/>")}, r"tests/01: the test's"),
    "polygon: pattern": (
        {"problem.xml": XML.format("<input-path-pattern>x</input-path-pattern>", "<test/>")},
        r"<input-path-pattern>: 'x' is not a pattern",
    ),
    "polygon: escape": (
        {"problem.xml": XML.format("<input-path-pattern>../../%d</input-path-pattern>", "<test/>")},
        r"the test's file is missing",
    ),
    "polygon: points": (
        {"problem.xml": XML.format("", "<test points='-1'/>"), "tests/01": "", "tests/01.a": ""},
        r"test points: must be a number of at least 0",
    ),
    "polygon: group": (
        {"problem.xml": XML.format("", "<test points='1' group='1'/>"), "tests/01": "",
         "tests/01.a": ""},
        r"<groups>: group '1' is not described",
    ),
    "polygon: cyclic dependency": (
        {"problem.xml": XML.format(
            "<groups><group name='1'><dependencies><dependency group='1'/></dependencies></group>"
            "</groups>", "<test points='1' group='1'/>"), "tests/01": "", "tests/01.a": ""},
        r"<dependency>: group '1' depends on itself",
    ),
    "polygon: time": (
        {"problem.xml": XML.format("<time-limit>0</time-limit>", "<test/>"), "tests/01": "",
         "tests/01.a": ""},
        r"<time-limit>: must be a number more than 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_other_packages(write: Write, tmp_path: Path, case: str) -> None:
    files, expected = OTHERS[case]
    one_line(write(tmp_path / "p", files), expected)


EMPTY_TEST = {"test_id": "secret/1", "input": "", "answer": ""}


def own_row(*groups: dict[str, Any]) -> str:
    public = {"problem_id": "a", "statements": {"en": "x"}}
    return json.dumps({"medalist_problem": 1, "public": public, "secret": {"groups": groups}})


ROWS: dict[str, tuple[str, str]] = {
    "not JSON": ("{", r"line 1: not JSON"),
    "a number": ("5", r"line 1: not a JSON object"),
    "unknown shape": ('{"a": 1}', r"line 1: not a row of a known data set"),
    "not UTF-8": ("\udcff", r"line 1: not UTF-8"),
    "deep": ("[" * 100_000, r"line 1: not JSON"),
    "counts": (
        '{"question": "x", "input_output": "{\\"inputs\\": [\\"1\\"], \\"outputs\\": []}"}',
        r"input_output: 1 inputs, but 0 outputs",
    ),
    "inner JSON": ('{"question": "x", "input_output": "{"}', r"input_output: not JSON"),
    "empty statement": ('{"question": " ", "input_output": ""}', r"the statement is empty"),
    "own: version": ('{"medalist_problem": 9}', r"medalist_problem: must be 1"),
    "own: public": ('{"medalist_problem": 1, "public": {}}', r"public\.problem_id: "),
    "own: secret": (
        json.dumps(
            {
                "medalist_problem": 1,
                "public": {"problem_id": "a", "statements": {}},
                "secret": {"groups": [{"group_id": 5}]},
            }
        ),
        r"secret\.groups\[0\]\.group_id: must not be 5",
    ),
    "own: a test twice": (
        own_row({"group_id": "secret", "tests": [EMPTY_TEST, EMPTY_TEST]}),
        r"secret\.groups: the test 'secret/1' is there twice",
    ),
    "own: cyclic dependency": (
        own_row(
            {"group_id": "secret/a", "depends": ["secret/b"]},
            {"group_id": "secret/b", "depends": ["secret/a"]},
        ),
        r"secret\.groups: the group 'secret/\w' depends on itself",
    ),
    "own: a group that needs its parent": (
        own_row({"group_id": "s", "children": [{"group_id": "s/1", "depends": ["s"]}]}),
        r"secret\.groups: the group 's(/1)?' depends on itself",
    ),
    "own: unknown dependency": (
        own_row({"group_id": "s", "depends": ["x"]}), r"'s' depends on 'x': no such group",
    ),
    "own: a group twice": (
        own_row({"group_id": "secret"}, {"group_id": "secret"}),
        r"secret\.groups: the group 'secret' is there twice",
    ),
    "companion: address": (
        '{"name": "a", "tests": [], "timeLimit": 1, "memoryLimit": 1, "url": "http://[x"}',
        r"url: not an address",
    ),
    "companion: time": (
        '{"name": "a", "tests": [], "timeLimit": "x", "memoryLimit": 1}',
        r"timeLimit: must be a number",
    ),
    "companion: tests": (
        '{"name": "a", "tests": 5, "timeLimit": 1, "memoryLimit": 1}', r"tests: must be a list",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ROWS)
def test_rows(tmp_path: Path, case: str) -> None:
    text, expected = ROWS[case]
    path = tmp_path / "rows.jsonl"
    path.write_bytes(text.encode("utf-8", "surrogateescape") + b"\n")
    one_line(path, expected)


def test_rows_with_the_same_id(tmp_path: Path) -> None:
    row = json.dumps({"id": "x", "question": "q", "input_output": ""})
    (tmp_path / "a.jsonl").write_text(f"{row}\n{row}\n")
    one_line(tmp_path / "a.jsonl", r"line 2: 'x' is there twice")


def test_parquet_that_is_none(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nothing PAR1")
    one_line(tmp_path / "a.parquet", r"not a Parquet file that can be read")


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
