"""`medalist status`: how a run stands, from another terminal while it runs."""

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
        found = read_status(journal)
    if as_json:
        json_line(_face(found))
    else:
        _show(found)


def _face(found: RunStatus) -> dict[str, Any]:
    return {
        "problems": len(found.problems),
        "done": found.count("done"),
        "solved": found.solved,
        "failed": found.count("failed"),
        "started": found.count("started"),
        "waiting": found.count("waiting"),
        "verdicts": dict(found.verdicts),
        "requests": found.sent.total(),
        "answers": found.answered.total(),
        "tokens": found.tokens,
        "cost_usd": found.cost_usd,
        "quiet_s": round(found.quiet_s, 1),
        "at_work": {
            name: {"requests": found.sent[name], "answers": found.answered[name]}
            for name, state in found.problems.items()
            if state == "started"
        },
        "failures": found.failures,
    }


def _show(found: RunStatus) -> None:
    face = _face(found)
    verdicts = ", ".join(f"{count} {name}" for name, count in found.verdicts.most_common())
    cost = "cost unknown" if found.cost_usd is None else f"${found.cost_usd:.4f}"
    data(
        f"problems   {face['done']} of {face['problems']} done, {face['started']} begun, "
        f"{face['waiting']} waiting, {face['failed']} broken"
    )
    data(f"solved     {found.solved}" + (f" ({verdicts})" if verdicts else ""))
    data(f"model      {face['requests']} requests, {face['answers']} answers, {found.tokens} "
         f"tokens, {cost}")  # fmt: skip
    data(f"last word  {found.quiet_s:.0f} s ago")
    for name, counts in list(face["at_work"].items())[:_ROWS]:
        data(f"begun      {name}: {counts['answers']} of {counts['requests']} answers")
    for name, why in list(found.failures.items())[:_ROWS]:
        data(f"broken     {name}: {why}")
