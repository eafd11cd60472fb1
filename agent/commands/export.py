"""`medalist export`: a run in forms that other systems read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from medalist.agent.choose.judged_by import standing_submissions
from medalist.agent.choose.recorded_choice import choices
from medalist.agent.choose.recorded_pool import write_pool as write_evidence
from medalist.agent.commands.console import say
from medalist.agent.export.conversations import write_conversations
from medalist.agent.export.inspect_log import write_inspect
from medalist.agent.export.table_files import write_jsonl, write_parquet
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import recorded_candidates, write_pool
from medalist.errors import BadInput

_WRITERS = {"parquet": write_parquet, "jsonl": write_jsonl, "inspect": write_inspect}


def export(
    run: Annotated[Path, typer.Argument(help="A run's directory.")],
    to: Annotated[
        Path | None,
        typer.Argument(
            help="The folder to write to (for a pool, evidence and conversations: the file; .xz "
            "compresses the first two, a pool .gz too). Default: RUN/export, in it pool.jsonl, "
            "evidence.jsonl or conversations.jsonl.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        Literal["pool", "evidence", "conversations", "parquet", "jsonl", "inspect"],
        typer.Option(
            "--as",
            help="parquet, jsonl: the tables candidates, programs, outcomes, submissions and "
            "calls (docs/export.md); inspect: a log of Inspect; pool: one candidate a line, as "
            "`solve --pool` reads it; evidence: one problem a line, what its programs did and "
            "which are right, as `fit` and `replay` read it; conversations: one answer a line with "
            "all its turns, calls of tools and results, in the chat format of trainers.",
        ),
    ] = "pool",
) -> None:
    """Write what a run found, verdicts included; test data and answers are never in a run."""
    if not run.is_dir():
        raise BadInput("no such run", file=run, hint="a run is a directory")
    with Journal.open(run, readonly=True) as journal:
        if form == "pool":
            _pool(journal, to or run / "export" / "pool.jsonl")
            return
        if form == "evidence":
            _evidence(journal, to or run / "export" / "evidence.jsonl")
            return
        if form == "conversations":
            to = to or run / "export" / "conversations.jsonl"
            count = write_conversations(journal, to)
            say(f"{count} conversations are in {to} ({form})")
            return
        folder = to or run / "export"
        counts = _WRITERS[form](journal, folder)
    rows = ", ".join(f"{count} {table}" for table, count in counts.items())
    say(f"{rows} are in {folder} ({form})")


def _pool(journal: Journal, to: Path) -> None:
    """Write the candidates, with the verdicts of those that were submitted as labels."""
    rows = list(recorded_candidates(journal))
    if not rows:
        raise BadInput(
            "holds no candidates", file=journal.path.parent, hint="a run of `medalist solve`"
        )
    verdicts = {}
    for entry in standing_submissions(journal):
        verdicts[entry.value.problem, entry.value.program] = str(entry.value.verdict)
    labels = {}
    for problem_id, candidate, found in rows:
        if found.source is not None and found.language is not None:
            program = program_id(found.language, found.source)
            # A run over one problem did not always name it.
            verdict = verdicts.get((problem_id, program), verdicts.get((None, program)))
            if verdict is not None:
                labels[candidate.candidate_id] = verdict
    to.parent.mkdir(parents=True, exist_ok=True)
    count = write_pool(to, rows, labels=labels)
    say(f"{count} candidates, {len(labels)} of them with a label, are in {to} (pool)")


def _evidence(journal: Journal, to: Path) -> None:
    """Write the problems of which the verdict on every program is known."""
    run = journal.path.parent
    found = choices(journal)
    known = [one for one in found if one.complete]
    unknown = [one.problem_id for one in found if not one.complete]
    hint = f"`medalist regret {run} --problem PACKAGE` judges the rest"
    if not known:
        raise BadInput("no problem of which every program was judged", file=run, hint=hint)
    if unknown:
        say(f"left out, not judged in full: {', '.join(unknown[:20])} ({hint})", style="yellow")
    to.parent.mkdir(parents=True, exist_ok=True)
    write_evidence(to, (one.replayable() for one in known))
    say(f"{len(known)} problems are in {to} (evidence)")
