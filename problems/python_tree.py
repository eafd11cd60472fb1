"""Python sources as syntax trees, whatever other threads parse at the same time."""

from __future__ import annotations

import ast
from threading import Lock

# CPython counts the depth of a tree for all threads together: where one thread gives way to another
# while it makes a tree, both fail (https://github.com/python/cpython/issues/106905).
_ONE_AT_A_TIME = Lock()


def python_tree(source: str | bytes) -> ast.Module:
    """Parse a module.

    Raises:
        SyntaxError: It is not Python. Also ValueError (zero bytes), RecursionError and MemoryError
            (nested too deeply), as of `ast.parse`.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(source)
