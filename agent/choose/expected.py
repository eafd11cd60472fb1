"""medalist's own policy: the submission with the highest expected gain under the rules.

A belief says for each cluster, and for each subtask apart, how likely it is right. What a
submission is expected to gain is the worth of what is not held yet, times that belief, times
the chance that this member is fast enough. Every verdict changes the beliefs:

- rejected: the cluster is out, and its kin (clusters with similar outcomes) are less likely;
- time or memory limit: the cluster may well be right, its slower members are not worth trying;
- a subtask solved: its solver's outputs inside that subtask's bounds are the truth, and whoever
  contradicts them is wrong on every subtask that contains those inputs (the superset filter).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from medalist.agent.choose.belief import Weights, shipped
from medalist.agent.choose.features import Group, describe, groups, similarity
from medalist.agent.choose.policy import Decision, History, Rules, Stop, View, finished
from medalist.agent.words import Feedback, Submission

_LIMITS = ("TLE", "MLE", "ILE")
_SLOW_AT = 0.8  # share of the time limit at which a program is as likely too slow as not


@dataclass(frozen=True)
class Updates:
    """How strongly a verdict changes beliefs, each a factor on a probability.

    Attributes:
        cluster: On the other members of a rejected program's cluster.
        kin: On clusters, as `1 - kin * similarity ** 2` for each rejected program.
        failed: On the cluster of a program that was too slow or took too much memory.
        slower: On members at least nearly as slow as one that was too slow.
        superset: Whether solved subtasks filter.
    """

    cluster: float = 0.01
    kin: float = 0.2
    failed: float = 0.5
    slower: float = 0.1
    superset: bool = True


@dataclass
class _Part:
    """One subtask (or the whole problem): its inputs' clusters and their beliefs.

    `after[n]` are the beliefs after the first `n` submissions of `seen`.
    """

    subtask: str
    inputs: Sequence[int] | None
    groups: list[Group]
    group_of: dict[str, int]
    after: list[list[float]]
    seen: list[tuple[Submission, Feedback]] = field(default_factory=list)


class ExpectedGain:
    """Submits what promises most, and stops where a submission costs more than it promises.

    Args:
        weights: The belief; None takes the shipped one.
        updates: What verdicts do.
        name: The policy's name in tables.
    """

    def __init__(
        self,
        weights: Weights | None = None,
        updates: Updates | None = None,
        name: str = "medalist",
    ) -> None:
        self.name = name
        self._weights = weights or shipped()
        self._updates = updates or Updates()
        self._last: tuple[View, Rules, list[_Part]] | None = None

    def decide(self, view: View, history: History, rules: Rules) -> Decision:
        """Return the program with the highest expected gain, if that is more than its cost."""
        over = finished(view, history, rules)
        if over is not None:
            return over
        tried = {submission.program_id for submission, _ in history}
        left = [one.program_id for one in view.programs if one.program_id not in tried]
        if not left:
            return Stop("every program was submitted")
        chances = self.chances(view, history, rules)
        worth = _worth(rules)
        gain = {
            name: sum(worth[part] * chance for part, chance in chances[name].items())
            for name in left
        }
        best = max(left, key=lambda name: (gain[name], view.votes[name]))
        cost = rules.wrong_cost * (1 - min(1.0, gain[best]))
        if gain[best] <= cost and rules.wrong_cost > 0:
            return Stop(f"the best program promises {gain[best]:.3f} and risks {cost:.3f}")
        return Submission(best, self._reason(view, history, rules, best, gain[best]))

    def chances(self, view: View, history: History, rules: Rules) -> dict[str, dict[str, float]]:
        """Return for each program and subtask not held yet the chance that it gains it.

        Programs that were never run have the chance 0. The only subtask of a pass/fail problem
        is the empty string.
        """
        found: dict[str, dict[str, float]] = {one.program_id: {} for one in view.programs}
        for part in self._parts(view, rules):
            held = max((_share(feedback, part.subtask) for _, feedback in history), default=0.0)
            if held >= 1.0:
                continue
            belief = self._updated(history, part)
            truth = self._truth(view, history, rules) if self._updates.superset else {}
            for one in view.programs:
                name = one.program_id
                place = part.group_of.get(name)
                if place is None or _contradicts(view, name, part, truth):
                    continue
                speed = self._speed(view, history, name)
                found[name][part.subtask] = (1 - held) * belief[place] * speed
        return found

    def _parts(self, view: View, rules: Rules) -> list[_Part]:
        # Beliefs before any verdict are the same for all submissions on a view.
        if self._last is None or self._last[0] is not view or self._last[1] != rules:
            made = [self._part(view, subtask) for subtask in _worth(rules)]
            self._last = (view, rules, made)
        return self._last[2]

    def _part(self, view: View, subtask: str) -> _Part:
        inputs = None
        if view.input_subtasks and subtask:
            inputs = [index for index, tags in enumerate(view.input_subtasks) if subtask in tags]
        found = groups(view, inputs)
        belief = [
            self._weights.probability(row) if group.alive else 0.0
            for group, row in zip(found, describe(view, found, inputs), strict=True)
        ]
        group_of = {name: place for place, one in enumerate(found) for name in one.programs}
        return _Part(subtask, inputs, found, group_of, [belief])

    def _updated(self, history: History, part: _Part) -> list[float]:
        """The beliefs after a history; what is known of its beginning is not worked out again."""
        known = 0
        while known < min(len(part.seen), len(history)) and part.seen[known] == history[known]:
            known += 1
        del part.seen[known:], part.after[known + 1 :]
        for submission, feedback in history[known:]:
            part.seen.append((submission, feedback))
            part.after.append(self._learn(part, part.after[-1], submission, feedback))
        return part.after[-1]

    def _learn(
        self, part: _Part, before: list[float], submission: Submission, feedback: Feedback
    ) -> list[float]:
        place = part.group_of.get(submission.program_id)
        if place is None or _share(feedback, part.subtask) >= 1.0:
            return before
        belief = list(before)
        if feedback.verdict in _LIMITS:
            belief[place] *= self._updates.failed
            return belief
        if self._updates.kin:
            rejected = part.groups[place].keys
            for other, group in enumerate(part.groups):
                belief[other] *= 1 - self._updates.kin * similarity(rejected, group.keys) ** 2
        belief[place] *= self._updates.cluster
        return belief

    def _speed(self, view: View, history: History, name: str) -> float:
        """The chance that a program is fast enough, were it right."""
        share = view.slowest.get(name)
        if share is None:
            return 1.0
        chance = 1 / (1 + (max(share, 1e-6) / _SLOW_AT) ** 4)
        for submission, feedback in history:
            if feedback.verdict in _LIMITS:
                failed = view.slowest.get(submission.program_id, math.inf)
                if share >= _SLOW_AT * failed:
                    chance *= self._updates.slower
        return chance

    def _truth(self, view: View, history: History, rules: Rules) -> dict[int, str]:
        """Outputs known to be right: those of a subtask's solver inside its bounds."""
        truth: dict[int, str] = {}
        if not view.input_subtasks:
            return truth
        for submission, feedback in history:
            row = view.behaviours.get(submission.program_id)
            solved = {name for name in rules.subtasks if _share(feedback, name) >= 1.0}
            if row is None or not solved:
                continue
            for index, tags in enumerate(view.input_subtasks):
                key = row.keys[index]
                if tags & solved and key is not None and key[0] == "=":
                    truth.setdefault(index, key)
        return truth

    def _reason(self, view: View, history: History, rules: Rules, name: str, gain: float) -> str:
        votes = sum(
            part.groups[part.group_of[name]].votes
            for part in self._parts(view, rules)[:1]
            if name in part.group_of
        )
        return (
            f"expected gain {gain:.3f} after {len(history)} submissions; "
            f"{votes} of {sum(view.votes.values())} candidates behave like it"
        )


def _worth(rules: Rules) -> Mapping[str, float]:
    if not rules.subtasks:
        return {"": 1.0}
    total = sum(rules.subtasks.values()) or 1.0
    return {name: points / total for name, points in rules.subtasks.items()}


def _share(feedback: Feedback, subtask: str) -> float:
    if feedback.solved:
        return 1.0
    return feedback.subtasks.get(subtask, 0.0) if subtask else 0.0


def _contradicts(view: View, name: str, part: _Part, truth: Mapping[int, str]) -> bool:
    if not truth:
        return False
    keys = view.behaviours[name].keys
    inputs = range(len(keys)) if part.inputs is None else part.inputs
    return any(index in truth and truth[index] != keys[index] for index in inputs)
