import pytest

from medalist.problems.helper import Helper
from medalist.problems.judging.checkers import (
    CheckedOutput,
    checker_run,
    interactor_run,
    read_answer,
)
from medalist.problems.secret import Blob, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.outcome import Outcome, Status

CASE = TestCase("secret/1", Blob.of(b"in"), Blob.of(b"ans"), output_flags=("case_sensitive",))


def helper(protocol: str, **fields: object) -> Helper:
    return Helper("check", "cpp17", {"c.cpp": b""}, "c.cpp", protocol, **fields)  # type: ignore[arg-type]


def ended(code: int | None, **fields: object) -> Outcome:
    facts: dict[str, object] = {
        "status": Status.OK if code == 0 else Status.RUNTIME,
        "signal": None,
        "stdout": b"",
        **fields,
    }
    return Outcome(exit_code=code, cpu_s=0.0, wall_s=0.0, memory_bytes=0, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("protocol", "args"),
    [
        ("kattis", ("test.in", "test.ans", "feedback/", "x", "case_sensitive")),
        ("testlib", ("test.in", "test.out", "test.ans", "x", "case_sensitive")),
        ("dmoj", ("test.in", "test.out", "test.ans", "x", "case_sensitive")),
        ("cms", ("test.in", "test.ans", "test.out", "x", "case_sensitive")),
    ],
)
def test_how_a_checker_is_called(protocol: str, args: tuple[str, ...]) -> None:
    run = checker_run(helper(protocol, flags=("x",)), CheckedOutput(CASE, b"in", b"out"))
    assert run.args == args
    assert run.files["test.in"] == b"in"
    assert run.files["test.ans"] == b"ans"
    assert (run.stdin if protocol == "kattis" else run.files["test.out"]) == b"out"


def test_how_an_interactor_is_called() -> None:
    assert interactor_run(helper("kattis"), CASE, b"in", {}).args[:3] == (
        "test.in",
        "test.ans",
        "feedback/",
    )
    testlib = interactor_run(helper("testlib"), CASE, b"in", {})
    assert testlib.args[:3] == ("test.in", "test.out", "test.ans")
    assert testlib.collect == ("test.out",)
    assert interactor_run(helper("dmoj"), CASE, b"in", {}).args[:2] == ("test.in", "test.ans")


@pytest.mark.parametrize(
    ("code", "files", "verdict", "points", "fraction"),
    [
        (42, {}, Verdict.AC, None, None),
        (43, {}, Verdict.WA, None, None),
        (0, {}, Verdict.JE, None, None),
        (1, {}, Verdict.JE, None, None),
        (42, {"feedback/score.txt": b"12.5\n"}, Verdict.AC, 12.5, None),
        (42, {"feedback/score.txt": b"many"}, Verdict.JE, None, None),
        (42, {"feedback/score.txt": b"nan"}, Verdict.JE, None, None),
        (42, {"feedback/score_multiplier.txt": b"0.5"}, Verdict.PAC, None, 0.5),
        (42, {"feedback/score_multiplier.txt": b"1"}, Verdict.AC, None, 1.0),
    ],
)
def test_kattis_answers(
    code: int,
    files: dict[str, bytes],
    verdict: Verdict,
    points: float | None,
    fraction: float | None,
) -> None:
    checked = read_answer(helper("kattis"), ended(code, files=files))
    assert (checked.verdict, checked.points, checked.fraction) == (verdict, points, fraction)


@pytest.mark.parametrize(
    ("protocol", "code", "stderr", "verdict", "points", "fraction"),
    [
        ("testlib", 0, b"ok", Verdict.AC, None, None),
        ("testlib", 1, b"", Verdict.WA, None, None),
        ("testlib", 2, b"", Verdict.PE, None, None),
        ("testlib", 3, b"", Verdict.JE, None, None),
        ("testlib", 4, b"", Verdict.PE, None, None),
        ("testlib", 7, b"points 3.5 good", Verdict.AC, 3.5, None),
        ("testlib", 7, b"no number", Verdict.JE, None, None),
        ("testlib", 8, b"", Verdict.WA, None, None),
        ("testlib", 16, b"", Verdict.WA, None, 0.0),
        ("testlib", 66, b"", Verdict.PAC, None, 0.5),
        ("testlib", 116, b"", Verdict.AC, None, 1.0),
        ("testlib", 139, b"", Verdict.JE, None, None),
        ("dmoj", 0, b"", Verdict.AC, None, None),
        ("dmoj", 2, b"", Verdict.JE, None, None),
        ("dmoj", 7, b"points 5\n", Verdict.JE, None, None),
        ("dmoj-testlib", 2, b"", Verdict.PE, None, None),
        ("dmoj-testlib", 3, b"", Verdict.JE, None, None),
        ("dmoj-testlib", 7, b"points 1\n", Verdict.AC, None, 1.0),
        ("dmoj-testlib", 7, b"points 0\n", Verdict.PAC, None, 0.0),
        ("dmoj-testlib", 7, b"points 2\n", Verdict.JE, None, None),
        ("dmoj-testlib", 7, b"points -1\n", Verdict.JE, None, None),
        ("dmoj-coci", 7, b"partial 1/4\n", Verdict.PAC, None, 0.25),
        ("dmoj-coci", 7, b"x\npartial 5/4\n", Verdict.JE, None, None),
        ("dmoj-coci", 7, b"partial 1/00\n", Verdict.JE, None, None),
        ("dmoj-coci", 7, b"points 1\n", Verdict.JE, None, None),
        ("dmoj-lqdoj", 2, b"0.5 nearly\n", Verdict.PAC, None, 0.5),
    ],
)
def test_testlib_and_dmoj_answers(
    protocol: str,
    code: int,
    stderr: bytes,
    verdict: Verdict,
    points: float | None,
    fraction: float | None,
) -> None:
    checked = read_answer(helper(protocol), ended(code, stderr=stderr))
    assert (checked.verdict, checked.points, checked.fraction) == (verdict, points, fraction)


@pytest.mark.parametrize(
    ("code", "stdout", "verdict", "fraction"),
    [
        (0, b"1.0\n", Verdict.AC, 1.0),
        (0, b"0.25\nmore", Verdict.PAC, 0.25),
        (0, b"0\n", Verdict.WA, 0.0),
        (0, b"", Verdict.JE, None),
        (1, b"1.0\n", Verdict.JE, None),
    ],
)
def test_cms_answers(code: int, stdout: bytes, verdict: Verdict, fraction: float | None) -> None:
    checked = read_answer(helper("cms"), ended(code, stdout=stdout))
    assert (checked.verdict, checked.fraction) == (verdict, fraction)


@pytest.mark.parametrize("protocol", ["kattis", "testlib", "cms", "dmoj"])
@pytest.mark.parametrize(
    "outcome",
    [
        ended(None, status=Status.RUNTIME, signal=11),
        ended(None, status=Status.TIME, signal=9),
        ended(None, status=Status.IDLE, signal=9),
        ended(0, status=Status.OUTPUT),
    ],
)
def test_a_checker_that_breaks_is_a_judge_error(protocol: str, outcome: Outcome) -> None:
    assert read_answer(helper(protocol), outcome).verdict is Verdict.JE


def test_messages_are_one_short_line() -> None:
    checked = read_answer(
        helper("kattis"), ended(43, files={"feedback/judgemessage.txt": b"a\nb\x1b[31m " * 900})
    )
    assert "\n" not in checked.message
    assert len(checked.message) <= 400
