"""Judges an output: by the declared equality here, or by a package's own checker in a box.

The protocols, as each system documents or implements them:

===========  ===================================  ============================================
protocol     called as                            answers by
===========  ===================================  ============================================
``kattis``   ``in ans feedback/ flags`` with the  exit 42 or 43, anything else is a judge
             output on stdin                      error; ``score.txt`` holds points,
                                                  ``score_multiplier.txt`` a share
``testlib``  ``in out ans flags``                 exit 0 OK, 1 WA, 2 and 4 PE, 3 judge error,
                                                  7 ``points N`` on stderr, 8 WA (output
                                                  ended too early), 16 + percent
``cms``      ``in ans out``                       exit 0 and a share on stdout's first line
             managers: see ``cms_talk.py``
``dmoj``     ``in out ans``                       exit 0 OK, 1 WA
===========  ===================================  ============================================

DMOJ's other ways are in `dmoj_answers.py`. A package may state the command line itself
(`Helper.call`). Those of other judges and data sets are in `foreign.py`.

A checker is as untrusted as a program: it runs in its own box, and what it prints is
never obeyed beyond the table above.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from medalist.problems.equality import equal, first_difference
from medalist.problems.formats.cms_talk import MANAGER_ARGS, MANAGER_INPUT, MANAGER_OUTPUT
from medalist.problems.formats.kattis_meta import equality_of
from medalist.problems.helper import Helper
from medalist.problems.judging import foreign
from medalist.problems.judging.carried import CARRIED_OUT
from medalist.problems.judging.dmoj_answers import (
    Submitted,
    builtin_answer,
    dmoj_answer,
    filled,
    python_run,
)
from medalist.problems.judging.results import Checked
from medalist.problems.model import Equality
from medalist.problems.secret import TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Run
from medalist.sandbox.outcome import Outcome, Status

FEEDBACK = "feedback/"
NEXT_PASS = FEEDBACK + "nextpass.in"
_SCORE = FEEDBACK + "score.txt"
_MULTIPLIER = FEEDBACK + "score_multiplier.txt"
_MESSAGES = (FEEDBACK + "judgemessage.txt", FEEDBACK + "teammessage.txt")
_COLLECTED = (NEXT_PASS, _SCORE, _MULTIPLIER, *_MESSAGES, CARRIED_OUT)
_MESSAGE_LENGTH = 400

_POINTS = re.compile(rb"^points\s+(-?\d+(?:\.\d+)?)", re.MULTILINE)
_PARTIAL = re.compile(rb"^partial\s+(\d+)/(\d+)", re.MULTILINE)
_INPUT, _OUTPUT, _ANSWER = "test.in", "test.out", "test.ans"


def compare(
    test: TestCase, answer: bytes, output: bytes, equality: Equality, builtin: Helper | None = None
) -> Checked:
    """Compare with the judge's answer by the declared equality, here and not in any box.

    A test with its own flags (Kattis packages may have other tolerances for some groups) is
    compared by those. `builtin` is a comparison of another judge that decides instead.
    """
    if builtin is not None:
        return builtin_answer(builtin, test, answer, output)
    if test.output_flags:
        equality = equality_of(test.output_flags, test.test_id)
    if equal(answer, output, equality):
        return Checked(Verdict.AC)
    difference = first_difference(answer, output, equality)
    if difference is None:
        return Checked(Verdict.WA, message=f"{test.test_id}: only the layout differs")
    expected = "nothing more" if difference.expected is None else repr(difference.expected)
    actual = "nothing" if difference.actual is None else repr(difference.actual)
    after = f" after {difference.before!r}" if difference.before else ""
    return Checked(
        Verdict.WA,
        message=f"line {difference.line}, token {difference.token}{after}: "
        f"expected {expected}, got {actual}",
    )


@dataclass(frozen=True)
class CheckedOutput:
    """What a checker is asked about: the output of a program on a test's input, as it was read."""

    test: TestCase
    input: bytes
    output: bytes


def checker_run(
    helper: Helper,
    asked: CheckedOutput,
    state: Mapping[str, bytes] = MappingProxyType({}),
    submitted: Submitted | None = None,
) -> Run:
    """Return the run that asks `helper` about an output.

    `state` is what the last pass of a multi-pass problem left behind (see `carried.py`).
    """
    test, test_input, output = asked.test, asked.input, asked.output
    answer = test.answer.read() if test.answer else b""
    if helper.protocol in foreign.RUNS:
        run = foreign.RUNS[helper.protocol](test_input, answer, output)
        return replace(run, args=(*run.args, *helper.flags, *test.output_flags))
    files = {_INPUT: test_input, _ANSWER: answer}
    if helper.protocol == "dmoj-python":
        return python_run(helper, test, {**files, _OUTPUT: output}, submitted or Submitted())
    if helper.call is not None:
        named = {"input_file": _INPUT, "output_file": _OUTPUT, "answer_file": _ANSWER}
        return Run(args=filled(helper.call, named), files={**files, _OUTPUT: output})
    if helper.protocol == "kattis":
        return Run(
            stdin=output,
            args=(_INPUT, _ANSWER, FEEDBACK, *helper.flags, *test.output_flags),
            files={**files, **feedback_files(state)},
            collect=_COLLECTED,
        )
    files[_OUTPUT] = output
    order = {
        "cms": (_INPUT, _ANSWER, _OUTPUT),
        "dmoj-peg": (_ANSWER, _OUTPUT, _INPUT),
    }.get(helper.protocol, (_INPUT, _OUTPUT, _ANSWER))
    return Run(args=(*order, *helper.flags, *test.output_flags), files=files)


