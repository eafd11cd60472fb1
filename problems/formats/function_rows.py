"""Function-style rows (LeetCode and the like): a driver that calls the submission's function.

An input holds one JSON value a line, one for each argument; the output is the result as JSON (see
`problems/python_values.py`). The driver is public: contestants of such problems know how they are
called. Like the data sets' own graders it lends a submission their imports, calls `Solution()`
where there is such a class, and takes what the function returns, not what the program prints.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from medalist.problems.model import Equality, GraderFile, Kind
from medalist.problems.python_values import dumps, loads
from medalist.problems.secret import Problem

_DRIVER = '''\
"""Calls {name} with one JSON value a line and writes what it returns as JSON."""

import builtins
import json
import os
import sys

result_file = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a program prints is no result
getattr(sys, "set_int_max_str_digits", int)(0)
sys.setrecursionlimit(50000)
lines = sys.stdin.buffer.read().decode().split("\\n")
arguments = [json.loads(line) for line in lines if line.strip()]
{prepare}
# Names that programs may use without importing them.
names = {}
for line in """{imports}""".splitlines():
    try:
        exec(line, names)
    except ImportError:
        pass
for name in names.keys() - vars(builtins).keys():
    setattr(builtins, name, names[name])

import solution


def plain(value):
    if isinstance(value, (list, tuple)):
        items = [plain(item) for item in value]
        return items if isinstance(value, list) else {"__tuple__": items}
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith("__") for key in value):
            return {key: plain(item) for key, item in value.items()}
        return {"__dict__": [[plain(key), plain(item)] for key, item in value.items()]}
    if value is None or isinstance(value, (str, int, float)):
        return value
    for kind in (int, float):
        try:
            if kind(value) == value and not isinstance(value, (bytes, bytearray)):
                return kind(value)
        except Exception:
            pass
    return {"__other__": type(value).__name__}


holder = solution.Solution() if hasattr(solution, "Solution") else solution
json.dump(plain(getattr(holder, "{name}")(*arguments)), result_file)
result_file.close()
os._exit(0)
'''


@dataclass(frozen=True)
class Caller:
    """How a data set's own grader calls a function.

    Attributes:
        imports: Lines that it puts before a program.
        prepare: Lines that change `arguments` before the call.
        mode: How it compares the result.
    """

    imports: tuple[str, ...]
    prepare: str
    equality: Equality


_LCB_MODULES = (
    "string", "re", "datetime", "collections", "heapq", "bisect", "copy", "math", "random",
    "statistics", "itertools", "functools", "operator", "io", "sys", "json",
)  # fmt: skip
LIVECODEBENCH = Caller(
    (
        *(f"from {name} import *" for name in (*_LCB_MODULES, "typing")),
        *(f"import {name}" for name in _LCB_MODULES),
    ),
    "",
    Equality(mode="value"),
)
APPS = Caller(
    (
        "import sys, time, itertools, collections, math, fractions, random, heapq",
        "from itertools import accumulate, product, permutations, combinations",
        "from collections import Counter, OrderedDict, deque, defaultdict, ChainMap",
        "from functools import lru_cache",
        "from math import sqrt, sin, cos, tan, ceil, fabs, floor, gcd, exp, log, log2",
        "from typing import List, Tuple",
        "from heapq import heapify, heappop, heappush, heappushpop, heapreplace, merge, nlargest",
        "from heapq import nsmallest",
        "np = __import__('numpy')",
    ),
    """
# JSON made the keys of a dictionary strings.
if arguments and isinstance(arguments[0], dict):
    try:
        arguments[0] = {int(key): item for key, item in arguments[0].items()}
    except ValueError:
        pass
""",
    Equality(mode="value-or-first"),
)


def canonical_json(text: str) -> str:
    """Return a JSON text as Python prints it; anything else unchanged."""
    try:
        return dumps(loads(text)) + "\n"
    except (ValueError, RecursionError):
        return text


def add_function(
    problem: Problem, function: str | None, starter: str | None, caller: Caller
) -> Problem:
    """Turn a problem into one whose submissions are called as a Python function.

    The submission is the module `solution`; the starter code is added to the statement.
    """
    if not function or not function.isidentifier():
        return problem
    statements = {
        language: f"{text.rstrip()}\n\n## Starter code\n\n```python\n{starter.rstrip()}\n```\n"
        if starter and starter.strip()
        else text
        for language, text in problem.public.statements.items()
    }
    content = _DRIVER.replace("{imports}", "\n".join(caller.imports))
    content = content.replace("{prepare}", caller.prepare).replace("{name}", function)
    driver = GraderFile(language="python", name="__main__.py", content=content)
    public = problem.public.model_copy(
        update={
            "kind": Kind.FUNCTION,
            "statements": statements,
            "grader_files": (driver,),
            "equality": caller.equality,
        }
    )
    return replace(problem, public=public)
