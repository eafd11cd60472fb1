"""How a run over one problem ended, as a JSON object and as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from medalist.agent.journal import EventKind
from medalist.agent.steps.allocating import AllocationRecord
from medalist.agent.steps.problem_run import Solution
from medalist.agent.steps.stage_account import StageAccount
from medalist.problems.verdict import Verdict
from medalist.sandbox.languages import file_ending


@dataclass(frozen=True, kw_only=True)
class SolutionRecord:
    """How the work on a problem ended; these names are kept stable.

    Attributes:
        problem: The problem.
        solved: Whether the judge accepted the program with full score.
        verdict: Its verdict; null where it was not submitted.
        score: Its points, where the rules show them.
        judged: Whether there was a judge to submit to; null in early journals.
        submissions: How many submissions were made.
        belief: The share of the problem's worth that it was expected to gain.
        passes_samples: Whether it passes the samples; null where there is no program.
        many_answers: Whether right answers may differ from the samples', and nothing judged them.
        equality: By what outputs were compared, in words; empty in early journals.
        abstained: Whether there was a program and nothing was submitted.
        candidates: How many candidates there were.
        cut_while_thinking: How many of them never came to their answer.
        programs: How many distinct programs.
        clusters: How many behaviours.
        mutants_told_apart: How many mutants the inputs tell apart, and of how many.
        source: The file of the program.
        doubts: What was read from the statement and may have been meant otherwise.
        tokens: What its answers used.
        cost_usd: The same in dollars; null where a price is not known.
        seconds: How long it took.
        budget_ended: The cap that ended it early, in words.
        stages: What each stage that asks a model has used; empty in early journals.
        allocation: What an allocation decided, in order; empty without one.
    """

    problem: str
    solved: bool = False
    verdict: Verdict | None = None
    score: float | None = None
    judged: bool | None = None
    submissions: int = 0
    belief: float | None = None
    passes_samples: bool | None = None
    many_answers: bool = False
    equality: str = ""
    abstained: bool = False
    candidates: int = 0
    cut_while_thinking: int = 0
    programs: int = 0
    clusters: int = 0
    mutants_told_apart: tuple[int, int] | None = None
    source: str | None = None
    doubts: tuple[str, ...] = ()
    tokens: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0
    budget_ended: str | None = None
    stages: Mapping[str, StageAccount] = field(default_factory=dict)
    allocation: tuple[AllocationRecord, ...] = ()

    def printed(self) -> dict[str, JsonValue]:
        """Return it as the JSON object that is printed.

        `budget_ended` is there only if one did, `stages` only where they were counted, and
        `allocation` only where there was one.
        """
        body = SOLUTION.body(self)
        if self.budget_ended is None:
            del body["budget_ended"]
        if not self.stages:
            del body["stages"]
        if not self.allocation:
            del body["allocation"]
        return body


SOLUTION = EventKind(
    "solution",
    SolutionRecord,
    key="<problem>",
    doc="The work on a problem ended; without `budget_ended` it is finished.",
)


def report(
    problem_id: str, solution: Solution, source: Path | None, doubts: Sequence[str] = ()
) -> SolutionRecord:
    """Return the machine-readable result.

    `doubts` are what was read from the statement and may have been meant otherwise.
    """
    feedback = solution.feedback
    progress = solution.progress
    return SolutionRecord(
        problem=problem_id,
        solved=solution.solved,
        verdict=feedback.verdict if feedback else None,
        score=feedback.score if feedback else None,
        judged=solution.judged,
        submissions=len(solution.history),
        belief=None if solution.belief is None else round(solution.belief, 4),
        passes_samples=solution.passes_samples if solution.program else None,
        many_answers=solution.many_answers,
        equality=solution.equality,
        abstained=solution.abstained is not None,
        candidates=progress.candidates,
        cut_while_thinking=progress.cut_while_thinking,
        programs=progress.programs,
        clusters=progress.clusters,
        mutants_told_apart=progress.mutants,
        source=str(source) if source else None,
        doubts=tuple(doubts),
        tokens=progress.tokens,
        cost_usd=progress.cost_usd,
        seconds=round(solution.seconds, 3),
        budget_ended=solution.budget_ended,
    )


def write_source(solution: Solution, folder: Path) -> Path | None:
    """Write the chosen program into `folder`, which is made; None if none was chosen."""
    if solution.program is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"solution.{file_ending(solution.program.language)}"
    path.write_text(solution.program.source, encoding="utf-8", errors="replace")
    return path
