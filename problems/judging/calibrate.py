"""The time limit of a package that states none: from its slowest accepted solution."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from medalist.problems.judging.judge import judge
from medalist.problems.judging.results import Judgement
from medalist.problems.model import Limits
from medalist.problems.secret import LabelledSubmission, Problem, SecretProblem
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.host import cache_dir
from medalist.sandbox.pool import Pool

log = logging.getLogger(__name__)

CAP_S = 60.0
"""References that need more CPU time than this on a test say nothing about a limit."""


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

    limits: Limits
    slowest_cpu_s: float | None = None
    references: int = 0
    judgements: Mapping[str, Judgement] = field(default_factory=dict, repr=False)


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


def calibrate(problem: Problem, pool: Pool, *, recall: bool = True, jobs: int = 1) -> Calibration:
    """Find the limits of a problem, running its accepted solutions if nothing states them.

    The limit is the format's multiple of the slowest accepted solution, rounded up to a whole
    second as Kattis does. It is kept in the user's cache, since it belongs to this machine.

    Args:
        problem: The problem.
        pool: Where to run the solutions.
        recall: Take a limit from the cache, if the problem's programs and tests are unchanged.
        jobs: How many solutions are run at the same time.
    """
    limits = problem.public.limits
    solutions = references(problem)
    if not limits.time_assumed or not solutions or problem.secret is None:
        return Calibration(limits)
    path = cache_dir() / "limits" / f"{_digest(problem, problem.secret, solutions)}.json"
    if recall and (known := _recall(path, limits)) is not None:
        return known
    generous = limits.model_copy(update={"time_s": CAP_S})

    def run(solution: LabelledSubmission) -> Judgement:
        source = Source(solution.language or "", solution.files, solution.main)
        return judge(problem, source, pool, limits=generous, raised=1.0)

    with ThreadPoolExecutor(jobs) as workers:
        found = list(workers.map(run, solutions))
    judgements = {solution.name: j for solution, j in zip(solutions, found, strict=True)}
    accepted = [j.cpu_s for j in judgements.values() if j.verdict is Verdict.AC]
    if not accepted:
        return Calibration(limits, None, len(solutions), judgements)
    slowest = max(accepted)
    stated = _stated(limits, slowest, problem.secret.time_multiplier)
    _keep(path, stated.time_s, slowest, len(accepted))
    return Calibration(stated, slowest, len(accepted), judgements)


def _stated(limits: Limits, slowest: float, multiplier: float) -> Limits:
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
    digest.update(repr((problem.public.limits, secret.time_multiplier)).encode())
    return digest.hexdigest()


def _recall(path: Path, limits: Limits) -> Calibration | None:
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
