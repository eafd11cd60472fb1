"""Outputs as a problem sees them: what the declared equality ignores is taken away."""

from __future__ import annotations

import hashlib
import math
import re

from medalist.problems.model import Equality

_NUMBER = re.compile(rb"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


def canonical(output: bytes, equality: Equality) -> bytes:
    """Return the form in which equal outputs are the same bytes.

    Tolerances are left out: they are no equivalence, `same` knows them.
    """
    if not equality.case_sensitive:
        output = output.lower()
    if equality.mode == "exact":
        return output
    if equality.mode == "lines":
        return b"\n".join(line.rstrip() for line in output.splitlines()).rstrip(b"\n")
    return b" ".join(output.split())


def output_key(output: bytes, equality: Equality) -> str:
    """Return the key of an output in a `Behaviour`: `=` and 16 hex digits of its SHA-256."""
    return "=" + hashlib.sha256(canonical(output, equality)).hexdigest()[:16]


def same(first: bytes, second: bytes, equality: Equality) -> bool:
    """Whether two canonical forms are equal, tolerances included."""
    if first == second:
        return True
    if equality.is_equivalence:
        return False
    ours, theirs = first.split(), second.split()
    return len(ours) == len(theirs) and all(map(_Near(equality), ours, theirs))


class _Near:
    """Compares two tokens within the tolerances; either one suffices."""

    def __init__(self, equality: Equality) -> None:
        self._abs = equality.abs_tol or 0.0
        self._rel = equality.rel_tol or 0.0

    def __call__(self, first: bytes, second: bytes) -> bool:
        if first == second:
            return True
        if not (_NUMBER.fullmatch(first) and _NUMBER.fullmatch(second)):
            return False
        a, b = float(first), float(second)
        return math.isclose(a, b, rel_tol=self._rel, abs_tol=self._abs)
