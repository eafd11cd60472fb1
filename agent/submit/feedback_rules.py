"""What each kind of contest shows a contestant about a submission, and how many it allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ContestKind = Literal["ioi", "icpc", "codeforces", "atcoder"]


@dataclass(frozen=True)
class FeedbackRules:
    """The rules of a contest kind, as far as one problem is concerned.

    Attributes:
        kind: The contest kind.
        submissions: How many submissions a problem allows; None means any number.
        shows_subtasks: Whether the score of each subtask is shown. Then the cause of lost
            points is not: of the verdicts only AC, PAC, CE and, for no points at all, WA.
        shows_failing_test: Whether the number of the first failing test is shown.
        counts_compile_errors: Whether a submission that does not compile counts.
    """

    kind: ContestKind
    submissions: int | None
    shows_subtasks: bool = False
    shows_failing_test: bool = False
    counts_compile_errors: bool = False


RULES: dict[ContestKind, FeedbackRules] = {
    # IOI regulations: 50 submissions a task, feedback is the score of each subtask.
    "ioi": FeedbackRules("ioi", 50, shows_subtasks=True, counts_compile_errors=True),
    # ICPC: the verdict alone; a compile error costs no penalty.
    "icpc": FeedbackRules("icpc", None),
    "codeforces": FeedbackRules("codeforces", None, shows_failing_test=True),
    # AtCoder: the verdict alone (of all tests together); a compile error costs nothing.
    "atcoder": FeedbackRules("atcoder", None),
}
