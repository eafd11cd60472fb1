"""Calls the package's checker or interactor in its box and writes down what it says.

Beside the main file lie the package's own file, the three files of the case, `case.json` with the
facts, and the submission. The answer is `verdict.json`; whatever raises an exception leaves none,
and that is a judge error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from .graders.interactive import InteractiveGrader, Interactor, WrongAnswer
from .result import CheckerResult, Result

_OWN = "checker_of_package.py"
_ALLOWED = {"interact", "__init__", "__module__", "__doc__", "__qualname__", "__annotations__",
            "__static_attributes__", "__firstlineno__"}  # fmt: skip


class Case:
    """The case as a package's code sees it."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.points: float = facts["points"]
        self.position: int = facts["position"]
        self.batch: int = facts["batch"]
        self.has_binary_data: bool = facts["binary"]
        self.config: dict[str, Any] = {}
        self.problem = Problem(facts["problem_id"])

    def input_data(self) -> bytes:
        """Return the input."""
        return Path("test.in").read_bytes()

    def output_data(self) -> bytes:
        """Return the judge's answer."""
        return Path("test.ans").read_bytes()


class Problem:
    """The problem as a package's code sees it."""

    def __init__(self, problem_id: str) -> None:
        self.id = problem_id
        self.config: dict[str, Any] = {}


def check() -> None:
    """Ask the package's checker."""
    facts = json.loads(Path("case.json").read_text())
    case = Case(facts)
    output = Path("test.out").read_bytes()
    checker = getattr(_package(), "check", None)
    if not callable(checker):
        sys.exit("the checker has no function `check`")
    try:
        answer = checker(
            output,
            case.output_data(),
            **{
                "submission_source": Path("submission.txt").read_bytes(),
                "judge_input": case.input_data(),
                "point_value": case.points,
                "case_position": case.position,
                "batch": case.batch,
                "submission_language": facts["language"],
                "binary_data": case.has_binary_data,
                "execution_time": facts["time_s"],
                "problem_id": facts["problem_id"],
                "case": case,
                "result": Result(case, facts, output),
                **facts["settings"],
            },
        )
    except UnicodeDecodeError:
        answer = CheckerResult(False, 0, "invalid unicode")
    _write(answer, case)


def interact() -> None:
    """Let the package's grader talk to the submission over stdin and stdout."""
    facts = json.loads(Path("case.json").read_text())
    case = Case(facts)
    grader = getattr(_package(), "Grader", None)
    if not (isinstance(grader, type) and issubclass(grader, InteractiveGrader)):
        sys.exit("the grader is not an InteractiveGrader")
    more = sorted(
        name
        for part in grader.__mro__[: grader.__mro__.index(InteractiveGrader)]
        for name in vars(part)
        if name not in _ALLOWED and name in dir(_judge_methods())
    )
    if more:
        sys.exit(f"the grader changes how DMOJ's judge runs programs ({more[0]})")
    source = Path("submission.txt").read_bytes()
    talk = Interactor(sys.stdin.buffer, sys.stdout.buffer)
    answer: Any = False
    feedback = None
    try:
        answer = grader(None, case.problem, facts["language"], source).interact(case, talk)
    except WrongAnswer as wrong:
        feedback = str(wrong)
    except OSError:
        pass
    if feedback is not None:
        answer = CheckerResult(False, 0, feedback)
    _write(answer, case)


def _judge_methods() -> type:
    """The methods of DMOJ's own grader that a package may replace, but not here."""
    names = ("grade", "check_result", "populate_result", "_launch_process",
             "_interact_with_process", "_generate_binary", "abort_grading")  # fmt: skip
    return type("Judge", (), dict.fromkeys(names))


def _package() -> ModuleType:
    module = ModuleType("checker")
    module.__file__ = _OWN
    code = compile(Path(sys.path[0], _OWN).read_bytes(), _OWN, "exec")
    exec(code, vars(module))  # noqa: S102  # in its own box
    return module


def _write(answer: Any, case: Case) -> None:
    if not isinstance(answer, CheckerResult):
        # Anything but True and False is refused, as by DMOJ's judge.
        answer = CheckerResult(answer, case.points if answer else 0)
    verdict = {"passed": answer.passed, "points": answer.points, "message": answer.feedback or ""}
    Path("verdict.json").write_text(json.dumps(verdict))
