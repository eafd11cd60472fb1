"""Live progress of `solve` on stderr: a moving line in a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from medalist.agent.commands.console import err, say
from medalist.agent.solve import RunProgress

_EVERY_S = 15.0


class Display:
    """A `Watcher` that shows the progress; use as a context manager."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stage = ""
        self._last = 0.0
        self._sampling: tuple[float, int] | None = None
        self._live: Live | None = None
        if err.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=err,
            )
            self._task = self._bar.add_task(name, total=None)
            self._live = Live(console=err, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, traceback)

    def __call__(self, stage: str, progress: RunProgress) -> None:
        """Show where the run is."""
        state = self._rate(stage, progress) + summary(progress)
        if self._live is not None:
            done, total = _amount(stage, progress)
            self._bar.update(
                self._task, description=f"{self._name}: {stage}", completed=done, total=total
            )
            grid = Table.grid()
            grid.add_row(self._bar)
            grid.add_row(state)
            self._live.update(grid)
        elif stage != self._stage or time.monotonic() - self._last > _EVERY_S:
            done, total = _amount(stage, progress)
            say(f"{self._name}: {stage} {done}/{total}  {state}")
            self._stage, self._last = stage, time.monotonic()

    def _rate(self, stage: str, progress: RunProgress) -> str:
        """What the model does: tokens a second of this session, and what is in flight."""
        if stage != "sampling":
            return ""
        now = time.monotonic()
        if self._sampling is None:
            self._sampling = (now, progress.tokens)
        since, tokens = self._sampling
        parts = [f"{progress.in_flight} in flight"]
        if progress.in_flight_usd:
            parts[0] += f" (at most ${progress.in_flight_usd:.4f})"
        if now > since and progress.tokens > tokens:
            parts.append(f"{(progress.tokens - tokens) / (now - since):.0f} tokens/s")
        return " · ".join(parts) + " · "


def _amount(stage: str, progress: RunProgress) -> tuple[int, int]:
    if stage == "sampling":
        return progress.candidates, progress.wanted
    if stage == "compiling":
        return progress.compiled + progress.failed_to_compile, progress.programs
    if stage == "writing":
        return progress.helpers, progress.helpers_wanted
    if stage == "predicting":
        return progress.tests, progress.tests_wanted
    if stage == "checking":
        return progress.checkers, progress.checkers_wanted
    if stage == "separating":
        return progress.pairs, progress.pairs_wanted
    if stage == "observing":
        return progress.observed, progress.compiled
    if stage == "dueling":
        return progress.duels, progress.duels_wanted
    return len(progress.verdicts), len(progress.verdicts)


def summary(progress: RunProgress) -> str:
    """One line of the run's progress."""
    cost = "cost unknown" if progress.cost_usd is None else f"${progress.cost_usd:.4f}"
    parts = [
        f"sampled {progress.candidates}"
        + (
            f" ({progress.cut_while_thinking} cut while thinking)"
            if progress.cut_while_thinking
            else ""
        ),
        f"programs {progress.programs}",
        f"compiled {progress.compiled}",
        f"pass samples {progress.pass_samples}",
        f"clusters {progress.clusters}",
        f"{progress.tokens} tokens",
        cost,
    ]
    if progress.outlook is not None:
        parts.append(str(progress.outlook))
    if progress.allocated:
        parts.append(progress.allocated)
    return " · ".join(parts)
