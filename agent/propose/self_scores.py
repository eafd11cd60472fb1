"""What a model thinks of the programs of a recorded run: its own, or another's.

Nothing that was judged is told to it, and which programs it sees does not depend on verdicts: so
its scores can be held against them (self-rewarding, Yuan et al., 2024, arXiv:2401.10020).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from medalist.agent.journal import EventKind, Journal
from medalist.agent.llm.contract import Model
from medalist.agent.propose.review import ReviewBy, review
from medalist.agent.types import Program
from medalist.errors import BadInput
from medalist.problems.model import PublicProblem

FOLDER = "review"
"""Where the scores of a run are, in its directory."""


@dataclass(frozen=True)
class SelfScore:
    """How likely a model found a program right.

    Attributes:
        score: From 0.05 to 0.95; 0.5 where it did not say.
        model: The model.
        by: What was read of its answer.
    """

    score: float
    model: str
    by: ReviewBy = "number"


SELF_SCORE = EventKind(
    "self.score",
    SelfScore,
    key="<problem>/<program>",
    doc="A model said how likely a program of a recorded run is right, before any verdict.",
)


@dataclass(frozen=True)
class ScoringTerms:
    """Which programs are scored, and how.

    Attributes:
        most: Programs of a problem; they are drawn at random.
        by: What is read of an answer.
        seed: Of the draw, and of the questions.
    """

    most: int
    by: ReviewBy = "number"
    seed: int = 0


@dataclass(frozen=True)
class ToScore:
    """The programs of a problem.

    Attributes:
        problem_id: The problem's id in the run.
        public: What the model is told of it.
        programs: The run's programs for it.
    """

    problem_id: str
    public: PublicProblem
    programs: Sequence[Program]


def score_programs(
    journal: Journal,
    what: ToScore,
    model: Model,
    terms: ScoringTerms,
    *,
    tell: Callable[[str], object],
) -> None:
    """Let a model score the programs of a problem that have no score yet.

    Args:
        journal: Where scores are kept.
        what: The programs.
        model: Who scores.
        terms: Which programs, and how.
        tell: Is told how far it is.

    Raises:
        BadInput: Another model scored here before.
        ModelFailure: The endpoint cannot be used.
        BudgetExhausted: A cap was reached; scores that came are kept.
    """
    problem_id = what.problem_id
    drawn = sorted(what.programs, key=lambda program: program.program_id)
    random.Random(f"{terms.seed}/{problem_id}").shuffle(drawn)
    wanted = []
    for program in drawn[: terms.most]:
        known = journal.get(SELF_SCORE, f"{problem_id}/{program.program_id}")
        if known is None:
            wanted.append(program)
        elif (known.model, known.by) != (model.name, terms.by):
            raise BadInput(
                f"{known.model} scored these programs, by {known.by}",
                hint="move the run's folder `review` away",
            )
    if not wanted:
        return
    scores = review(what.public, wanted, model, by=terms.by, seed=terms.seed)
    for number, (name, score) in enumerate(scores, 1):
        journal.append(SELF_SCORE, f"{problem_id}/{name}", SelfScore(score, model.name, terms.by))
        tell(f"{problem_id}: scored {number} of {len(wanted)}")


def scores_of(run: Path) -> dict[str, dict[str, float]]:
    """Return problem to program to score of a run; nothing where it was not scored."""
    folder = run / FOLDER
    if not (folder / "journal.sqlite").is_file():
        return {}
    scores: dict[str, dict[str, float]] = {}
    with Journal.open(folder, readonly=True) as journal:
        for entry in journal.events(SELF_SCORE):
            problem_id, _, name = entry.key.rpartition("/")
            scores.setdefault(problem_id, {})[name] = entry.value.score
    return scores
