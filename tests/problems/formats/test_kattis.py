from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from medalist.errors import BadInput
from medalist.problems.formats import load, load_archive
from medalist.problems.judging.checkers import compare
from medalist.problems.model import Kind
from medalist.problems.secret import SecretProblem
from medalist.problems.verdict import Verdict

Package = Callable[..., Path]


def secret_of(path: Path) -> SecretProblem:
    secret = load(path).secret
    assert secret is not None
    return secret


def test_minimal_package(package: Package, tmp_path: Path) -> None:
    problem = load(package(tmp_path))
    public, secret = problem.public, problem.secret
    assert secret is not None
    assert public.problem_id == "add"
    assert public.title == "Add"
    assert public.limits.time_s == 1.0
    assert not public.limits.time_assumed
    assert not public.equality.case_sensitive
    assert [(s.input, s.output) for s in public.samples] == [("1 2\n", "3\n")]
    assert [t.test_id for t in secret.all_tests()] == ["sample/1", "secret/a"]
    assert secret.all_tests()[1].input.read() == b"3 4\n"
    assert "## Input" in public.statement()
    assert problem.warnings == ()


def test_tests_are_read_only_when_asked_for(package: Package, tmp_path: Path) -> None:
    folder = package(tmp_path)
    test = secret_of(folder).all_tests()[1]
    (folder / "data/secret/a.in").write_text("5 6\n")
    assert test.input.read() == b"5 6\n"


def test_legacy_groups_inherit_and_score(package: Package, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {
            "problem.yaml": "type: scoring\nname: Add\n",
            "data/testdata.yaml": "on_reject: continue\nrange: 0 100\n"
            "grader_flags: ignore_sample\n",
            "data/secret/testdata.yaml": "grader_flags: first_error accept_if_any_accepted\n",
            "data/secret/g1/testdata.yaml": (
                "on_reject: break\naccept_score: 30\nrange: 0 30\ngrader_flags: min\n"
                "input_validator_flags: max=5 'a b'\n"
            ),
            "data/secret/g1/1.in": "1 1\n",
            "data/secret/g1/1.ans": "2\n",
            "data/secret/g2/testdata.yaml": "accept_score: 70\ngrader_flags: min\n",
            "data/secret/g2/1.in": "1 1\n",
            "data/secret/g2/1.ans": "2\n",
            "data/secret/a.in": None,
            "data/secret/a.ans": None,
        },
    )
    problem = load(folder)
    assert problem.secret is not None
    sample, secret = problem.secret.groups
    assert sample.ignore
    assert secret.accept_if_any
    assert not secret.stop_on_failure
    first, second = secret.children
    assert (first.aggregate, first.points, first.high) == ("min", 30.0, 30.0)
    assert first.stop_on_failure
    assert first.tests[0].input_flags == ("max=5", "a b")
    assert second.high == 100.0  # inherited
    assert [(s.subtask_id, s.points) for s in problem.public.subtasks] == [("g1", 30), ("g2", 100)]
    assert problem.public.full_score == 100.0


def test_groups_of_2025(package: Package, tmp_path: Path) -> None:
    group = "max_score: {}\nrequire_pass: {}\noutput_validator_args: [float_tolerance, '1e-3']\n"
    folder = package(
        tmp_path,
        {
            "problem.yaml": (
                "problem_format_version: 2025-09\nname: Add\nuuid: x\n"
                "type: [scoring]\nlimits: {time_limit: 2.5, memory: 64}\n"
            ),
            "data/secret/a.in": None,
            "data/secret/a.ans": None,
            "data/secret/g1/test_group.yaml": group.format(40, "sample"),
            "data/secret/g1/x.in": "1 1\n",
            "data/secret/g1/x.ans": "2\n",
            "data/secret/g1/x.yaml": "args: ['-v']\n",
            "data/secret/g1/x.files/table.txt": "7\n",
            "data/secret/g1/deep/y.in": "1 1\n",
            "data/secret/g1/deep/y.ans": "2\n",
            "data/secret/g2/test_group.yaml": group.format(60, "[g1, secret/g1]").replace(
                "[g1, secret/g1]", "[secret/g1]"
            ),
            "data/secret/g2/x.in": "1 1\n",
            "data/secret/g2/x.ans": "2\n",
        },
    )
    problem = load(folder)
    assert problem.secret is not None
    first, second = problem.secret.groups[1].children
    assert [t.test_id for t in first.tests] == ["secret/g1/x", "secret/g1/deep/y"]
    assert first.tests[0].args == ("-v",)
    assert first.tests[0].files["table.txt"].read() == b"7\n"
    assert second.depends == ("secret/g1",)
    assert (first.points, second.points, problem.public.full_score) == (40.0, 60.0, 100.0)
    # The sample has no flags, the groups have: each test keeps its own.
    assert first.tests[0].output_flags == ("float_tolerance", "1e-3")
    assert problem.public.limits.memory_mb == 64


