"""`medalist problems check`: proves packages by their own validators, answers and labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from medalist.agent.commands.console import data, json_line, say
from medalist.errors import BadInput
from medalist.problems.check import CheckOptions, Report
from medalist.problems.check import check as check_problem
from medalist.problems.check_memory import CheckRow
from medalist.problems.formats import load, load_archive, resolve
from medalist.problems.labelled import python_row, python_rows, with_submissions
from medalist.sandbox.pool import open_pool

LABELLED = typer.Option(
    "--submissions",
    exists=True,
    file_okay=False,
    help="More submissions: PROBLEM/LABEL_NAME.cpp in this folder, LABEL as in ac, pac_40.",
)

PYTHON = typer.Option(
    help=f"What runs submissions in Python: {', '.join(python_rows())} (Kattis gave its labels "
    "with PyPy)."
)


def check(
    paths: Annotated[list[str], typer.Argument(help="Packages, or folders full of packages.")],
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per submission.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Submissions judged at once (default: every core).")
    ] = None,
    box: Annotated[
        Literal["auto", "docker", "local"], typer.Option(help="Where the programs run.")
    ] = "auto",
    python: Annotated[str, PYTHON] = python_rows()[0],
    submissions: Annotated[Path | None, LABELLED] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Ignore the results of earlier checks.")
    ] = False,
) -> None:
    """Check packages: validators, answers, labelled submissions, time limits.

    The same command resumes an interrupted check.
    """
    python = python_row(python)
    folders = [path for given in paths for path in packages(given)]
    show = _json_row if json else _text_row
    reports, broken = [], 0
    with open_pool(box) as pool:
        say(pool.note)
        for folder in folders:
            try:
                problem = load(folder)
                if submissions is not None:
                    problem = with_submissions(problem, submissions)
                for warning in problem.warnings:
                    say(f"warning: {warning}", style="yellow")
                for doubt in problem.doubts:
                    say(f"doubt: {doubt}", style="yellow")
                report = check_problem(
                    problem,
                    pool,
                    CheckOptions(jobs or pool.size, recall=not fresh, python=python),
                    done=show,
                    progress=say,
                )
            except BadInput as error:  # also test data that cannot be read when it is needed
                broken += 1
                say(f"FAULT  {folder}: {error}", style="red")
                continue
            reports.append(report)
            for fault in report.faults:
                say(f"FAULT  {report.problem_id}: {fault}", style="red")
    say(_summary(reports, broken))
    raise typer.Exit(0 if not broken and all(report.agrees for report in reports) else 1)


def packages(given: str) -> list[Path]:
    """Return the packages that an argument names: one, or all in a folder.

    Raises:
        BadInput: No such path, or a folder without any.
    """
    path = resolve(given)
    if not path.is_dir():
        return [path]
    paths = [entry.path for entry in load_archive(path)]
    if not paths:
        raise BadInput("holds no problem package", file=path)
    return paths


def _json_row(row: CheckRow) -> None:
    json_line(asdict(row))


def _text_row(row: CheckRow) -> None:
    word = "ok      " if row.agrees else "DISAGREE"
    reason = f"  {row.reason}" if row.reason else ""
    data(f"{word}  {row.problem}/{row.submission}  {row.verdict} (expected {row.expected}){reason}")


def _summary(reports: list[Report], broken: int) -> str:
    rows = [row for report in reports for row in report.rows]
    agree = sum(row.agrees for row in rows)
    skipped = sum((report.skipped for report in reports), Counter[str]())
    parts = [
        f"{len(reports)} packages",
        f"{len(rows)} labelled submissions: {agree} agree, {len(rows) - agree} disagree",
        f"{sum(len(report.faults) for report in reports)} other faults",
    ]
    if broken:
        parts.append(f"{broken} packages could not be read")
    if skipped:
        kinds = ", ".join(f"{count} {kind}" for kind, count in skipped.most_common())
        parts.append(f"not judged, in languages that we do not run: {kinds}")
    return "; ".join(parts)
