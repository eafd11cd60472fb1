"""`medalist train allocation`: how much a problem gets, by how hard it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table as Screen

from medalist.agent.choose.allocation import Allocation, DifficultyBin, changed_to
from medalist.agent.choose.policies import policy_named
from medalist.agent.commands.console import data, json_line, out, say
from medalist.agent.scale.allocation_source import RecordedStrategy, read_recorded
from medalist.agent.scale.allocation_training import AllocationTerms, train_allocation
from medalist.agent.scale.scale_source import UNITS
from medalist.errors import BadInput


def allocation(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="[NAME=]SOURCE...",
            help="Run directories with verdicts, and files of `medalist export --as evidence`. "
            "Sources of one name, and runs that asked alike, are one strategy; of a pool NAME is "
            "the model that a change asks.",
        ),
    ],
    out_: Annotated[Path, typer.Option("--out", help="Where the allocation goes.")] = Path(
        "allocation.json"
    ),
    folds: Annotated[int, typer.Option(min=2, help="Folds by problem that measure it.")] = 2,
    unit: Annotated[
        str | None,
        typer.Option(
            help=f"What costs are counted in: {', '.join(UNITS)} (of the answers). Default: tokens "
            "where all sources know them, else samples."
        ),
    ] = None,
    cost: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=NUMBER",
            help="What a unit of a strategy costs against one of the others: 3 for a model three "
            "times as large. Repeatable.",
        ),
    ] = None,
    first: Annotated[
        int, typer.Option(min=1, help="Samples before the first look; then twice as many each.")
    ] = 4,
    most: Annotated[
        int | None,
        typer.Option(min=2, help="Samples at the last look. What half of the problems have."),
    ] = None,
    submissions: Annotated[int, typer.Option(min=1, help="Submissions a problem.")] = 1,
    verdicts: Annotated[
        bool,
        typer.Option(
            help="Make some submissions between looks, the same number at each: a right one ends "
            "the asking. Where one strategy is all there is."
        ),
    ] = True,
    like: Annotated[
        str | None,
        typer.Option(
            metavar="[NAME:]N",
            help="Solve as many as N samples for every problem do, at least cost. Default: the "
            "most that any number does.",
        ),
    ] = None,
    price: Annotated[
        float | None,
        typer.Option(min=0, help="Instead: what a solved problem is worth, in the unit."),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            min=1, help="Samples that each problem of a pool had; those not in it were wrong."
        ),
    ] = None,
    plays: Annotated[
        int, typer.Option(min=1, help="Orders of the samples that are drawn for each problem.")
    ] = 8,
    policy: Annotated[str, typer.Option(help="Who chooses what is submitted.")] = "medalist",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Learn from earlier runs how many samples a problem gets, of which strategy, by difficulty.

    Difficulty is estimated after a few samples from evidence. What is shown was measured on
    problems that were left out, folds by problem.
    """
    if out_.suffix != ".json":
        raise BadInput("an allocation is a .json file", file=out_, field="--out")
    if like is not None and price is not None:
        raise BadInput("contradicts --like", field="--price", hint="give one of them")
    recorded = read_recorded(sources, samples, _costs(cost or ()))
    _say_sources(recorded)
    terms = AllocationTerms(
        policy=policy_named(policy),
        unit=unit,
        first=first,
        most=most,
        submissions=submissions,
        verdicts=verdicts,
        plays=plays,
        folds=folds,
        like=like,
        price=price,
    )
    trained, result = train_allocation(recorded, terms, say)
    try:
        trained.save(out_)
    except OSError as error:
        raise BadInput(error.strerror or str(error), file=out_) from error
    if as_json:
        json_line({"file": str(out_), **result})
    else:
        _show(out_, trained, result)


def _costs(words: Sequence[str]) -> dict[str, float]:
    costs: dict[str, float] = {}
    for word in words:
        name, _, number = word.rpartition("=")
        try:
            costs[name] = float(number)
        except ValueError:
            costs[name] = 0.0
        if not name or not 0 < costs[name] < float("inf"):
            raise BadInput(f"{word!r} is not NAME=NUMBER", field="--cost", hint="as large=3.1")
    return costs


def _say_sources(recorded: list[RecordedStrategy]) -> None:
    for choice in recorded:
        unknown = sum(source.unknown for source in choice.sources)
        if unknown:
            say(
                f"{choice.name}: {unknown} programs were never judged; they count as wrong "
                "(`medalist regret` judges those of a run)"
            )


def _show(path: Path, trained: Allocation, result: Mapping[str, Any]) -> None:
    unit = result["unit"]
    screen = Screen(title=f"{result['problems']} problems, on those left out of the fit")
    for name in (
        "uniform",
        "solved",
        unit,
        "allocated",
        "solved",
        unit,
        "ratio",
        "at equal solved",
    ):
        screen.add_column(name, justify="right")
    for row in result["like_uniform"]:
        mine = row["allocated"]
        screen.add_row(
            escape(f"{row['strategy']}:{row['samples']}"),
            _range(row["uniform"]["solved"]),
            f"{row['uniform']['cost']:.4g}",
            f"like {row['samples']}",
            _range(mine["solved"]),
            f"{mine['cost']['mean']:.4g}",
            _range(row["cost_ratio"]),
            "-" if row["against_uniform"] is None else _range(row["against_uniform"]),
        )
    out.print(screen)
    for strategy in trained.strategies:
        data(f"{strategy.name}, {strategy.problems} problems:")
        for look in strategy.looks:
            data(f"  after {look.samples}: {_bins(look.bins)}")
    compared = result["card"]["compared"]
    differing = [name for name in compared if name != "strategies"]
    data(
        f"compared: {', '.join(compared['strategies'])}"
        + (f", which differ in {', '.join(differing)}" if differing else "")
    )
    data(
        f"{path}: begins with {trained.strategies[0].name}; a solved problem is worth "
        f"{trained.price:g} {unit}, as much solved as {result['chosen']['like']}"
    )


def _bins(bins: Sequence[DifficultyBin]) -> str:
    """Say what is done, neighbours of one action together: `below 0.31 more, else stop`."""
    parts: list[tuple[float, str]] = []
    for bucket in bins:
        if parts and parts[-1][1] == bucket.then:
            parts.pop()
        parts.append((bucket.below, bucket.then))
    words = [
        f"below {below:.2f} {_action(then)}" if below < 1 else _action(then)
        for below, then in parts
    ]
    return ", ".join([*words[:-1], f"else {words[-1]}" if len(words) > 1 else words[-1]])


def _action(then: str) -> str:
    other = changed_to(then)
    return then if other is None else f"change to {other}"


def _range(row: Mapping[str, float]) -> str:
    return f"{row['mean']:.2f} [{row['low']:.2f}, {row['high']:.2f}]".replace("[", "\\[")
