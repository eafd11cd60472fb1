"""`medalist judge DATASET generations.json`: grades what a model wrote for LiveCodeBench."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import comb
from pathlib import Path

from medalist.agent.commands.console import data, json_line, say
from medalist.agent.propose.generations import read_generations
from medalist.errors import BadInput
from medalist.problems.formats import PackageEntry, load_archive
from medalist.problems.judging import judge
from medalist.problems.judging.calibrate import calibrate
from medalist.problems.judging.read_source import source_of_text
from medalist.problems.model import ProblemLimits
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool

_KS = (1, 5, 10, 100)


@dataclass(frozen=True)
class Graded:
    """The codes of one question and their verdicts."""

    question_id: str
    verdicts: tuple[Verdict, ...]

    @property
    def right(self) -> int:
        """How many are accepted."""
        return self.verdicts.count(Verdict.AC)


@dataclass(frozen=True)
class Grading:
    """How codes are graded: their language if it is said, a factor of the time limit, the form."""

    language: str | None
    limit_scale: float
    as_json: bool


def judge_generations(dataset: Path, file: Path, pool: Pool, how: Grading) -> int:
    """Judge all codes of all questions, print them and pass@k, and return the exit code.

    Raises:
        BadInput: A question is not in the data set.
    """
    codes = read_generations(file)
    entries = _entries(dataset, codes, file)
    results: list[Graded] = []
    with ThreadPoolExecutor(pool.size) as workers:
        for entry in entries:
            problem = entry.load()
            calibration = calibrate(problem, pool, jobs=pool.size, progress=say)
            limits = calibration.scaled(how.limit_scale).limits
            verdict = partial(_verdict, problem, how.language, limits, pool)
            verdicts = workers.map(verdict, codes[entry.problem_id])
            graded = Graded(entry.problem_id, tuple(verdicts))
            results.append(graded)
            _tell(graded, how.as_json)
    _sum_up(results, how.as_json)
    verdicts_of_all = {verdict for graded in results for verdict in graded.verdicts}
    if Verdict.JE in verdicts_of_all:
        return 3
    return 0 if verdicts_of_all == {Verdict.AC} else 1


def _entries(dataset: Path, codes: Mapping[str, Sequence[str]], file: Path) -> list[PackageEntry]:
    """Return the problems of the questions, in the order of the data set."""
    known = {entry.problem_id: entry for entry in load_archive(dataset)}
    unknown = [name for name in codes if name not in known]
    if unknown:
        raise BadInput(
            f"{len(unknown)} of {len(codes)} questions are not in {dataset}",
            file=file,
            field="question_id",
            hint=f"as {unknown[0]!r}",
        )
    left = len(known) - len(codes)
    if left:
        say(f"{left} of {len(known)} problems of the data set have no code here", style="yellow")
    return [entry for name, entry in known.items() if name in codes]


def _verdict(
    problem: Problem, lang: str | None, limits: ProblemLimits, pool: Pool, code: str
) -> Verdict:
    if not code.strip():
        return Verdict.CE
    try:
        source = source_of_text(code, lang, problem)
    except BadInput:  # nothing tells: they are in Python unless something says otherwise
        source = source_of_text(code, "python3", problem)
    return judge(problem, source, pool, limits=limits).verdict


def pass_at(k: int, results: Sequence[Graded]) -> float:
    """Return the mean over questions of the chance that one of k codes is right.

    The unbiased estimator of Chen et al. 2021 (https://arxiv.org/abs/2107.03374), as the
    benchmark's own.
    """
    shares = [1 - comb(len(g.verdicts) - g.right, k) / comb(len(g.verdicts), k) for g in results]
    return sum(shares) / len(shares)


def _possible(results: Sequence[Graded]) -> Iterator[int]:
    """Yield the k for which every question has that many codes."""
    fewest = min((len(graded.verdicts) for graded in results), default=0)
    yield from (k for k in _KS if k <= fewest)


def _tell(graded: Graded, as_json: bool) -> None:
    if as_json:
        json_line(
            {
                "question_id": graded.question_id,
                "verdicts": list(graded.verdicts),
                "graded_list": [verdict is Verdict.AC for verdict in graded.verdicts],
            }
        )
    else:
        shown = " ".join(graded.verdicts) or "no code"
        data(f"{graded.question_id}: {graded.right} of {len(graded.verdicts)} right  {shown}")


def _sum_up(results: Sequence[Graded], as_json: bool) -> None:
    judged = [graded for graded in results if Verdict.JE not in graded.verdicts]
    summary = {f"pass@{k}": round(pass_at(k, judged), 6) for k in _possible(judged)}
    if as_json:
        json_line({"questions": len(results), "judged": len(judged), **summary})
        return
    shares = ", ".join(f"{name} {value:.4f}" for name, value in summary.items())
    broken = len(results) - len(judged)
    rest = f"; {broken} left out, since the judge failed" if broken else ""
    data(f"{len(judged)} questions: {shares or 'no codes'}{rest}")
