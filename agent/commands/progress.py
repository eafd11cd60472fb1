"""Live progress of `solve` on stderr: a moving line in a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from medalist.agent.commands.console import err, say
from medalist.agent.solve import Tally

_EVERY_S = 15.0


class Display:
    """A `Watcher` that shows the tally; use as a context manager."""

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

    def __call__(self, stage: str, tally: Tally) -> None:
        """Show where the run is."""
        state = self._rate(stage, tally) + summary(tally)
        if self._live is not None:
            done, total = _amount(stage, tally)
            self._bar.update(
                self._task, description=f"{self._name}: {stage}", completed=done, total=total
            )
            grid = Table.grid()
            grid.add_row(self._bar)
            grid.add_row(state)
            self._live.update(grid)
        elif stage != self._stage or time.monotonic() - self._last > _EVERY_S:
            done, total = _amount(stage, tally)
            say(f"{self._name}: {stage} {done}/{total}  {state}")
            self._stage, self._last = stage, time.monotonic()

    def _rate(self, stage: str, tally: Tally) -> str:
        """What the model does: tokens a second of this session, and what is in flight."""
        if stage != "sampling":
            return ""
        now = time.monotonic()
        if self._sampling is None:
            self._sampling = (now, tally.tokens)
        since, tokens = self._sampling
        parts = [f"{tally.in_flight} in flight"]
        if tally.in_flight_usd:
            parts[0] += f" (at most ${tally.in_flight_usd:.4f})"
        if now > since and tally.tokens > tokens:
            parts.append(f"{(tally.tokens - tokens) / (now - since):.0f} tokens/s")
        return " · ".join(parts) + " · "


def _amount(stage: str, tally: Tally) -> tuple[int, int]:
    if stage == "sampling":
        return tally.candidates, tally.wanted
    if stage == "compiling":
        return tally.compiled + tally.failed_to_compile, tally.programs
    if stage == "observing":
        return tally.observed, tally.compiled
    return len(tally.verdicts), len(tally.verdicts)


def summary(tally: Tally) -> str:
    """One line of what has come of the run so far."""
    cost = "cost unknown" if tally.cost_usd is None else f"${tally.cost_usd:.4f}"
    parts = [
        f"sampled {tally.candidates}"
        + (f" ({tally.cut_while_thinking} cut while thinking)" if tally.cut_while_thinking else ""),
        f"programs {tally.programs}",
        f"compiled {tally.compiled}",
        f"pass samples {tally.pass_samples}",
        f"clusters {tally.clusters}",
        f"{tally.tokens} tokens",
        cost,
    ]
    if tally.outlook is not None:
        parts.append(str(tally.outlook))
    return " · ".join(parts)
