"""What a run notes about a problem for its report: what it is, and where the time went."""

from __future__ import annotations

import time
from typing import Self

from pydantic import JsonValue

from medalist.agent.journal import Journal
from medalist.agent.steps.problem_run import ProblemRun, RunProgress, Watcher


def record_problem(run: ProblemRun) -> None:
    """Journal what a report says of a problem (kind `problem`): no statement, nothing secret."""
    public, journal = run.public, run.tools.journal
    body: dict[str, JsonValue] = {
        "title": public.title,
        "difficulty": public.difficulty,
        "kind": public.kind.value,
        "tags": list(public.tags),
        "source": public.source,
        "license": public.license,
        "full_score": public.full_score,
    }
    known = journal.get("problem", public.problem_id)
    if known is None or known.body != body:
        journal.append("problem", public.problem_id, body, durable=False)


class Clock:
    """A watcher that passes on what it is told and adds up the seconds of each stage.

    On leaving, also by an error, they are journalled (kind `stages`); a session that is killed
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
        seconds: dict[str, JsonValue] = {
            stage: round(spent, 3) for stage, spent in self._seconds.items() if stage != "done"
        }
        self._journal.append("stages", self._problem_id, seconds, durable=False)

    def _turn(self, stage: str | None) -> None:
        now = time.monotonic()
        if self._stage is not None:
            self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
