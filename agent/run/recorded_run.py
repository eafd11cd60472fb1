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
from medalist.agent.run.round_replay import RoundPlayed, RoundsPlayed, play_rounds
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

        A run with rounds of feedback is played round by round, up to the round after which it
        would have been asked otherwise (see `rounds`); with `submissions`, from its last look.

        A program whose verdict nobody knows counts as rejected, with the verdict WA (`medalist
        regret` judges them all).

        Args:
            policy: A policy, or its name or file, as `--policy` takes it.
            problem: The problem's id.
            submissions: How many submissions it may make; as many as the run by default.

        Raises:
            BadInput: There is no such policy or problem.
        """
        choice = self._choice(problem)
        rules = replace(choice.rules, more=None)
        player = policy_named(policy) if isinstance(policy, str) else policy
        if submissions is not None:
            rules = replace(rules, submissions=submissions)
        elif (played := self._rounds(player, choice.problem_id)) is not None:
            return played.submissions
        return tuple(play(player, choice.replayable(), rules))

    def rounds(
        self, policy: Policy | str = "medalist", problem: str | None = None
    ) -> tuple[RoundPlayed, ...]:
        """Return what a policy makes of each round of feedback, knowing what the run knew then.

        Args:
            policy: As for `replay`.
            problem: The problem's id.

        Returns:
            The rounds in order; none where the run had none.

        Raises:
            BadInput: There is no such policy or problem.
        """
        player = policy_named(policy) if isinstance(policy, str) else policy
        played = self._rounds(player, self._choice(problem).problem_id)
        return () if played is None else played.by_round

    def _rounds(self, policy: Policy, problem_id: str) -> RoundsPlayed | None:
        with Journal.open(self.path, readonly=True) as journal:
            played = play_rounds(journal, policy)
            return next((problem for problem in played if problem.problem_id == problem_id), None)

    def _choice(self, problem: str | None) -> RecordedChoice:
        if problem is None and len(self._choices) == 1:
            return next(iter(self._choices.values()))
        if problem is None or problem not in self._choices:
            what = "holds several problems" if problem is None else f"no problem {problem!r}"
            raise BadInput(what, file=self.path, hint=f"it has {', '.join(self._choices)}")
        return self._choices[problem]
