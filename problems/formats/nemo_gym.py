"""Rows of NeMo Gym: a question to a model, and the tests that its code server verifies answers by.

    {"responses_create_params": {"input": "..." or [{"role": "user", "content": "..."}]},
     "verifier_metadata": {"unit_tests": {"inputs": [...], "outputs": [...]}},
     "agent_ref": {"name": "code_gen_simple_agent"}}

The question is the statement; what only frames it (a system message) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from medalist.problems.formats.fields import Fields, parse_json
from medalist.problems.formats.rows import parsed
from medalist.problems.secret import Problem


def is_nemo_gym(row: Mapping[str, Any]) -> bool:
    """Whether a row has this shape."""
    return {"responses_create_params", "verifier_metadata"} <= row.keys()


def load_nemo_gym(
    row: Fields, name: str, tests: Callable[[dict[str, Any], str], Problem]
) -> Problem:
    """Read a row.

    Args:
        row: The row.
        name: What it is called.
        tests: Reads the same tests in the shape of APPS, which has the same comparison.

    Raises:
        BadInput: A wrong value, or no question.
    """
    metadata = row.map("verifier_metadata")
    unit_tests = parsed(metadata.get("unit_tests"), f"{row.file}: verifier_metadata.unit_tests")
    if not isinstance(unit_tests, dict):
        raise row.bad("verifier_metadata", "needs unit_tests with inputs and outputs")
    if unit_tests.get("fn_name"):
        unit_tests = _as_values(unit_tests, row)
    limit = metadata.get("time_limit") or metadata.get("time_limit_secs")
    return tests(
        {
            "question": _question(row),
            "input_output": unit_tests,
            "difficulty": metadata.get("difficulty"),
            "starter_code": metadata.get("starter_code"),
            "time_limit": None if limit is None else str(limit),
            "source": "NeMo Gym",
        },
        name,
    )


def _as_values(tests: dict[str, Any], row: Fields) -> dict[str, Any]:
    """Return tests of a function with values in place of their JSON, one argument a line."""
    file = f"{row.file}: verifier_metadata.unit_tests"
    inputs, outputs = tests.get("inputs"), tests.get("outputs")
    if not isinstance(inputs, list) or not isinstance(outputs, list):
        raise row.bad("verifier_metadata", "inputs and outputs must be lists")
    return {
        **tests,
        "inputs": [
            [parse_json(line, file) for line in each.splitlines() if line.strip()]
            if isinstance(each, str)
            else each
            for each in inputs
        ],
        "outputs": [parse_json(each, file) if isinstance(each, str) else each for each in outputs],
    }


def _question(row: Fields) -> str:
    asked = row.map("responses_create_params")
    value = asked.get("input")
    if isinstance(value, str):
        return value
    parts = [
        _text(message.get("content"))
        for message in (value if isinstance(value, list) else [])
        if isinstance(message, dict) and message.get("role", "user") == "user"
    ]
    if not any(part.strip() for part in parts):
        raise row.bad("responses_create_params", "its input asks nothing")
    return "\n\n".join(parts)


def _text(content: Any) -> str:
    """Return the text of a message: a text, or parts of which some are text."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = (part.get("text") for part in parts if isinstance(part, dict))
    return "\n".join(text for text in texts if isinstance(text, str))
