"""Last step: the best next submission, until the policy stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from pydantic import JsonValue

from medalist.agent.choose.policy import Policy, Rules, View
from medalist.agent.steps.parts import Solution, Tally, Tools, Watcher
from medalist.agent.words import Feedback, Submission


def submit(
    view: View, tools: Tools, tally: Tally, watch: Watcher
) -> list[tuple[Submission, Feedback]]:
    """Submit what the policy says, until it stops; verdicts of an earlier session stand."""
    if tools.judge is None:
        return []
    programs = {program.program_id: program for program in view.programs}
    history: list[tuple[Submission, Feedback]] = []
    watch("submitting", tally)
    while True:
        decision = tools.policy.decide(view, history, tools.rules)
        if not isinstance(decision, Submission):
            return history
        key = f"{len(history) + 1}/{decision.program_id}"
        event = tools.journal.get("submission", key)
        if event is not None:
            feedback = _feedback(event.body)
        else:
            feedback = tools.judge.submit(programs[decision.program_id])
            tools.journal.append("submission", key, _recorded(decision, feedback))
        history.append((decision, feedback))
        tally.verdicts.append(feedback.verdict)
        watch("submitting", tally)


def _recorded(submission: Submission, feedback: Feedback) -> dict[str, JsonValue]:
    return {
        "program": submission.program_id,
        "reason": submission.reason,
        "verdict": feedback.verdict,
        "score": feedback.score,
        "subtasks": dict(feedback.subtasks),
        "failing_test": feedback.failing_test,
    }


def _feedback(body: dict[str, JsonValue]) -> Feedback:
    return Feedback(
        verdict=cast("str", body["verdict"]),
        score=cast("float | None", body["score"]),
        subtasks=cast("dict[str, float]", body["subtasks"]),
        failing_test=cast("str | None", body["failing_test"]),
    )


def deliver(
    view: View, history: Sequence[tuple[Submission, Feedback]], policy: Policy, tally: Tally
) -> Solution:
    """The best submission; where nothing was submitted, what would be submitted first."""
    programs = {program.program_id: program for program in view.programs}
    feedback: Feedback | None = None
    if history:
        submission, feedback = max(history, key=lambda item: (item[1].solved, item[1].score or 0.0))
    else:
        decision = policy.decide(view, (), Rules())
        if not isinstance(decision, Submission):
            return Solution(None, decision.reason, None, (), False, tally, 0.0)
        submission = decision
    return Solution(
        program=programs[submission.program_id],
        reason=submission.reason,
        feedback=feedback,
        history=tuple(history),
        passes_samples=view.passes(submission.program_id),
        tally=tally,
        seconds=0.0,
    )
