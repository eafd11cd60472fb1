"""Readers of formats other than Kattis."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medalist.errors import BadInput
from medalist.problems.formats import load, load_archive
from medalist.problems.model import Kind
from medalist.problems.verdict import Verdict

Write = Callable[[Path, dict[str, Any]], Path]


POLYGON_XML = """\
<?xml version="1.0" encoding="utf-8" standalone="no"?>
<problem revision="7" short-name="sum">
  <names><name language="english" value="Sum"/><name language="russian" value="Сумма"/></names>
  <judging cpu-name="x" input-file="" output-file="">
    <testset name="pretests"><time-limit>1</time-limit></testset>
    <testset name="tests">
      <time-limit>1500</time-limit><memory-limit>268435456</memory-limit>
      <test-count>4</test-count>
      <input-path-pattern>tests/%02d</input-path-pattern>
      <answer-path-pattern>tests/%02d.a</answer-path-pattern>
      <tests>
        <test method="manual" sample="true" points="0" group="0"/>
        <test cmd="gen 1" points="20" group="1"/>
        <test cmd="gen 2" points="20" group="1"/>
        <test cmd="gen 3" points="60" group="2"/>
      </tests>
      <groups>
        <group name="0" points-policy="each-test"/>
        <group name="1" points-policy="complete-group"/>
        <group name="2" points-policy="each-test">
          <dependencies><dependency group="1"/></dependencies>
        </group>
      </groups>
    </testset>
  </judging>
  <assets>
    <checker name="std::rcmp6.cpp" type="testlib">
      <source path="files/check.cpp" type="cpp.g++17"/>
    </checker>
    <validators><validator><source path="files/val.cpp" type="cpp.g++17"/></validator></validators>
    <solutions>
      <solution tag="main"><source path="solutions/a.cpp" type="cpp.g++17"/></solution>
      <solution tag="time-limit-exceeded">
        <source path="solutions/slow.py" type="python.3"/>
      </solution>
    </solutions>
  </assets>
  <tags><tag value="math"/></tags>
