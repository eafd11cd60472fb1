"""Coarser views of an output: what right answers may share though they differ."""

from __future__ import annotations

import re
from collections.abc import Callable

from medalist.agent.evidence.canonical import NUMBER
from medalist.problems.model import PublicProblem

OutputView = Callable[[bytes, frozenset[str]], object]
"""What is looked at of an output, given the words of the statement."""

_INTEGER = re.compile(rb"[+-]?[0-9]+")
_WORD = re.compile(r"\w+")


def words_of(public: PublicProblem) -> frozenset[str]:
    """Return the words of the statement, in lower case."""
    return frozenset(_WORD.findall(public.statement().lower()))


def is_phrase(output: bytes, words: frozenset[str]) -> bool:
    """Whether an output is nothing but words of the statement, as `impossible` or `NO` is."""
    kinds = _shape(output, words, signed=False)
    return bool(kinds) and kinds <= words


def _any_order(output: bytes, _: frozenset[str]) -> object:
    return tuple(sorted(output.split()))


def _first_line(output: bytes, _: frozenset[str]) -> object:
    return tuple(output.strip().split(b"\n", 1)[0].split())


def _signs(output: bytes, words: frozenset[str]) -> object:
    return _shape(output, words, signed=True)


def _kinds(output: bytes, words: frozenset[str]) -> object:
    return _shape(output, words, signed=False)


VIEWS: tuple[OutputView, ...] = (lambda output, _: output, _any_order, _first_line)
"""Views of an output that right answers may share though they differ, finer ones first."""

KINDS: tuple[OutputView, ...] = (_signs, _kinds)
"""Which words of the statement an output has, and whether its numbers are negative, zero or
positive; the same without signs."""


def _shape(output: bytes, words: frozenset[str], *, signed: bool) -> frozenset[str]:
    """Return the words of the statement that an output has, and the kinds of its numbers."""
    kinds: set[str] = set()
    for token in output.split():
        if NUMBER.fullmatch(token):
            value = float(token)
            sign = "0" if value == 0 else "-" if value < 0 else "+"
            kind = "#integer" if _INTEGER.fullmatch(token) else "#number"
            kinds.add(f"{kind} {sign}" if signed else kind)
        else:
            word = token.decode("utf-8", "replace").lower()
            kinds.add(word if word in words else "#text")
    return frozenset(kinds)
