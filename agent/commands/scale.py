"""`medalist scale`: what more samples bring, and at what cost, from recorded runs and pools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from medalist.agent.choose.policies import POLICIES, policy_named
from medalist.agent.commands.console import json_line, say
from medalist.agent.commands.replay import numbers
from medalist.agent.commands.scale_tables import show
from medalist.agent.report.pictures import need_matplotlib
from medalist.agent.scale.compute_curves import Playing
from medalist.agent.scale.scale_pictures import draw_scaling
from medalist.agent.scale.scale_result import scale_result, three_result
from medalist.agent.scale.scale_source import read_strategies
from medalist.errors import BadInput


def scale(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="[NAME=]SOURCE...",
            help="Run directories and pools (evidence, candidates with labels, or verdicts). "
            "Sources of one name are one strategy.",
        ),
    ],
    policy: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Policies; repeatable: {', '.join(POLICIES)}, or a Python file. "
            "`random` is always included."
        ),
    ] = None,
    submissions: Annotated[str, typer.Option(help="Comma-separated numbers.")] = "1,10,50",
    plays: Annotated[int, typer.Option(min=1, help="Random draws per problem, for policies.")] = 20,
    most: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Samples up to which curves go; problems with fewer are left out. What half of "
            "the problems have.",
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            min=1, help="Samples that each problem of a pool had; those not in it were wrong."
        ),
    ] = None,
    only_three: Annotated[
        bool,
        typer.Option(
            "--three-numbers",
            help="Only: points of 50 samples at random, of 50 chosen, and of all; the same at "
            "0.5 % of the samples.",
        ),
    ] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(
            help="Also draw the curves into this directory, as SVG and PNG (needs matplotlib: "
            "pip install 'medalist\\[report]')."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Draw points against samples, tokens, dollars and seconds; fit the law; compare strategies."""
    if only_three and pictures is not None:
        raise BadInput("draws curves, `--three-numbers` has none", field="--pictures")
    if pictures is not None:
        need_matplotlib()
    counts = numbers(submissions)
    chosen = [policy_named(name) for name in policy or ["medalist"] if name != "random"]
    strategies = read_strategies(sources, samples)
    for strategy in strategies:
        unknown = sum(problem.unknown for problem in strategy.problems)
        if unknown:
            say(
                f"{strategy.name}: {unknown} samples were never judged; they count as wrong, so "
                "curves and law are lower bounds (`medalist regret` judges those of a run)"
            )
    if only_three:
        result = {"three_numbers": three_result(strategies, chosen, plays)}
    else:
        result = scale_result(strategies, most, Playing(chosen, counts, plays), say)
    if pictures is not None:
        for path in draw_scaling(result, pictures):
            say(f"drawn: {path}")
    if as_json:
        json_line(result)
    else:
        show(result)
