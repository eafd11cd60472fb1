"""medalist: a competitive-programming agent with a sandboxed judge.

`load`, `judge`, `solve` and `Run`, and what they take, return and raise, are its public interface
(`docs/python.md`); each is imported when it is first used.
"""

from __future__ import annotations

import importlib
import typing

__version__ = "0.1.0"

if typing.TYPE_CHECKING:
    from medalist.agent.choose.policy import Policy, View
    from medalist.agent.run.recorded_run import RecordedRun as Run
    from medalist.agent.steps.problem_run import RunProgress, Solution
    from medalist.agent.types import Candidate, Feedback, Program, Submission
    from medalist.errors import (
        BadInput,
        BudgetExhausted,
        JournalFailure,
        MedalistError,
        MissingPrerequisite,
        ModelFailure,
        SandboxFailure,
    )
    from medalist.library import judge, load, solve
    from medalist.problems.judging import Judgement
    from medalist.problems.model import PublicProblem
    from medalist.problems.secret import Problem
    from medalist.problems.verdict import Verdict

__all__ = [
    "BadInput",
    "BudgetExhausted",
    "Candidate",
    "Feedback",
    "JournalFailure",
    "Judgement",
    "MedalistError",
    "MissingPrerequisite",
    "ModelFailure",
    "Policy",
    "Problem",
    "Program",
    "PublicProblem",
    "Run",
    "RunProgress",
    "SandboxFailure",
    "Solution",
    "Submission",
    "Verdict",
    "View",
    "__version__",
    "judge",
    "load",
    "solve",
]

_HOMES = {
    "library": ("judge", "load", "solve"),
    "agent.choose.policy": ("Policy", "View"),
    "agent.run.recorded_run": ("Run",),
    "agent.steps.problem_run": ("RunProgress", "Solution"),
    "agent.types": ("Candidate", "Feedback", "Program", "Submission"),
    "errors": (
        "BadInput",
        "BudgetExhausted",
        "JournalFailure",
        "MedalistError",
        "MissingPrerequisite",
        "ModelFailure",
        "SandboxFailure",
    ),
    "problems.judging": ("Judgement",),
    "problems.model": ("PublicProblem",),
    "problems.secret": ("Problem",),
    "problems.verdict": ("Verdict",),
}

_CALLED = {"Run": "RecordedRun"}
"""What is called otherwise at home, where a run is also one of a program."""

if not typing.TYPE_CHECKING:  # a type checker knows the names from above, and no others

    def __getattr__(name: str) -> object:
        for home, names in _HOMES.items():
            if name in names:
                module = importlib.import_module(f"medalist.{home}")
                value = getattr(module, _CALLED.get(name, name))
                globals()[name] = value
                return value
        raise AttributeError(f"module 'medalist' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
