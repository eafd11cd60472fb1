"""Running checkers that a model wrote: many outputs a process, bounded, each answer kept apart.

A checker is a function `check(input, output, reference)` (see `prompts/checker.txt`); around it
stands a loop that asks it about one case after another and prints what it says of each, so that a
checker that dies or never ends loses no more than the case at which it did.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from medalist.agent.evidence.matrix import Boxes
from medalist.errors import SandboxFailure
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome

LIMITS = RunLimits(cpu_s=6.0, wall_s=10.0, memory_bytes=512 * MIB, output_bytes=MIB)
"""Of one process, which is asked about several cases."""

MANY = 24
"""Cases of one process at most; fewer where they are large."""

_BYTES = MIB  # of the cases of one process
_SLOW = 2  # cases that never ended before a checker is given up
_TRIES = 3  # a box that fails says nothing about the program
_NEAR = Fraction(1, 10**9)  # values that are not integers may differ by so much
_LONGEST = 20_000  # characters of a value

_LOOP = r"""
import json, os, signal, sys, types
from fractions import Fraction

class Slow(BaseException):
    pass

def slow(number, frame):
    raise Slow

def written(value):
    if value is None:
        return ""
    if isinstance(value, (bool, int)):
        return "x%x" % int(value)
    if isinstance(value, float):
        return repr(value)
    return str(Fraction(value))

def said(check, case):
    try:
        found = check(*case)
        valid, value = found if isinstance(found, (tuple, list)) else (found, None)
        return "+" + written(value) if valid else "-"
    except (ValueError, IndexError, KeyError, AssertionError, StopIteration, OverflowError):
        return "-"

def main():
    out = os.fdopen(os.dup(1), "w")
    cases = json.load(sys.stdin)
    sys.stdout = sys.stderr
    sys.stdin = open(os.devnull)
    sys.setrecursionlimit(20000)
    module = types.ModuleType("checker")
    exec(compile(SOURCE, "checker.py", "exec"), module.__dict__)
    signal.signal(signal.SIGVTALRM, slow)
    for case in cases:
        signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
        try:
            answer = said(module.check, case)
        except Slow:
            answer = "?slow"
        except Exception:
            answer = "?"
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        print(answer.splitlines()[0] if len(answer) < LONGEST else "?", file=out, flush=True)

main()
"""
_CASE_S = 1.5  # CPU seconds for one case


class OutputCase(NamedTuple):
    """What a checker is asked about: an input, an output, and a right output if one is known."""

    input: bytes
    output: bytes
    reference: bytes | None = None


@dataclass(frozen=True)
class Saying:
    """What a checker says of an output: whether it is valid, and how good (larger is better).

    `valid` is None where it said nothing: it failed, or took too long.
    """

    valid: bool | None
    value: Fraction | None = None

    @classmethod
    def read(cls, text: str) -> Saying:
        """Read what the loop printed and a journal holds."""
        if text == "-":
            return _REJECTED
        if not text.startswith("+"):
            return _NOTHING
        try:
            return cls(True, _number(text[1:]))
        except (ValueError, OverflowError, ZeroDivisionError):
            return _NOTHING

    def worse_than(self, best: Fraction | None) -> bool:
        """Whether a valid output is surely worse than the best one."""
        if self.value is None or best is None:
            return False
        if self.value.denominator == best.denominator == 1:
            return bool(self.value < best)
        return self.value < best - _NEAR * max(Fraction(1), abs(best))


_REJECTED, _NOTHING = Saying(False), Saying(None)


def _number(text: str) -> Fraction | None:
    if not text:
        return None
    if text[0] == "x":
        return Fraction(int(text[1:], 16))
    if not math.isfinite(float(Fraction(text))):
        raise ValueError(text)
    return Fraction(text)


def checker_program(source: str) -> str:
    """Return the program that asks a checker about the cases on its standard input."""
    head = f"SOURCE = {source!r}\nLIMIT = {_CASE_S}\nLONGEST = {_LONGEST}\n"
    return head + _LOOP


def ask_checker(
    pool: Boxes, checker: Executable, cases: Sequence[OutputCase], cpu_s: float
) -> tuple[list[str], float]:
    """Return what a checker says of each case, as text (see `Saying.read`), and its CPU seconds.

    It is given up when it has taken `cpu_s` seconds in all, or twice never ended: of what comes
    after that it says nothing (`?`).

    Raises:
        SandboxFailure: A box failed several times in a row.
    """
    said: list[str] = []
    spent, slow = 0.0, 0
    while len(said) < len(cases) and spent < cpu_s and slow < _SLOW:
        some = _together(cases[len(said) :])
        outcome = _outcome(pool, checker, some)
        spent += outcome.cpu_s + outcome.idle_s
        lines = outcome.stdout.decode("utf-8", "replace").splitlines()[: len(some)]
        slow += sum(line == "?slow" for line in lines)
        if len(lines) < len(some):
            lines.append("?")  # the case at which it died
            slow += 1
        said += [line if line[:1] in ("+", "-") else "?" for line in lines]
    return said + ["?"] * (len(cases) - len(said)), spent


def _together(cases: Sequence[OutputCase]) -> Sequence[OutputCase]:
    """Return the first few cases, as many as one process is asked about."""
    size, count = 0, 0
    for case in cases[:MANY]:
        size += len(case.input) + len(case.output) + len(case.reference or b"")
        if count and size > _BYTES:
            break
        count += 1
    return cases[:count]


def _outcome(pool: Boxes, checker: Executable, cases: Sequence[OutputCase]) -> Outcome:
    texts = [
        [part if part is None else part.decode("utf-8", "replace") for part in case]
        for case in cases
    ]
    run = Run(stdin=json.dumps(texts).encode())
    for _ in range(_TRIES - 1):
        try:
            return _run(pool, checker, run)
        except SandboxFailure:
            continue
    return _run(pool, checker, run)


def _run(pool: Boxes, checker: Executable, run: Run) -> Outcome:
    with pool.box() as box:
        return next(iter(box.run_many(checker, [run], LIMITS)))
