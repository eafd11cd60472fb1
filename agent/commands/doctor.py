"""`medalist doctor`: what this machine can do, and the command that fixes what it cannot."""

from __future__ import annotations

import asyncio
import importlib.util
import platform
import sys
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from medalist.agent.commands import options
from medalist.agent.commands.console import json_line, out, printable, say
from medalist.agent.llm.embedded.model_files import WEIGHTS
from medalist.agent.llm.open import endpoint_named
from medalist.agent.llm.settings import load_settings
from medalist.errors import EngineError
from medalist.sandbox import selftest
from medalist.sandbox.engine import clean as clean_up
from medalist.sandbox.host import usable_cores
from medalist.sandbox.language_check import missing_languages
from medalist.sandbox.pool import Kind, Pool, open_pool


def doctor(
    box: Annotated[options.BoxKind, options.BOX] = "auto",
    hostile: Annotated[
        bool, typer.Option(help="Run the hostile suite against the boxes (a minute each).")
    ] = True,
    clean: Annotated[
        bool, typer.Option("--clean", help="First remove what crashed runs left behind.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            help="Send one small request to this model's endpoint; print the settings that it "
            "gets.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Check this machine: sandboxes, promises kept and not kept, models.

    Exit code 0: a sandbox is usable and keeps its promises. 1: a promise is broken.
    3: no sandbox, or the model of `--model` cannot be asked.
    """
    if clean:
        for line in clean_up() or ["nothing was left behind"]:
            say(line)
    kinds: tuple[Kind, ...] = ("docker", "local") if box == "auto" else (box,)
    rows = [*_machine(), *_models()]
    asked = [] if model is None else _asked(model)
    rows += asked
    usable, kept = 0, True
    for kind in kinds:
        try:
            with open_pool(kind) as pool:
                usable += 1
                rows.append((f"{kind} box", True, "usable"))
                rows += [
                    (f"{kind} box", None, f"not guaranteed here: {lost}") for lost in pool.lost
                ]
                if pool.cpu_share:
                    rows.append((f"{kind} box", None, pool.cpu_share))
                rows += _languages(kind, pool)
                if hostile:
                    for promise in selftest.run(pool):
                        kept = kept and promise.kept
                        rows.append((f"{kind}: {promise.name}", promise.kept, promise.detail))
        except EngineError as error:
            rows.append((f"{kind} box", False, str(error)))
    _print(rows, as_json=as_json)
    if not usable or any(good is False for _, good, _ in asked[:1]):
        raise typer.Exit(3)
    raise typer.Exit(0 if kept else 1)


_Row = tuple[str, bool | None, str]


def _machine() -> list[_Row]:
    version = platform.python_version()
    return [
        ("system", None, f"{platform.platform()}, {len(usable_cores())} cores"),
        ("python", sys.version_info >= (3, 11), version),
    ]


def _languages(kind: Kind, pool: Pool) -> list[_Row]:
    """Say which languages are there in a box; one that is missing is not a fault, only named."""
    return [
        (f"{kind}: {title}", None if missing else True, missing or "usable")
        for title, missing in missing_languages(pool).items()
    ]


def _models() -> list[_Row]:
    settings = load_settings()
    rows: list[_Row] = []
    if importlib.util.find_spec("xllamacpp") is None:
        rows.append(("embedded model", False, "not installed: pip install 'medalist[local]'"))
    else:
        for weights in WEIGHTS.values():
            here = weights.path.is_file()
            detail = str(weights.path) if here else f"medalist model pull {weights.size}"
            rows.append((f"embedded model {weights.size}", here, detail))
    endpoints = [endpoint.base_url for endpoint in settings.endpoints]
    if given := settings.address()[0]:
        endpoints.insert(0, given)
    rows.append(("endpoint", None, ", ".join(endpoints) or "none configured"))
    return rows


def _asked(name: str) -> list[_Row]:
    """Ask an endpoint one question; the first row says whether it answered."""
    from medalist.agent.llm.attempt import AttemptFailed
    from medalist.agent.llm.endpoint import Endpoint
    from medalist.agent.llm.endpoint_check import ask_one
    from medalist.agent.llm.endpoint_findings import EndpointFindings

    settings, price = endpoint_named(name, load_settings())
    endpoint = Endpoint(settings)

    async def asked() -> EndpointFindings:
        try:
            return await ask_one(endpoint)
        finally:
            await endpoint.aclose()

    try:
        result = asyncio.run(asked())
    except AttemptFailed as error:
        hint = f" ({error.hint})" if error.hint else ""
        return [(f"model {name}", False, f"{error.message}{hint}")]
    cost = "no price is known" if price is None else f"${price.prompt:g} and ${price.completion:g}"
    since = f" since {price.as_of}" if price is not None and price.as_of else ""
    return [
        (f"model {name}", True, endpoint.chosen() or ""),
        (
            f"model {name}: price",
            None,
            cost if price is None else f"{cost} per million tokens{since}",
        ),
        *((f"model {name}: {row.about}", row.good, row.detail) for row in result.rows),
    ]


def _print(rows: list[_Row], *, as_json: bool) -> None:
    if as_json:
        for name, good, detail in rows:
            json_line({"check": name, "ok": good, "detail": detail})
        return
    table = Table("", "check", "detail", box=None)
    for name, good, detail in rows:
        mark = (
            Text("-") if good is None else Text("ok" if good else "NO", "green" if good else "red")
        )
        table.add_row(mark, Text(printable(name)), Text(printable(detail)))
    out.print(table)
