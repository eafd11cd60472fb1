"""How much of each stage is done where nobody says: a row for each setting, a column an effort.

`docs/pipeline.md` shows the table and argues for the numbers. A new setting is one more row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from medalist.agent.llm import ModelTraits
from medalist.agent.propose.search import FEEDBACK
from medalist.agent.steps.stages import STAGE_SETTINGS

Effort = Literal["low", "medium", "high", "max"]
EFFORTS: tuple[Effort, ...] = get_args(Effort)

Amount: TypeAlias = int | float | str
Columns: TypeAlias = tuple[Amount, Amount, Amount, Amount]

DUELS = 28
"""Pairs: every two of eight programs."""

DUELING = ("gencluster", "s-star")
"""Policies that are nothing without duels."""

ROUND_SUBMISSIONS = 10
"""As GenCorrect submits after each of its rounds."""

MOST_SUBMISSIONS = 50
"""As many as the IOI allows: what the rounds of a run make by default at most."""


def usual_rounds(
    rounds: tuple[int | None, int],
    last: int | None,
    candidates: tuple[int | None, int],
    width: int,
) -> tuple[int, int]:
    """Return how many rounds with feedback there are, and the candidates of all of them together.

    The size of a round is the width of any search; the last one has what is left.

    Args:
        rounds: Those that were asked for, if any were, and the usual ones (0 for as many as the
            candidates need).
        last: Answers of the last round, if that was said.
        candidates: Those that were asked for, if any were, and the usual ones.
        width: Answers a round.
    """
    given, usual = rounds
    if candidates[0] is None and (given is not None or last is not None):
        count = given or usual or max(1, math.ceil(candidates[1] / width))
        return count, (count - 1) * width + (last or width)
    number = candidates[0] or candidates[1]
    return given or usual or max(1, math.ceil(number / width)), number


def usual_subtask_generators(generators: int) -> int:
    """Return how many generators each subtask gets: half as many as the whole problem."""
    return max(1, generators // 2) if generators else 0


def usual_submissions(rounds: int, a_round: int) -> int:
    """Return how many submissions a local judge takes: one, or those of the rounds."""
    return min(MOST_SUBMISSIONS, max(1, rounds * a_round))


@dataclass(frozen=True)
class UsualAmounts:
    """A setting at each effort, in the order of `EFFORTS`.

    Attributes:
        endpoint: Where an endpoint writes.
        embedded: Where the embedded model writes.
        batched: Whether it is done through the Batch API too, where each stage may take a day.
    """

    endpoint: Columns
    embedded: Columns
    batched: bool = True


_SEARCHES: Columns = ("mixed", "mixed", FEEDBACK, FEEDBACK)

USUAL: Mapping[str, UsualAmounts] = {
    "candidates": UsualAmounts((8, 32, 200, 10_000), (8, 16, 64, 256)),
    "most": UsualAmounts((0, 0, 400, 0), (0, 0, 128, 0)),
    "search": UsualAmounts(_SEARCHES, _SEARCHES),
    "rounds": UsualAmounts((0, 0, 5, 5), (0, 0, 5, 5)),
    "width": UsualAmounts((8, 8, 32, 256), (4, 4, 8, 16)),
    "subtask_share": UsualAmounts((0.0, 0.5, 0.5, 0.5), (0.0, 0.0, 0.5, 0.5)),
    "generators": UsualAmounts((0, 4, 8, 16), (0, 2, 4, 8), batched=False),
    "validators": UsualAmounts((0, 4, 8, 16), (0, 3, 4, 8), batched=False),
    "subtask_generators": UsualAmounts((0, 2, 4, 8), (0, 1, 2, 4), batched=False),
    "subtask_validators": UsualAmounts((0, 0, 2, 4), (0, 0, 2, 2), batched=False),
    "brute": UsualAmounts((0, 0, 4, 8), (0, 0, 0, 0), batched=False),
    "tests": UsualAmounts((0, 2, 4, 6), (0, 0, 2, 4), batched=False),
    "checkers": UsualAmounts((0, 4, 6, 8), (0, 0, 4, 4), batched=False),
    "pair_generators": UsualAmounts((0, 3, 6, 12), (0, 0, 2, 4), batched=False),
    "evidence": UsualAmounts((40, 40, 256, 256), (40, 40, 128, 256)),
    "mutants": UsualAmounts((0, 0, 20, 40), (0, 0, 10, 20)),
    "duels": UsualAmounts((0, 0, DUELS, 120), (0, 0, DUELS, DUELS), batched=False),
    "tools": UsualAmounts(("off", "off", "auto", "auto"), ("off",) * 4, batched=False),
    "submissions": UsualAmounts((1, 1, 10, 50), (1, 1, 10, 50)),
}


def usual_effort(traits: ModelTraits) -> Effort:
    """Return the effort where nobody says: low for the embedded model."""
    return "low" if traits.prompt_form == "small" else "medium"


def usual_amounts(
    effort: Effort,
    traits: ModelTraits,
    policy: str,
    asked: Mapping[str, Any],
    *,
    batch_api: bool = False,
) -> dict[str, Any]:
    """Return how much of each stage is done by default, by the name of its setting.

    Args:
        effort: The dial.
        traits: Of the model that writes.
        policy: The policy's name.
        asked: The settings of the run whose answers are given again, if it is a recording: what
            was not asked then cannot be answered now.
        batch_api: Whether each stage would be a separate batch, which may take a day.
    """
    column = EFFORTS.index(effort)
    small = traits.prompt_form == "small"
    amounts: dict[str, Any] = {
        name: (row.embedded if small else row.endpoint)[column] if row.batched or not batch_api
        else 0
        for name, row in USUAL.items()
    }  # fmt: skip
    if policy in DUELING and not small and not batch_api:
        amounts["duels"] = max(amounts["duels"], DUELS)
    if batch_api:
        amounts["search"] = "once"
    if traits.recorded is not None:
        amounts |= {name: asked[name] for name in ("search", "width") if asked.get(name)}
        amounts |= {name: asked.get(name) or 0 for name in STAGE_SETTINGS}
    return amounts


def by_effort(name: str) -> str:
    """Say for the help of an option how much is usual, at each effort."""
    row = USUAL[name]

    def told(columns: Columns) -> str:
        texts = [f"{column:g}" if isinstance(column, float) else str(column) for column in columns]
        return texts[0] if len(set(texts)) == 1 else ", ".join(texts)

    endpoint, embedded = told(row.endpoint), told(row.embedded)
    if endpoint == embedded:
        return f"Default: {endpoint}" + (" by --effort." if ", " in endpoint else ".")
    return f"Default by --effort: {endpoint}; {embedded} from the embedded model."
