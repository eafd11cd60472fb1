"""The end of a session of a batch: what it did is journalled, written beside the journal and
printed."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from medalist.agent.batch.driver import BatchResult
from medalist.agent.batch.session_record import SESSION, SessionRecord
from medalist.agent.journal import Journal
from medalist.agent.llm import Model
from medalist.agent.steps.solution_output import SOLUTION
from medalist.agent.steps.stage_account import stage_accounts, summed


def keep_session(
    journal: Journal, model: Model, ending: BatchResult, names: Collection[str], seconds: float
) -> None:
    """Journal what the session did, and write the summary.

    Args:
        journal: The run's.
        model: The model that writes.
        ending: How the session ended.
        names: The problems of the batch.
        seconds: How long the session took.
    """
    spent = model.spent
    session = SessionRecord(
        problems=len(names),
        processed=ending.done,
        solved=ending.solved,
        failed=tuple(ending.failed),
        unfinished=tuple(ending.unfinished),
        budget_ended=ending.budget,
        requests=spent.requests,
        tokens=spent.tokens,
        cost_usd=spent.usd,
        stages=summed(stage_accounts(journal, name) for name in names),
        seconds=round(seconds, 3),
    )
    journal.append(SESSION, "batch", session)
    path = journal.path.parent / "summary.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(SESSION.body(session), indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)


def chosen_programs(journal: Journal, names: Collection[str]) -> dict[str, list[str]]:
    """Return the chosen program of each problem; none where there is none."""
    by_problem: dict[str, list[str]] = {name: [] for name in names}
    for entry in journal.events(SOLUTION):
        if entry.key in by_problem and entry.value.source is not None:
            path = Path(entry.value.source)
            # The run may have been moved, or begun from another folder.
            inside = journal.path.parent / "solutions" / entry.key / path.name
            program = inside if inside.is_file() else path
            by_problem[entry.key] = [program.read_text(encoding="utf-8", errors="replace")]
    return by_problem


def last_line(
    ending: BatchResult, problems: int, model: Model, seconds: float, run_dir: Path
) -> str:
    """Say how the session ended."""
    spent = model.spent
    cost = "cost unknown" if spent.usd is None else f"${spent.usd:.4f}"
    parts = [f"{ending.solved} of {problems} problems solved"]
    if ending.failed:
        parts.append(f"{len(ending.failed)} broke")
    if ending.unfinished:
        parts.append(f"{len(ending.unfinished)} not processed")
    if ending.budget:
        parts.append(ending.budget)
    parts += [f"{spent.requests} requests", f"{spent.tokens} tokens", cost, f"{seconds:.1f} s"]
    return f"{', '.join(parts)} ({run_dir})"
