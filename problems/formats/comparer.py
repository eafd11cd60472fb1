"""A validator in Python that compares outputs as a problem's equality does.

For formats whose own comparison is another one. Its text is that of `problems/equality.py` itself,
with the standard library alone, so that both always agree.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from medalist.problems import equality as source
from medalist.problems.helper import Helper
from medalist.problems.model import VALUE_MODES, Equality

NAME = "compare.py"
_PARTS: tuple[Callable[..., Any], ...] = (
    source.equal,
    source.canonical,
    source._rows,
    source._rows_equal,
    source._stripped_lines,
    source._number_line,
    source._normal,
    source._close,
)
_PATTERNS = {"_NUMBER": source._NUMBER, "_SPACES": source._SPACES}
_HEAD = '''\
#!/usr/bin/env python3
"""Compares an output with the answer: {meaning}. Exit code 42: equal, 43: not."""

from __future__ import annotations

import re
import sys
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from types import SimpleNamespace

VALUE_MODES = ()
EQUALITY = SimpleNamespace(
    {settings},
)
'''
_MAIN = """
if __name__ == "__main__":
    with open(sys.argv[2], "rb") as file:
        answer = file.read()
    output = sys.stdin.buffer.read()
    sys.exit(42 if equal(answer, output, EQUALITY) else 43)
"""


def can_compare(equality: Equality) -> bool:
    """Whether the validator can be written: not for values of function calls."""
    return equality.mode not in VALUE_MODES


def comparer(equality: Equality) -> Helper:
    """Return a validator as Kattis calls them (input, answer, folder; the output on stdin)."""
    text = comparing_program(equality).encode()
    return Helper(NAME, "python3", {NAME: text}, NAME, "kattis")


def comparing_program(equality: Equality) -> str:
    """Return the validator's text."""
    settings = {**equality.model_dump(), "is_equivalence": equality.is_equivalence}
    words = f"{equality.mode}{'' if equality.case_sensitive else ', letters of any case'}"
    head = _HEAD.format(
        meaning=words,
        settings=",\n    ".join(f"{name}={value!r}" for name, value in settings.items()),
    )
    patterns = "".join(
        f"{name} = re.compile({pattern.pattern!r})\n" for name, pattern in _PATTERNS.items()
    )
    return "\n\n".join([head + patterns, *map(inspect.getsource, _PARTS)]) + "\n" + _MAIN
