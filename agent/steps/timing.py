"""What a run records about a problem for its report: its facts and the time per stage."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self

from medalist.agent.journal import EventKind, Journal
from medalist.agent.steps.problem_run import ProblemRun, RunProgress, Watcher


@dataclass(frozen=True)
class ProblemRecord:
    """What a report says of a problem: no statement, nothing secret.

    Attributes:
        title: Its title.
        difficulty: As its package says it.
        kind: `batch`, `interactive`, ...
        tags: As its package says them.
        source: Where it is from.
        license: Under which licence.
        full_score: The most points.
    """

    title: str | None = None
    difficulty: str | None = None
    kind: str | None = None
    tags: tuple[str, ...] = ()
    source: str | None = None
    license: str | None = None
    full_score: float | None = None


PROBLEM = EventKind(
    "problem", ProblemRecord, key="<problem>", doc="A run starts or resumes a problem."
)
STAGES = EventKind(
    "stages",
    dict[str, float],
    key="<problem>",
    doc="A session ended its work on a problem: stage (`sampling`, `compiling`, `observing`, "
    "`reviewing`, `submitting`) to the seconds that it took.",
)


def record_problem(run: ProblemRun) -> None:
    """Journal what a report says of a problem, unless it is known."""
    public, journal = run.public, run.tools.journal
    problem = ProblemRecord(
        title=public.title,
        difficulty=public.difficulty,
        kind=public.kind.value,
        tags=tuple(public.tags),
        source=public.source,
        license=public.license,
        full_score=public.full_score,
    )
    if journal.get(PROBLEM, public.problem_id) != problem:
        journal.append(PROBLEM, public.problem_id, problem, durable=False)


class Clock:
    """A watcher that forwards progress and sums the seconds of each stage.

    On leaving, also by an error, they are journalled (`STAGES`); a session that is killed
    leaves none.
    """

    def __init__(self, journal: Journal, problem_id: str, watch: Watcher) -> None:
        """Time a problem's stages for `journal`."""
        self._journal = journal
        self._problem_id = problem_id
        self._watch = watch
        self._seconds: dict[str, float] = {}
        self._stage: str | None = None
        self._since = self._started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since it was made."""
        return time.monotonic() - self._started

    def __call__(self, stage: str, progress: RunProgress) -> None:
        """See `Watcher`."""
        if stage != self._stage:
            self._turn(stage)
        self._watch(stage, progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._turn(None)
        seconds = {
            stage: round(spent, 3) for stage, spent in self._seconds.items() if stage != "done"
        }
        self._journal.append(STAGES, self._problem_id, seconds, durable=False)

    def _turn(self, stage: str | None) -> None:
        now = time.monotonic()
        if self._stage is not None:
            self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
