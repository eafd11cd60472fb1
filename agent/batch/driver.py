"""The driver of a batch: which problem is worked on next, and what happens to those that fail.

Problems are worked on by threads; what they share (pool, model, journal) is safe for that. The
adaptive schedule works on cohorts of problems that share one budget. Between waves a cohort
waits for its slowest problem; meanwhile what is finished is judged and the next cohort begins.
Where nothing else is left to do, the cohort continues without it after a while.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, Protocol

from medalist.agent.batch.cohort import Cohort, Task
from medalist.agent.batch.plan import Planned
from medalist.agent.batch.schedule import Round, ScheduleTerms
from medalist.agent.batch.work import BatchContext
from medalist.agent.journal import EventKind
from medalist.agent.solve import RunProgress
from medalist.agent.steps.solution_output import SolutionRecord
from medalist.errors import (
    BadInput,
    BudgetExhausted,
    JournalFailure,
    MedalistError,
    MissingPrerequisite,
)

log = logging.getLogger(__name__)

COHORT = 64
"""Problems that share one budget; more would bring little and wait longer for each other."""

PATIENCE_S = 60.0
"""How long a slow problem is waited for while threads have nothing to do."""

BREAKS_TO_STOP = 3
"""After this many consecutive failures that are not a problem's own fault the batch stops."""

Schedule = Literal["adaptive", "equal"]


@dataclass(frozen=True)
class FailureRecord:
    """The reason why a problem failed.

    Attributes:
        error: The name of the error.
        message: What it says, in one line.
        attempt: Which attempt of the session it was.
    """

    error: str
    message: str
    attempt: int = 1

    def __str__(self) -> str:
        return f"{self.error}: {self.message}"


FAILURE = EventKind(
    "failure",
    FailureRecord,
    key="<problem>",
    doc="A problem of a batch failed with an error of medalist; a later session retries it.",
)


class BatchWatcher(Protocol):
    """Called with progress, from any thread; must not raise and should return at once."""

    def stage(self, problem_id: str, stage: str, progress: RunProgress) -> None:
        """See `Watcher`."""
        ...

    def done(self, result: SolutionRecord, *, earlier: bool = False) -> None:
        """A problem was processed; `earlier`: in an earlier session."""
        ...

    def failed(self, problem_id: str, failure: FailureRecord) -> None:
        """A problem failed."""
        ...


@dataclass(frozen=True)
class BatchOptions:
    """How a batch deals with its problems.

    Attributes:
        schedule: `adaptive`, or `equal` shares of the budget for all.
        jobs: Problems worked on at once.
        retries: Retries per failed problem in the same session.
        fail_on_error: Whether the first problem that fails ends the batch.
    """

    schedule: Schedule = "adaptive"
    jobs: int = 4
    retries: int = 0
    fail_on_error: bool = False


@dataclass
class BatchResult:
    """How a session ended. `budget` is the cap that ended it early, in words.

    `unfinished` are the problems that were not processed because of it.
    """

    done: int = 0
    solved: int = 0
    failed: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    budget: str | None = None


class _Stopped(Exception):
    """The session is being ended; raised in the threads that work for it."""


