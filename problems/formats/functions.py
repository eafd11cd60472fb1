"""Function-style rows (LeetCode and the like): a driver that calls the submission's function.

An input holds one JSON value a line, one for each argument; the output is the result as JSON.
The driver is public: contestants of such problems know how they are called.
"""

from __future__ import annotations

import json
from dataclasses import replace

from medalist.problems.model import GraderFile, Kind
from medalist.problems.secret import Problem

_DRIVER = '''\
"""Calls {name} with one JSON value a line and prints the result as JSON."""

import json
import sys

import solution

arguments = [json.loads(line) for line in sys.stdin.read().splitlines() if line.strip()]
holder = solution.Solution() if hasattr(solution, "Solution") else solution
result = getattr(holder, "{name}")(*arguments)
print(json.dumps(result))
'''


def canonical_json(text: str) -> str:
    """Return a JSON text as the driver prints it; anything else unchanged."""
    try:
        return json.dumps(json.loads(text)) + "\n"
    except ValueError:
        return text


def add_function(problem: Problem, function: str | None, starter: str | None) -> Problem:
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
    driver = GraderFile(
        language="python", name="__main__.py", content=_DRIVER.replace("{name}", function)
    )
    public = problem.public.model_copy(
        update={"kind": Kind.FUNCTION, "statements": statements, "grader_files": (driver,)}
    )
    return replace(problem, public=public)
