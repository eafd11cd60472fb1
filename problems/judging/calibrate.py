"""The time limit of a package that states none: from its slowest accepted solution.

The work is bounded whatever the package holds: at most 20 accepted solutions and 5,000 runs (a
solution on a test), of all languages in turn. The first is stopped at 60 s of CPU time a test, the
others at twenty times what it took (10 s at least, 60 s at most). A solution of a pass/fail problem
ends with its first failed test.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from medalist.problems.judging.judge import JudgeOptions, judge
from medalist.problems.judging.results import Judgement
from medalist.problems.model import ProblemLimits
from medalist.problems.secret import LabelledSubmission, Problem, SecretProblem
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.host import cache_dir
from medalist.sandbox.pool import Pool

log = logging.getLogger(__name__)

CAP_S = 60.0
"""References that need more CPU time than this on a test say nothing about a limit."""

REFERENCES_LIMIT = 20
RUNS_LIMIT = 5000
_LATER_FACTOR, _LATER_LEAST_S = 20.0, 10.0

Progress = Callable[[str], None]
"""Is told, in a line, what is being done."""


def quiet(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Calibration:
    """The limits to judge by, and where their time comes from.

    Attributes:
        limits: The package's own where it states a time limit; `time_assumed` where there is
            nothing to go by.
        slowest_cpu_s: CPU time of the slowest accepted solution on its slowest test.
        references: How many accepted solutions were run.
        judgements: What came of them, by name (empty where the limit was stated or recalled).
    """

    limits: ProblemLimits
    slowest_cpu_s: float | None = None
    references: int = 0
    judgements: Mapping[str, Judgement] = field(default_factory=dict, repr=False)

    @property
    def origin(self) -> Literal["stated", "measured", "assumed"]:
        """Where the time limit comes from: the package, its accepted solutions, or nowhere."""
        if self.limits.time_assumed:
            return "assumed"
        return "stated" if self.slowest_cpu_s is None else "measured"

    def scaled(self, factor: float) -> Calibration:
        """Return the calibration with the time limit multiplied by a factor."""
        limits = self.limits.model_copy(update={"time_s": self.limits.time_s * factor})
        return replace(self, limits=limits)


def references(problem: Problem) -> list[LabelledSubmission]:
    """Return the submissions that are labelled as accepted and nothing else."""
    if problem.secret is None:
        return []
    return [
        submission
        for submission in problem.secret.submissions
        if submission.permitted == frozenset({Verdict.AC})
        and submission.language is not None
        and submission.times_limit
    ]


def calibrate(
    problem: Problem,
    pool: Pool,
    *,
    recall: bool = True,
    jobs: int = 1,
    progress: Progress = quiet,
) -> Calibration:
    """Find the limits of a problem, running its accepted solutions if nothing states them.

    The limit is the format's multiple of the slowest accepted solution, rounded up to a whole
    second as Kattis does. It is kept in the user's cache, since it belongs to this machine.

    Args:
        problem: The problem.
        pool: Where to run the solutions.
        recall: Take a limit from the cache, if the problem's programs and tests are unchanged.
        jobs: How many solutions are run at the same time.
        progress: Told of every solution that was run.
    """
    limits = problem.public.limits
    solutions = references(problem)
    if not limits.time_assumed or not solutions or problem.secret is None:
        return Calibration(limits)
    path = cache_dir() / "limits" / f"{_digest(problem, problem.secret, solutions)}.json"
    if recall and (known := _recall(path, limits)) is not None:
        return known
    everything = len(solutions)
    tests = len(problem.secret.all_tests())
    solutions = chosen(solutions, tests)
    progress(
        f"time limit: running {len(solutions)} of {everything} accepted solutions on {tests} tests"
    )
    count = 0

    def run(solution: LabelledSubmission, cap_s: float) -> Judgement:
        nonlocal count
        source = Source(solution.language or "", solution.files, solution.main)
        generous = limits.model_copy(update={"time_s": cap_s})
        judgement = judge(problem, source, pool, limits=generous, how=JudgeOptions(raised=1.0))
        count += 1
        progress(
            f"time limit: {count} of {len(solutions)}: {solution.name} {judgement.verdict} "
            f"{judgement.cpu_s:.2f} s"
        )
        return judgement

    judged: list[Judgement] = []
    # Alone, until one is accepted: it says how long the others may take.
    while len(judged) < len(solutions) and not any(j.verdict is Verdict.AC for j in judged):
        judged.append(run(solutions[len(judged)], CAP_S))
    cap_s = later_cap(judged[-1].cpu_s)
    with ThreadPoolExecutor(jobs) as workers:
        judged += workers.map(lambda solution: run(solution, cap_s), solutions[len(judged) :])
    judgements = {solution.name: j for solution, j in zip(solutions, judged, strict=True)}
    accepted = [j.cpu_s for j in judgements.values() if j.verdict is Verdict.AC]
    if not accepted:
        return Calibration(limits, None, len(solutions), judgements)
    slowest = max(accepted)
    stated = _stated(limits, slowest, problem.secret.time_multiplier)
    _keep(path, stated.time_s, slowest, len(accepted))
    return Calibration(stated, slowest, len(accepted), judgements)


def chosen(solutions: list[LabelledSubmission], tests: int) -> list[LabelledSubmission]:
    """Return the solutions to run: all, or as many as the bounds permit, every language in turn."""
    most = max(1, min(REFERENCES_LIMIT, RUNS_LIMIT // max(tests, 1)))
    if len(solutions) <= most:
        return solutions
    turns: Counter[str | None] = Counter()
    keyed = []
    for place, solution in enumerate(solutions):
        keyed.append((turns[solution.language], place, solution))
        turns[solution.language] += 1
    return [solution for _, _, solution in sorted(keyed, key=lambda item: item[:2])][:most]


def later_cap(first_s: float) -> float:
    """Return the CPU seconds a test that solutions get once one was accepted in `first_s`."""
    return min(CAP_S, max(_LATER_LEAST_S, _LATER_FACTOR * first_s))


def _stated(limits: ProblemLimits, slowest: float, multiplier: float) -> ProblemLimits:
    seconds = float(max(1, math.ceil(slowest * multiplier)))
    return limits.model_copy(update={"time_s": seconds, "time_assumed": False})


def _digest(problem: Problem, secret: SecretProblem, solutions: list[LabelledSubmission]) -> str:
    """Hash what the limit depends on; tests by name and size, since reading all takes long."""
    digest = hashlib.sha256()
    for solution in solutions:
        for name in sorted(solution.files):
            digest.update(repr((solution.name, solution.language, name)).encode())
            digest.update(solution.files[name])
    for test in secret.all_tests():
        digest.update(repr((test.test_id, test.input.size)).encode())
    bounds = (CAP_S, REFERENCES_LIMIT, RUNS_LIMIT, _LATER_FACTOR, _LATER_LEAST_S)
    digest.update(repr((problem.public.limits, secret.time_multiplier, bounds)).encode())
    return digest.hexdigest()


def _recall(path: Path, limits: ProblemLimits) -> Calibration | None:
    try:
        kept = json.loads(path.read_bytes())
        update = {"time_s": float(kept["time_s"]), "time_assumed": False}
        return Calibration(
            limits.model_copy(update=update), float(kept["slowest_cpu_s"]), int(kept["references"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(path: Path, time_s: float, slowest: float, count: int) -> None:
    kept = {"time_s": time_s, "slowest_cpu_s": slowest, "references": count}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(kept))
    except OSError as error:
        log.warning("the time limit cannot be kept in %s: %s", path.parent, error)
