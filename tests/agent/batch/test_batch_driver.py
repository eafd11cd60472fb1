"""The driver of a batch: what becomes of problems that fail, and of those that are slow."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from medalist.agent.batch import driver as batch
from medalist.agent.batch.driver import FAILURE, Batch, BatchOptions, BatchResult, FailureRecord
from medalist.agent.batch.plan import Planned
from medalist.agent.batch.schedule import Round
from medalist.agent.batch.work import BatchContext
from medalist.agent.journal import Journal
from medalist.agent.solve import RunProgress, RunSettings, Watcher
from medalist.agent.steps.solution_output import SOLUTION, SolutionRecord
from medalist.errors import BadInput, JournalFailure, MedalistError, SandboxFailure

PROBLEMS = [Planned(f"p{number}", f"/p{number}") for number in range(8)]


@dataclass
class Closing:
    """Stands for pool and model, of which the driver only asks the size and the end."""

    size: int = 2
    closed: bool = False

    def close(self) -> None:
        self.closed = True


@dataclass
class Workshop:
    """A shop whose problems take no work: `act` says how one goes, by its name and how often."""

    journal: Journal
    act: Callable[[str, int], None]
    settings: RunSettings = field(default_factory=lambda: RunSettings(8))
    pool: Closing = field(default_factory=Closing)
    models: Closing = field(default_factory=Closing)
    tries: Counter[str] = field(default_factory=Counter)

    def done(self, planned: Planned) -> SolutionRecord | None:
        return self.journal.get(SOLUTION, planned.problem_id)

    def explore(self, planned: Planned, number: int, wanted: int, watch: Watcher) -> Round:
        self._go(planned, watch)
        return Round(wanted, wanted, 0.9, 0.0)

    def conclude(self, planned: Planned, wanted: int, watch: Watcher) -> SolutionRecord:
        self._go(planned, watch)
        result = SolutionRecord(problem=planned.problem_id, solved=True)
        self.journal.append(SOLUTION, planned.problem_id, result)
        return result

    def _go(self, planned: Planned, watch: Watcher) -> None:
        watch("sampling", RunProgress())
        self.tries[planned.problem_id] += 1
        self.act(planned.problem_id, self.tries[planned.problem_id])


class Seen:
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.results: list[str] = []
        self.failures: dict[str, FailureRecord] = {}

    def stage(self, problem_id: str, stage: str, progress: RunProgress) -> None:
        pass

    def done(self, result: SolutionRecord, *, earlier: bool = False) -> None:
        self.results.append(result.problem)

    def failed(self, problem_id: str, failure: FailureRecord) -> None:
        self.failures[problem_id] = failure


def run(shop: Workshop, seen: Seen, **manner: Any) -> BatchResult:
    return Batch(cast("BatchContext", shop), BatchOptions(**manner), seen).run(PROBLEMS)


def once(name: str, error: Exception, times: int = 1) -> Callable[[str, int], None]:
    """Let one problem break `times` times."""

    def act(problem_id: str, tries: int) -> None:
        if problem_id == name and tries <= times:
            raise error

    return act


@pytest.mark.parametrize("schedule", ["adaptive", "equal"])
@pytest.mark.parametrize(
    "error", [BadInput("odd"), SandboxFailure("a box\nbroke"), ZeroDivisionError("a bug")]
)
def test_a_problem_that_breaks_costs_itself_alone(
    schedule: str, error: Exception, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Seen()
    with Journal.open(tmp_path) as journal:
        shop = Workshop(journal, once("p3", error, times=99))
        ending = run(shop, seen, schedule=schedule)
        assert ending.failed == ["p3"]
        assert (ending.done, ending.solved) == (7, 7)
        assert sorted(seen.results) == [f"p{n}" for n in range(8) if n != 3]
        assert journal.get(FAILURE, "p3") == seen.failures["p3"]
        assert seen.failures["p3"].error == type(error).__name__
        assert "\n" not in seen.failures["p3"].message
        again = run(Workshop(journal, once("p3", error, times=0)), Seen(), schedule=schedule)
        assert (again.done, again.failed) == (8, [])


def test_a_problem_that_broke_is_tried_again_in_the_session(tmp_path: Path) -> None:
    seen = Seen()
    with Journal.open(tmp_path) as journal:
        shop = Workshop(journal, once("p3", SandboxFailure("broke"), times=2))
        ending = run(shop, seen, retries=2)
    assert (ending.done, ending.failed, seen.failures) == (8, [], {})


def test_bad_input_is_not_tried_again_in_the_session(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        shop = Workshop(journal, once("p3", BadInput("odd"), times=2))
        assert run(shop, Seen(), retries=2, schedule="equal").failed == ["p3"]
    assert shop.tries["p3"] == 1


def test_the_first_that_breaks_may_end_the_batch(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        shop = Workshop(journal, once("p3", BadInput("odd")))
        with pytest.raises(BadInput):
            run(shop, Seen(), fail_on_error=True, jobs=1)
        assert journal.get(FAILURE, "p3") is not None
    assert shop.pool.closed
    assert shop.models.closed


def test_where_nothing_works_the_batch_ends(tmp_path: Path) -> None:
    def act(problem_id: str, tries: int) -> None:
        raise SandboxFailure("broke")

    seen = Seen()
    with Journal.open(tmp_path) as journal, pytest.raises(SandboxFailure):
        run(Workshop(journal, act), seen)
    assert len(seen.failures) == batch.BREAKS_TO_STOP


def test_many_bad_packages_end_nothing(tmp_path: Path) -> None:
    def act(problem_id: str, tries: int) -> None:
        if problem_id != "p7":
            raise BadInput("odd")

    with Journal.open(tmp_path) as journal:
        ending = run(Workshop(journal, act), Seen(), jobs=1)
    assert (ending.done, len(ending.failed)) == (1, 7)


def test_a_journal_that_cannot_be_written_ends_the_batch(tmp_path: Path) -> None:
    failure: MedalistError = JournalFailure("the disk is full")
    with Journal.open(tmp_path) as journal, pytest.raises(JournalFailure):
        run(Workshop(journal, once("p3", failure)), Seen())


def test_a_straggler_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "PATIENCE_S", 0.01)
    others_done = threading.Event()
    seen = Seen()

    def act(problem_id: str, tries: int) -> None:
        if problem_id == "p3" and tries == 1:
            assert others_done.wait(240)

    class Watching(Seen):
        def done(self, result: SolutionRecord, *, earlier: bool = False) -> None:
            super().done(result, earlier=earlier)
            if len(self.results) == 7:
                others_done.set()

    seen = Watching()
    with Journal.open(tmp_path) as journal:
        ending = run(Workshop(journal, act), seen, jobs=2)
    assert ending.done == 8
    assert seen.results[-1] == "p3"
