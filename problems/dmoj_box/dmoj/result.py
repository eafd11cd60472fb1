"""What a checker is told of a run, and what it answers."""

from __future__ import annotations

from typing import Any


class CheckerResult:
    """The answer of a checker: whether the output passes, and its points."""

    def __init__(
        self,
        passed: bool,
        points: float,
        feedback: str | None = None,
        extended_feedback: str | None = None,
    ) -> None:
        if not isinstance(passed, bool):
            raise TypeError("`passed` must be True or False")
        if not isinstance(points, int | float):
            raise TypeError("`points` must be a number")
        for text in (feedback, extended_feedback):
            if not isinstance(text, str | None):
                raise TypeError("feedback must be text")
        self.passed = passed
        self.points = points
        self.feedback = feedback
        self.extended_feedback = extended_feedback


class Result:
    """The run that is being checked."""

    AC = 0
    WA = 1 << 0
    RTE = 1 << 1
    TLE = 1 << 2
    MLE = 1 << 3
    IR = 1 << 4
    SC = 1 << 5
    OLE = 1 << 6
    IE = 1 << 30

    def __init__(self, case: Any, facts: dict[str, Any], output: bytes = b"") -> None:
        self.case = case
        self.result_flag: int = facts["code"]
        self.execution_time: float = facts["time_s"]
        self.wall_clock_time: float = facts["time_s"]
        self.max_memory: int = facts["memory_kb"]
        self.runtime_version = ""
        self.proc_output = output
        self.feedback = ""
        self.extended_feedback = ""
        self.points: float = 0
        self.total_points: float = case.points