</problem>
"""


POLYGON: dict[str, Any] = {
    "problem.xml": POLYGON_XML,
    "statement-sections/english/legend.tex": "Add \\textbf{two} numbers.",
    "statement-sections/english/input.tex": "Two integers.",
    "statement-sections/russian/legend.tex": "Сложите.",
    **{f"tests/{n:02}": f"{n} {n}\n" for n in range(1, 5)},
    **{f"tests/{n:02}.a": f"{2 * n}\n" for n in range(1, 5)},
    "files/check.cpp": "int main(){}",
    "files/val.cpp": '#include "testlib.h"\nint main(){}',
    "files/testlib.h": "// testlib",
    "solutions/a.cpp": "int main(){}",
    "solutions/slow.py": "",
}


def test_polygon(write: Write, tmp_path: Path) -> None:
    problem = load(write(tmp_path / "sum-7", POLYGON))
    public, secret = problem.public, problem.secret
    assert secret is not None
    assert public.problem_id == "sum"
    assert public.titles == {"en": "Sum", "ru": "Сумма"}
    assert public.statements["en"] == "Add **two** numbers.\n\n## Input\n\nTwo integers.\n"
    assert (public.limits.time_s, public.limits.memory_mb) == (1.5, 256)
    assert [(s.input, s.output) for s in public.samples] == [("1 1\n", "2\n")]
    assert (public.equality.abs_tol, public.equality.rel_tol) == (1e-6, 1e-6)
    assert secret.checker is None  # a stock checker is an equality
    assert not public.special_checker
    zero, one, two = secret.groups[1].children
    assert (one.aggregate, one.points, len(one.tests)) == ("min", 40.0, 2)
    assert (two.points, two.depends) == (60.0, ("secret/1",))
    assert zero.points == 0.0
    assert public.full_score == 100.0
    assert set(secret.validators[0].files) == {"val.cpp", "testlib.h"}
    labels = {s.name: s.permitted for s in secret.submissions}
    assert labels["solutions/a.cpp"] == frozenset({Verdict.AC})
    # Where there are points, a rejected solution may have some of them.
    assert labels["solutions/slow.py"] == frozenset({Verdict.TLE, Verdict.ILE, Verdict.PAC})


def test_polygon_with_its_own_checker_and_interactor(write: Write, tmp_path: Path) -> None:
    xml = POLYGON_XML.replace('name="std::rcmp6.cpp"', 'name="mine.cpp"').replace(
        "<solutions>",
        '<interactor><source path="files/talk.cpp" type="cpp.g++17"/></interactor><solutions>',
    )
    files = {**POLYGON, "problem.xml": xml, "files/talk.cpp": "int main(){}"}
    problem = load(write(tmp_path / "sum", files))
    assert problem.secret is not None
    assert problem.public.kind is Kind.INTERACTIVE
    assert problem.secret.interactor is not None
    assert problem.secret.interactor.protocol == "testlib"
    assert problem.secret.checker is not None
    assert set(problem.secret.checker.files) == {"check.cpp", "testlib.h"}


CMS: dict[str, Any] = {
    "task.yaml": "name: somma\ntitle: Somma\ntime_limit: 0.5\nmemory_limit: 64\n"
    "infile: ''\noutfile: ''\nn_input: 3\n",
    "gen/GEN": "# a comment\n#ST: 40\n1 1\n#COPY: x\n\n#ST: 60\n5 5 # big\n",
    **{f"input/input{n}.txt": f"{n}\n" for n in range(3)},
    **{f"output/output{n}.txt": f"{n}\n" for n in range(3)},
    "statement/statement.md": "# Somma\n\nAdd.\n\n| Subtask | Points | Limits |\n|--|--|--|\n"
    "| 1 | 40 | $n \\le 5$ |\n| 2 | 60 | none |\n",
    "att/somma.input0.txt": "1\n",
    "att/somma.output0.txt": "1\n",
    "sol/soluzione.cpp": "int main(){}",
    "sol/wrong.py": "",
}


def test_cms(write: Write, tmp_path: Path) -> None:
    problem = load(write(tmp_path / "somma", CMS))
    public, secret = problem.public, problem.secret
    assert secret is not None
    assert [(g.points, len(g.tests)) for g in secret.groups[1].children] == [(40.0, 2), (60.0, 1)]
    assert [str(c) for c in public.subtasks[0].constraints] == ["n <= 5"]
    assert (public.limits.time_s, public.limits.memory_mb, public.full_score) == (0.5, 64, 100.0)
    assert [(s.input, s.output) for s in public.samples] == [("1\n", "1\n")]
    assert {s.name: s.permitted for s in secret.submissions} == {
        "sol/soluzione.cpp": {Verdict.AC},
        "sol/wrong.py": None,
    }


def test_cms_with_grader_and_checker(write: Write, tmp_path: Path) -> None:
    files = {
        **CMS,
        "sol/grader.cpp": "int main(){}",
        "sol/somma.h": "int add();",
        "att/grader.cpp": "int main(){/* sample */}",
        "check/checker.cpp": "int main(){}",
    }
    problem = load(write(tmp_path / "somma", files))
    assert problem.public.kind is Kind.FUNCTION
    shown = {f.name: f.content for f in problem.public.grader_files}
    assert shown == {"grader.cpp": "int main(){/* sample */}", "somma.h": "int add();"}
    assert problem.secret is not None
    assert problem.secret.checker is not None
    assert problem.secret.checker.protocol == "cms"


def test_cms_without_subtasks(write: Write, tmp_path: Path) -> None:
    problem = load(write(tmp_path / "somma", {**CMS, "gen/GEN": None}))
    assert problem.secret is not None
    assert not problem.secret.groups[1].children
    assert problem.secret.groups[1].points == pytest.approx(100 / 3)


DMOJ_YAML = """\
archive: tests.zip
test_cases:
- {in: 1.in, out: 1.out, points: 0}
- points: 40
  batched:
  - {in: 2a.in, out: 2a.out}
  - {in: 2b.in, out: 2b.out}
- points: 60
  dependencies: [1]
  batched:
  - {in: 3.in, out: 3.out}
