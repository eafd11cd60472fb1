"""The grader that others derive from."""

from __future__ import annotations

from typing import Any


class StandardGrader:
    """Knows the submission and the problem; running programs is not a package's task here."""

    def __init__(self, judge: Any, problem: Any, language: str, source: bytes) -> None:
        self.judge = judge
        self.problem = problem
        self.language = language
        self.source = source
