"""`medalist train`: learns from earlier runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.choose.recorded_choice import choices
from medalist.agent.choose.recorded_pool import read_pool
from medalist.agent.choose.verifier_training import Taught
from medalist.agent.choose.verifier_training import train as train_on
from medalist.agent.commands.console import data, say
from medalist.agent.commands.train_allocation import allocation
from medalist.agent.journal import Journal
from medalist.errors import BadInput

app = typer.Typer(help="Learn from earlier runs: a verifier, an allocation.", no_args_is_help=True)
app.command(name="allocation")(allocation)


@app.command()
def verifier(
    sources: Annotated[
        list[Path],
        typer.Argument(help="Run directories, and files of `medalist export --as evidence`."),
    ],
    out: Annotated[Path, typer.Option(help="Output file of the verifier.")] = Path("verifier.json"),
) -> None:
    """Learn to tell right programs from wrong ones, as `--verifier` reads it.

    Beside the file goes its model card: data, counts, hashes, and what it was worth on problems
    left out.
    """
    if out.suffix != ".json":
        raise BadInput("a verifier is a .json file", file=out, field="--out")
    taught = {path: list(_taught(path)) for path in sources}
    problems = [problem for part in taught.values() for problem in part]
    names = ", ".join(path.name for path in sources)
    trained = train_on(problems, f"{len(problems)} problems of {names}")
    card = out.with_suffix(".card.json")
    try:
        trained.verifier.save(out)
        described = {
            "verifier": out.name,
            "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
            "data": [_source(path, part) for path, part in taught.items()],
            **trained.card,
        }
        card.write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(error.strerror or str(error), file=out) from error
    counted = trained.card
    data(
        f"{out}: trained on {counted['programs']} programs ({counted['right']} right) of "
        f"{counted['problems']} problems; out of fold AUC {counted['out_of_fold']['auc']:.2f}, "
        f"within a problem {counted['out_of_fold']['auc_within']:.2f}; weight {counted['weight']:g}"
    )
    if not counted["weight"]:
        say("on held-out problems it added nothing to the evidence: as --verifier it has no effect")


def _taught(path: Path) -> Iterator[Taught]:
    if not path.is_dir():
        for item in read_pool(path):
            if item.view.programs:
                yield Taught(
                    item.problem_id, item.view, {n: t.solved for n, t in item.truth.items()}
                )
        return
    with Journal.open(path, readonly=True) as journal:
        recorded = choices(journal)
    for choice in recorded:
        if choice.labels:
            right = {name: feedback.solved for name, feedback in choice.labels.items()}
            yield Taught(choice.problem_id, choice.view, right)


def _source(path: Path, taught: Sequence[Taught]) -> dict[str, Any]:
    """Describe a source; its hash is of the programs and of which are right."""
    rows = [
        (problem.problem_id, name, right)
        for problem in taught
        for name, right in sorted(problem.right.items())
    ]
    digest = hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()
    return {"name": path.name, "problems": len(taught), "programs": len(rows), "sha256": digest}
