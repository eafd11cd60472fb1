"""How a run over one problem ended, as a JSON object and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medalist.agent.steps.problem_run import Solution

FILE_NAMES = {"cpp": "solution.cpp", "python": "solution.py"}


def report(
    problem_id: str, solution: Solution, source: Path | None, doubts: Sequence[str] = ()
) -> dict[str, Any]:
    """The machine-readable result; these keys are kept stable.

    `doubts` are what was read from the statement and may have been meant otherwise.
    """
    feedback = solution.feedback
    progress = solution.progress
    result = {
        "problem": problem_id,
        "solved": solution.solved,
        "verdict": feedback.verdict if feedback else None,
        "score": feedback.score if feedback else None,
        "judged": solution.judged,
        "submissions": len(solution.history),
        "belief": None if solution.belief is None else round(solution.belief, 4),
        "passes_samples": solution.passes_samples if solution.program else None,
        "many_answers": solution.many_answers,
        "abstained": solution.abstained is not None,
        "candidates": progress.candidates,
        "cut_while_thinking": progress.cut_while_thinking,
        "programs": progress.programs,
        "clusters": progress.clusters,
        "mutants_told_apart": None if progress.mutants is None else [*progress.mutants],
        "source": str(source) if source else None,
        "doubts": list(doubts),
        "tokens": progress.tokens,
        "cost_usd": progress.cost_usd,
        "seconds": round(solution.seconds, 3),
    }
    return (
        result
        if solution.budget_ended is None
        else {**result, "budget_ended": solution.budget_ended}
    )


def write_source(solution: Solution, folder: Path) -> Path | None:
    """Write the chosen program into `folder`, which is made; None if none was chosen."""
    if solution.program is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAMES[solution.program.language]
    path.write_text(solution.program.source, encoding="utf-8", errors="replace")
    return path
