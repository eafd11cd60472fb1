import pytest

from medalist.problems.judging.classify import classify, near_limit
from medalist.problems.judging.results import Checked, Measured
from medalist.problems.model import ProblemLimits
from medalist.problems.verdict import Verdict
from medalist.sandbox.outcome import Status

V = Verdict
LIMITS = ProblemLimits(time_s=1.0, memory_mb=64)
MIB = 1 << 20
RIGHT, WRONG = Checked(V.AC), Checked(V.WA)


def facts(
    status: Status = Status.OK,
    cpu_s: float = 0.5,
    memory_mb: int = 10,
    checked: Checked | None = RIGHT,
    *,
    first: bool = False,
) -> Measured:
    return Measured("t", status, cpu_s, memory_mb * MIB, checked, first, "SIGSEGV")


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        (facts(), V.AC),
        (facts(checked=WRONG), V.WA),
        (facts(cpu_s=1.0), V.AC),
        (facts(cpu_s=1.01), V.TLE),
        (facts(cpu_s=1.01, checked=Checked(V.JE)), V.TLE),
        (facts(checked=Checked(V.JE)), V.JE),
        (facts(checked=None), V.JE),
        (facts(memory_mb=65), V.MLE),
        (facts(Status.MEMORY, cpu_s=2.0, checked=None), V.MLE),
        (facts(Status.TIME, cpu_s=1.5, checked=None), V.TLE),
        (facts(Status.OUTPUT, cpu_s=1.2, checked=None), V.TLE),
        (facts(Status.OUTPUT, checked=None), V.OLE),
        (facts(Status.IDLE, checked=None), V.ILE),
        (facts(Status.RUNTIME, checked=None), V.RTE),
        (facts(Status.RUNTIME, cpu_s=1.2, checked=None), V.TLE),
        (facts(Status.RUNTIME, checked=WRONG, first=True), V.WA),
        (facts(Status.TIME, cpu_s=1.5, checked=WRONG, first=True), V.WA),
    ],
)
def test_what_wins(measured: Measured, verdict: Verdict) -> None:
    assert classify(measured, LIMITS).verdict is verdict


def test_a_run_time_error_says_how_and_a_failed_run_has_no_points() -> None:
    assert classify(facts(Status.RUNTIME, checked=None), LIMITS).message == "SIGSEGV"
    slow = classify(facts(cpu_s=1.3, checked=Checked(V.PAC, fraction=0.5)), LIMITS)
    assert (slow.verdict, slow.fraction) == (V.TLE, None)


@pytest.mark.parametrize(
    ("measured", "near"),
    [
        (facts(cpu_s=0.95), False),
        (facts(cpu_s=1.15), True),
        (facts(Status.TIME, cpu_s=1.5, checked=None), False),
        (facts(Status.RUNTIME, cpu_s=1.1, checked=None), True),
        (facts(Status.IDLE, checked=None), True),
        (facts(Status.MEMORY, cpu_s=1.1, checked=None), False),
        (facts(checked=WRONG), False),
    ],
)
def test_only_what_a_repetition_could_turn_is_repeated(measured: Measured, near: bool) -> None:
    assert near_limit(measured, LIMITS) is near
