"""Checkers of other judges and data sets: how each is called and how it answers.

===========  =====================================  ==========================================
protocol     called as                              answers by
===========  =====================================  ==========================================
``hustoj``   ``in ans out``                         exit 0 right, anything else wrong
``qduoj``    ``in out`` (it has no answer)          exit 0 right, 1 wrong, else a judge error
``lemon``    ``in out ans 100 score message``       points of 100 in the file ``score``
``syzoj``    files ``input``, ``user_out``,         points of 100 on stdout
             ``answer``, ``code``
``open-r1``  ``in ans out``                         a share of 1 on stdout's last line; one that
                                                    crashes rejects, as in that data set
===========  =====================================  ==========================================

Sources: Hydro's `hydrojudge/src/checkers.ts` (the first four), QDUOJ's `JudgeServer`, HUSTOJ's
documentation of FPS, `open_r1/utils/competitive_programming/cf_scoring.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from medalist.problems.judging.results import Checked
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Run
from medalist.sandbox.outcome import Outcome

_MESSAGE_LENGTH = 400
_NO_MODULE = (b"ModuleNotFoundError", b"ImportError")


def _hustoj_run(test_input: bytes, answer: bytes, output: bytes) -> Run:
    files = {"test.in": test_input, "test.ans": answer, "test.out": output}
    return Run(args=("test.in", "test.ans", "test.out"), files=files)


def _qduoj_run(test_input: bytes, answer: bytes, output: bytes) -> Run:
    del answer
    # JudgeServer also gives the input on stdin.
    files = {"test.in": test_input, "test.out": output}
    return Run(stdin=test_input, args=("test.in", "test.out"), files=files)


def _lemon_run(test_input: bytes, answer: bytes, output: bytes) -> Run:
    files = {"test.in": test_input, "test.ans": answer, "test.out": output}
    args = ("test.in", "test.out", "test.ans", "100", "score", "message")
    return Run(args=args, files=files, collect=("score", "message"))


def _syzoj_run(test_input: bytes, answer: bytes, output: bytes) -> Run:
    files = {
        "input": test_input,
        "in": test_input,
        "user_out": output,
        "answer": answer,
        "code": b"",
    }
    return Run(files=files)


RUNS: Mapping[str, Callable[[bytes, bytes, bytes], Run]] = {
    "hustoj": _hustoj_run,
    "qduoj": _qduoj_run,
    "lemon": _lemon_run,
    "syzoj": _syzoj_run,
    "open-r1": _hustoj_run,
}
"""Of a protocol: input, answer and output to the run that asks the checker."""


def read(protocol: str, name: str, outcome: Outcome, code: int) -> Checked:
    """Read what a checker that ended with an exit code answered.

    Args:
        protocol: A key of `RUNS`.
        name: The checker's name for messages.
        outcome: Its run.
        code: Its exit code.
    """
    message = _text(outcome.stderr or outcome.stdout)
    if protocol == "hustoj":
        return Checked(Verdict.AC if code == 0 else Verdict.WA, message=message)
    if protocol == "qduoj":
        verdict = {0: Verdict.AC, 1: Verdict.WA}.get(code)
        if verdict is None:
            return Checked(Verdict.JE, message=f"{name} exited with {code}, not 0 or 1")
        return Checked(verdict, message=message)
    if protocol == "open-r1" and code != 0:
        if any(word in outcome.stderr for word in _NO_MODULE):
            return Checked(Verdict.JE, message=f"{name}: {message}")
        return Checked(Verdict.WA, message=f"{name} crashed: {message}")
    full, text = 100.0, outcome.stdout
    if protocol == "lemon":
        text, message = outcome.files.get("score", b""), _text(outcome.files.get("message", b""))
    elif protocol == "open-r1":
        full, text = 1.0, (text.split() or [b""])[-1]
    share = _share(text, full)
    if code != 0 or share is None:
        return Checked(Verdict.JE, message=f"{name} exited with {code} and gave no points")
    verdict = Verdict.AC if share == 1 else Verdict.PAC if share > 0 else Verdict.WA
    return Checked(verdict, fraction=share, message=message)


def _share(text: bytes, full: float) -> float | None:
    words = {b"true": 1.0, b"false": 0.0}
    try:
        value = words.get(text.strip().lower())
        value = float(text) / full if value is None else value
    except ValueError:
        return None
    return min(1.0, max(0.0, value)) if math.isfinite(value) else None


def _text(raw: bytes) -> str:
    words = raw[-4 * _MESSAGE_LENGTH :].decode(errors="replace").split()
    return " ".join(words)[-_MESSAGE_LENGTH:]