checker: {name: floats, args: {precision: 4}}
"""


def dmoj(folder: Path, yaml: str, extra: dict[str, str] | None = None) -> Path:
    folder.mkdir()
    (folder / "init.yml").write_text(yaml)
    for name, text in (extra or {}).items():
        (folder / name).write_text(text)
    with zipfile.ZipFile(folder / "tests.zip", "w") as archive:
        for name in ("1", "2a", "2b", "3"):
            archive.writestr(f"{name}.in", f"{name}\n")
            archive.writestr(f"{name}.out", f"{name}!\n")
    return folder


def test_dmoj(tmp_path: Path) -> None:
    text = "# Sum\n\nTime limit: 2s\n"
    problem = load(dmoj(tmp_path / "sum", DMOJ_YAML, {"statement.md": text}))
    public, secret = problem.public, problem.secret
    assert secret is not None
    single, first, second = secret.groups[1].children
    assert (first.points, [t.input.read() for t in first.tests]) == (40.0, [b"2a\n", b"2b\n"])
    assert single.points == 0.0
    # After a failed case of 0 points nothing more is judged.
    assert first.depends == (single.group_id,)
    assert (second.points, second.depends) == (60.0, ("secret/01", single.group_id))
    assert public.full_score == 100.0
    assert (public.equality.abs_tol, public.equality.rel_tol) == (1e-4, 1e-4)
    assert public.limits.time_s == 2.0


def test_dmoj_finds_tests_by_their_names(tmp_path: Path) -> None:
    problem = load(dmoj(tmp_path / "sum", "archive: tests.zip\n"))
    assert problem.secret is not None
    tests = [test.input.read() for test in problem.secret.all_tests()]
    # The last number counts; of two files of one case the last one does.
    assert tests == [b"1\n", b"2b\n", b"3\n"]
    assert any("'2a.in' and '2b.in' are one case" in warning for warning in problem.warnings)


def test_dmoj_bridged_checker_and_interactor(tmp_path: Path) -> None:
    yaml = DMOJ_YAML.replace(
        "checker: {name: floats, args: {precision: 4}}",
        "checker: {name: bridged, args: {files: chk.cpp, lang: CPP17, type: testlib}}\n"
        "interactive: {files: talk.cpp, lang: CPP17}",
    )
    extra = {"chk.cpp": "int main(){}", "talk.cpp": "int main(){}"}
    problem = load(dmoj(tmp_path / "sum", yaml, extra))
    assert problem.secret is not None
    assert problem.public.kind is Kind.INTERACTIVE
    assert problem.secret.checker is None  # an interactor decides alone
    assert any("the interactor decides" in warning for warning in problem.warnings)
    assert problem.secret.interactor is not None
    assert problem.secret.interactor.protocol == "dmoj"


COMPANION = {
    "name": "A. Watermelon",
    "group": "Codeforces - Round 4",
    "url": "https://codeforces.com/problemset/problem/4/A",
    "interactive": False,
    "memoryLimit": 64,
    "timeLimit": 1000,
    "tests": [{"input": "8\n", "output": "YES\n"}],
    "testType": "single",
    "input": {"type": "stdin"},
    "output": {"type": "stdout"},
    "languages": {"java": {"mainClass": "Main"}},
    "batch": {"id": "x", "size": 1},
}


def test_competitive_companion(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps(COMPANION))
    problem = load(path)
    assert problem.public.problem_id == "codeforces-4-A"
    assert (problem.public.limits.time_s, problem.public.limits.memory_mb) == (1.0, 64)
    assert problem.public.samples[0].output == "YES\n"
    assert problem.secret is None


def test_packages_in_zip_and_tar(package: Callable[..., Path], tmp_path: Path) -> None:
    import tarfile

    folder = package(tmp_path)
    (folder / "data/secret/b.in").symlink_to("a.in")
    (folder / "data/secret/b.ans").symlink_to("a.ans")
    with tarfile.open(tmp_path / "set.tar.gz", "w:gz") as tar:
        tar.add(folder, "set/add")
    with zipfile.ZipFile(tmp_path / "set.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"set/add/{path.relative_to(folder)}")
                archive.write(path, f"set/more/{path.relative_to(folder)}")
    problem = load(tmp_path / "set.tar.gz")
    assert problem.secret is not None
    assert [t.input.read() for t in problem.secret.all_tests()] == [b"1 2\n", b"3 4\n", b"3 4\n"]
    entries = list(load_archive(tmp_path / "set.zip"))
    assert [str(e.path.relative_to(tmp_path)) for e in entries] == [
        "set.zip/set/add",
        "set.zip/set/more",
    ]
    assert [e.brief().title for e in entries] == ["Add", "Add"]
    assert load(tmp_path / "set.zip" / "more").public.problem_id == "more"
    with pytest.raises(BadInput, match="holds several problems"):
        load(tmp_path / "set.zip")
