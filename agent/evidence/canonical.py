"""Keys of outputs, and whether two are equal, by the equality that the problem declares."""

from __future__ import annotations

import hashlib
import re

from medalist.agent.types import OutcomeKey
from medalist.problems.equality import canonical, equal
from medalist.problems.model import Equality

__all__ = ["NUMBER", "canonical", "output_key", "same"]

NUMBER = re.compile(rb"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def output_key(output: bytes, equality: Equality) -> OutcomeKey:
    """Return the key of an output in a `Behaviour`: `=` and 16 hex digits of its SHA-256."""
    return OutcomeKey.of_output(hashlib.sha256(canonical(output, equality)).hexdigest()[:16])


def same(actual: bytes, expected: bytes, equality: Equality) -> bool:
    """Whether an output equals another, tolerances included; either may be in canonical form."""
    return equal(expected, actual, equality)