def interactor_run(
    helper: Helper,
    test: TestCase,
    test_input: bytes,
    state: Mapping[str, bytes],
    submitted: Submitted | None = None,
) -> Run:
    """Return the run in which `helper` talks to a program."""
    files = {_INPUT: test_input, _ANSWER: test.answer.read() if test.answer else b""}
    flags = (*helper.flags, *test.output_flags)
    if helper.protocol == "dmoj-python":
        return python_run(helper, test, files, submitted or Submitted())
    if helper.call is not None:
        named = {"input_file": _INPUT, "output_file": "/dev/null", "answer_file": _ANSWER}
        return Run(args=filled(helper.call, named), files=files)
    if helper.protocol == "kattis":
        return Run(
            args=(_INPUT, _ANSWER, FEEDBACK, *flags),
            files={**files, **feedback_files(state)},
            collect=_COLLECTED,
        )
    if helper.protocol == "cms-manager":
        return Run(args=MANAGER_ARGS, files={MANAGER_INPUT: test_input}, collect=(MANAGER_OUTPUT,))
    if helper.protocol in ("dmoj", "dmoj-coci", "dmoj-lqdoj"):
        return Run(args=(_INPUT, _ANSWER, *flags), files=files)
    return Run(args=(_INPUT, _OUTPUT, _ANSWER, *flags), files=files, collect=(_OUTPUT,))


def feedback_files(state: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that make the feedback folder exist, and those of the last pass."""
    return {FEEDBACK + ".keep": b"", **state}


def interactor_output(outcome: Outcome) -> bytes:
    """Return what a testlib interactor wrote for the checker."""
    return outcome.files.get(_OUTPUT, b"")


def read_answer(helper: Helper, outcome: Outcome, test: TestCase | None = None) -> Checked:
    """Read what a checker or interactor answered; one that misbehaved is a judge error.

    `test` is what it was asked about: where points are bounded by what a test is worth.
    """
    if outcome.status not in (Status.OK, Status.RUNTIME):
        return Checked(Verdict.JE, message=f"{helper.name} failed: {outcome.status} limit")
    if outcome.exit_code is None:
        return Checked(Verdict.JE, message=f"{helper.name} failed: signal {outcome.signal}")
    if helper.protocol.startswith("dmoj"):
        worth = test.case.points if test is not None and test.case is not None else 1.0
        return dmoj_answer(helper, outcome, outcome.exit_code, worth)
    if helper.protocol in foreign.RUNS:
        return foreign.read(helper.protocol, helper.name, outcome, outcome.exit_code)
    return _READERS[helper.protocol](helper, outcome, outcome.exit_code)


def _read_kattis(helper: Helper, outcome: Outcome, code: int) -> Checked:
    message = next((_text(outcome.files[m]) for m in _MESSAGES if outcome.files.get(m)), "")
    if code == 43:
        return Checked(Verdict.WA, message=message)
    if code != 42:
        return Checked(Verdict.JE, message=f"{helper.name} exited with {code}, not 42 or 43")
    for name in (_SCORE, _MULTIPLIER):
        if name not in outcome.files:
            continue
        value = _number(outcome.files[name])
        if value is None:
            return Checked(Verdict.JE, message=f"{helper.name} wrote no number to {name}")
        if name == _MULTIPLIER:
            return _share(value, message)
        return Checked(Verdict.AC, points=value, message=message)
    return Checked(Verdict.AC, message=message)


def _read_testlib(helper: Helper, outcome: Outcome, code: int) -> Checked:
    message = _text(outcome.stderr)
    simple = {
        0: Verdict.AC,
        1: Verdict.WA,
        2: Verdict.PE,
        4: Verdict.PE,
        8: Verdict.WA,
    }
    if code in simple:
        return Checked(simple[code], message=message)
    if code == 7:
        if partial := _PARTIAL.search(outcome.stderr):
            whole = int(partial[2])
            return _share(int(partial[1]) / whole if whole else 0.0, message)
        if points := _POINTS.search(outcome.stderr):
            return Checked(Verdict.AC, points=float(points[1]), message=message)
        return Checked(Verdict.JE, message=f"{helper.name} gave no points on stderr")
    if 16 <= code <= 116:
        return _share((code - 16) / 100, message)
    return Checked(Verdict.JE, message=f"{helper.name} exited with {code}: {message}")


def _read_cms(helper: Helper, outcome: Outcome, code: int) -> Checked:
    said = outcome.files.get(MANAGER_OUTPUT, outcome.stdout)
    value = _number(said.split(b"\n", 1)[0])
    if code != 0 or value is None:
        return Checked(Verdict.JE, message=f"{helper.name} exited with {code} and gave no share")
    return _share(value, _text(outcome.stderr))


_READERS: Mapping[str, Callable[[Helper, Outcome, int], Checked]] = {
    "kattis": _read_kattis,
    "testlib": _read_testlib,
    "cms": _read_cms,
    "cms-manager": _read_cms,
}


def _share(value: float, message: str) -> Checked:
    value = min(1.0, max(0.0, value))
    verdict = Verdict.AC if value == 1 else Verdict.PAC if value > 0 else Verdict.WA
    return Checked(verdict, fraction=value, message=message)


def _number(text: bytes) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _text(raw: bytes) -> str:
    return " ".join(raw[: 4 * _MESSAGE_LENGTH].decode(errors="replace").split())[:_MESSAGE_LENGTH]
