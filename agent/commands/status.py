"""`medalist status`: the state of a run, from another terminal while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.batch.status import RunStatus
from medalist.agent.batch.status import status as read_status
from medalist.agent.commands import options
from medalist.agent.commands.console import data, json_line
from medalist.agent.journal import Journal

_ROWS = 20


def status(
    run: Annotated[Path, typer.Argument(help="A run directory.")],
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Show how far a run has come; nothing is changed, also not while it runs."""
    with Journal.open(run, readonly=True) as journal:
        run_status = read_status(journal)
    if as_json:
        json_line(_face(run_status))
    else:
        _show(run_status)


def _face(run_status: RunStatus) -> dict[str, Any]:
    return {
        "problems": len(run_status.problems),
        "done": run_status.count("done"),
        "solved": run_status.solved,
        "failed": run_status.count("failed"),
        "started": run_status.count("started"),
        "waiting": run_status.count("waiting"),
        "verdicts": dict(run_status.verdicts),
        "requests": run_status.sent.total(),
        "answers": run_status.answered.total(),
        "tokens": run_status.tokens,
        "cost_usd": run_status.cost_usd,
        "quiet_s": round(run_status.quiet_s, 1),
        "at_work": {
            name: {"requests": run_status.sent[name], "answers": run_status.answered[name]}
            for name, state in run_status.problems.items()
            if state == "started"
        },
        "failures": run_status.failures,
    }


def _show(run_status: RunStatus) -> None:
    face = _face(run_status)
    verdicts = ", ".join(f"{count} {name}" for name, count in run_status.verdicts.most_common())
    cost = "cost unknown" if run_status.cost_usd is None else f"${run_status.cost_usd:.4f}"
    data(
        f"problems   {face['done']} of {face['problems']} done, {face['started']} started, "
        f"{face['waiting']} waiting, {face['failed']} failed"
    )
    data(f"solved     {run_status.solved}" + (f" ({verdicts})" if verdicts else ""))
    data(f"model      {face['requests']} requests, {face['answers']} answers, {run_status.tokens} "
         f"tokens, {cost}")  # fmt: skip
    data(f"last event {run_status.quiet_s:.0f} s ago")
    for name, counts in list(face["at_work"].items())[:_ROWS]:
        data(f"started    {name}: {counts['answers']} of {counts['requests']} answers")
    for name, why in list(run_status.failures.items())[:_ROWS]:
        data(f"failed     {name}: {why}")
