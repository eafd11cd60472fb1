"""Asking as an allocation says: for a few answers first, then by how hard the problem looks.

What was seen and decided is journalled: a run that was stopped decides the same again, whatever it
would see now.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from medalist.agent.choose.allocation import (
    MORE,
    STOP,
    Allocation,
    AllocationLook,
    AllocationStrategy,
    changed_to,
)
from medalist.agent.choose.difficulty import look_at
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.journal import EventKind, Journal
from medalist.agent.steps.problem_run import ProblemRun, SamplingStage
from medalist.agent.steps.run_settings import RunSettings
from medalist.agent.types import JudgedSubmission

_MARK = "~{}"
_MARKED = re.compile(r"~(\d+)/")


@dataclass(frozen=True)
class AllocationRecord:
    """What was seen of a problem at a look, and what was decided.

    Attributes:
        strategy: Of which strategy the samples are.
        samples: How many there were.
        belief, agreeing, passing, behaviours: See `difficulty.DifficultyLook`.
        chance: The chance that the problem is solved with them.
        difficulty: The bin of that chance, 1 for the hardest.
        bins: How many bins there were.
        then: `stop`, `more`, or `change:` and a strategy.
    """

    strategy: str
    samples: int
    belief: float
    agreeing: float
    passing: float
    behaviours: int
    chance: float
    difficulty: int
    bins: int
    then: str

    def __str__(self) -> str:
        """Say it in one line."""
        other = changed_to(self.then)
        then = self.then if other is None else f"change to {other}"
        return (
            f"after {self.samples} answers of {self.strategy}: chance {self.chance:.2f} to be "
            f"solved, bin {self.difficulty} of {self.bins}: {then}"
        )


ALLOCATED = EventKind(
    "allocation",
    AllocationRecord,
    key="<problem>/<number, from 1>",
    doc="An allocation looked at a problem after some answers, and decided whether more are asked.",
)


def allocated(journal: Journal, problem_id: str) -> list[AllocationRecord]:
    """Return what was decided on a problem, in order."""
    newest = {
        entry.key: entry.value
        for entry in journal.events(ALLOCATED, f"{problem_id}/")
        if entry.key.rpartition("/")[0] == problem_id
    }
    return [newest[key] for key in sorted(newest, key=lambda key: int(key.rpartition("/")[2]))]


@dataclass(frozen=True)
class AllocatedRun:
    """A problem on its way through the looks of an allocation.

    Attributes:
        run: As it was begun; its candidates are the most that may be asked for.
        allocation: What says how it goes on.
        parts: The strategies so far, with how many samples of each.
        number: How many decisions were taken.
    """

    run: ProblemRun
    allocation: Allocation
    parts: tuple[tuple[AllocationStrategy, int], ...]
    number: int = 0

    @classmethod
    def begin(cls, run: ProblemRun) -> AllocatedRun:
        """Begin with the first look of the first strategy."""
        assert run.tools.allocation is not None
        first = run.tools.allocation.strategies[0]
        return cls(run, run.tools.allocation, ((first, first.looks[0].samples),))._capped()

    @property
    def samples(self) -> int:
        """Samples of all strategies together."""
        return sum(count for _, count in self.parts)

    def now(self) -> ProblemRun:
        """Return the run with the samples, and the submissions, of this look."""
        run = self.run
        stages = tuple(
            SamplingStage(
                run.tools.model if place == 1 else run.tools.other_models[strategy.name],
                replace(
                    run.settings if place == 1 else stage_settings(run.settings, strategy),
                    candidates=count,
                ),
                _MARK.format(place) if place > 1 else "",
            )
            for place, (strategy, count) in enumerate(self.parts, 1)
        )
        return replace(
            run,
            settings=replace(run.settings, candidates=self.samples),
            tools=replace(run.tools, rules=self._rules()),
            stages=stages,
        )

    def following(
        self, view: View, history: Sequence[JudgedSubmission]
    ) -> tuple[AllocationRecord | None, AllocatedRun | None]:
        """Decide; return what was decided, and how it goes on.

        Nothing is decided where nothing more may be asked for. None goes on at a stop.

        Args:
            view: The programs.
            history: What was submitted.
        """
        strategy, samples = self.parts[-1]
        look = _look(strategy, samples)
        if look is None or self.samples >= self.run.settings.candidates:
            return None, None
        record = self.decided(strategy, look, view, history)
        other = changed_to(record.then)
        parts = self.parts
        following = strategy.following(look.samples)
        if other is not None:
            later = self.allocation.named(other)
            parts = (*parts, (later, later.looks[0].samples))
        elif record.then == MORE and following is not None:
            parts = (*parts[:-1], (strategy, following.samples))
        else:
            return record, None
        return record, replace(self, parts=parts, number=self.number + 1)._capped()

    def decided(
        self,
        strategy: AllocationStrategy,
        look: AllocationLook,
        view: View,
        history: Sequence[JudgedSubmission],
    ) -> AllocationRecord:
        """Return what is decided at a look, journalled; what was decided before stands."""
        journal, key = self.run.tools.journal, f"{self.run.problem_id}/{self.number + 1}"
        known = journal.get(ALLOCATED, key)
        if known is not None and (known.strategy, known.samples) == (strategy.name, look.samples):
            return known
        rules = replace(self.run.tools.rules, submissions=self.allocation.submissions)
        own = _own(view, len(self.parts))
        seen = look_at(own, history, rules, look.samples, self.run.tools.policy)
        decision = self.allocation.decide(strategy, seen)
        record = AllocationRecord(
            strategy=strategy.name,
            samples=seen.samples,
            belief=seen.belief,
            agreeing=seen.agreeing,
            passing=seen.passing,
            behaviours=seen.behaviours,
            chance=round(decision.chance, 6),
            difficulty=decision.difficulty,
            bins=decision.bins,
            then=decision.then,
        )
        journal.append(ALLOCATED, key, record)
        return record

    def _capped(self) -> AllocatedRun:
        """No more is asked for than the run may."""
        *before, (strategy, count) = self.parts
        left = self.run.settings.candidates - sum(other for _, other in before)
        return replace(self, parts=(*before, (strategy, max(0, min(count, left)))))

    def _rules(self) -> PolicyRules:
        """Return the rules with the submissions that may be made before the last look."""
        strategy, samples = self.parts[-1]
        look, rules = _look(strategy, samples), self.run.tools.rules
        early = 0 if look is None else look.submissions
        allowed = early * rules.submissions // max(1, self.allocation.submissions)
        return replace(rules, submissions=max(0, min(allowed, rules.submissions - 1)))


def _look(strategy: AllocationStrategy, samples: int) -> AllocationLook | None:
    """Return the last look at so many samples or fewer."""
    return next((look for look in reversed(strategy.looks) if look.samples <= samples), None)


def stops_after_round(
    run: ProblemRun, count: int, view: View, history: Sequence[JudgedSubmission]
) -> bool:
    """Whether an allocation ends rounds with feedback: it looks at the end of each.

    Args:
        run: The run.
        count: Answers so far.
        view: The programs.
        history: What was submitted.
    """
    if run.tools.allocation is None:
        return False
    strategy = run.tools.allocation.strategies[0]
    look = _look(strategy, count)
    if look is None:
        return False
    now = replace(AllocatedRun.begin(run), number=strategy.looks.index(look))
    record = now.decided(strategy, look, view, history)
    run.progress.allocated = str(record)
    return record.then == STOP


def stage_settings(settings: RunSettings, strategy: AllocationStrategy) -> RunSettings:
    """Return the settings of a run with those of a strategy in their place."""
    renamed = {"lang": "languages"}
    values: dict[str, Any] = {
        renamed.get(name, name): tuple(value) if isinstance(value, list) else value
        for name, value in strategy.settings.items()
        if name != "model"
    }
    return replace(settings, most=0, target=None, **values)


def _own(view: View, place: int) -> View:
    """Return the view of the samples of one strategy alone, as it was fitted."""
    programs = []
    for program in view.programs:
        names = tuple(name for name in program.candidates if _place(name) == place)
        if names:
            programs.append(replace(program, candidates=names))
    return replace(view, programs=tuple(programs))


def _place(candidate_id: str) -> int:
    marked = _MARKED.search(candidate_id)
    return 1 if marked is None else int(marked[1])
