"""Problems that share one budget, wave after wave (see `schedule.py`).

Every decision is journalled before it is carried out (`WAVE`): a later session continues with the
same ones. Without stragglers they follow from the answers alone; a straggler is left behind at some
moment, and that moment is in the journal too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medalist.agent.batch.plan import Planned
from medalist.agent.batch.schedule import Round, ScheduleTerms, is_over, next_wave
from medalist.agent.journal import EventKind, Journal


@dataclass(frozen=True)
class WaveRecord:
    """What the problems of a cohort get next.

    Attributes:
        granted: Problem to the candidates that it may have now, earlier ones included.
        over: Problems that get no more.
    """

    granted: Mapping[str, int]
    over: tuple[str, ...]


WAVE = EventKind(
    "wave",
    WaveRecord,
    key="<cohort, from 0>/<number, from 1, in six digits>",
    doc="It was decided which problems of a batch get more candidates.",
)


@dataclass(frozen=True)
class Task:
    """One piece of work: another round (`number`, from 1), or with None the last one."""

    planned: Planned
    wanted: int
    number: int | None
    cohort: Cohort | None
    attempt: int = 1


class Cohort:
    """The state of a cohort; used by the driver alone."""

    def __init__(
        self,
        index: int,
        problems: Iterable[Planned],
        terms: ScheduleTerms,
        journal: Journal,
        finished: frozenset[str],
    ) -> None:
        """Take up the work where the journal shows it.

        Args:
            index: Which cohort of the batch this is.
            problems: All its problems, in the plan's order, finished ones too.
            terms: What there is to spend.
            journal: Where decisions are kept.
            finished: Problems that were processed to the end.
        """
        self._index = index
        self._terms = terms
        self._journal = journal
        self._problems = {problem.problem_id: problem for problem in problems}
        self._finished = finished
        self._rounds: dict[str, Round] = {}
        self._number = dict.fromkeys(self._problems, 1)
        self._wanted = dict.fromkeys(self._problems, terms.first)
        self._over: set[str] = set()
        self._lost: set[str] = set()
        self._late: set[str] = set()
        self._waiting = set(self._problems)
        self._waves = 0
        for entry in journal.events(WAVE, f"{index}/"):
            self._waves += 1
            self._note(entry.value.granted, entry.value.over)

    def begin(self) -> list[Task]:
        """Return the first tasks: the newest round of every problem."""
        if self._finished.issuperset(self._problems):
            return []
        return [self._task(name) for name in self._problems]

    def explored(self, name: str, now: Round) -> list[Task]:
        """Take a problem's round; return what is to be done next."""
        self._rounds[name] = now
        tasks = self._last_tasks([name]) if name in self._over else []
        return tasks + self._arrived(name)

    def lost(self, name: str) -> list[Task]:
        """A problem failed and takes no further part; what it did not use goes to the others."""
        self._rounds.pop(name, None)
        self._lost.add(name)
        return self._arrived(name)

    def leave_behind(self) -> list[Task]:
        """Continue without the problems that are waited for; they join again when they are
        ready."""
        self._late |= self._waiting
        self._waiting.clear()
        return self._next_wave()

    @property
    def waits(self) -> bool:
        """Whether work stands still until some problems are ready."""
        return bool(self._waiting)

    def _arrived(self, name: str) -> list[Task]:
        self._waiting.discard(name)
        self._late.discard(name)
        return [] if self._waiting else self._next_wave()

    def _next_wave(self) -> list[Task]:
        # In the plan's order, whoever was ready first.
        rounds = {name: self._rounds[name] for name in self._problems if name in self._rounds}
        closed = self._over | self._late | self._lost
        if any(now.end == "budget" for now in rounds.values()):
            # Nothing is decided for a later session, which may have a larger budget.
            left = [name for name in rounds if name not in closed]
            self._over.update(left)
            return self._last_tasks(left)
        granted = next_wave(rounds, self._terms, closed)
        over = [
            name
            for name, now in rounds.items()
            if name not in closed and (not granted or is_over(now, self._terms))
        ]
        if not granted and not over:
            return []
        self._waves += 1
        wave = WaveRecord(granted, tuple(over))
        self._journal.append(WAVE, f"{self._index}/{self._waves:06}", wave)
        self._note(granted, over)
        self._waiting = set(granted)
        return self._last_tasks(over) + [self._task(name) for name in granted]

    def _note(self, granted: Mapping[str, int], over: Iterable[str]) -> None:
        for name, wanted in granted.items():
            self._number[name] += 1
            self._wanted[name] = wanted
        self._over.update(over)

    def _task(self, name: str) -> Task:
        return Task(self._problems[name], self._wanted[name], self._number[name], self)

    def _last_tasks(self, names: Iterable[str]) -> list[Task]:
        return [
            Task(self._problems[name], self._rounds[name].wanted, None, None)
            for name in names
            if name not in self._finished
        ]
