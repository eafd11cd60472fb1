"""Turns the facts of a run into a verdict under a limit."""

from __future__ import annotations

from medalist.problems.judging.results import MIB, Checked, Measured, TestResult
from medalist.problems.model import ProblemLimits
from medalist.problems.verdict import Verdict
from medalist.sandbox.outcome import Status

NEAR = 0.2
"""A run this close to the time limit, as a share of it, is repeated alone."""

_FAILED = {
    Status.MEMORY: Verdict.MLE,
    Status.TIME: Verdict.TLE,
    Status.IDLE: Verdict.ILE,
    Status.OUTPUT: Verdict.OLE,
    Status.RUNTIME: Verdict.RTE,
}

_EARNS = (Status.MEMORY, Status.OUTPUT, Status.RUNTIME)
"""After these a checker is asked only if it gives points to programs that crash."""


def classify(facts: Measured, limits: ProblemLimits) -> TestResult:
    """Return the verdict of a test under `limits`, which may be lower than those it ran under."""
    checked = facts.checked or Checked(Verdict.JE, message="the output was not checked")
    verdict, message = _verdict(facts, checked, limits)
    own = verdict is checked.verdict
    return TestResult(
        facts.test_id,
        verdict,
        facts.cpu_s,
        facts.memory_bytes / MIB,
        checked.points if own else None,
        checked.fraction if own or facts.status in _EARNS else None,
        message,
    )


def near_limit(facts: Measured, limits: ProblemLimits) -> bool:
    """Whether a repetition alone on the machine could turn a rejection into something else.

    A run just *under* the limit needs none: the least of several times is what counts.
    """
    verdict = classify(facts, limits).verdict
    if verdict is Verdict.ILE:
        return True
    return verdict is Verdict.TLE and facts.cpu_s <= (1 + NEAR) * limits.time_s * facts.time_share


def _verdict(facts: Measured, checked: Checked, limits: ProblemLimits) -> tuple[Verdict, str]:
    if (
        facts.status is Status.MEMORY
        or facts.memory_bytes > limits.memory_mb * facts.memory_share * MIB
    ):
        return Verdict.MLE, ""
    if facts.checker_first:
        return checked.verdict, checked.message
    if facts.cpu_s > limits.time_s * facts.time_share:
        return Verdict.TLE, ""
    if facts.status in _FAILED:
        return _FAILED[facts.status], facts.detail
    return checked.verdict, checked.message