def test_validator_flags_become_the_declared_equality(package: Package, tmp_path: Path) -> None:
    yaml = "name: Add\nvalidator_flags: float_tolerance 1e-6 case_sensitive\n"
    equality = load(package(tmp_path, {"problem.yaml": yaml})).public.equality
    assert (equality.abs_tol, equality.rel_tol, equality.case_sensitive) == (1e-6, 1e-6, True)


@pytest.mark.parametrize(
    "yaml",
    [
        "name: Add\nvalidation: custom interactive\n",
        "problem_format_version: 2023-07-draft\nname: Add\ntype: interactive\n",
        "problem_format_version: 2023-07-draft\nname: Add\ntype: pass-fail interactive\n",
        "problem_format_version: 2025-09\nname: Add\ntype: [pass-fail, interactive]\n",
    ],
)
def test_interactive_is_declared_in_several_ways(
    package: Package, tmp_path: Path, yaml: str
) -> None:
    folder = package(
        tmp_path,
        {
            "problem.yaml": yaml,
            "output_validators/judge.py": "import sys\nsys.exit(42)\n",
            "output_validator/judge/judge.py": "import sys\nsys.exit(42)\n",
            "data/sample/1.interaction": ">1\n<2\n",
        },
    )
    problem = load(folder)
    assert problem.public.kind is Kind.INTERACTIVE
    assert [(s.input, s.output, s.note) for s in problem.public.samples] == [("", None, ">1\n<2\n")]
    assert problem.secret is not None
    assert problem.secret.interactor is not None
    assert problem.secret.interactor.main == "judge.py"
    assert problem.secret.checker is None


def test_statement_only_samples(package: Package, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {"data/sample/1.in.statement": "shown in\n", "data/sample/1.ans.statement": "shown out\n"},
    )
    problem = load(folder)
    assert [(s.input, s.output) for s in problem.public.samples] == [("shown in\n", "shown out\n")]


def test_languages_of_statements(package: Package, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {
            "problem_statement/problem.sv.tex": "\\problemname{Plus}\n\\includegraphics{x.png}",
            "problem_statement/problem.zh.md": "求和 ![图](y.png)\n",
        },
    )
    public = load(folder).public
    assert sorted(public.statements) == ["en", "sv", "zh"]
    assert public.titles["sv"] == "Plus"
    assert public.missing_images == ("x.png", "y.png")


def test_time_limit_from_files_beside(package: Package, tmp_path: Path) -> None:
    plain = {"problem.yaml": "name: Add\n"}
    assert load(package(tmp_path / "1", plain)).public.limits.time_assumed
    one = load(package(tmp_path / "2", {**plain, ".timelimit": "4\n"})).public.limits
    assert (one.time_s, one.time_assumed) == (4.0, False)
    ini = {**plain, "domjudge-problem.ini": "short-name=A\ntimelimit='1.5'\n"}
    assert load(package(tmp_path / "3", ini)).public.limits.time_s == 1.5


def test_grader_is_secret_and_its_public_twin_is_shown(package: Package, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {
            "include/cpp/grader.cpp": "int main() { /* PASSWORD */ }",
            "include/cpp/add.h": "int add(int, int);\n",
            "attachments/cpp/grader.cpp": "int main() { /* sample */ }",
        },
    )
    problem = load(folder)
    assert problem.public.kind is Kind.FUNCTION
    shown = {file.name: file.content for file in problem.public.grader_files}
    assert shown == {
        "grader.cpp": "int main() { /* sample */ }",
        "add.h": "int add(int, int);\n",
    }
    assert problem.secret is not None
    assert b"PASSWORD" in problem.secret.grader_files["cpp"]["grader.cpp"]


def test_labels_of_submissions(package: Package, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {
            "problem.yaml": "type: scoring\nname: Add\n",
            "data/secret/g1/1.in": "1 1\n",
            "data/secret/g1/1.ans": "2\n",
            "data/secret/g2/1.in": "1 1\n",
            "data/secret/g2/1.ans": "2\n",
            "submissions/accepted/a.cpp": "int main() {}",
            "submissions/accepted/b.hs": "main = return ()",
            "submissions/wrong_answer/c/main.py": "import help",
            "submissions/wrong_answer/c/help.py": "",
            "submissions/partially_accepted/d.py": "#@EXPECTED_GRADES@ AC TLE\n",
            "submissions/multiple/e.cpp": "// @EXPECTED_RESULTS@: TIMELIMIT, RUN-ERROR\n",
        },
    )
    by_name = {s.name: s for s in secret_of(folder).submissions}
    assert by_name["accepted/a.cpp"].permitted == frozenset({Verdict.AC})
    assert by_name["accepted/b.hs"].language is None
    assert by_name["wrong_answer/c"].main == "main.py"
    assert set(by_name["wrong_answer/c"].files) == {"main.py", "help.py"}
    partial = by_name["partially_accepted/d.py"]
    assert partial.permitted == frozenset({Verdict.PAC})
    assert Verdict.TLE in partial.groups["secret/g2"]
    assert by_name["multiple/e.cpp"].permitted == frozenset(
        {Verdict.TLE, Verdict.ILE, Verdict.RTE, Verdict.MLE}
    )


