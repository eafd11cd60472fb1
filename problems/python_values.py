"""Python values that functions return: how they are written as JSON, and when two are equal.

Data sets with functions (LiveCodeBench, APPS, TACO) compare with Python's `==`: `3 == 3.0`, a list
is not a tuple, the order of a dictionary's keys does not count, a string is compared exactly.
What JSON has no form for is written as an object with one key: `{"__tuple__": [...]}`,
`{"__dict__": [[key, value], ...]}` (keys that are not strings), `{"__other__": "its type"}`, which
equals nothing.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

_SAFE_DIGITS = 4000  # Python refuses to convert more than 4,300 digits
_DIGITS_LIMIT = 1_000_000
_LONG = re.compile(rf"(?<!\d)\d{{{_SAFE_DIGITS}}}")


def loads(text: str, *, tagged: bool = False) -> Any:
    """Parse JSON with integers of up to a million digits.

    Args:
        text: The document.
        tagged: Read the forms above, too.

    Raises:
        ValueError: Not JSON (a `json.JSONDecodeError`), or a longer integer.
        RecursionError: Nested too deep.
    """
    return decoder(text, tagged=tagged).decode(text)


def decoder(text: str, *, tagged: bool = False) -> json.JSONDecoder:
    """Return what `loads` parses a text with."""
    hook = _untagged if tagged else None
    # Python's own conversion is faster, but refuses long integers.
    if _LONG.search(text):
        return json.JSONDecoder(object_pairs_hook=hook, parse_int=_integer)
    return json.JSONDecoder(object_pairs_hook=hook)


def dumps(value: Any) -> str:
    """Write what `loads` returned as JSON.

    Raises:
        RecursionError: Nested too deep.
    """
    try:
        return json.dumps(value)
    except ValueError:  # an integer that Python would not write
        return _dumped(value)


def value_equal(expected: bytes, actual: bytes, *, or_first: bool) -> bool:
    """Whether a returned value is right.

    Args:
        expected: The judge's answer, JSON.
        actual: What the program returned, JSON with the forms above.
        or_first: Also right is the answer's first element (APPS and TACO wrap most results in a
            list of one).
    """
    try:
        right = loads(expected.decode())
        value = loads(actual.decode(), tagged=True)
        if isinstance(value, tuple):
            value = list(value)
        if not or_first:
            return bool(value == right)
        return _right_or_first(_integer_keys(right), value)
    except (ValueError, RecursionError):
        return expected.strip() == actual.strip()


def canonical_value(output: bytes) -> bytes:
    """Return a form that is the same for equal values; other output without outer blanks."""
    try:
        value = loads(output.decode(), tagged=True)
        return _form(list(value) if isinstance(value, tuple) else value).encode(
            "utf-8", "surrogatepass"
        )
    except (ValueError, RecursionError):
        return output.strip()


def _right_or_first(right: Any, value: Any) -> bool:
    if value == right:
        return True
    if not isinstance(right, list) or not right:
        return False
    if value == right[0]:
        return True
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        if not all(isinstance(item, tuple | list | dict | str) for item in value):
            return False
        return bool([list(item) for item in value] == right[0])
    return False


def _integer_keys(right: Any) -> Any:
    """Give a dictionary its integer keys back, which JSON made strings, as APPS does."""
    first = right[0] if isinstance(right, list) and right else right
    if not isinstance(first, dict):
        return right
    try:
        return [{int(key): item for key, item in first.items()}]
    except ValueError:
        return right


def _untagged(pairs: list[tuple[str, Any]]) -> Any:
    if len(pairs) == 1:
        (key, item) = pairs[0]
        if key == "__tuple__" and isinstance(item, list):
            return tuple(item)
        if key == "__dict__" and isinstance(item, list):
            try:
                return dict(item)
            except (TypeError, ValueError):
                return _Other(key)
        if key == "__other__":
            return _Other(str(item))
    return dict(pairs)


class _Other:
    """A value of a type that no answer has: equal to nothing."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


def _integer(digits: str) -> int:
    if len(digits) <= _SAFE_DIGITS:
        return int(digits)
    if len(digits) > _DIGITS_LIMIT:
        raise ValueError("an integer of more than a million digits")
    return int(Decimal(digits))


def _digits(number: int) -> str:
    """Write an integer of any length (`str` refuses more than 4,300 digits)."""
    try:
        return str(number)
    except ValueError:
        return f"{Decimal(number):f}"


def _dumped(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | list | dict):
        return json.dumps(value)
    if isinstance(value, int):
        return _digits(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_dumped, value))}]"
    return f"{{{', '.join(f'{json.dumps(key)}: {_dumped(item)}' for key, item in value.items())}}}"


def _form(value: Any) -> str:
    """Write a value so that equal values have equal texts: `True`, `1` and `1.0` are `1`."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return _digits(int(value))
    if isinstance(value, list):
        return f"[{','.join(map(_form, value))}]"
    if isinstance(value, tuple):
        return f"({','.join(map(_form, value))})"
    if isinstance(value, dict):
        items = sorted(f"{_form(key)}:{_form(item)}" for key, item in value.items())
        return f"{{{','.join(items)}}}"
    if isinstance(value, _Other):
        return f"<{value.kind}>"
    return json.dumps(value, ensure_ascii=False)
