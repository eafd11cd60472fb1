"""`medalist problems show`: what was read from one problem."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from medalist.agent.commands.console import data, json_line, say
from medalist.problems.formats import load, resolve
from medalist.problems.secret import Problem
from medalist.problems.statement_bounds import stated_bounds


def problems_show(
    problem: Annotated[str, typer.Argument(help="Package, statement file or bundled id.")],
    language: Annotated[
        str, typer.Option("--statement-language", help="Which statement to show.")
    ] = "en",
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Show a problem: limits, samples, bounds, subtasks, statement, what is odd or uncertain.

    What was read wrongly from a bare statement is corrected by NAME.yaml or problem.yaml beside it.
    """
    loaded = load(resolve(problem))
    facts = describe(loaded)
    if json:
        json_line({**facts, "statement": loaded.public.statement(language)})
        return
    for warning in loaded.warnings:
        say(f"warning: {warning}", style="yellow")
    for doubt in loaded.doubts:
        say(f"doubt: {doubt}", style="yellow")
    for name, value in facts.items():
        if name not in {"warnings", "doubts", "subtasks", "sample_data"} and value not in (
            None,
            [],
            "",
        ):
            data(f"{name:14} {_short(value)}")
    for subtask in facts["subtasks"]:
        bounds = ", ".join(subtask["constraints"])
        data(f"subtask {subtask['id']}: {subtask['points']:g} points  {bounds}".rstrip())
    data("")
    data(loaded.public.statement(language))
    for number, sample in enumerate(loaded.public.samples, start=1):
        if sample.note:
            data(f"## Sample {number}\n\n{sample.note}")
        else:
            shown = (
                "" if sample.output is None else f"\n## Sample Output {number}\n\n{sample.output}"
            )
            data(f"## Sample Input {number}\n\n{sample.input}{shown}")


def describe(problem: Problem) -> dict[str, Any]:
    """Return the facts of a problem that say nothing about its secret tests' contents."""
    public, secret = problem.public, problem.secret
    return {
        "problem": public.problem_id,
        "title": public.title,
        "kind": public.kind.value,
        "time_s": public.limits.time_s,
        "time_assumed": public.limits.time_assumed,
        "memory_mb": public.limits.memory_mb,
        "languages": sorted(public.statements),
        "samples": len(public.samples),
        "sample_data": [
            {"input": sample.input, "output": sample.output} for sample in public.samples
        ],
        "bounds": [str(bound) for bound in stated_bounds(public.statement())],
        "tests": len(secret.all_tests()) if secret else None,
        "full_score": public.full_score,
        "equality": _equality(problem),
        "interactor": bool(secret and secret.interactor and not secret.interactor.cannot_run),
        "validators": len(secret.validators) if secret else 0,
        "submissions": dict(Counter(s.label for s in secret.submissions)) if secret else {},
        "missing_images": list(public.missing_images),
        "tags": list(public.tags),
        "difficulty": public.difficulty,
        "license": public.license,
        "source": public.source,
        "subtasks": [
            {
                "id": subtask.subtask_id,
                "points": subtask.points,
                "text": subtask.text,
                "constraints": [str(constraint) for constraint in subtask.constraints],
            }
            for subtask in public.subtasks
        ],
        "warnings": list(problem.warnings),
        "doubts": list(problem.doubts),
    }


def _equality(problem: Problem) -> str:
    equality = problem.public.equality
    words: list[str] = [equality.mode]
    words += [] if equality.case_sensitive else ["any case"]
    words += [] if equality.ordered else ["any order"]
    words += [] if equality.abs_tol is None else [f"absolute {equality.abs_tol:g}"]
    words += [] if equality.rel_tol is None else [f"relative {equality.rel_tol:g}"]
    words += ["special checker"] if problem.public.special_checker else []
    return ", ".join(words)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {count}" for key, count in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
