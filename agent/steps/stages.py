"""Names of settings, apart from what they need: the command line reads these at every start."""

from __future__ import annotations

STAGE_SETTINGS = ("generators", "validators", "duels", "subtask_share")
"""Settings of stages that are off at 0."""
