"""Live progress of a batch on stderr: a screen, plain lines, lines of JSON, or nothing."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from medalist.agent.batch.driver import FAILURE, FailureRecord
from medalist.agent.commands.console import err, printable, say
from medalist.agent.solve import RunProgress
from medalist.agent.steps.solution_output import SolutionRecord

_EVERY_S = 15.0
_ROWS = 16


class Quiet:
    """Shows nothing but what ends the batch."""

    def __init__(self, total: int) -> None:
        """Set the number of problems."""
        self._total = total
        self._lock = threading.Lock()
        self._done = self._solved = self._failed = 0

    def note(self, text: str) -> None:
        """Show a line that concerns the whole batch."""

    def stage(self, problem_id: str, stage: str, progress: RunProgress) -> None:
        """See `BatchWatcher`."""

    def done(self, result: SolutionRecord, *, earlier: bool = False) -> None:
        """See `BatchWatcher`."""
        with self._lock:
            self._done += 1
            self._solved += result.solved
        self._ended(result.problem, result, earlier=earlier)

    def failed(self, problem_id: str, failure: FailureRecord) -> None:
        """See `BatchWatcher`."""
        with self._lock:
            self._failed += 1
        self._broke(problem_id, failure)

    def _ended(self, problem_id: str, result: SolutionRecord, *, earlier: bool) -> None:
        pass

    def _broke(self, problem_id: str, failure: FailureRecord) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


class Plain(Quiet):
    """A line for each problem that ends, and now and then one about the others."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self._active: dict[str, str] = {}
        self._last = time.monotonic()

    def note(self, text: str) -> None:
        """See `Quiet`."""
        say(text)

    def stage(self, problem_id: str, stage: str, progress: RunProgress) -> None:
        """See `BatchWatcher`."""
        del progress
        with self._lock:
            self._active[problem_id] = stage
            due = time.monotonic() - self._last > _EVERY_S
            if due:
                self._last = time.monotonic()
            now = ", ".join(f"{name} ({at})" for name, at in list(self._active.items())[:6])
        if due:
            say(f"{self._head()} at work: {now}")

    def _ended(self, problem_id: str, result: SolutionRecord, *, earlier: bool) -> None:
        with self._lock:
            self._active.pop(problem_id, None)
        if not earlier:
            say(f"{self._head()} {problem_id}: {in_short(result)}")
            _say_doubts(problem_id, result)

    def _broke(self, problem_id: str, failure: FailureRecord) -> None:
        with self._lock:
            self._active.pop(problem_id, None)
        say(f"{self._head()} {problem_id}: {failure}", style="red")

    def _head(self) -> str:
        return f"[{self._done + self._failed}/{self._total}]"


class _Notes(logging.Handler):
    """Passes warnings on as notes."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`."""
        self._note(record.getMessage())


class BatchLog(Quiet):
    """One JSON object a line: `time`, `event` and what belongs to it; warnings are notes."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self._stages: dict[str, str] = {}
        self._warnings = _Notes(self.note)

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self._warnings)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        logging.getLogger().removeHandler(self._warnings)

    def note(self, text: str) -> None:
        """See `Quiet`."""
        self._line("note", {"message": text})

    def stage(self, problem_id: str, stage: str, progress: RunProgress) -> None:
        """See `BatchWatcher`."""
        del progress
        if self._stages.get(problem_id) != stage:
            self._stages[problem_id] = stage
            self._line("stage", {"problem": problem_id, "stage": stage})

    def _ended(self, problem_id: str, result: SolutionRecord, *, earlier: bool) -> None:
        self._line("done", {**result.printed(), "problem": problem_id, "earlier": earlier})

    def _broke(self, problem_id: str, failure: FailureRecord) -> None:
        self._line("failed", {"problem": problem_id, **FAILURE.body(failure)})

    def _line(self, event: str, fields: Mapping[str, Any]) -> None:
        line = json.dumps({"time": round(time.time(), 3), "event": event, **fields})
        with self._lock:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


class Screen(Quiet):
    """A bar over all problems, and a row for each that is being worked on."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self._rows: dict[str, str] = {}
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), console=err,
        )  # fmt: skip
        self._task = self._bar.add_task("batch", total=total)
        self._live = Live(
            console=err, refresh_per_second=4, transient=True, get_renderable=self._draw
        )

    def note(self, text: str) -> None:
        """See `Quiet`."""
        say(text)

    def stage(self, problem_id: str, stage: str, progress: RunProgress) -> None:
        """See `BatchWatcher`."""
        parts = f"{stage:10} {progress.candidates}/{progress.wanted} candidates"
        if progress.programs:
            parts += f", {progress.programs} programs, {progress.pass_samples} pass"
        if progress.verdicts:
            parts += f", {' '.join(progress.verdicts[-8:])}"
        with self._lock:
            self._rows[problem_id] = parts

    def _ended(self, problem_id: str, result: SolutionRecord, *, earlier: bool) -> None:
        with self._lock:
            self._rows.pop(problem_id, None)
        if not earlier:
            _say_doubts(problem_id, result)

    def _broke(self, problem_id: str, failure: FailureRecord) -> None:
        with self._lock:
            self._rows.pop(problem_id, None)
        say(f"{problem_id}: {failure}", style="red")

    def _draw(self) -> Table:
        with self._lock:
            rows = list(self._rows.items())[-_ROWS:]
            solved, failed = self._solved, self._failed
            self._bar.update(self._task, completed=self._done + failed)
        words = f"{solved} solved" + (f", {failed} failed" if failed else "")
        self._bar.update(self._task, description=words)
        grid = Table.grid(padding=(0, 1))
        grid.add_row(self._bar)
        inner = Table.grid(padding=(0, 2))
        for name, text in rows:
            inner.add_row(Text(printable(name), style="bold"), Text(printable(text)))
        grid.add_row(inner)
        return grid

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.__exit__(kind, error, trace)


def display(kind: str, total: int) -> Quiet:
    """Make the display that `--display` names; a screen needs a terminal."""
    match kind:
        case "none":
            return Quiet(total)
        case "log":
            return BatchLog(total)
        case "full" if err.is_terminal:
            return Screen(total)
    return Plain(total)


def _say_doubts(problem_id: str, result: SolutionRecord) -> None:
    """Say in one line what was read from the statement and may have been meant otherwise."""
    if result.doubts:
        say(f"{problem_id}: doubt: {'; '.join(result.doubts)}", style="yellow")


def in_short(result: SolutionRecord) -> str:
    """Say in a few words how a problem ended."""
    verdict = result.verdict or ("delivered" if result.source else "nothing to hand in")
    score = "" if result.score is None else f" {result.score:g} points"
    lent = f"; equality {result.equality}" if result.equality.startswith("privileged") else ""
    return (
        f"{verdict}{score} ({result.candidates} candidates, {result.programs} programs, "
        f"{result.submissions} submitted{lent})"
    )
