"""What a contestant is shown about a submission: the visible half of a kind of contest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FeedbackRules:
    """What is shown of one problem's submissions; by default the verdict alone.

    Attributes:
        shows_subtasks: Whether the score of each subtask is shown. Then the cause of lost
            points is not: of the verdicts only AC, PAC, CE and, for no points at all, WA.
        shows_failing_test: Whether the number of the first failing test is shown.
        counts_compile_errors: Whether a submission that does not compile counts.
    """

    shows_subtasks: bool = False
    shows_failing_test: bool = False
    counts_compile_errors: bool = False
