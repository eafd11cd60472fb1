"""`medalist fit`: refits the beliefs on pools whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from medalist.agent.choose.examples import examples
from medalist.agent.choose.fitting import RIDGE, fit_pools
from medalist.agent.choose.recorded_pool import read_pool
from medalist.agent.commands.console import data
from medalist.errors import BadInput


def fit_beliefs(
    pools: Annotated[
        list[Path],
        typer.Argument(help="Evidence with verdicts: files of `medalist export --as evidence`."),
    ],
    out: Annotated[Path, typer.Option(help="Output file of the weights.")] = Path("weights.json"),
    ridge: Annotated[float, typer.Option(min=0.001, help="Penalty on the weights.")] = RIDGE,
) -> None:
    """Fit the weights of the belief that a cluster is right, as `--weights` reads them.

    Each file is a pool: what differs from pool to pool is kept apart from what holds in all.

    Verdicts must be known: `medalist regret` judges the programs of a run that it did not submit.
    """
    if out.suffix != ".json":
        raise BadInput("weights are a .json file", file=out, field="--out")
    described = {
        str(path): [examples(recorded) for recorded in read_pool(path) if recorded.view.programs]
        for path in pools
    }
    clusters = sum(len(part.right) for rows in described.values() for row in rows for part in row)
    if not clusters:
        raise BadInput("no cluster to fit on", file=pools[0])
    problems = sum(map(len, described.values()))
    words = ", ".join(f"{path.name.split('.')[0]}: {len(described[str(path)])}" for path in pools)
    weights = fit_pools(described, ridge=ridge, words=f"problems by pool: {words}")
    try:
        weights.save(out)
    except OSError as error:
        raise BadInput(error.strerror or str(error), file=out) from error
    data(f"{out}: fitted on {clusters} clusters of {problems} problems")
