"""The part `local` of `scale.py`."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from medalist.problems.assemble import public_files, with_files
from medalist.problems.formats import load
from medalist.problems.formats.bundled import bundled_archive
from medalist.problems.judging import JudgeOptions, judge
from medalist.problems.model import Kind
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.pool import HostPool, open_pool


@dataclass(frozen=True)
class Work:
    """A problem with its accepted solutions, and the same as bare processes."""

    problem: Problem
    sources: list[Source]
    commands: list[list[str]]
    inputs: list[bytes]


def measure(seconds: float) -> dict[str, object]:
    """Return the keys of this part; each of four measurements takes `seconds` seconds."""
    rates: dict[int, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        with open_pool() as pool:
            works = _works(pool, Path(folder))
        for workers in (1, 2):
            bare = _rate(works, workers, seconds, _bare)
            with open_pool(cores=pool.cores[:workers]) as boxes:
                ours = _rate(works, workers, seconds, partial(_judged, boxes))
            rates[workers] = (ours, bare)
    shares = {workers: ours / bare for workers, (ours, bare) in rates.items()}
    return {
        "local_efficiency": round(min(shares.values()), 3),
        "local_by_workers": {
            workers: {
                "problems_per_hour": round(ours),
                "bare_problems_per_hour": round(bare),
                "efficiency": round(shares[workers], 3),
            }
            for workers, (ours, bare) in rates.items()
        },
    }


def _works(pool: HostPool, folder: Path) -> list[Work]:
    """Batch problems compared token by token, with their solutions compiled into `folder`."""
    works = []
    names = (folder / str(number) for number in count())
    for package in sorted(bundled_archive().iterdir()):
        if not (package / "problem.yaml").is_file():
            continue
        problem = load(package)
        secret = problem.secret
        if problem.public.kind is not Kind.BATCH or secret is None or secret.checker is not None:
            continue
        work = Work(problem, [], [], [test.input.read() for test in secret.all_tests()])
        for submission in secret.submissions:
            if submission.permitted != frozenset({Verdict.AC}) or submission.language is None:
                continue
            source = Source(submission.language, submission.files, submission.main)
            family = LANGUAGES[source.language].family
            built = pool.compile(with_files(source, public_files(problem.public, family)))
            if built.executable is None:
                continue
            place = next(names)
            place.mkdir()
            for name, content in built.executable.files.items():
                (place / name).write_bytes(content)
                (place / name).chmod(0o755)
            main = str(place / built.executable.main)
            work.sources.append(source)
            work.commands.append([main] if family != "python" else ["/usr/bin/python3", main])
        if work.sources:
            works.append(work)
    return works


def _rate(works: Sequence[Work], workers: int, seconds: float, do: Callable[[Work], None]) -> float:
    """Problems an hour, with `seconds` of them at once; whole rounds, until the time is over."""
    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(do, works))  # boxes are started, files are in the cache
        started, done = time.monotonic(), 0
        while time.monotonic() - started < seconds:
            done += len(list(threads.map(do, works)))
        return 3600 * done / (time.monotonic() - started)


def _bare(work: Work) -> None:
    for command in work.commands:
        for content in work.inputs:
            subprocess.run(command, input=content, capture_output=True, check=True)


def _judged(boxes: HostPool, work: Work) -> None:
    for source in work.sources:
        judgement = judge(work.problem, source, boxes, how=JudgeOptions(keep_going=True))
        assert judgement.verdict is Verdict.AC, judgement
