"""`medalist rounds`: sample, judge, filter, export, train; again with the model that came out."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from medalist.agent.choose.recorded_choice import each_choice
from medalist.agent.commands.console import data, json_line, say
from medalist.agent.commands.export_training import (
    OVERLAP,
    TrainingOptions,
    export_training,
    planned_problems,
)
from medalist.agent.commands.judge_rest import judge_rest
from medalist.agent.commands.round_programs import Serving, medalist_command, run_trainer
from medalist.agent.export.contamination import SHARE
from medalist.agent.journal import Journal
from medalist.agent.report.pictures import need_matplotlib
from medalist.agent.scale.round_pictures import draw_rounds
from medalist.agent.scale.training_loop import (
    TRAINING_ROUND,
    TrainingRound,
    gain,
    measured,
    round_rows,
)
from medalist.errors import BadInput
from medalist.sandbox.pool import open_pool


def rounds(
    archive: Annotated[Path, typer.Argument(help="The problems to train on.")],
    trainer: Annotated[
        str,
        typer.Option(
            help="The trainer's command, with {data} (a JSONL of `--as sft`), {model} (the "
            "model before) and {out} (where to put the next, a file or a folder); {round}; "
            "{checkpoint}, a folder that stays until the training ends well. Without --serve and "
            "--named the last word that it prints names the next model."
        ),
    ],
    model: Annotated[str, typer.Option(help="The model of the first round: a path or a name.")],
    out: Annotated[
        Path, typer.Option(help="The folder of the rounds; an existing one is resumed.")
    ],
    test: Annotated[
        Path | None, typer.Option(help="Problems to evaluate on, never trained on.")
    ] = None,
    serve: Annotated[
        str | None,
        typer.Option(help="Starts an endpoint for {model} at {port} (OpenAI's shape)."),
    ] = None,
    named: Annotated[
        str | None,
        typer.Option(
            help="What --model of `medalist batch` is for {model}, where no endpoint is to be "
            "started: 'embedded:0.5b+{model}' for adapters of the embedded model."
        ),
    ] = None,
    number: Annotated[
        int, typer.Option("--rounds", min=1, help="Maximum number of training rounds.")
    ] = 3,
    candidates: Annotated[int, typer.Option("-n", min=1, help="Samples per problem.")] = 16,
    signal: Annotated[
        Literal["verdict", "agreement"],
        typer.Option(
            help="What is learnt from: answers that the judge accepts, or, without an external "
            "signal, those of the largest cluster."
        ),
    ] = "verdict",
    thresholds: Annotated[
        str, typer.Option(help="Shares of the points from which an answer is right, by round.")
    ] = "1.0",
    per_problem: Annotated[
        int, typer.Option(min=1, help="Maximum rows per problem, all rounds together.")
    ] = 4,
    overlap: Annotated[float, OVERLAP] = SHARE,
    all_rounds: Annotated[
        bool,
        typer.Option("--all-rounds", help="Continue even if the interval of the gain contains 0."),
    ] = False,
    self_score: Annotated[
        int,
        typer.Option(
            min=0,
            help="Programs of a problem that each round's model scores itself, before any verdict "
            "(`medalist review`): the AUC of these scores is shown beside. 0: none.",
        ),
    ] = 0,
    batch_options: Annotated[
        str, typer.Option(help="Further options of `medalist batch`, in one string.")
    ] = "",
    pictures: Annotated[
        Path | None, typer.Option(help="Also draw the rounds into this directory.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Train in rounds on what the judge accepts; a round that was killed resumes where it was."""
    if pictures is not None:
        need_matplotlib()
    if serve is not None and named is not None:
        raise BadInput("excludes --named", field="--serve", hint="an endpoint names its model")
    steps = [_share(word) for word in thresholds.split(",")]
    options = ["-n", str(candidates), "--search", "once", "--schedule", "equal"]
    options += ["--submissions", "1", "--display", "none", *shlex.split(batch_options)]
    done: list[TrainingRound] = []
    reason = f"{number} rounds were asked for"
    with Journal.open(out) as journal:
        for at in range(number + 1):
            now = journal.get(TRAINING_ROUND, str(at))
            if now is None:
                train = None if at == number and test is not None else archive
                sampled = _Sampled(train, test, serve, named, options, self_score)
                now = _measure(sampled, done[-1].trained if done else model, out, at)
                journal.append(TRAINING_ROUND, str(at), now)
            done.append(now)
            better = gain(done[-2], now) if at else None
            if better is not None and better.interval_low <= 0 <= better.interval_high:
                reason = f"the interval of the gain of round {at} contains 0"
                if not all_rounds:
                    break
            if at < number and now.trained is None:
                share = steps[min(at, len(steps) - 1)]
                runs = [out / f"round-{each}" / "train" for each in range(at + 1)]
                folder = out / f"round-{at}"
                filtered = TrainingOptions(
                    form="sft", threshold=share, per_problem=per_problem, validation=0.0,
                    by=signal,
                    overlap=overlap, held_out=(str(test),) if test is not None else (),
                )  # fmt: skip
                manifest = export_training(runs, folder / "data", filtered, quiet=True)
                if not manifest["rows"]["train"]:
                    reason = f"round {at} has nothing to learn from"
                    break
                say(f"round {at}: training on {manifest['rows']['train']} rows")
                names_model = serve is None and named is None
                trained = run_trainer(
                    trainer, folder, model=now.model, number=at, names_model=names_model
                )
                now = replace(now, rows=manifest["rows"]["train"], trained=trained)
                journal.append(TRAINING_ROUND, str(at), now)
                done[-1] = now
    rows = round_rows(done)
    for path in draw_rounds(rows, pictures) if pictures is not None else ():
        say(f"drawn: {path}")
    if as_json:
        json_line({"signal": signal, "rounds": rows, "ended": reason})
        return
    for row in rows:
        data(_line(row))
    say(f"ended: {reason}")


