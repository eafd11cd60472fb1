"""A recorded run, opened again: what it knew, what it submitted, what others would have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from medalist.agent.choose.policies import policy_named
from medalist.agent.choose.policy import Policy, View
from medalist.agent.choose.policy_replay import play
from medalist.agent.choose.recorded_choice import RecordedChoice, choices
from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import recorded_candidates
from medalist.agent.types import Candidate, JudgedSubmission
from medalist.errors import BadInput


class RecordedRun:
    """The directory of a run of `solve`, of a batch, or of a contest's participant; read only.

    Its public name is `medalist.Run`.

    Methods take the id of a problem; a run of one problem needs none.

    Args:
        path: The directory, in which the journal is.

    Raises:
        BadInput: There is no run in it, or it never came as far as choosing.
        JournalFailure: It cannot be read.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        with Journal.open(self.path, readonly=True) as journal:
            self._choices = {choice.problem_id: choice for choice in choices(journal)}

    @property
    def problems(self) -> tuple[str, ...]:
        """The ids of the problems, in the order in which they were chosen for."""
        return tuple(self._choices)

    def candidates(self, problem: str | None = None) -> tuple[Candidate, ...]:
        """Return the model's answers, in the order of asking."""
        name = self._choice(problem).problem_id
        with Journal.open(self.path, readonly=True) as journal:
            rows = list(recorded_candidates(journal))
        return tuple(candidate for problem_id, candidate, _ in rows if problem_id == name)

    def view(self, problem: str | None = None) -> View:
        """Return what was known when the run chose: programs, outcomes, clusters."""
        return self._choice(problem).view

    def submissions(self, problem: str | None = None) -> tuple[JudgedSubmission, ...]:
        """Return what was submitted, in order, each with what the judge showed of it."""
        return self._choice(problem).history

    def replay(
        self,
        policy: Policy | str = "medalist",
        problem: str | None = None,
        *,
        submissions: int | None = None,
    ) -> tuple[JudgedSubmission, ...]:
        """Return what a policy would have submitted; neither a model nor a sandbox is asked.

        A program whose verdict nobody knows gets the verdict `unknown`, which counts as rejected
        (`medalist regret` judges them all).

        Args:
            policy: A policy, or its name or file, as `--policy` takes it.
            problem: The problem's id.
            submissions: How many submissions it may make; as many as the run by default.

        Raises:
            BadInput: There is no such policy or problem.
        """
        choice = self._choice(problem)
        rules = replace(choice.rules, more=None)
        if submissions is not None:
            rules = replace(rules, submissions=submissions)
        player = policy_named(policy) if isinstance(policy, str) else policy
        return tuple(play(player, choice.replayable(), rules))

    def _choice(self, problem: str | None) -> RecordedChoice:
        if problem is None and len(self._choices) == 1:
            return next(iter(self._choices.values()))
        if problem is None or problem not in self._choices:
            what = "which problem is not said" if problem is None else f"no problem {problem!r}"
            raise BadInput(what, file=self.path, hint=f"it has {', '.join(self._choices)}")
        return self._choices[problem]
