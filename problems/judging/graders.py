"""A package's own grader: a program that aggregates the results of a group (Kattis)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from medalist.problems.judging.context import Context, HelperBroken, run_helper
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Run

_GRADE = re.compile(rb"(AC|WA|TLE|RTE|MLE|OLE|JE)\s+(-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*")


def own_grader(
    context: Context,
) -> Callable[[Sequence[tuple[Verdict, float]], tuple[str, ...]], tuple[Verdict, float]]:
    """Return the aggregation of a package's own grader, run in a box like all its programs."""
    helper = context.secret.grader
    names = {Verdict.PAC: "AC", Verdict.ILE: "TLE", Verdict.PE: "WA"}

    def aggregate(
        parts: Sequence[tuple[Verdict, float]], flags: tuple[str, ...]
    ) -> tuple[Verdict, float]:
        if helper is None:
            raise HelperBroken("grading is custom, but there is no grader")
        executable = context.helper(helper)
        lines = "".join(f"{names.get(verdict, verdict)} {score:g}\n" for verdict, score in parts)
        run = Run(stdin=lines.encode(), args=(*helper.flags, *flags))
        with context.pool.box(secret=True) as box:
            (outcome,) = run_helper(box, executable, [run], context.helper_limits)
        answer = _GRADE.fullmatch(outcome.stdout) if outcome.ok else None
        if answer is None:
            raise HelperBroken(f"{helper.name} gave no verdict and score")
        return Verdict(answer[1].decode()), float(answer[2])

    return aggregate
