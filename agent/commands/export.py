"""`medalist export`: a run in forms that other systems read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from medalist.agent.choose.judged_by import standing_submissions
from medalist.agent.choose.recorded_choice import choices
from medalist.agent.choose.recorded_pool import write_pool as write_evidence
from medalist.agent.commands.console import json_line, say
from medalist.agent.commands.export_training import OVERLAP, TrainingOptions, export_training
from medalist.agent.export.contamination import SHARE
from medalist.agent.export.conversations import write_conversations
from medalist.agent.export.inspect_log import write_inspect
from medalist.agent.export.table_files import write_jsonl, write_parquet
from medalist.agent.export.training_rows import PairKind
from medalist.agent.export.training_targets import Target, Thinking
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import recorded_candidates, write_pool
from medalist.errors import BadInput

_WRITERS = {"parquet": write_parquet, "jsonl": write_jsonl, "inspect": write_inspect}


_TRAINING = ("sft", "dpo", "kto", "steps", "rl")


def export(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN... [TO]",
            help="Run directories (several for training data alone), then perhaps where to write: "
            "a folder (for a pool, evidence and conversations: the file; .xz compresses the first "
            "two, a pool .gz too). Default: RUN/export, in it pool.jsonl, evidence.jsonl, "
            "conversations.jsonl, or for training data a folder of the form's name.",
        ),
    ],
    form: Annotated[
        Literal[
            "pool",
            "evidence",
            "conversations",
            "parquet",
            "jsonl",
            "inspect",
            "sft",
            "dpo",
            "kto",
            "steps",
            "rl",
        ],
        typer.Option(
            "--as",
            help="parquet, jsonl: the tables candidates, programs, outcomes, submissions and "
            "calls (docs/export.md); inspect: a log of Inspect; pool: one candidate per line, as "
            "`solve --pool` reads it; evidence: one problem per line, what its programs did and "
            "which are right, as `fit` and `replay` read it; conversations: one answer per line "
            "with all its turns, tool calls and results, in the chat format of trainers; sft, dpo, "
            "kto, rl: training data (docs/training.md); steps: the same, of a folder of `medalist "
            "steps`.",
        ),
    ] = "pool",
    target: Annotated[
        Target, typer.Option("--for", help="Training data: the trainer that reads it.")
    ] = "trl",
    threshold: Annotated[
        float,
        typer.Option(
            min=0.01,
            max=1.0,
            help="Training data: the share of the points from which an answer is right.",
        ),
    ] = 1.0,
    per_problem: Annotated[
        int | None, typer.Option(min=1, help="sft, dpo: maximum rows per problem.")
    ] = None,
    pairs: Annotated[
        PairKind,
        typer.Option(
            help="dpo: verdict (right against wrong), tree (siblings of a search whose values "
            "differ), self (what the model itself scored highest against lowest)."
        ),
    ] = "verdict",
    difference: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="dpo, tree: the least difference of a pair.")
    ] = 0.3,
    mix: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=1.0,
            help="dpo, tree: what the judge said in a value; the rest is the "
            "model's own criticism.",
        ),
    ] = 0.5,
    reflect: Annotated[
        bool,
        typer.Option(
            "--reflect",
            help="sft: add records with a second idea, and with larger bounds (RefAug).",
        ),
    ] = False,
    thinking: Annotated[
        Thinking,
        typer.Option(
            help="Thinking that the endpoint returned separately: dropped, in <think> tags, or in "
            "`thinking`."
        ),
    ] = "drop",
    validation: Annotated[
        float,
        typer.Option(min=0.0, max=0.9, help="The share of the problems held back for validation."),
    ] = 0.1,
    problems: Annotated[
        list[str] | None,
        typer.Option(
            "--problem",
            help="Packages or archives: licence, source, questions of pools. Repeatable.",
        ),
    ] = None,
    held_out: Annotated[
        list[str] | None,
        typer.Option(help="Archives whose problems must not be in training data. Repeatable."),
    ] = None,
    overlap: Annotated[float, OVERLAP] = SHARE,
    verify: Annotated[
        int | None,
        typer.Option(min=1, help="Judge N of the answers again; exit code 1 if a verdict differs."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Training data: the manifest on stdout.")
    ] = False,
) -> None:
    """Write what a run found, verdicts included; test data and answers are never in a run."""
    named, to = _target(runs)
    for run in named:
        if not run.is_dir():
            raise BadInput("no such run", file=run, hint="a run is a directory")
    run = named[0]
    if form in _TRAINING:
        options = TrainingOptions(
            form=form,  # type: ignore[arg-type]
            target=target,
            thinking=thinking,
            threshold=threshold,
            per_problem=per_problem,
            pairs=pairs,
            difference=difference,
            mix=mix,
            reflect=reflect,
            validation=validation,
            problems=problems or (),
            held_out=held_out or (),
            overlap=overlap,
            verify=verify,
        )
        folder = to or run / "export" / form
        manifest = export_training(named, folder, options, quiet=as_json)
        if as_json:
            json_line(manifest)
        if manifest.get("verified", {}).get("differ"):
            raise typer.Exit(1)
        return
    if len(named) > 1:
        raise BadInput(f"{form} is written for one run at a time", file=named[1])
    _plain(run, to, form)


def _target(paths: list[Path]) -> tuple[list[Path], Path | None]:
    """Tell runs from the place to write to: the last path, if it is not a run."""
    if len(paths) > 1 and not (paths[-1] / "journal.sqlite").exists():
        return paths[:-1], paths[-1]
    return paths, None


def _plain(run: Path, to: Path | None, form: str) -> None:
    """Write what is not training data."""
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
    for problem_id, candidate, extraction in rows:
        if extraction.source is not None and extraction.language is not None:
            program = program_id(extraction.language, extraction.source)
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
    recorded = choices(journal)
    known = [choice for choice in recorded if choice.complete]
    unknown = [choice.problem_id for choice in recorded if not choice.complete]
    hint = f"`medalist regret {run} --problem PACKAGE` judges the rest"
    if not known:
        raise BadInput("no problem of which every program was judged", file=run, hint=hint)
    if unknown:
        say(f"left out, not judged in full: {', '.join(unknown[:20])} ({hint})", style="yellow")
    to.parent.mkdir(parents=True, exist_ok=True)
    write_evidence(to, (item.replayable() for item in known))
    say(f"{len(known)} problems are in {to} (evidence)")
