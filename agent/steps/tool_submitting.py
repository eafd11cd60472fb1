"""Submissions that the model makes itself, with a tool, while it answers.

They count like any other and show what the rules show of any. A program that was submitted so is a
separate candidate, which depends on the answer that it was written for: it may be delivered, and
what its verdict says of its behaviour is known to the choice.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace

from medalist.agent.choose.choice_records import SubmissionRecord
from medalist.agent.choose.judged_by import standing_submissions
from medalist.agent.evidence.tool_runs import ToolRuns
from medalist.agent.extract.extractor import Extractor
from medalist.agent.extract.identity import program_id
from medalist.agent.propose.candidate_file import CANDIDATE, record_candidates
from medalist.agent.propose.lessons import feedback_words
from medalist.agent.propose.tool_answer import answer_of
from medalist.agent.propose.tool_list import ToolResult
from medalist.agent.steps.problem_run import ProblemRun, SubmissionJudge
from medalist.agent.steps.submitting import record_submission
from medalist.agent.types import Candidate, Feedback, Program, Submission
from medalist.errors import BudgetExhausted

_REASON = "the model submitted it itself while it answered"
_PROMPT = "submit"


class ToolSubmissions:
    """Carries out calls of `submit`. Thread-safe."""

    def __init__(self, run: ProblemRun, runs: ToolRuns) -> None:
        """Take the run and what compiles the programs of its calls."""
        self._run = run
        self._runs = runs
        self._extract = Extractor(run.public)
        self._one_at_a_time = threading.Lock()

    def __call__(
        self, key: str, arguments: Mapping[str, str], language: str, seconds: float
    ) -> ToolResult:
        """Submit the program of a call, if that is still possible.

        What does not compile is not submitted. What was submitted before is not judged again, so
        that a call which was stopped in the middle counts once.

        Raises:
            SandboxFailure: A box or the judge broke; nothing was counted.
        """
        judge = self._run.tools.open_judge
        if judge is None:
            return ToolResult("Not submitted: there is no judge.")
        built = self._runs.program(arguments, language, seconds)
        if built.source is None or built.language is None:
            text = f"Not submitted. {built.text}"
            return replace(built, text=text)
        candidate = _candidate(key, built.source, built.language)
        name = program_id(built.language, built.source)
        with self._one_at_a_time:
            text, feedback = self._submitted(judge, candidate, name)
        if feedback is not None and feedback.solved:
            return replace(built, text=text)
        return ToolResult(text, built.seconds)

    def _submitted(
        self, judge: SubmissionJudge, candidate: Candidate, name: str
    ) -> tuple[str, Feedback | None]:
        journal, problem_id = self._run.tools.journal, self._run.problem_id
        records = [entry.value for entry in standing_submissions(journal, problem_id)]
        known = next((record for record in records if record.program == name), None)
        if known is not None:
            again = known.call != candidate.candidate_id
            return self._told(known.feedback, records, again=again), known.feedback
        refusal = self._refusal(records)
        if refusal:
            return refusal, None
        # The program is there before its verdict: whatever stops the run, it stays known.
        record_candidates(journal, problem_id, [(candidate, self._extract(candidate))])
        journal.flush()
        program = Program(
            name, candidate.language or "", candidate.source or "", (candidate.candidate_id,)
        )
        try:
            feedback = judge.submit(program)
        except BudgetExhausted as error:
            return f"Not submitted: {error}.", None
        submission = Submission(name, _REASON)
        record_submission(
            journal,
            problem_id,
            len(records) + 1,
            (submission, feedback),
            call=candidate.candidate_id,
        )
        made = [entry.value for entry in standing_submissions(journal, problem_id)]
        return self._told(feedback, made, again=False), feedback

    def _refusal(self, records: list[SubmissionRecord]) -> str:
        """Say why nothing can be submitted any more; empty if something can."""
        if any(record.feedback.solved for record in records):
            return "Not submitted: the problem is solved."
        if self._left(records) < 1:
            return "Not submitted: there are no submissions left for this tool."
        return ""

    def _left(self, records: list[SubmissionRecord]) -> int:
        ours = sum(record.call is not None for record in records)
        return self._run.settings.tool_submissions - ours

    def _told(self, feedback: Feedback, records: list[SubmissionRecord], *, again: bool) -> str:
        before = "It was submitted before, and not again. " if again else ""
        left = max(0, self._left(records))
        return (
            f"{before}The judge shows: {feedback_words(feedback)}. "
            f"Submissions left for this tool: {left}."
        )


def submitted_programs(run: ProblemRun) -> list[Candidate]:
    """Return what the model submitted itself, each as a candidate."""
    journal, programs = run.tools.journal, []
    for entry in standing_submissions(journal, run.problem_id):
        call = entry.value.call
        record = None if call is None else journal.get(CANDIDATE, call)
        if call is None or record is None or record.source is None:
            continue
        source = journal.blob(record.source).decode("utf-8", "surrogatepass")
        programs.append(_candidate(call, source, record.language or ""))
    return programs


def _candidate(key: str, source: str, language: str) -> Candidate:
    return Candidate(
        candidate_id=key,
        text="",
        prompt_id=_PROMPT,
        parent=answer_of(key),
        language=language,
        source=source,
    )
