"""How much of each stage is done where nobody says; `docs/pipeline.md` argues for the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medalist.agent.llm import ModelTraits
from medalist.agent.steps.stages import STAGE_SETTINGS

HELPERS = 4
"""Generators, and as many validators: one generator for each aim, and one of four validators may
reject what the other three accept."""

DUELS = 28
"""Pairs: every two of eight programs."""

DUELING = ("gencluster", "s-star")
"""Policies that are nothing without duels; the others do not look at them."""

SUBTASK_SHARE = 0.5
"""Half of the answers keep the whole problem in sight."""


def usual_stages(
    traits: ModelTraits, policy: str, asked: Mapping[str, Any], *, batch_api: bool = False
) -> dict[str, int | float]:
    """Return how much of each stage is done by default, by the name of its setting.

    Args:
        traits: Of the model that writes.
        policy: The policy's name.
        asked: The settings of the run whose answers are given again, if it is a recording: what
            was not asked then cannot be answered now.
        batch_api: Whether each stage would be a batch of its own, which may take a day.
    """
    if traits.recorded is not None:
        return {name: asked.get(name) or 0 for name in STAGE_SETTINGS}
    if traits.prompt_form == "small":
        return dict.fromkeys(STAGE_SETTINGS, 0)
    helpers = 0 if batch_api else HELPERS
    return {
        "generators": helpers,
        "validators": helpers,
        "duels": DUELS if policy in DUELING and not batch_api else 0,
        "subtask_share": SUBTASK_SHARE,
    }
