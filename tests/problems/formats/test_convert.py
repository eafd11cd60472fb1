"""Package to model to package to model: equal, but for what docs/formats.md lists."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from medalist.errors import BadInput
from medalist.problems.equality import equal
from medalist.problems.formats import bundled_archive, load, load_archive
from medalist.problems.formats.comparer import comparing_program
from medalist.problems.formats.convert import lost, write
from medalist.problems.model import Equality
from medalist.problems.secret import Blob, Group, Problem, TestCase

BUNDLED = sorted(path.parent.name for path in bundled_archive().glob("*/problem.yaml"))
SHARED = [
    "kattis-examples/different", "kattis-examples/guess", "kattis-examples/hello",
    "kattis-examples/oddecho", "kth-2021/altosinging", "kth-2021/buslines", "kth-2021/dexsave",
    "kth-2021/guessingcircle", "rocky-mountain-2022/blueberrywaffle",
    "rocky-mountain-2022/champernownecount", "rocky-mountain-2022/everythingisanail",
    "rocky-mountain-2022/familyvisits", "rocky-mountain-2022/icouldhavewon",
    "rocky-mountain-2022/profitabletrip", "rocky-mountain-2022/sunandmoon",
    "rupc-2019/ataleoftwoqueues", "rupc-2019/circularpainting", "rupc-2019/dangerzone",
    "rupc-2019/grouplockers", "rupc-2019/hotdogdeals", "swedish-cup-2021/arboriculture",
    "swedish-cup-2021/secretsequence", "swedish-olympiad-2025/danska",
    "swedish-olympiad-2025/karleksbrev", "swedish-olympiad-2025/kattisspeedrun",
    "swedish-olympiad-2025/miniraknaren", "swedish-olympiad-2025/pingis",
    "swedish-olympiad-2025/pobudget", "swedish-olympiad-2025/siffrid",
    "swedish-olympiad-2025/theodortrollkarlen", "swedish-olympiad-2025/triangelfabriken",
    "swedish-olympiad-2025/trollkarlentheodor", "swedish-olympiad-2025/trulstrubbel",
    "swedish-olympiad-2025/virus3",
]  # fmt: skip

# What the formats cannot hold at all, with the reason that the writer gives.
NOT_2025 = {"pingis": "2025-09 packages have no graders of their own"}
NO_PROGRAM = "its outputs need a program that the package does not have"
NOT_CMS = {
    **dict.fromkeys(["dexsave", "circularpainting", "fence"], "compares no floats without a"),
    **dict.fromkeys(["pairup", "stones", "strangers", "vault"], "answers in another way"),
    **dict.fromkeys(["different", "guess", "buslines", "karleksbrev", "pingis"], NO_PROGRAM),
    "secretsequence": NO_PROGRAM,
}

# What 2025-09 says otherwise of a scoring problem (docs/formats.md).
NEW_SCORING = {
    "public.equality.case_sensitive",
    "public.special_checker",
    "secret.groups[].accept_if_any",
    "secret.groups[].aggregate",
    "secret.groups[].high",
    "secret.groups[].low",
    "secret.groups[].points",
    "secret.groups[].stop_on_failure",
    "secret.groups[].verdict_mode",
    "secret.groups[].children[].verdict_mode",
}
# What CMS says otherwise of any problem; what its tests are is compared apart.
CMS = (
    "public.difficulty", "public.equality.case_sensitive", "public.equality.mode",
    "public.full_score",
    "public.grader_files", "public.missing_images", "public.statements.", "public.subtasks",
    "public.tags", "public.titles.", "secret.groups[]", "secret.scoring", "secret.submissions",
    "secret.time_multiplier", "secret.validators",
)  # fmt: skip


def bundled(name: str) -> Problem:
    return load(bundled_archive() / name)


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_problems_survive_legacy_and_rows(tmp_path: Path, name: str) -> None:
    problem = bundled(name)
    assert lost(problem, write(problem, "kattis-legacy", tmp_path)) == []
    assert lost(problem, write(problem, "jsonl", tmp_path / "all.jsonl")) == []


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_problems_survive_2025(tmp_path: Path, name: str) -> None:
    problem = bundled(name)
    assert problem.secret is not None
    missing = set(lost(problem, write(problem, "kattis", tmp_path)))
    assert missing <= (NEW_SCORING if problem.secret.scoring else set())
    again = load(tmp_path / problem.public.problem_id)
    assert lost(again, write(again, "kattis", tmp_path / "again")) == []


@pytest.mark.parametrize("name", SHARED)
def test_shared_problems_survive(shared: Path, tmp_path: Path, name: str) -> None:
    problem = load(shared / "archives" / name)
    assert lost(problem, write(problem, "kattis-legacy", tmp_path / "legacy")) == []
    assert lost(problem, write(problem, "jsonl", tmp_path / "all.jsonl")) == []
    if reason := NOT_2025.get(problem.public.problem_id):
        with pytest.raises(BadInput, match=reason):
            write(problem, "kattis", tmp_path)
        return
    written = write(problem, "kattis", tmp_path)
    assert set(lost(problem, written)) <= NEW_SCORING
    again = load(written)
    assert lost(again, write(again, "kattis", tmp_path / "again")) == []


def contents(problem: Problem) -> set[tuple[bytes, bytes]]:
    assert problem.secret is not None
    tests = problem.secret.groups[-1].all_tests()
    return {(test.input.read(), test.answer.read() if test.answer else b"") for test in tests}


def survives_cms(problem: Problem, folder: Path) -> None:
    if reason := NOT_CMS.get(problem.public.problem_id):
        with pytest.raises(BadInput, match=reason):
            write(problem, "cms", folder)
        return
    written = write(problem, "cms", folder)
    assert [field for field in lost(problem, written) if not field.startswith(CMS)] == []
    again = load(written)
    assert contents(again) == contents(problem)
    assert again.public.statement() == problem.public.statement()
    assert lost(again, write(again, "cms", folder / "again")) == []


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_problems_survive_cms(tmp_path: Path, name: str) -> None:
    survives_cms(bundled(name), tmp_path)


@pytest.mark.parametrize("name", SHARED)
def test_shared_problems_survive_cms(shared: Path, tmp_path: Path, name: str) -> None:
    survives_cms(load(shared / "archives" / name), tmp_path)


def test_every_shared_problem_is_listed(shared: Path) -> None:
    actual = {str(entry.path.relative_to(shared / "archives"))
             for entry in load_archive(shared / "archives")}  # fmt: skip
    assert actual == set(SHARED)


def test_a_pass_fail_problem_becomes_one_subtask_in_cms(tmp_path: Path) -> None:
    problem = bundled("turnstile")
    again = load(write(problem, "cms", tmp_path))
    assert again.secret is not None
    assert again.public.statement() == problem.public.statement()
    assert again.public.limits == problem.public.limits
    assert again.public.samples == problem.public.samples
    (subtask,) = again.secret.groups[1].children
    assert problem.secret is not None
    assert [t.input.read() for t in subtask.tests] == [
        t.input.read() for t in problem.secret.groups[1].all_tests()
    ]
    assert (subtask.points, subtask.aggregate) == (100.0, "min")
    second = load(write(again, "cms", tmp_path / "again"))
    assert lost(again, tmp_path / "again" / "turnstile") == []
    assert second.public == again.public


COMPARED = ("exact", "whole-text", "lines", "whole-lines", "token-lines", "filled-lines",
            "number-lines", "tokens")  # fmt: skip


@pytest.mark.parametrize("mode", COMPARED)
def test_the_validator_that_is_written_compares_as_the_problem_does(mode: Any) -> None:
    rng = random.Random(mode)
    pieces = b"1|1.0|1.0000001|a|A| |\n|\r\n|  |b|-0|0|1e3|1000|\t".split(b"|")
    same = 0
    for free, tolerance in itertools.product((True, False), (None, 1e-6)):
        equality = Equality(
            mode=mode, case_sensitive=free, ordered=mode != "tokens" or free, rel_tol=tolerance
        )
        written: dict[str, Any] = {"__name__": "compare"}
        exec(compile(comparing_program(equality), "compare.py", "exec"), written)
        for _ in range(150):
            answer = [rng.choice(pieces) for _ in range(rng.randrange(8))]
            output = [rng.choice(pieces) if rng.random() < 0.2 else piece for piece in answer]
            pair = b"".join(answer), b"".join(output)
            assert written["equal"](*pair, written["EQUALITY"]) is equal(*pair, equality)
            same += equal(*pair, equality)
    assert 100 < same < 600


def test_a_format_that_cannot_hold_a_problem_says_why(tmp_path: Path) -> None:
    statement = tmp_path / "p.md"
    statement.write_text("# P\n\nAdd.\n")
    problem = load(statement)
    for name in ("kattis", "kattis-legacy", "cms"):
        with pytest.raises(BadInput, match="needs tests"):
            write(problem, name, tmp_path / "out")
        assert not (tmp_path / "out" / "p").exists()
    assert lost(problem, write(problem, "jsonl", tmp_path / "p.jsonl")) == []
    interactive = next(p for p in map(bundled, BUNDLED) if p.secret and p.secret.interactor)
    with pytest.raises(BadInput, match="its checker answers in another way"):
        write(interactive, "cms", tmp_path / "out")


def test_a_name_that_leads_out_of_the_package_is_refused(tmp_path: Path) -> None:
    problem = bundled("warmer")
    assert problem.secret is not None
    test = TestCase("secret/../../../x", Blob.of(b""), Blob.of(b""))
    secret = replace(problem.secret, groups=(Group("sample"), Group("secret", (test,))))
    for name in ("kattis", "kattis-legacy"):
        with pytest.raises(BadInput, match="not a name of a file in a package"):
            write(replace(problem, secret=secret), name, tmp_path / "a" / "b")
    assert not (tmp_path / "x.in").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    problem = bundled(BUNDLED[0])
    write(problem, "kattis", tmp_path)
    with pytest.raises(BadInput, match="exists already"):
        write(problem, "kattis", tmp_path)


def test_rows_hold_bytes_that_are_no_text(tmp_path: Path) -> None:
    problem = bundled(BUNDLED[0])
    assert problem.secret is not None
    test = TestCase("secret/x", Blob.of(b"\xff\x00\n"), None)
    odd = replace(problem, secret=replace(problem.secret, groups=(Group("secret", (test,)),)))
    assert lost(odd, write(odd, "jsonl", tmp_path / "p.jsonl")) == []


def test_archives_list_without_reading_tests(tmp_path: Path) -> None:
    write(bundled(BUNDLED[0]), "kattis-legacy", tmp_path)
    folder = tmp_path / BUNDLED[0]
    for path in (folder / "data").rglob("*.ans"):
        path.unlink()
    (entry,) = load_archive(tmp_path)
    assert entry.brief().title == bundled(BUNDLED[0]).public.title
    with pytest.raises(BadInput, match="the answer is missing"):
        entry.load()
