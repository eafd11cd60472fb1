"""`medalist model`: the embedded model's file and server, and what endpoints take and give."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from medalist.agent.commands import options
from medalist.agent.commands.console import data, err, json_line, out, printable, say
from medalist.agent.llm.embedded import pull as pulling
from medalist.agent.llm.embedded.model_files import DEFAULT_SIZE, find_weights
from medalist.agent.llm.embedded.server_process import Server
from medalist.agent.llm.open import endpoint_named
from medalist.agent.llm.price_list import list_file, take_over
from medalist.agent.llm.prices import find_price
from medalist.agent.llm.profiles import CHECKED
from medalist.agent.llm.settings import load_settings
from medalist.errors import BadInput, ModelFailure

app = typer.Typer(
    help="The embedded model: fetch it, serve it. Endpoints: what they take, what they cost.",
    no_args_is_help=True,
)

SizeArgument = Annotated[str, typer.Argument(help="Model size: 1.5b or 0.5b.")]


@app.command()
def pull(size: SizeArgument = DEFAULT_SIZE) -> None:
    """Fetch the embedded model's file; continue where an earlier pull stopped."""
    weights = find_weights(size)
    columns = ("{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=weights.size_bytes)

        def report(progress: pulling.Progress) -> None:
            what = "verifying" if progress.verifying else f"from {progress.source}"
            bar.update(task, description=what, completed=progress.done_bytes)

        path = pulling.pull(weights, report)
    data(str(path))


@app.command()
def serve(
    size: SizeArgument = DEFAULT_SIZE,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8012,
    lora: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Load this LoRA adapter (GGUF) beside the weights.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve the embedded model to other programs (OpenAI API, loopback only) until Ctrl-C."""
    weights = find_weights(size, lora)
    server = Server(weights, port=port)
    try:
        data(server.base_url)
        say(f"serving {weights.name}; use it with: export OPENAI_BASE_URL={server.base_url}")
        while server.alive():
            time.sleep(1)
        raise ModelFailure("the embedded model's server has died")
    finally:
        server.close()


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="A model's name at the configured endpoint.")],
    write: Annotated[
        bool, typer.Option(help="Write the profile into profiles.toml in the config directory.")
    ] = True,
    patience: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="Seconds to wait while the endpoint loads its model; 600 by default.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Find out with six small questions what an endpoint takes and gives, and write its profile.

    Roles, sampling, stop, several answers, log-probabilities, usage, thinking's place, the limit's
    name, tools, and the speed at 1 and 16 in flight. What it costs at most is said first. A row
    says "-" where nothing was to be seen. Exit code 3: the endpoint cannot be used.
    """
    # Imported late: the openai package takes a second to load.
    from medalist.agent.llm.attempt import AttemptFailed
    from medalist.agent.llm.endpoint import Endpoint
    from medalist.agent.llm.endpoint_check import check as ask_all
    from medalist.agent.llm.endpoint_check import most
    from medalist.agent.llm.endpoint_findings import EndpointFindings
    from medalist.agent.llm.own_profiles import write_profile
    from medalist.agent.llm.patience import Patience

    common = load_settings()
    settings, price = endpoint_named(name, common)
    waiting = Patience(common.patience_s if patience is None else patience, common.first_wait_s)
    endpoint = Endpoint(settings.unchecked(), waiting)
    requests, tokens, usd = most(price)
    cost = "dollars unknown (no price for this model)" if usd is None else f"{usd:.4f} dollars"
    say(f"{name} at {endpoint.where}: {requests} requests, at most {tokens} tokens, {cost}")

    async def asked() -> EndpointFindings:
        try:
            return await ask_all(endpoint, waiting)
        finally:
            await endpoint.aclose()

    try:
        result = asyncio.run(asked())
    except AttemptFailed as error:
        raise ModelFailure(error.message, hint=error.hint) from error
    if as_json:
        for row in result.rows:
            json_line({"check": row.about, "ok": row.good, "detail": row.detail})
    else:
        table = Table("", "check", "detail", box=None)
        for row in result.rows:
            mark = "-" if row.good is None else "yes" if row.good else "no"
            table.add_row(Text(mark), Text(row.about), Text(printable(row.detail)))
        out.print(table)
    say(f"{result.tokens} tokens were used")
    if write:
        source = f"{CHECKED} at {endpoint.where}"
        path = write_profile(settings.model, result.profile, source, datetime.now(UTC).date())
        say(f"the profile is in {path}and is used for {name} from now on")


@app.command()
def prices(
    names: Annotated[
        list[str] | None, typer.Argument(help="Models, as endpoints call them.")
    ] = None,
    update: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Import the prices of LiteLLM's model_prices_and_context_window.json, or of "
            "OpenRouter's list of models, as downloaded.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Say what models cost, with source and date, or take over a price list.

    Exit code 1: the price of one of them is not known.
    """
    if update is not None:
        rows = take_over(update)
        day = next(iter(rows.values()))["as_of"]
        say(
            f"{len(rows)} prices of {day} are in {list_file()}; those of prices.toml take "
            f"precedence"
        )
    if update is None and not names:
        raise BadInput("names no model", hint="medalist model prices NAME, or --update FILE")
    known = {name: find_price(name) for name in names or []}
    for name, price in known.items():
        if as_json:
            body = None if price is None else asdict(price)
            json_line({"model": name, "price": json.loads(json.dumps(body, default=str))})
        elif price is None:
            data(f"{name}: no price is known (cap tokens: --max-run-tokens; or --price IN,OUT)")
        else:
            since = f" ({price.source or 'prices.toml'}, {price.as_of or 'no date'})"
            data(
                f"{name}: {price.prompt:g} in, {price.cached:g} cached, {price.completion:g} out, "
                f"dollars per million tokens{since}"
            )
    if None in known.values():
        raise typer.Exit(1)
