"""What the rounds so far have shown of a problem's programs: which to show, what each is worth.

Known are a view and the feedback on what was submitted; nothing else of the judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import History, PolicyRules, View
from medalist.agent.choose.ranking import any_output
from medalist.agent.choose.standing import share
from medalist.agent.types import Feedback


@dataclass(frozen=True)
class RoundLessons:
    """What is known of programs after some rounds.

    Attributes:
        view: The programs and what they did.
        history: What was submitted, with what the judge showed.
        rules: The rules.
        belief: Says how likely programs are right that were not submitted.
    """

    view: View
    history: History
    rules: PolicyRules
    belief: ExpectedGain

    @cached_property
    def worth(self) -> dict[str, float]:
        """Subtask id to its share of the problem's worth; of a pass/fail problem the empty id."""
        total = sum(self.rules.subtasks.values())
        if not total:
            return {"": 1.0}
        return {name: points / total for name, points in self.rules.subtasks.items()}

    @cached_property
    def feedback(self) -> dict[str, Feedback]:
        """Program id to what the judge showed of it."""
        return {submission.program_id: feedback for submission, feedback in self.history}

    def best(self, submissions: int | None = None) -> dict[str, float]:
        """Return for each subtask the best share after so many submissions (None for all)."""
        made = self.history[:submissions]
        return {
            name: max((share(feedback, name) for _, feedback in made), default=0.0)
            for name in self.worth
        }

    @cached_property
    def gaps(self) -> list[str]:
        """The subtasks that are not held in full, the largest gap first."""
        best = self.best()
        gap = {name: worth * (1 - best[name]) for name, worth in self.worth.items()}
        return sorted((name for name in gap if gap[name] > 0), key=lambda name: -gap[name])

    @cached_property
    def chances(self) -> dict[str, dict[str, float]]:
        """Program id and open subtask to the chance that the program gains it."""
        return self.belief.chances(self.view, self.history, self.rules)

    def share_of(self, program_id: str, subtask: str) -> float:
        """Return what a program gets of a subtask, or is expected to, if nobody has judged it."""
        feedback = self.feedback.get(program_id)
        if feedback is not None:
            return share(feedback, subtask)
        return self.chances.get(program_id, {}).get(subtask, 0.0)

    def value(self, program_id: str) -> float:
        """Return the share of the problem's worth that a program gets, or is expected to."""
        return sum(worth * self.share_of(program_id, name) for name, worth in self.worth.items())

    def gain(self, program_id: str, submissions: int) -> float:
        """Return the share of the points missing after `count` submissions that a program gains, 0
        to 1."""
        before = self.best(submissions)
        left = {name: worth * (1 - before[name]) for name, worth in self.worth.items()}
        missing = sum(left.values())
        if missing <= 0:
            return 0.0
        gained = sum(
            self.worth[name] * max(0.0, self.share_of(program_id, name) - before[name])
            for name in left
        )
        return min(1.0, gained / missing)

    @cached_property
    def ranking(self) -> list[str]:
        """The programs, best first: what was judged by its points, the rest by what is believed."""
        order = {one.program_id: place for place, one in enumerate(self.view.programs)}

        def key(name: str) -> tuple[float, float, float, int, int]:
            judged = self.value(name) if name in self.feedback else 0.0
            samples = self.view.sample_share.get(name, 1.0)
            return judged, self.value(name), samples, self.view.votes[name], -order[name]

        return sorted(order, key=key, reverse=True)

    def leads(self) -> list[str]:
        """Return the best program of each behaviour, best first; what was never run is alone.

        Behaviours that give no output at all are left out, unless nothing else is there.
        """
        home = {
            name: cluster.cluster_id for cluster in self.view.clusters for name in cluster.programs
        }
        seen: set[str] = set()
        leads = []
        for name in self.ranking:
            cluster = home.get(name, name)
            if cluster not in seen and (name not in home or any_output(self.view, name)):
                seen.add(cluster)
                leads.append(name)
        return leads or self.ranking[:1]

    def references(self, lead: str, most: int, beside: Iterable[str] = ()) -> list[str]:
        """Return the programs to show with a first one: for the largest gaps, what gets most there.

        Each behaves otherwise than those before it on the inputs of the subtask it is shown for.

        Args:
            lead: The first.
            most: How many programs at most.
            beside: Programs that are shown next to it in any case.
        """
        chosen = [lead, *beside][:most]
        for turn in range(most * max(1, len(self.gaps))):
            if len(chosen) >= most or not self.gaps:
                break
            subtask = self.gaps[turn % len(self.gaps)]
            shown = {self._behaviour(name, subtask) for name in chosen}
            others = [
                name
                for name in self.ranking
                if name not in chosen and self._behaviour(name, subtask) not in shown
            ]
            if others:
                place = {name: place for place, name in enumerate(others)}
                chosen.append(
                    max(others, key=lambda name: (self.share_of(name, subtask), -place[name]))
                )
        return chosen

    def _behaviour(self, name: str, subtask: str) -> tuple[object, ...]:
        row = self.view.behaviours.get(name)
        if row is None:
            return (name,)
        inputs = self.view.inputs_of(subtask) if subtask else None
        return row.keys if inputs is None else tuple(row.keys[index] for index in inputs)

    def rivals(self) -> tuple[str, str] | None:
        """Return the two strongest behaviours: the best program of each, if there are two."""
        # What was rejected is not a rival: its output is not believed in any more.
        alive = [name for name in self.leads() if self._open(name) > 0]
        return (alive[0], alive[1]) if len(alive) > 1 else None

    def _open(self, name: str) -> float:
        """How much of what is open a program may still gain."""
        chances = self.chances.get(name, {})
        known = self.feedback.get(name)
        return sum(
            self.worth[part] * (chances.get(part, 0.0) if known is None else share(known, part))
            for part in self.gaps
        )

    def halves(self) -> tuple[str, str] | None:
        """Return two judged programs of which each holds what the other lacks, if there are any.

        They are those that hold most together.
        """
        judged = list(self.feedback)
        best: tuple[float, str, str] | None = None
        for place, one in enumerate(judged):
            for other in judged[place + 1 :]:
                ours, theirs = self._shares(one), self._shares(other)
                both = {name: max(ours[name], theirs[name]) for name in self.worth}
                worth = self._sum(both)
                if worth > max(self._sum(ours), self._sum(theirs)) and (
                    best is None or worth > best[0]
                ):
                    first, second = sorted((one, other), key=lambda name: -self.value(name))
                    best = worth, first, second
        return None if best is None else best[1:]

    def _shares(self, name: str) -> dict[str, float]:
        return {part: self.share_of(name, part) for part in self.worth}

    def _sum(self, shares: Mapping[str, float]) -> float:
        return sum(self.worth[name] * part for name, part in shares.items())

    def solvers(self) -> dict[str, str]:
        """Return for each subtask that is held in full the first program that held it."""
        by_subtask: dict[str, str] = {}
        for submission, feedback in self.history:
            for name in self.worth:
                if name and share(feedback, name) >= 1.0:
                    by_subtask.setdefault(name, submission.program_id)
        return by_subtask
