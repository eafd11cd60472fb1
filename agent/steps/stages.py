"""Names of settings, apart from what they need: the command line reads these at every start."""

from __future__ import annotations

STAGE_SETTINGS = (
    *("brute", "generators", "validators", "subtask_validators", "tests", "checkers"),
    *("pair_generators", "duels", "subtask_share"),
    *("tools", "tool_calls", "tool_seconds", "tool_tokens", "tool_submissions", "tool_repair"),
)
"""Settings of stages that are off at 0."""
