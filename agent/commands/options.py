"""Options that several commands share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import typer

from medalist.agent.choose.policies import POLICIES, policy_named
from medalist.agent.choose.policy import MIN_BELIEF as MIN_BELIEF_DEFAULT
from medalist.agent.choose.policy import Policy
from medalist.agent.languages import WRITTEN, labelled, usual_languages
from medalist.agent.prompts import PORTFOLIO
from medalist.agent.propose.search import SEARCHES, USUAL_SEARCH
from medalist.errors import BadInput

MODEL = typer.Option(
    "--model",
    help="A model's name at the configured endpoint, `embedded`, `embedded:0.5b`, or "
    "`recorded:RUN`. Default: the configured endpoint if there is one, else `embedded`.",
    show_default=False,
)
LANG = typer.Option(
    "--lang",
    help=f"Languages to ask for. Default: {','.join(usual_languages('small'))} from the embedded "
    f"model, {','.join(usual_languages('full'))} from an endpoint.",
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
SEARCH = typer.Option(
    "--search",
    help="once: ask for everything at once; rounds: independent answers (a bandit over the "
    "prompts); mixed: rounds in which up to half of the answers repair what failed; chains of "
    "repairs; a tree of plans, programs and repairs. All but once end early when a problem turns "
    "out to be easy. Default: mixed.",
    show_default=False,
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
MIN_BELIEF = typer.Option(
    "--min-belief",
    min=0,
    max=1,
    help="Submit nothing if even the best program is expected to gain less than this share of the "
    f"points. Default: {MIN_BELIEF_DEFAULT:g}.",
    show_default=False,
)
ALWAYS_SUBMIT = typer.Option(
    "--always-submit", help="Submissions are free: submit the best program, however doubtful."
)
MUTANTS = typer.Option(
    "--mutants",
    min=0,
    help="Measure the made inputs by so many mutants of the leading program, and make more where "
    "they tell too few of them apart.",
)
MAX_TOKENS = typer.Option(
    "--max-tokens",
    min=1,
    help="Most tokens of one answer, thinking included. Default: 4096, or 32768 for a model that "
    "thinks first, within its context.",
    show_default=False,
)
TEMPERATURE = typer.Option("--temperature", min=0, max=5, help="Default: 0.8.", show_default=False)
TOP_P = typer.Option("--top-p", min=0.000001, max=1, help="Default: 0.95.", show_default=False)
TIMEOUT = typer.Option(
    "--timeout",
    min=0.001,
    help="Longest time for one answer, in seconds. Default: 900, or 3600 for a model that thinks "
    "first.",
    show_default=False,
)
CONCURRENCY = typer.Option(
    "--concurrency", min=1, help="Most requests in flight. Default: 32.", show_default=False
)
PRICE = typer.Option(
    "--price",
    metavar="IN,OUT",
    help="What the model costs: dollars a million tokens of prompts and of answers.",
    show_default=False,
)
POLICY = typer.Option(
    "--policy",
    help=f"Chooses what is submitted: {', '.join(POLICIES)}, or a Python file. Default: medalist.",
    show_default=False,
)
WEIGHTS = typer.Option(
    "--weights",
    help="Weights of the belief, as `medalist fit` writes them. Default: those that come with it.",
    show_default=False,
)
MAX_USD = typer.Option("--max-usd", min=0, help="Most dollars of the run.")
MAX_RUN_TOKENS = typer.Option("--max-run-tokens", min=1, help="Most tokens of the run.")
MAX_SECONDS = typer.Option("--max-seconds", min=0, help="Most seconds of sampling.")
JSON = typer.Option("--json", help="Print machine-readable results on stdout.")


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
    words = (word.strip().lower() for word in text.split(","))
    return listed(",".join(labelled(word) or word for word in words), "--lang", tuple(WRITTEN))


def price(text: str | None) -> tuple[float, float] | None:
    """Read `--price IN,OUT`.

    Raises:
        BadInput: These are not two numbers of at least 0.
    """
    if text is None:
        return None
    try:
        prompt, completion = (float(part) for part in text.split(","))
    except ValueError:
        prompt = completion = -1.0
    if not (0 <= prompt < math.inf and 0 <= completion < math.inf):
        raise BadInput(
            f"{text!r} is not a price",
            field="--price",
            hint="dollars a million tokens of prompts and of answers, as 0.25,2",
        )
    return prompt, completion


def policy(name: str | None, weights: Path | None) -> Policy:
    """Read `--policy` and `--weights`.

    Raises:
        BadInput: There is no such policy, the file holds no weights, or the policy takes none.
    """
    if weights is None:
        return policy_named(name or "medalist")
    if name not in (None, "medalist"):
        raise BadInput(f"the policy {name!r} has no weights", field="--weights")
    if weights.suffix != ".json":
        raise BadInput("weights are a .json file", file=weights, field="--weights")
    return policy_named(str(weights))


def ignored(
    search: str | None, *, prompts: str | None, width: int | None, target: float | None
) -> list[str]:
    """Name the options that were given and that this search makes nothing of."""
    if search == "tree" and prompts is not None:
        return ["--prompts is ignored: --search tree has prompts of its own"]
    if search == "once" and width is not None and target is None:
        return ["--width is ignored: --search once asks for everything at once"]
    return []


def searching(search: str | None, target: float | None) -> str:
    """Read `--search`; a target is looked at between rounds, so there must be some."""
    chosen = listed(search or USUAL_SEARCH, "--search", SEARCHES)[0]
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


def least_belief(min_belief: float | None, always_submit: bool) -> float:
    """Read `--min-belief` and `--always-submit`: below which expected gain nothing is submitted.

    Raises:
        BadInput: Both are given.
    """
    if not always_submit:
        return MIN_BELIEF_DEFAULT if min_belief is None else min_belief
    if min_belief:
        raise BadInput("contradicts --min-belief", field="--always-submit", hint="give one of them")
    return 0.0
