"""Last step: the best next submission, until the policy stops or wants more candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from medalist.agent.choose.choice_records import SUBMISSION, SubmissionRecord
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.judged_by import standing_submissions
from medalist.agent.choose.policy import Decision, More, Policy, PolicyRules, SampleMore, Stop, View
from medalist.agent.choose.recorded_choice import submission_in
from medalist.agent.journal import Journal
from medalist.agent.steps.problem_run import ProblemRun, Solution
from medalist.agent.types import Feedback, JudgedSubmission, Submission
from medalist.errors import BudgetExhausted


def submit(
    run: ProblemRun,
    view: View,
    history: Sequence[JudgedSubmission] = (),
    *,
    more: More | None = None,
) -> tuple[list[JudgedSubmission], Stop | SampleMore]:
    """Continue from `history` with what the policy says, until it says something else than submit.

    What was submitted in an earlier session stands, even where the policy would now (with more
    candidates, say) have begun otherwise; so does what the model submitted itself while it
    answered. The policy may ask for `more` candidates.
    """
    made, tools = list(history), run.tools
    rules = tools.rules if more is None else replace(tools.rules, more=more)
    if tools.judge is None:
        return made, _undelivered(view, tools.policy, rules)
    programs = {program.program_id: program for program in view.programs}
    earlier = _earlier(tools.journal, run.problem_id)
    known: JudgedSubmission | None
    run.progress.verdicts = [feedback.verdict for _, feedback in made]
    run.tell("submitting")
    while True:
        record = earlier.get(len(made) + 1)
        known = None if record is None else (submission_in(view, record), record.feedback)
        if known is not None and known[0].program_id not in programs:
            known = None
        if known is not None and record is not None and record.call is not None:
            made.append(known)
            run.progress.verdicts.append(known[1].verdict)
            continue
        decision: Decision = tools.policy.decide(view, made, rules)
        if isinstance(decision, SampleMore):
            return made, decision
        if known is not None:
            made.append(known)
        elif isinstance(decision, Stop):
            return made, decision
        else:
            try:
                feedback = tools.judge.submit(programs[decision.program_id])
            except BudgetExhausted as error:
                return made, Stop(str(error))
            judged = decision, feedback
            record_submission(tools.journal, run.problem_id, len(made) + 1, judged)
            made.append(judged)
        run.progress.verdicts.append(made[-1][1].verdict)
        run.tell("submitting")


def _undelivered(view: View, policy: Policy, rules: PolicyRules) -> Stop | SampleMore:
    """Where nothing judges, one program is delivered: is it worth asking for more before that?"""
    if rules.more is not None:
        decision = policy.decide(view, (), replace(rules, submissions=1))
        if isinstance(decision, SampleMore):
            return decision
    return Stop("there is nothing to submit to")


def _earlier(journal: Journal, problem_id: str) -> dict[int, SubmissionRecord]:
    """Return the submissions of earlier sessions by their number."""
    return {
        int(entry.key.split("/")[1]): entry.value
        for entry in standing_submissions(journal, problem_id)
    }


def record_submission(
    journal: Journal,
    problem_id: str,
    number: int,
    made: JudgedSubmission,
    *,
    call: str | None = None,
) -> None:
    """Journal the submission of that number (from 1) to a problem, once.

    `call` is that of the tool with which the model made it itself, if it did.
    """
    submission, feedback = made
    key = f"{problem_id}/{number}/{submission.program_id}"
    if any(entry.key == key for entry in standing_submissions(journal, problem_id)):
        return
    record = SubmissionRecord(
        problem=problem_id,
        program=submission.program_id,
        reason=submission.reason,
        verdict=feedback.verdict,
        score=feedback.score,
        subtasks=dict(feedback.subtasks),
        failing_test=feedback.failing_test,
        call=call,
    )
    journal.append(SUBMISSION, key, record)


def deliver(run: ProblemRun, view: View, history: Sequence[JudgedSubmission]) -> Solution:
    """The best submission; where nothing was submitted, what would be submitted first.

    A program that promises less than the rules' `least` is delivered as the best there is, and
    marked: nothing was, or should be, submitted.
    """
    tools = run.tools
    programs = {program.program_id: program for program in view.programs}
    feedback: Feedback | None = None
    rules = replace(tools.rules, more=None, submissions=max(1, tools.rules.submissions))
    abstained = None
    number = 0
    if history:
        best = max(history, key=lambda item: (item[1].solved, item[1].score or 0.0))
        number = list(history).index(best)
        submission, feedback = best
    else:
        decision = tools.policy.decide(view, (), rules)
        if isinstance(decision, Stop):
            abstained = decision.reason
            decision = tools.policy.decide(view, (), replace(rules, least=0.0, wrong_cost=0.0))
        if not isinstance(decision, Submission):
            return Solution(None, decision.reason, None, (), False, run.progress, 0.0)
        submission = decision
    return Solution(
        program=programs[submission.program_id],
        reason=submission.reason,
        feedback=feedback,
        history=tuple(history),
        passes_samples=view.passes(submission.program_id),
        progress=run.progress,
        seconds=0.0,
        belief=ExpectedGain().gain_of(view, history[:number], rules, submission.program_id),
        abstained=abstained,
        many_answers=view.many_answers,
        equality=view.equality,
    )