class Batch:
    """Works through problems; use once."""

    def __init__(self, shop: BatchContext, manner: BatchOptions, watch: BatchWatcher) -> None:
        self._shop = shop
        self._manner = manner
        self._watch = watch
        self._ending = BatchResult()
        self._stopping = threading.Event()
        self._exploring: deque[Task] = deque()
        self._concluding: deque[Task] = deque()
        self._running: dict[Future[Round | SolutionRecord], Task] = {}
        self._cohorts: list[Cohort] = []
        self._breaks = 0

    def run(self, problems: Sequence[Planned]) -> BatchResult:
        """Process all problems that an earlier session has not processed.

        Raises:
            JournalFailure, MissingPrerequisite: The run itself cannot continue.
            MedalistError: With `fail_on_error`, or where several problems in a row broke.
        """
        left = deque(self._parts(problems))
        workers = ThreadPoolExecutor(self._manner.jobs, thread_name_prefix="problem")
        try:
            while self._fill(workers, left):
                idle = len(self._running) < self._manner.jobs
                ready, _ = wait(
                    self._running, PATIENCE_S if idle else None, return_when=FIRST_COMPLETED
                )
                for future in ready:
                    self._take(self._running.pop(future), future)
                if not ready:
                    self._leave_behind()
        except BaseException:
            self._stopping.set()
            # Whatever the threads wait for now fails at once.
            self._shop.models.close()
            self._shop.pool.close()
            raise
        finally:
            workers.shutdown(cancel_futures=True)
        return self._ending

    def _known(self, planned: Planned) -> bool:
        result = self._shop.done(planned)
        if result is None or result.budget_ended is not None:
            return False
        self._count(result)
        self._watch.done(result, earlier=True)
        return True

    def _parts(self, problems: Sequence[Planned]) -> Iterator[Callable[[], list[Task]]]:
        """Yield what makes the first tasks of each part of the batch, when its turn has come."""
        finished = frozenset(problem.problem_id for problem in problems if self._known(problem))
        share = self._shop.settings.candidates
        if self._manner.schedule == "equal":
            todo = [problem for problem in problems if problem.problem_id not in finished]
            yield lambda: [Task(item, share, None, None) for item in todo]
            return
        terms = ScheduleTerms.of(share, self._shop.settings.width)
        for index, start in enumerate(range(0, len(problems), COHORT)):
            some = problems[start : start + COHORT]
            yield partial(self._begin, index, some, terms, finished)

    def _begin(
        self, index: int, some: Sequence[Planned], terms: ScheduleTerms, finished: frozenset[str]
    ) -> list[Task]:
        cohort = Cohort(index, some, terms, self._shop.journal, finished)
        self._cohorts.append(cohort)
        return cohort.begin()

    def _leave_behind(self) -> None:
        """Nothing has ended for a while although workers are free: continue with the others."""
        for cohort in self._cohorts:
            if cohort.waits:
                self._add(cohort.leave_behind())

    def _fill(self, workers: ThreadPoolExecutor, left: deque[Callable[[], list[Task]]]) -> bool:
        """Give every free thread something to do; return whether anything is being done."""
        while len(self._running) < self._manner.jobs:
            while not self._exploring and left and self._enough_conclude():
                self._add(left.popleft()())
            task = self._next()
            if task is None:
                break
            self._running[workers.submit(self._work, task)] = task
        return bool(self._running)

    def _enough_conclude(self) -> bool:
        """Whether enough problems wait to be judged that idle workers should sample instead."""
        now = sum(task.number is None for task in self._running.values())
        return not self._concluding or now >= self._shop.pool.size

    def _next(self) -> Task | None:
        if self._exploring:
            return self._exploring.popleft()
        return self._concluding.popleft() if self._concluding else None

    def _add(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            (self._concluding if task.number is None else self._exploring).append(task)

    def _work(self, task: Task) -> Round | SolutionRecord:
        def watch(stage: str, progress: RunProgress) -> None:
            if self._stopping.is_set():
                raise _Stopped
            self._watch.stage(task.planned.problem_id, stage, progress)

        if task.number is None:
            return self._shop.conclude(task.planned, task.wanted, watch)
        return self._shop.explore(task.planned, task.number, task.wanted, watch)

    def _take(self, task: Task, future: Future[Round | SolutionRecord]) -> None:
        """Draw the consequences of a finished piece of work."""
        name = task.planned.problem_id
        error = future.exception()
        if error is None:
            self._breaks = 0
            finished = future.result()
            if isinstance(finished, Round):
                assert task.cohort is not None
                self._add(task.cohort.explored(name, finished))
            else:
                self._count(finished)
                self._watch.done(finished)
            return
        if isinstance(error, BudgetExhausted):
            self._ending.budget = str(error)
            self._ending.unfinished.append(name)
        elif isinstance(error, JournalFailure | MissingPrerequisite):
            raise error
        elif not isinstance(error, BadInput) and task.attempt <= self._manner.retries:
            log.warning("retrying %s: %s", name, error)
            self._add([replace(task, attempt=task.attempt + 1)])
            return
        else:
            self._break(task, error)
        if task.cohort is not None:
            self._add(task.cohort.lost(name))

    def _break(self, task: Task, error: BaseException) -> None:
        name = task.planned.problem_id
        failure = FailureRecord(
            error=type(error).__name__,
            message=" ".join(str(error).split()) or type(error).__name__,
            attempt=task.attempt,
        )
        if not isinstance(error, MedalistError):
            log.error("%s: unexpected error", name, exc_info=error)
        self._shop.journal.append(FAILURE, name, failure)
        self._ending.failed.append(name)
        self._watch.failed(name, failure)
        self._breaks += not isinstance(error, BadInput)
        if self._manner.fail_on_error or self._breaks >= BREAKS_TO_STOP:
            raise error

    def _count(self, result: SolutionRecord) -> None:
        self._ending.done += 1
        self._ending.solved += result.solved
        self._ending.budget = result.budget_ended or self._ending.budget
