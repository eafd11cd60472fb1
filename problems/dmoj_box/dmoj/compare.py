"""DMOJ's built-in checkers, as its documentation describes them and its judge behaves.

Each takes the judge's answer and the program's output and says whether the output passes and what
share of the case's points it earns: the two are not the same (`linecount` gives points to an
output that does not pass). The module is alone: it is also laid into the box in which a
package's own Python checker runs, since such checkers call these.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Decision = tuple[bool, float]
"""Whether the output passes, and the share (0 to 1) of the case's points."""

_BREAK = re.compile(rb"[\r\n]")
_DIGITS_LIMIT = 300


class WrongSettings(ValueError):
    """A setting that the checker does not have, or that does not fit the answer."""


def compare(name: str, answer: bytes, output: bytes, settings: Mapping[str, Any]) -> Decision:
    """Apply the checker `name`.

    Raises:
        WrongSettings: No such checker, or settings that it cannot obey.
    """
    if name not in CHECKERS:
        raise WrongSettings(f"{name!r} is not a checker of DMOJ")
    return CHECKERS[name](answer, output, settings)


def standard(answer: bytes, output: bytes, _: Mapping[str, Any]) -> Decision:
    """Tokens are equal line by line; blanks and empty lines do not count, line breaks do."""
    return _whole(_token_lines(answer) == _token_lines(output))


def identical(answer: bytes, output: bytes, _: Mapping[str, Any]) -> Decision:
    """Every byte is equal."""
    return _whole(answer == output)


def easy(answer: bytes, output: bytes, _: Mapping[str, Any]) -> Decision:
    """The same letters the same number of times, whatever their case and order."""
    left, right = (Counter(b"".join(text.split()).lower()) for text in (answer, output))
    return _whole(left == right)


def rstripped(answer: bytes, output: bytes, settings: Mapping[str, Any]) -> Decision:
    """The same number of lines, equal but for blanks at their ends."""
    left, right = _BREAK.split(answer), _BREAK.split(output)
    if settings.get("filter_new_line"):
        left, right = _filled(left), _filled(right)
    return _whole([line.rstrip() for line in left] == [line.rstrip() for line in right])


def sorted_lines(answer: bytes, output: bytes, settings: Mapping[str, Any]) -> Decision:
    """The same lines, or with `split_on: whitespace` the same tokens, in any order."""
    split_on = settings.get("split_on", "lines")
    if split_on == "lines":
        left, right = (_filled(_BREAK.split(text)) for text in (answer, output))
        same = sorted(line.split() for line in left) == sorted(line.split() for line in right)
        return _whole(same)
    if split_on == "whitespace":
        return _whole(sorted(answer.split()) == sorted(output.split()))
    raise WrongSettings("split_on must be lines or whitespace")


def unordered(answer: bytes, output: bytes, _: Mapping[str, Any]) -> Decision:
    """The same tokens in any order."""
    return sorted_lines(answer, output, {"split_on": "whitespace"})


def linecount(answer: bytes, output: bytes, _: Mapping[str, Any]) -> Decision:
    """Each right line earns its share; only if all are right the output passes."""
    expected, actual = _filled(_BREAK.split(answer)), _filled(_BREAK.split(output))
    if len(actual) > len(expected):
        return False, 0.0
    right = sum(a.strip() == b.strip() for a, b in zip(expected, actual, strict=False))
    return right == len(expected), right / len(expected) if expected else 1.0


def linematches(answer: bytes, output: bytes, settings: Mapping[str, Any]) -> Decision:
    """Each line has its own points (`point_distribution`); with any of them it passes."""
    points = settings.get("point_distribution", [1])
    if not isinstance(points, Sequence) or not all(
        isinstance(item, int | float) for item in points
    ):
        raise WrongSettings("point_distribution must be a list of numbers")
    expected, actual = _filled(_BREAK.split(answer)), _filled(_BREAK.split(output))
    if len(expected) != len(points):
        raise WrongSettings(
            f"point_distribution has {len(points)} numbers for {len(expected)} lines of the answer"
        )
    if sum(points) <= 0:
        raise WrongSettings("the sum of point_distribution must be positive")
    if settings.get("filler_lines_required", True) and len(actual) != len(expected):
        return False, 0.0
    triples = zip(expected, actual, points, strict=False)
    earned = sum(worth for one, other, worth in triples if one == other)
    return earned > 0, earned / sum(points)


