"""The driver of a batch: which problem is worked on next, and what becomes of those that break.

Problems are worked on by threads; what they share (pool, model, journal) is safe for that. The
adaptive schedule works on cohorts of problems that share one budget. A cohort waits for its
slowest problem between waves; meanwhile its finished problems are judged and the next cohort
begins, so that nobody else waits.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from medalist.agent.scale.plan import Planned
from medalist.agent.scale.schedule import Round, Terms, is_over, next_wave
from medalist.agent.scale.work import Shop
from medalist.agent.solve import Tally
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

BREAKS_TO_STOP = 3
"""So many problems that break in a row, other than by their own fault: then nothing works."""

Schedule = Literal["adaptive", "equal"]


class BatchWatcher(Protocol):
    """Is told of progress, by any thread; must not fail and should return at once."""

    def stage(self, problem_id: str, stage: str, tally: Tally) -> None:
        """See `Watcher`."""
        ...

    def done(self, result: Mapping[str, Any], *, earlier: bool = False) -> None:
        """A problem was processed; `earlier`: in an earlier session."""
        ...

    def failed(self, problem_id: str, failure: Mapping[str, Any]) -> None:
        """A problem broke."""
        ...


@dataclass(frozen=True)
class Manner:
    """How a batch deals with its problems.

    Attributes:
        schedule: `adaptive`, or `equal` shares of the budget for all.
        jobs: Problems worked on at once.
        retries: How often a problem that broke is tried again in the same session.
        fail_on_error: Whether the first problem that breaks ends the batch.
    """

    schedule: Schedule = "adaptive"
    jobs: int = 4
    retries: int = 0
    fail_on_error: bool = False


@dataclass
class Ending:
    """How a session ended. `unfinished` were not processed because of a cap, `budget` says it."""

    done: int = 0
    solved: int = 0
    failed: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    budget: str | None = None


class _Stopped(Exception):
    """The session is being ended; raised in the threads that work for it."""


@dataclass(frozen=True)
class _Task:
    """One piece of work: another round (`number`), or with None the last one, with judging."""

    planned: Planned
    wanted: int
    number: int | None
    cohort: _Cohort | None
    attempt: int = 1


class _Cohort:
    """Problems that share one budget, wave after wave."""

    def __init__(self, problems: Iterable[Planned], terms: Terms) -> None:
        self._terms = terms
        self._problems = {one.problem_id: one for one in problems}
        self._rounds: dict[str, Round] = {}
        self._numbers = dict.fromkeys(self._problems, 1)
        self._waiting = set(self._problems)
        self._open = dict.fromkeys(self._problems)

    def begin(self) -> list[_Task]:
        """Return the first wave."""
        return [_Task(one, self._terms.step, 1, self) for one in self._problems.values()]

    def explored(self, name: str, now: Round) -> list[_Task]:
        """Take a problem's round; return what is to be done next."""
        self._rounds[name] = now
        return self._settle(name)

    def lost(self, name: str) -> list[_Task]:
        """A problem broke and takes no further part; what it did not use goes to the others."""
        self._open.pop(name, None)
        self._rounds.pop(name, None)
        return self._settle(name)

    def _settle(self, name: str) -> list[_Task]:
        self._waiting.discard(name)
        if self._waiting:
            return []
        # In the plan's order, whoever was ready first.
        rounds = {one: self._rounds[one] for one in self._problems if one in self._rounds}
        granted = next_wave(rounds, self._terms)
        over = [one for one in self._open if not granted or is_over(rounds[one], self._terms)]
        tasks = [_Task(self._problems[one], rounds[one].wanted, None, None) for one in over]
        for one in over:
            del self._open[one]
        for one, wanted in granted.items():
            self._numbers[one] += 1
            tasks.append(_Task(self._problems[one], wanted, self._numbers[one], self))
        self._waiting = set(granted)
        return tasks


