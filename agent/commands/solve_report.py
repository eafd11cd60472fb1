"""What `medalist solve` says in the end: one screen of why, or one JSON object."""

from __future__ import annotations

from pathlib import Path

from medalist.agent.commands.console import data
from medalist.agent.run.solving import Solved
from medalist.agent.solve import Solution
from medalist.agent.steps.stage_account import Accounts


def explain(problem_id: str, solved: Solved, run_dir: Path, *, judged: bool) -> None:
    """Print one screen of why this program was chosen."""
    solution, source, stages = solved.solution, solved.source, solved.result.stages
    progress = solution.progress
    cost = (
        "unknown (no price for this model)"
        if progress.cost_usd is None
        else f"${progress.cost_usd:.4f}"
    )
    lines = [
        f"problem      {problem_id}",
        f"candidates   {progress.candidates} of {progress.wanted}"
        + (f", {progress.refused} refused" if progress.refused else "")
        + (f", {progress.without_program} without a program" if progress.without_program else ""),
        f"programs     {progress.programs} distinct, {progress.compiled} compile",
        f"samples      {progress.pass_samples} programs pass them",
        f"behaviours   {progress.clusters} clusters on {progress.inputs} inputs",
        f"cost         {progress.tokens} tokens, {cost}, {solution.seconds:.1f} s",
    ]
    if len(stages) > 1:
        lines += stage_lines(stages)
    if progress.equality:
        lines.append(f"equality     {progress.equality}")
    if progress.mutants is not None:
        lines.append("evidence     {} of {} mutants of the leader killed".format(*progress.mutants))
    if progress.outlook is not None:
        was = "; one was right" if solution.solved else ""
        lines.append(f"forecast     {progress.outlook}{was}")
    lines += [f"allocation   {row}" for row in solved.result.allocation]
    if progress.cut_while_thinking:
        lines.append(f"thinking     {cut_answers(progress.cut_while_thinking)}")
    for number, (submission, feedback) in enumerate(solution.history, 1):
        score = "" if feedback.score is None else f" {feedback.score:g} points"
        lines.append(f"submission {number} {feedback.verdict}{score}: {submission.reason}")
    if solution.program is None:
        lines.append(f"chosen       nothing: {solution.reason}")
    else:
        lines.append(f"chosen       {source}: {solution.reason}")
        lines.append(f"             {_doubts(solution, judged=judged)}")
    if solution.budget_ended:
        lines.append(f"budget       {solution.budget_ended}")
    lines.append(f"record       {run_dir}")
    if solution.feedback is not None:
        lines.append(
            f"verdict      {'Accepted (AC)' if solution.solved else solution.feedback.verdict}"
        )
    data("\n".join(lines))


def stage_lines(stages: Accounts) -> list[str]:
    """Say what each stage that asks a model has used, a line each."""
    return [
        f"stage {stage}: {used.calls} answers, {used.tokens} tokens, "
        + ("cost unknown" if used.cost_usd is None else f"${used.cost_usd:.4f}")
        + (f", {used.tool_calls} tool calls" if used.tool_calls else "")
        for stage, used in stages.items()
    ]


def cut_answers(count: int) -> str:
    """Say how many answers never began, and which option gives them room."""
    verb = "was" if count == 1 else "were"
    return f"{count} {verb} cut while thinking (--max-tokens gives more room)"


def _doubts(solution: Solution, *, judged: bool) -> str:
    """What is known of the chosen program beside its verdict."""
    parts = []
    if solution.belief is not None:
        parts.append(f"belief {solution.belief:.3f}")
    if not solution.passes_samples:
        parts.append("does not pass the samples")
    elif solution.many_answers:
        parts.append("ends properly on the samples (many answers may be right: agreement is weak)")
    else:
        parts.append("passes the samples")
    if solution.abstained is not None:
        parts.append(
            f"not submitted: {solution.abstained} (--always-submit, --min-belief)"
            if judged
            else f"not worth submitting: {solution.abstained}"
        )
    elif not judged:
        parts.append("not judged (no secret tests)")
    return "; ".join(parts)


def exit_code(solution: Solution, *, judged: bool) -> int:
    """0 solved, or delivered where nothing judges; 4 a budget ended first; 1 not solved."""
    delivered = solution.program is not None and solution.passes_samples
    if solution.solved or (not judged and delivered):
        return 0
    return 4 if solution.budget_ended else 1
