"""How DMOJ's checkers and interactors are called and what their answers mean.

=================  ==========================================================================
protocol           answers by
=================  ==========================================================================
``dmoj``           exit 0 OK, 1 WA, anything else is a judge error (type ``default``)
``dmoj-testlib``   exit 0 OK, 1 WA, 2 PE, 3 judge error, 7 and ``points N`` on stderr, where N is
                   at most what the case is worth, or a percentage or share where the package
                   says so (``treat_checker_points_as_percentage``, ``..._as_fraction``)
``dmoj-coci``      as testlib, but 7 and ``partial A/B`` on stderr
``dmoj-peg``       called as ``ans out in``; exit 0 OK, 1 WA; two lines of stdout that are
                   numbers A and B with A/B > 0 give that share, whatever the exit code
``dmoj-lqdoj``     exit 0 OK, 1 WA, 2 and a share at the start of a line of stderr, 4 PE
``dmoj-python``    a file ``verdict.json`` that `dmoj_box` writes
``builtin``        nothing is run: a comparison of `dmoj_box/dmoj/compare.py`
=================  ==========================================================================

An output that passes with no points is accepted in part with the share 0: it earns nothing, but
does not end a batch. One that does not pass may have points as well (`linecount`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from medalist.problems.dmoj_box import CASE, SUBMISSION, VERDICT
from medalist.problems.dmoj_box.dmoj.compare import WrongSettings, compare
from medalist.problems.helper import Helper
from medalist.problems.judging.results import Checked
from medalist.problems.secret import CaseFacts, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Run
from medalist.sandbox.outcome import Outcome, Status

_NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
_POINTS = re.compile(rb"^points (" + _NUMBER + rb")", re.MULTILINE)
_PARTIAL = re.compile(rb"^partial (\d{1,18})/(0*[1-9]\d{0,17})\r?$", re.MULTILINE)
_SHARE = re.compile(rb"^(" + _NUMBER + rb")", re.MULTILINE)
_MESSAGE_LENGTH = 400
_EPSILON = 1e-9

_CODES = {Status.OK: 0, Status.RUNTIME: 1 << 4, Status.MEMORY: 1 << 3, Status.OUTPUT: 1 << 6}
"""DMOJ's `Result.result_flag` for how a program ended (IR, MLE, OLE)."""

_LANGUAGES = {"c17": "C11", "python3": "PY3"}
"""DMOJ's names of languages, where they are not those of the table in capitals."""


@dataclass(frozen=True)
class Submitted:
    """What a checker in Python is told of the submission and its run."""

    problem_id: str = ""
    language: str = ""
    source: bytes = b""
    cpu_s: float = 0.0
    memory_bytes: int = 0
    status: Status = Status.OK