@dataclass(frozen=True)
class _Sampled:
    """What a round samples answers to, and how.

    `train` is None after the last training, where nothing is learnt any more and there is a test.
    """

    train: Path | None
    test: Path | None
    serve: str | None
    named: str | None
    options: Sequence[str]
    self_score: int


def _measure(what: _Sampled, model: str | None, out: Path, at: int) -> TrainingRound:
    assert model is not None
    folder = out / f"round-{at}"
    named = {"train": what.train, "test": what.test}
    sides = {side: problems for side, problems in named.items() if problems is not None}
    with Serving(what.serve, model, what.named) as endpoint:
        for side, problems in sides.items():
            say(f"round {at}: sampling ({side})")
            arguments = ["batch", str(problems), "--out", str(folder / side), *what.options]
            medalist_command([*arguments, "--model", endpoint.name], endpoint.environment)
            if what.self_score:
                say(f"round {at}: scoring itself ({side})")
                scoring = ["review", str(folder / side), "--most", str(what.self_score)]
                medalist_command([*scoring, "--model", endpoint.name], endpoint.environment)
    for side in sides:
        say(f"round {at}: judging ({side})")
        _judge_rest(folder / side)
    return measured(folder / ("test" if what.test is not None else "train"), model)


def _judge_rest(run: Path) -> None:
    """Judge what was not submitted; what is judged already stays so."""
    with Journal.open(run) as journal, open_pool() as pool:
        problems = planned_problems(journal)
        for choice in list(each_choice(journal)):
            problem = problems.get(choice.problem_id)
            if problem is None:
                raise BadInput(f"{choice.problem_id} is gone", file=run)
            judge_rest(journal, choice, problem, pool, say)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 < share <= 1.0:
        raise BadInput(f"'{text}' is not a share", field="--thresholds", hint="0.4,0.7,1.0")
    return share


def _line(row: dict[str, Any]) -> str:
    def shown(name: str) -> str:
        one = row[name]
        return "-" if one is None else f"{one['mean']:.2f} [{one['low']:.2f}, {one['high']:.2f}]"

    auc = "-" if row["auc"] is None else f"{row['auc']:.2f}"
    own = "" if row["self_auc"] is None else f"AUC of its own scores {shown('self_auc')}, "
    return (
        f"round {row['round']}: pass@1 {shown('pass1')}, coverage {shown('coverage')}, gain "
        f"{shown('gain')}, AUC of agreement {auc}, {own}trained on {row['rows'] or 0} rows"
    )
