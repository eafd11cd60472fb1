"""Reads the words of options: lists, prices, policies, thresholds."""

from __future__ import annotations

import json
import math
from pathlib import Path

from pydantic import JsonValue

from medalist.agent.choose.allocation import Allocation
from medalist.agent.choose.policies import policy_named
from medalist.agent.choose.policy import MIN_BELIEF, Policy
from medalist.agent.choose.verifier import Verifier
from medalist.agent.languages import WRITTEN, labelled
from medalist.agent.prompts import PORTFOLIO
from medalist.agent.propose.search import SEARCHES, USUAL_SEARCH
from medalist.errors import BadInput


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
            hint="dollars per million tokens of prompts and of answers, as 0.25,2",
        )
    return prompt, completion


def extra_body(text: str | None) -> dict[str, JsonValue] | None:
    """Read `--extra-body JSON`.

    Raises:
        BadInput: This is not a JSON object.
    """
    if text is None:
        return None
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise BadInput(
            f"{text[:80]!r} is not a JSON object",
            field="--extra-body",
            hint='as \'{"chat_template_kwargs": {"enable_thinking": false}}\'',
        )
    return body


def policy(name: str | None, weights: Path | None, verifier: Path | None = None) -> Policy:
    """Read `--policy`, `--weights` and `--verifier`.

    Raises:
        BadInput: There is no such policy, a file does not hold what it should, or the policy takes
            no weights or no verifier.
    """
    if verifier is not None:
        if name not in (None, "medalist"):
            raise BadInput(f"the policy {name!r} takes no verifier", field="--verifier")
        for path, field in ((verifier, "--verifier"), (weights, "--weights")):
            if path is not None and path.suffix != ".json":
                raise BadInput("this is a .json file", file=path, field=field)
        Verifier.load(verifier)  # weights in its place are refused here
        return policy_named(str(verifier) if weights is None else f"{weights}+{verifier}")
    if weights is None:
        return policy_named(name or "medalist")
    if name not in (None, "medalist"):
        raise BadInput(f"the policy {name!r} has no weights", field="--weights")
    if weights.suffix != ".json":
        raise BadInput("weights are a .json file", file=weights, field="--weights")
    return policy_named(str(weights))


def allocated(
    allocation: Allocation, most: int | None, target: float | None
) -> dict[str, str | int | float]:
    """Read what an allocation says of options: the strategy to begin with, and the most samples.

    Raises:
        BadInput: Another option decides, too, when the asking ends.
    """
    for name, value in (("most", most), ("target", target)):
        if value is not None:
            raise BadInput("contradicts --allocate", field=f"--{name}", hint="give one of them")
    first, *others = allocation.strategies
    values: dict[str, str | int | float] = {
        name: ",".join(value) if isinstance(value, list) else value
        for name, value in first.settings.items()
    }
    samples = first.looks[-1].samples + sum(other.looks[-1].samples for other in others)
    return {**values, "candidates": samples}


def searching(search: str | None, target: float | None) -> str:
    """Read `--search`; a target is looked at between rounds, so there must be some."""
    chosen = listed(search or USUAL_SEARCH, "--search", SEARCHES)[0]
    return "rounds" if target is not None and chosen == "once" else chosen


def least_belief(min_belief: float | None, always_submit: bool) -> float:
    """Read `--min-belief` and `--always-submit`: below which expected gain nothing is submitted.

    Raises:
        BadInput: Both are given.
    """
    if not always_submit:
        return MIN_BELIEF if min_belief is None else min_belief
    if min_belief:
        raise BadInput("contradicts --min-belief", field="--always-submit", hint="give one of them")
    return 0.0
