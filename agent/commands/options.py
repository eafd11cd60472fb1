"""Options that several commands share."""

from __future__ import annotations

from typing import Literal

import typer

from medalist.agent.prompts import PORTFOLIO
from medalist.agent.propose.search import SEARCHES
from medalist.errors import BadInput

MODEL = typer.Option(
    "--model",
    help="A model's name at the configured endpoint, `embedded`, `embedded:0.5b`, or "
    "`recorded:RUN`. Default: the configured endpoint if there is one, else `embedded`.",
    show_default=False,
)
LANG = typer.Option(
    "--lang",
    help="Languages to ask for. Default: python from the embedded model, cpp,python from an "
    "endpoint.",
    show_default=False,
)
PROMPTS = typer.Option(
    "--prompts",
    help="Prompts of the portfolio. Default: direct from the embedded model, direct,reason from "
    "an endpoint.",
    show_default=False,
)
BOX = typer.Option("--box", help="Sandbox: the Docker engine if one answers, else bubblewrap.")
BATCH_API = typer.Option(
    "--batch-api",
    help="Ask through the endpoint's Batch API: half the price, answers within a day. The same "
    "command fetches them when it was stopped meanwhile.",
)
DRY_RUN = typer.Option(
    "--dry-run", help="Print calls, tokens and the range of the cost; send and write nothing."
)
REVIEWER = typer.Option(
    "--reviewer",
    help="Another model (as --model) that reads the best programs before one is submitted.",
    show_default=False,
)
TARGET = typer.Option(
    "--target",
    min=0,
    max=1,
    help="Stop asking when the chance that a right program is there reaches this (0 to 1); "
    "asks in rounds.",
    show_default=False,
)
MOST = typer.Option(
    "--most",
    min=1,
    help="Go on past -n, up to so many candidates, while the policy expects that more pay.",
    show_default=False,
)
MUTANTS = typer.Option(
    "--mutants",
    min=0,
    help="Measure the made inputs by so many mutants of the leading program, and make more where "
    "they tell too few of them apart.",
)
MAX_USD = typer.Option("--max-usd", min=0, help="Most dollars of the run.")
MAX_RUN_TOKENS = typer.Option("--max-run-tokens", min=1, help="Most tokens of the run.")
MAX_SECONDS = typer.Option("--max-seconds", min=0, help="Most seconds of sampling.")
JSON = typer.Option("--json", help="Print machine-readable results on stdout.")

_FAMILIES = ("cpp", "python")


BoxKind = Literal["auto", "docker", "local"]


def listed(text: str, option: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Split a comma-separated option and check its words.

    Raises:
        BadInput: A word is unknown, or there is none.
    """
    words = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    unknown = [word for word in words if word not in known]
    if unknown or not words:
        raise BadInput(
            f"{unknown[0]!r} is unknown" if unknown else "names nothing",
            field=option,
            hint=f"choose from {', '.join(known)}",
        )
    return words


def prompts(text: str | None) -> tuple[str, ...]:
    """Read `--prompts`; without it nothing is named, and the model decides."""
    return () if text is None else listed(text, "--prompts", PORTFOLIO)


def languages(text: str | None) -> tuple[str, ...]:
    """Read `--lang`; `py`, `python3` and `c++` are understood too. As `prompts` without it."""
    if text is None:
        return ()
    aliases = {"py": "python", "python3": "python", "c++": "cpp", "cxx": "cpp"}
    words = [aliases.get(word.strip().lower(), word.strip().lower()) for word in text.split(",")]
    return listed(",".join(words), "--lang", _FAMILIES)


def searching(search: str, target: float | None) -> str:
    """Read `--search`; a target is looked at between rounds, so there must be some."""
    chosen = listed(search, "--search", SEARCHES)[0]
    return "rounds" if target is not None and chosen == "once" else chosen


def _pair(value: object) -> object:
    """Leave the two values of an option as they are (the option's `nargs` is set in `lazy.py`)."""
    return value


SAMPLE = typer.Option(
    "--sample",
    metavar="IN OUT",
    parser=_pair,
    help="A sample's input and output: two files, or the texts themselves. Repeatable; replaces "
    "the samples that were read from the statement.",
    show_default=False,
)