def test_submissions_yaml(package: Package, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {
            "problem.yaml": "problem_format_version: 2025-09\nname: Add\nuuid: x\n",
            "submissions/submissions.yaml": (
                "odd/*.py:\n  permitted: [AC, TLE]\n  required: [TLE]\n  score: [10, 40]\n"
                "  secret/g1:\n    permitted: [AC]\n"
            ),
            "submissions/odd/slow.py": "",
        },
    )
    slow = secret_of(folder).submissions[0]
    slow_ones = frozenset({Verdict.TLE, Verdict.ILE})
    right = frozenset({Verdict.AC, Verdict.PAC})
    everywhere, inside = slow.expectations
    assert (everywhere.permitted, everywhere.required) == (slow_ones | right, slow_ones)
    assert (slow.permitted, slow.score) == (None, (10.0, 40.0))
    assert (inside.tests, inside.permitted) == ("secret/g1", right)


def test_constants_reach_statement_and_programs(package: Package, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {
            "problem.yaml": (
                "problem_format_version: 2025-09\nname: Add\nuuid: x\n"
                "constants:\n  maxn: {value: 5000, tex: '5\\,000'}\n"
            ),
            "problem_statement/problem.en.tex": None,
            "statement/problem.en.md": "At most {{maxn}}, {{maxn.tex}}, {{other}}.\n",
            "input_validators/check.py": "assert int(input()) <= {{maxn}}\n",
        },
    )
    problem = load(folder)
    assert problem.public.statement() == "At most 5000, 5\\,000, {{other}}.\n"
    assert problem.secret is not None
    assert problem.secret.validators[0].files["check.py"] == b"assert int(input()) <= 5000\n"


def test_validators_that_cannot_be_run_are_named(package: Package, tmp_path: Path) -> None:
    names = ("input_validators/check.py", "input_validators/format.ctd")
    secret = secret_of(package(tmp_path, dict.fromkeys(names, "INT(1, 9) NEWLINE EOF\n")))
    assert len(secret.validators) == 1
    assert secret.unread_validators == names[1:]


def test_links_inside_the_package_are_followed(package: Package, tmp_path: Path) -> None:
    folder = package(tmp_path)
    os.symlink("a.in", folder / "data/secret/b.in")
    os.symlink("a.ans", folder / "data/secret/b.ans")
    os.symlink("secret", folder / "data/shared")  # nobody asks for it
    tests = secret_of(folder).groups[1].tests
    assert [t.input.read() for t in tests] == [b"3 4\n", b"3 4\n"]


def test_unknown_keys_are_reported(package: Package, tmp_path: Path) -> None:
    yaml = "name: Add\nlimitz: 3\nlimits: {memry: 5}\n"
    warnings = load(package(tmp_path, {"problem.yaml": yaml})).warnings
    assert any("limitz: unknown key" in warning for warning in warnings)
    assert any("limits.memry: unknown key" in warning for warning in warnings)


def test_shared_archives_match_their_manifest(shared: Path) -> None:
    archives = shared / "archives"
    manifest = json.loads((archives / "manifest.json").read_text())
    by_name = {str(e.path.relative_to(archives)): e for e in load_archive(archives)}
    assert set(by_name) == {row["folder"] for row in manifest}
    for row in manifest:
        problem = by_name[row["folder"]].load()
        assert problem.secret is not None
        secret = [t for t in problem.secret.all_tests() if t.test_id.startswith("secret/")]
        assert len(secret) == row["secret_inputs_here"], row["folder"]
        assert problem.secret.scoring == (row["kind"] == "scoring")
        statements = [name for name in row["statements"] if name.startswith("problem.")]
        assert len(problem.public.statements) == len(statements)
        assert problem.public.title == row["title"]
        assert len(problem.secret.groups[1].children) == row["subtask_groups"]
        assert "\\section" not in problem.public.statement()


def test_a_folder_that_is_no_package() -> None:
    with pytest.raises(BadInput, match=r"not a problem package .*problem\.yaml"):
        load(Path(__file__).parent)


def test_groups_may_be_compared_with_their_own_tolerance(package: Package, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {
            "data/secret/b/testdata.yaml": "output_validator_flags: float_tolerance 0.5\n",
            "data/secret/b/1.in": "1\n",
            "data/secret/b/1.ans": "1.0\n",
        },
    )
    loose, strict = secret_of(folder).groups[1].children[0].tests[0], secret_of(folder).groups[1]
    equality = load(folder).public.equality
    assert compare(loose, b"1.0\n", b"1.25\n", equality).verdict is Verdict.AC
    assert compare(strict.tests[0], b"1.0\n", b"1.25\n", equality).verdict is Verdict.WA