class Batch:
    """Works through problems; use once."""

    def __init__(self, shop: Shop, manner: Manner, watch: BatchWatcher) -> None:
        self._shop = shop
        self._manner = manner
        self._watch = watch
        self._ending = Ending()
        self._stopping = threading.Event()
        self._exploring: deque[_Task] = deque()
        self._concluding: deque[_Task] = deque()
        self._running: dict[Future[Round | dict[str, Any]], _Task] = {}
        self._breaks = 0

    def run(self, problems: Sequence[Planned]) -> Ending:
        """Process all problems that an earlier session has not processed.

        Raises:
            JournalFailure, MissingPrerequisite: The run itself cannot go on.
            MedalistError: With `fail_on_error`, or where several problems in a row broke.
        """
        left = deque(self._cohorts([one for one in problems if not self._known(one)]))
        workers = ThreadPoolExecutor(self._manner.jobs, thread_name_prefix="problem")
        try:
            while self._fill(workers, left):
                ready, _ = wait(self._running, return_when=FIRST_COMPLETED)
                for future in ready:
                    self._take(self._running.pop(future), future)
        except BaseException:
            self._stopping.set()
            # Whatever the threads wait for now fails at once.
            self._shop.model.close()
            self._shop.pool.close()
            raise
        finally:
            workers.shutdown(cancel_futures=True)
        return self._ending

    def _known(self, planned: Planned) -> bool:
        event = self._shop.journal.get("solution", planned.problem_id)
        if event is None or "budget_ended" in event.body:
            return False
        self._count(event.body)
        self._watch.done(event.body, earlier=True)
        return True

    def _cohorts(self, problems: Sequence[Planned]) -> Iterable[list[_Task]]:
        share = self._shop.settings.candidates
        for start in range(0, len(problems), COHORT):
            some = problems[start : start + COHORT]
            if self._manner.schedule == "equal":
                yield [_Task(one, share, None, None) for one in some]
            else:
                yield _Cohort(some, Terms.of(share, self._shop.settings.width)).begin()

    def _fill(self, workers: ThreadPoolExecutor, left: deque[list[_Task]]) -> bool:
        """Give every free thread something to do; return whether anything is being done."""
        while len(self._running) < self._manner.jobs:
            if not self._exploring and left and self._enough_conclude():
                self._add(left.popleft())
            task = self._next()
            if task is None:
                break
            self._running[workers.submit(self._work, task)] = task
        return bool(self._running)

    def _enough_conclude(self) -> bool:
        """Whether the boxes have enough to judge, so that other problems had better sample."""
        now = sum(task.number is None for task in self._running.values())
        return not self._concluding or now >= self._shop.pool.size

    def _next(self) -> _Task | None:
        if self._exploring:
            return self._exploring.popleft()
        return self._concluding.popleft() if self._concluding else None

    def _add(self, tasks: Iterable[_Task]) -> None:
        for task in tasks:
            (self._concluding if task.number is None else self._exploring).append(task)

    def _work(self, task: _Task) -> Round | dict[str, Any]:
        def watch(stage: str, tally: Tally) -> None:
            if self._stopping.is_set():
                raise _Stopped
            self._watch.stage(task.planned.problem_id, stage, tally)

        if task.number is None:
            return self._shop.conclude(task.planned, task.wanted, watch)
        return self._shop.explore(task.planned, task.number, task.wanted, watch)

    def _take(self, task: _Task, future: Future[Round | dict[str, Any]]) -> None:
        """Draw the consequences of a finished piece of work."""
        name = task.planned.problem_id
        error = future.exception()
        if error is None:
            self._breaks = 0
            found = future.result()
            if isinstance(found, Round):
                assert task.cohort is not None
                self._add(task.cohort.explored(name, found))
            else:
                self._count(found)
                self._watch.done(found)
            return
        if isinstance(error, BudgetExhausted):
            self._ending.budget = str(error)
            self._ending.unfinished.append(name)
        elif isinstance(error, JournalFailure | MissingPrerequisite):
            raise error
        elif not isinstance(error, BadInput) and task.attempt <= self._manner.retries:
            log.warning("%s is tried again: %s", name, error)
            self._add([replace(task, attempt=task.attempt + 1)])
            return
        else:
            self._break(task, error)
        if task.cohort is not None:
            self._add(task.cohort.lost(name))

    def _break(self, task: _Task, error: BaseException) -> None:
        name = task.planned.problem_id
        failure = {
            "error": type(error).__name__,
            "message": " ".join(str(error).split()) or type(error).__name__,
            "attempt": task.attempt,
        }
        if not isinstance(error, MedalistError):
            log.error("%s: not foreseen", name, exc_info=error)
        self._shop.journal.append("failure", name, failure)
        self._ending.failed.append(name)
        self._watch.failed(name, failure)
        self._breaks += not isinstance(error, BadInput)
        if self._manner.fail_on_error or self._breaks >= BREAKS_TO_STOP:
            raise error

    def _count(self, result: Mapping[str, Any]) -> None:
        self._ending.done += 1
        self._ending.solved += bool(result["solved"])
