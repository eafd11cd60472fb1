"""Answers that are held to a form: one of a few texts, as JSON that fits a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

_NAME = "answer"


def schema_of(choices: Sequence[str]) -> dict[str, Any]:
    """Return the JSON schema of an answer that is one of some texts."""
    return {
        "type": "object",
        "properties": {_NAME: {"type": "string", "enum": list(choices)}},
        "required": [_NAME],
        "additionalProperties": False,
    }


def unwrapped(text: str, choices: Sequence[str]) -> str:
    """Return the text that an answer in that form chooses; what has another form stays as it is."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return text
    chosen = body.get(_NAME) if isinstance(body, Mapping) else body
    return chosen if isinstance(chosen, str) and chosen in choices else text
