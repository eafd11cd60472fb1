"""A judgement as `medalist judge --json` prints it and `POST /v1/judge` answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from medalist.problems.judging.calibrate import Calibration
from medalist.problems.judging.results import Judgement
from medalist.problems.verdict import Verdict
from medalist.sandbox.languages import LANGUAGES

_SAYS_WHY = (Verdict.CE, Verdict.JE, Verdict.RTE, Verdict.ILE)
"""Verdicts whose message quotes no answer."""


def judgement_row(
    source: str,
    judgement: Judgement,
    calibration: Calibration,
    doubts: Sequence[str],
    *,
    quote: bool = True,
) -> dict[str, Any]:
    """Return the public part of a judgement: of tests only names, verdicts and times.

    Args:
        source: What the caller calls the program.
        judgement: The judgement.
        calibration: The limits that it was judged by.
        doubts: What may have been read wrongly of the problem.
        quote: As for `why`.
    """
    row = LANGUAGES.get(judgement.language)
    return {
        "source": source,
        "language": judgement.language or None,
        "standard": (row.standard or None) if row else None,
        "verdict": judgement.verdict,
        "score": judgement.score,
        "message": why(judgement, quote=quote),
        "doubts": list(doubts),
        "time_limit_s": round(calibration.limits.time_s, 4),
        "time_limit": calibration.origin,
        "cpu_s": round(judgement.cpu_s, 4),
        "memory_mb": round(judgement.memory_mb, 2),
        "tests": [
            {"id": test.test_id, "verdict": test.verdict, "cpu_s": round(test.cpu_s, 4)}
            for test in judgement.tests
        ],
    }


def why(judgement: Judgement, *, quote: bool = True) -> str:
    """Say why a submission got its verdict, as far as that gives no answer away.

    With `quote` the last line of a crashed program's stderr is part of it, in which it may have
    written its input.
    """
    failing = judgement.failing_test
    if judgement.message or failing is None:
        return judgement.message
    said = failing.message if failing.verdict in _SAYS_WHY else ""
    if not quote and failing.verdict is Verdict.RTE:
        said = said.partition(": ")[0]
    return f"{failing.test_id}: {failing.verdict}" + (f": {said}" if said else "")
