"""Tests that come with a request, as trainers keep them: inputs and outputs, perhaps a function.

The shapes are those of verl's `ground_truth`, NeMo Gym's `unit_tests`, SandboxFusion's
`test_cases`, and the `input_output` of APPS and TACO::

    {"inputs": ["1 2\\n"], "outputs": ["3\\n"]}                    on stdin and stdout
    {"inputs": ["[1]\\n2"], "outputs": ["3"], "fn_name": "f"}      arguments, one JSON value a line
    {"inputs": [[[1], 2]], "outputs": [3], "fn_name": "f"}        arguments as JSON values
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

from medalist.errors import BadInput
from medalist.problems.formats.build import secret_of, text_blob
from medalist.problems.formats.fields import Fields, parse_json
from medalist.problems.formats.function_rows import LIVECODEBENCH, add_function, canonical_json
from medalist.problems.model import Equality, ProblemLimits, PublicProblem
from medalist.problems.python_values import dumps
from medalist.problems.secret import Problem

_NAME = "tests"
MOST_TESTS = 10_000


def given_tests(value: Any, limits: ProblemLimits, equality: Equality | None = None) -> Problem:
    """Return a problem that is judged on tests given with a request.

    Args:
        value: The tests, or their JSON text.
        limits: Under which programs run.
        equality: When an output is right; None for tokens, and for a function's equal values.

    Raises:
        BadInput: They are of no such shape; the message names the field.
    """
    if isinstance(value, str):
        value = parse_json(value, _NAME)
    fields = Fields.of(value, _NAME)
    inputs, outputs = _list(fields, "inputs", "input"), _list(fields, "outputs", "output")
    if len(inputs) != len(outputs):
        raise BadInput(f"{len(inputs)} inputs, but {len(outputs)} outputs", file=_NAME)
    if not inputs:
        raise BadInput("has no tests", file=_NAME)
    if len(inputs) > MOST_TESTS:
        raise BadInput(f"has {len(inputs)} tests, more than {MOST_TESTS}", file=_NAME)
    function = fields.get("fn_name") or None
    if function is not None and not (isinstance(function, str) and function.isidentifier()):
        raise BadInput("not the name of a function", file=_NAME, field="fn_name")
    if function is None:
        pairs = [(_text(a), _text(b)) for a, b in zip(inputs, outputs, strict=True)]
    else:
        pairs = [(_arguments(a), _result(b)) for a, b in zip(inputs, outputs, strict=True)]
    public = PublicProblem(
        problem_id=_NAME, statements={"en": ""}, limits=limits, equality=equality or Equality()
    )
    secret = secret_of([(text_blob(a), text_blob(b)) for a, b in pairs], ())
    problem = Problem(public, secret)
    return add_function(problem, function, None, LIVECODEBENCH) if function else problem


def unpacked(text: str, most_bytes: int) -> Any:
    """Return tests that NeMo Gym packed (base64 of zlib of JSON), if they are not too large.

    Raises:
        BadInput: They are, or they are not packed like that.
    """
    try:
        unzip = zlib.decompressobj()
        content = unzip.decompress(base64.b64decode(text, validate=True), most_bytes)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise BadInput("not base64 of zlib", file=_NAME, field="packed") from error
    if unzip.unconsumed_tail:
        raise BadInput(f"unpacks to more than {most_bytes >> 20} MiB", file=_NAME, field="packed")
    return parse_json(content, f"{_NAME}: packed")


def _list(fields: Fields, *names: str) -> list[Any]:
    value = next((fields.get(name) for name in names if fields.get(name) is not None), None)
    if not isinstance(value, list):
        raise BadInput("must be a list", file=_NAME, field=names[0])
    return value


def _text(value: Any) -> str:
    """Return an input or output; some data sets hold a list of lines, or bare numbers."""
    if isinstance(value, list):
        return "".join(f"{line}\n" for line in value)
    return "" if value is None else value if isinstance(value, str) else f"{value}\n"


def _arguments(value: Any) -> str:
    """Return arguments, one JSON value a line."""
    if isinstance(value, str):
        return value
    items = value if isinstance(value, list) else [value]
    return "".join(f"{dumps(item)}\n" for item in items)


def _result(value: Any) -> str:
    if isinstance(value, str):
        return canonical_json(value) if _is_json(value) else dumps(value) + "\n"
    return dumps(value) + "\n"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