def filled(words: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return a command line with `{input_file}` and so on replaced by file names."""
    done = []
    for word in words:
        for key, value in names.items():
            word = word.replace("{" + key + "}", value)
        done.append(word)
    return tuple(done)


def python_run(
    helper: Helper, test: TestCase, files: Mapping[str, bytes], submitted: Submitted
) -> Run:
    """Return the run of a checker or interactor in Python."""
    case = test.case or CaseFacts()
    facts = {
        "points": case.points,
        "position": case.position,
        "batch": case.batch,
        "binary": case.binary,
        "problem_id": submitted.problem_id,
        "language": _LANGUAGES.get(submitted.language, submitted.language.upper()),
        "time_s": submitted.cpu_s,
        "memory_kb": submitted.memory_bytes >> 10,
        "code": _CODES.get(submitted.status, 0),
        "settings": {name: json.loads(value) for name, value in helper.settings.items()},
    }
    more = {CASE: json.dumps(facts).encode(), SUBMISSION: submitted.source}
    return Run(files={**files, **more}, collect=(VERDICT,))


def builtin_answer(helper: Helper, test: TestCase, answer: bytes, output: bytes) -> Checked:
    """Decide by one of DMOJ's own comparisons."""
    settings = {name: json.loads(value) for name, value in helper.settings.items()}
    try:
        passed, share = compare(helper.name, answer, output, settings)
    except WrongSettings as error:
        return Checked(Verdict.JE, message=f"checker {helper.name}: {error}")
    worth = test.case.points if test.case is not None else 1.0
    return _decided(passed, share, worth, "" if passed else f"{helper.name}: not equal")


def dmoj_answer(helper: Helper, outcome: Outcome, code: int, worth: float) -> Checked:
    """Read an answer; `worth` is what the case is worth."""
    message = _text(outcome.stdout) or _text(outcome.stderr)
    if helper.protocol == "dmoj-python":
        return _python_answer(helper, outcome, code, worth)
    if helper.protocol == "dmoj-peg" and code in (0, 1):
        return _peg_answer(outcome, code, worth, message)
    if helper.protocol == "dmoj-lqdoj" and code == 2:
        return _points(helper, _SHARE.search(outcome.stderr), 1.0, worth, message)
    if helper.protocol == "dmoj-testlib" and code == 7:
        whole = _whole(helper, worth)
        return _points(helper, _POINTS.search(outcome.stderr), whole, worth, message)
    if helper.protocol == "dmoj-coci" and code == 7:
        match = _PARTIAL.search(outcome.stderr)
        return _points(helper, match, float(match[2]) if match else 0.0, worth, message)
    presentation = {"dmoj-testlib": 2, "dmoj-coci": 2, "dmoj-lqdoj": 4}.get(helper.protocol)
    if code == 0:
        return Checked(Verdict.AC, message=message)
    if code == 1:
        return Checked(Verdict.WA, message=message)
    if code == presentation:
        return Checked(Verdict.PE, message=message)
    said = f": {message}" if message else ""
    return Checked(Verdict.JE, message=f"{helper.name} exited with {code}{said}")


def _whole(helper: Helper, worth: float) -> float:
    if helper.settings.get("treat_checker_points_as_percentage") == "true":
        return 100.0
    if helper.settings.get("treat_checker_points_as_fraction") == "true":
        return 1.0
    return worth


def _points(
    helper: Helper, match: re.Match[bytes] | None, whole: float, worth: float, message: str
) -> Checked:
    if match is None:
        return Checked(Verdict.JE, message=f"{helper.name} gave no points on stderr")
    value = float(match[1])
    if not 0 <= value <= whole + _EPSILON:
        shown = match[0].decode(errors="replace").strip()
        return Checked(Verdict.JE, message=f"{helper.name} gave {shown!r}, more than {whole:g}")
    return _decided(True, value / whole if whole else 1.0, worth, message)


def _peg_answer(outcome: Outcome, code: int, worth: float, message: str) -> Checked:
    numbers = [_number(line) for line in outcome.stdout.split(b"\n")[:10_000]]
    for part, whole in pairwise(numbers):
        if part is not None and whole and part / whole > 0:
            return _decided(True, min(1.0, part / whole), worth, message)
    return Checked(Verdict.AC if code == 0 else Verdict.WA, message=message)


def _python_answer(helper: Helper, outcome: Outcome, code: int, worth: float) -> Checked:
    raw = outcome.files.get(VERDICT)
    if code != 0 or raw is None:
        lines = outcome.stderr.decode(errors="replace").strip().splitlines() or ["no answer"]
        return Checked(Verdict.JE, message=f"{helper.name} failed: {lines[-1][:_MESSAGE_LENGTH]}")
    try:
        answer = json.loads(raw)
        passed, points, message = answer["passed"], float(answer["points"]), answer["message"]
    except (ValueError, KeyError, TypeError):
        return Checked(Verdict.JE, message=f"{helper.name} gave no answer that can be read")
    if not math.isfinite(points):
        return Checked(Verdict.JE, message=f"{helper.name} gave {points} points")
    share = min(1.0, max(0.0, points / worth)) if worth else float(bool(passed))
    return _decided(bool(passed), share, worth, _text(str(message).encode()))


def _decided(passed: bool, share: float, worth: float, message: str) -> Checked:
    if passed:
        full = share >= 1 - _EPSILON or not worth
        verdict = Verdict.AC if full else Verdict.PAC
        return Checked(verdict, fraction=1.0 if full else share, message=message)
    if share > 0 and worth:
        return Checked(Verdict.WA, fraction=share, message=message)
    return Checked(Verdict.WA, message=message)


def _number(text: bytes) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _text(raw: bytes) -> str:
    return " ".join(raw[: 4 * _MESSAGE_LENGTH].decode(errors="replace").split())[:_MESSAGE_LENGTH]