def floats(answer: bytes, output: bytes, settings: Mapping[str, Any]) -> Decision:
    """Numbers are equal within `10 ** -precision`, other tokens exactly, line by line."""
    try:
        digits = int(settings.get("precision", 6))
    except (TypeError, ValueError) as error:
        raise WrongSettings("precision must be a whole number") from error
    if abs(digits) > _DIGITS_LIMIT:
        raise WrongSettings(f"precision must be at most {_DIGITS_LIMIT}")
    mode = settings.get("error_mode", "default")
    if mode not in _WITHIN:
        raise WrongSettings(f"error_mode must be one of {', '.join(_WITHIN)}")
    close, epsilon = _WITHIN[mode], 10.0**-digits
    # Here an empty line is one without any character: blanks alone are a line without tokens.
    expected, actual = _filled(_BREAK.split(answer)), _filled(_BREAK.split(output))
    if len(expected) != len(actual):
        return False, 0.0
    for left, right in zip(expected, actual, strict=True):
        tokens = left.split(), right.split()
        if len(tokens[0]) != len(tokens[1]):
            return False, 0.0
        if not all(_near(a, b, epsilon, close) for a, b in zip(*tokens, strict=True)):
            return False, 0.0
    return True, 1.0


def floatsabs(answer: bytes, output: bytes, settings: Mapping[str, Any]) -> Decision:
    """As `floats` with an absolute error."""
    return floats(answer, output, {**settings, "error_mode": "absolute"})


def floatsrel(answer: bytes, output: bytes, settings: Mapping[str, Any]) -> Decision:
    """As `floats` with a relative error."""
    return floats(answer, output, {**settings, "error_mode": "relative"})


CHECKERS: dict[str, Callable[[bytes, bytes, Mapping[str, Any]], Decision]] = {
    "standard": standard,
    "identical": identical,
    "easy": easy,
    "rstripped": rstripped,
    "sorted": sorted_lines,
    "unordered": unordered,
    "linecount": linecount,
    "linematches": linematches,
    "floats": floats,
    "floatsabs": floatsabs,
    "floatsrel": floatsrel,
}


def _within_absolute(expected: float, actual: float, epsilon: float) -> bool:
    return abs(actual - expected) <= epsilon  # never true for NaN


def _within_relative(expected: float, actual: float, epsilon: float) -> bool:
    bounds = expected * (1 - epsilon), expected * (1 + epsilon)
    return min(bounds) <= actual <= max(bounds)


def _within_either(expected: float, actual: float, epsilon: float) -> bool:
    if abs(actual - expected) <= epsilon:
        return True
    return abs(expected) >= epsilon and abs(1.0 - actual / expected) <= epsilon


_WITHIN: dict[str, Callable[[float, float, float], bool]] = {
    "default": _within_either,
    "absolute": _within_absolute,
    "relative": _within_relative,
}


def _near(
    expected: bytes, actual: bytes, epsilon: float, close: Callable[[float, float, float], bool]
) -> bool:
    try:
        number = float(expected)
    except ValueError:
        return expected == actual
    try:
        return close(number, float(actual), epsilon)
    except (ValueError, ArithmeticError):
        return False


def _whole(passed: bool) -> Decision:
    return passed, float(passed)


def _token_lines(text: bytes) -> list[list[bytes]]:
    lines = (line.split() for line in _BREAK.split(text))
    return [tokens for tokens in lines if tokens]


def _filled(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if line]
