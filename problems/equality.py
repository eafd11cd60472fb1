"""Compares outputs by a problem's declared equality.

Numbers are compared in decimal arithmetic with as many digits as the tokens have, never through
binary floats: integers of any size and tolerances such as 1e-9 on 1e18 are exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from itertools import zip_longest

from medalist.problems.model import VALUE_MODES, Equality
from medalist.problems.python_values import canonical_value, value_equal

# An exponent of more than six digits is not a number that a problem means, and its decimal
# arithmetic would still be exact but useless; such tokens are compared as text.
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?")
_SPACES = re.compile(rb"(\s+)")
_TOKEN = re.compile(rb"\S+")
_SHOWN = 80


@dataclass(frozen=True)
class Difference:
    """The first token in which an output differs from the expected one.

    `expected` and `actual` are None where that side has ended; `before` is the expected text
    just before, on the same line. All three are cut to a length that fits a terminal line.
    """

    line: int
    token: int
    expected: str | None
    actual: str | None
    before: str


def equal(expected: bytes, actual: bytes, equality: Equality) -> bool:
    """Whether `actual` is right where `expected` is the judge's answer.

    A relative tolerance is relative to `expected`, so this is not symmetric.
    """
    if expected == actual:
        return True
    if equality.mode in VALUE_MODES:
        return value_equal(expected, actual, or_first=equality.mode == "value-or-first")
    if equality.is_equivalence:
        return canonical(expected, equality) == canonical(actual, equality)
    left, right = _rows(expected, equality), _rows(actual, equality)
    return len(left) == len(right) and all(
        _rows_equal(a, b, equality) for a, b in zip(left, right, strict=True)
    )


def canonical(output: bytes, equality: Equality) -> bytes:
    """Return a form that is the same for outputs that differ only in what does not count.

    Where the equality has tolerances, equal outputs may still have different forms; the form of
    an output is equal to the output. Of a value that may also be the answer's first element the
    form is that of the value.
    """
    if equality.mode in VALUE_MODES:
        return canonical_value(output)
    if equality.mode == "number-lines":
        return b"\n".join(map(_number_line, _stripped_lines(output, equality)))
    if equality.mode in ("tokens", "token-lines", "filled-lines"):
        return b"\n".join(b" ".join(row) for row in _rows(output, equality))
    return _normal(output, equality)


def _rows(output: bytes, equality: Equality) -> list[list[bytes]]:
    """Take an output apart into what is compared one by one: lines, and in them tokens.

    Where blanks count they are tokens, too. Where lines do not, there is one row.
    """
    text = _normal(output, equality)
    if equality.mode == "tokens":
        tokens = text.split()
        return [tokens if equality.ordered else sorted(tokens)]
    if equality.mode in ("token-lines", "filled-lines"):
        rows = [line.split() for line in text.split(b"\n")]
        if equality.mode == "filled-lines":
            return [row for row in rows if row]
        while rows and not rows[-1]:
            rows.pop()
        return rows
    if equality.mode == "number-lines":
        return [[line] for line in _stripped_lines(output, equality)]
    return [_SPACES.split(text)]


def _rows_equal(left: list[bytes], right: list[bytes], equality: Equality) -> bool:
    if equality.mode == "number-lines" and left != right:
        left, right = left[0].split(), right[0].split()
        if not all(map(_NUMBER.fullmatch, (*left, *right))):
            return False
    return len(left) == len(right) and all(
        a == b or _close(a, b, equality.abs_tol, equality.rel_tol)
        for a, b in zip(left, right, strict=True)
    )


def _stripped_lines(output: bytes, equality: Equality) -> list[bytes]:
    text = output if equality.case_sensitive else output.lower()
    return [line.strip() for line in text.strip().split(b"\n")]


def _number_line(line: bytes) -> bytes:
    """Write a line of nothing but numbers in one way: `4`, `4.0` and `+4` are the same."""
    tokens = line.split()
    if not all(map(_NUMBER.fullmatch, tokens)):
        return line
    context = Context(prec=len(line) + 10, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
    numbers = (context.normalize(Decimal(token.decode())) for token in tokens)
    return b" ".join(str(number).encode() if number else b"0" for number in numbers)


def first_difference(expected: bytes, actual: bytes, equality: Equality) -> Difference | None:
    """Return the first token that differs, or None if only the layout does or nothing."""
    if not equality.ordered:
        expected, actual = (b" ".join(sorted(text.split())) for text in (expected, actual))
    previous: re.Match[bytes] | None = None
    pairs: Iterator[tuple[re.Match[bytes] | None, re.Match[bytes] | None]] = zip_longest(
        _TOKEN.finditer(expected), _TOKEN.finditer(actual)
    )
    for number, (left, right) in enumerate(pairs, start=1):
        if left is not None and right is not None:
            a, b = _normal(left[0], equality), _normal(right[0], equality)
            if a == b or _close(a, b, equality.abs_tol, equality.rel_tol):
                previous = left
                continue
        end = left.start() if left else len(expected)
        start = expected.rfind(b"\n", 0, end) + 1
        # After the last token there may be line ends: the text to show is the last line's.
        if left is None and previous is not None:
            start = expected.rfind(b"\n", 0, previous.start()) + 1
        return Difference(
            line=expected.count(b"\n", 0, start) + 1,
            token=number,
            expected=_shown(left[0]) if left else None,
            actual=_shown(right[0]) if right else None,
            before=expected[start:end][-_SHOWN:].decode(errors="replace").rstrip(),
        )
    return None


def _shown(token: bytes) -> str:
    text = token.decode(errors="replace")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _normal(output: bytes, equality: Equality) -> bytes:
    """Remove what the equality ignores, except the layout between tokens."""
    if not equality.case_sensitive:
        output = output.lower()
    if equality.mode == "lines":
        return b"\n".join(line.rstrip() for line in output.split(b"\n")).rstrip(b"\n")
    if equality.mode == "whole-text":
        return output.replace(b"\r\n", b"\n").rstrip()
    if equality.mode == "whole-lines":
        lines = [line.removesuffix(b"\r") for line in output.split(b"\n")]
        while lines and not lines[-1].strip():
            lines.pop()
        return b"\n".join(lines)
    return output


def _close(expected: bytes, actual: bytes, abs_tol: float | None, rel_tol: float | None) -> bool:
    if abs_tol is None and rel_tol is None:
        return False
    if not (_NUMBER.fullmatch(expected) and _NUMBER.fullmatch(actual)):
        return False
    context = Context(prec=len(expected) + len(actual) + 30, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
    a, b = Decimal(expected.decode()), Decimal(actual.decode())
    difference = context.abs(context.subtract(a, b))
    # `repr` gives the decimal that was written: 1e-9 means 10^-9, not the nearest double.
    if abs_tol is not None and difference <= Decimal(repr(abs_tol)):
        return True
    if rel_tol is None:
        return False
    return difference <= context.multiply(context.abs(a), Decimal(repr(rel_tol)))
