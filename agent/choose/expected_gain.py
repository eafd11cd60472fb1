"""medalist's own policy: the submission with the highest expected gain under the rules.

A belief says for each cluster, and for each subtask apart, how likely it is right. What a
submission is expected to gain is the worth of what is not held yet, times that belief, times
the chance that this member is fast enough. Every verdict changes the beliefs (`standing.py`):

- rejected: the cluster is out, and what it takes goes to the others in proportion;
- time or memory limit: the cluster may well be right, its slower members are not worth trying;
- a subtask solved: its solver's outputs inside that subtask's bounds are the truth, and programs
that contradict them are wrong on every subtask that contains those inputs (the superset filter).

Who is right on a subtask is right on every subtask whose inputs are all among its own, so no
chance is higher than that for such a smaller one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from medalist.agent.choose.belief import BeliefWeights, shipped
from medalist.agent.choose.policy import (
    Decision,
    History,
    PolicyRules,
    SampleMore,
    Stop,
    View,
    finished,
)
from medalist.agent.choose.standing import LIMITS, SubtaskBelief, Updates, share
from medalist.agent.choose.verifier import Verifier
from medalist.agent.choose.within_cluster import preferred
from medalist.agent.forecast import Chance
from medalist.agent.types import Submission

_OUT_OF_TIME = 0.25  # what is left of a program's chance that ran out of time on an input of ours
_SLOW_AT = 0.8  # share of the time limit at which a program is as likely too slow as not


class ExpectedGain:
    """Submits what promises most, and stops where a submission costs more than it promises.

    Where more candidates may be had, it asks for them before the first submission as long as they
    promise more than they cost.

    Args:
        weights: The belief; None takes the shipped one.
        updates: What verdicts do.
        name: The policy's name in tables.
        verifier: What was learned from right and wrong programs of earlier runs, if it should
        count.
    """

    def __init__(
        self,
        weights: BeliefWeights | None = None,
        updates: Updates | None = None,
        name: str = "medalist",
        verifier: Verifier | None = None,
    ) -> None:
        self.name = name
        self._weights = weights or shipped()
        self._updates = updates or Updates()
        self._verifier = verifier
        self._learned: tuple[View, Mapping[str, float]] | None = None
        self._last: tuple[View, PolicyRules, list[SubtaskBelief]] | None = None

    def decide(self, view: View, history: History, rules: PolicyRules) -> Decision:
        """Return the program with the highest expected gain, if that is more than its cost."""
        if rules.more is not None and not view.programs and not history:
            return SampleMore("there is no program yet")
        over = finished(view, history, rules)
        if over is not None:
            return over
        tried = {submission.program_id for submission, _ in history}
        left = [program.program_id for program in view.programs if program.program_id not in tried]
        if not left:
            return Stop("every program was submitted")
        chances = self.chances(view, history, rules)
        worth = {
            part: points * (1 - _held(history, part)) for part, points in _worth(rules).items()
        }
        gain = {
            name: sum(worth[part] * chance for part, chance in chances[name].items())
            for name in left
        }
        if rules.more is not None and not history:
            promised = self._promised(view, chances, rules)
            if promised > rules.more.cost:
                return SampleMore(
                    f"{rules.more.count} more candidates promise {promised:.3f} and cost "
                    f"{rules.more.cost:.3f}"
                )
        share = view.sample_share
        learned = self.learned(view)
        best = preferred(
            view,
            {
                name: (gain[name], share.get(name, 1.0), round(learned.get(name, 0.0), 2))
                for name in left
            },
        )
        if gain[best] < rules.least and not history:
            return Stop(f"the best program promises {gain[best]:.3f}, less than {rules.least:g}")
        if gain[best] <= 0 < rules.least:
            return Stop("no program that is left has a chance")
        cost = _cost(rules, gain[best])
        if gain[best] <= cost and rules.wrong_cost > 0:
            return Stop(f"the best program promises {gain[best]:.3f} and risks {cost:.3f}")
        return Submission(best, self._reason(view, history, rules, best, gain[best]))

    def gain_of(self, view: View, history: History, rules: PolicyRules, program_id: str) -> float:
        """Return the share of the problem's worth that a program is expected to gain, 0 to 1.

        For a pass/fail problem it is the belief that the program is right.
        """
        chances = self.chances(view, history, rules).get(program_id, {})
        return sum(_worth(rules)[part] * chance for part, chance in chances.items())

    def chances(
        self, view: View, history: History, rules: PolicyRules
    ) -> dict[str, dict[str, float]]:
        """Return for each program and subtask not held yet the chance that it gains it.

        Programs that were never run have the chance 0. The only subtask of a pass/fail problem
        is the empty string.
        """
        by_program: dict[str, dict[str, float]] = {
            program.program_id: {} for program in view.programs
        }
        smaller: list[tuple[frozenset[int], str]] = []
        for part in sorted(self._parts(view, rules), key=_size):
            if _held(history, part.subtask) >= 1.0:
                continue
            beliefs = part.beliefs(view, history)
            speed = _Speed(view, history, part.inputs, self._updates.slower)
            inside = frozenset(part.inputs or ())
            limits = [name for inputs, name in smaller if inputs <= inside]
            for name, chances in by_program.items():
                place = part.group_of.get(name)
                if place is not None:
                    chance = beliefs[place] * speed.chance(name)
                    at_most = min((chances[limit] for limit in limits), default=1.0)
                    chances[part.subtask] = min(chance, at_most)
            if part.inputs is not None:
                smaller.append((inside, part.subtask))
        return by_program

    def learned(self, view: View) -> Mapping[str, float]:
        """Return what the verifier adds to the log odds of each program; nothing without one."""
        if self._verifier is None or not self._verifier.weight:
            return {}
        if self._learned is None or self._learned[0] is not view:
            self._learned = (view, self._verifier.added(view))
        return self._learned[1]

    def _promised(
        self, view: View, chances: Mapping[str, Mapping[str, float]], rules: PolicyRules
    ) -> float:
        """Return what more candidates are expected to gain over what the submissions will find."""
        assert rules.more is not None
        asked = sum(view.votes.values())
        coverage = Chance(samples=asked).coverage(rules.more.count).mean
        promised = 0.0
        for part, points in _worth(rules).items():
            firsts = [
                max(chances[name].get(part, 0.0) for name in cluster.programs)
                for cluster in view.clusters
            ]
            held = min(1.0, sum(sorted(firsts)[-rules.submissions :]))
            promised += points * (1 - held) * coverage
        return promised

    def _parts(self, view: View, rules: PolicyRules) -> list[SubtaskBelief]:
        # Beliefs before any verdict are the same for all submissions on a view.
        if self._last is None or self._last[0] is not view or self._last[1] != rules:
            made = [
                SubtaskBelief.of(view, subtask, self._weights, self._updates, self.learned(view))
                for subtask in _worth(rules)
            ]
            self._last = (view, rules, made)
        return self._last[2]

    def _reason(
        self, view: View, history: History, rules: PolicyRules, name: str, gain: float
    ) -> str:
        votes = sum(
            part.groups[part.group_of[name]].votes
            for part in self._parts(view, rules)[-1:]
            if name in part.group_of
        )
        learned = self.learned(view)
        verified = f"; the verifier adds {learned[name]:+.2f}" if name in learned else ""
        return (
            f"expected gain {gain:.3f} after {len(history)} submissions; "
            f"{votes:g} of {sum(view.votes.values())} candidates behave like it"
            f"{verified}"
        )


class _Speed:
    """How likely programs are fast enough inside some bounds, were they right."""

    def __init__(
        self, view: View, history: History, inputs: Sequence[int] | None, slower: float
    ) -> None:
        self._view = view
        self._inputs = inputs
        self._slower = slower
        self._failed = [
            slowness
            for submission, feedback in history
            if feedback.verdict in LIMITS
            and (slowness := view.slowness(submission.program_id, self._inputs)) is not None
        ]

    def chance(self, name: str) -> float:
        share = self._view.slowness(name, self._inputs)
        if share is None:
            return 1.0
        failed = sum(share >= _SLOW_AT * other for other in self._failed)
        fast = 1 / (1 + (share / _SLOW_AT) ** 4) * (_OUT_OF_TIME if share >= 1 else 1.0)
        # In steps, so that runs whose times differ by nothing but noise choose alike.
        return round(self._slower**failed * fast, 2)


def _cost(rules: PolicyRules, gain: float) -> float:
    """Return the expected cost of a submission with this expected gain."""
    return rules.wrong_cost * (1 - min(1.0, gain))


def _held(history: History, subtask: str) -> float:
    """Return the share of a subtask's points that is held already."""
    return max((share(feedback, subtask) for _, feedback in history), default=0.0)


def _size(part: SubtaskBelief) -> int:
    """Smaller subtasks first; those of unknown inputs last."""
    return len(part.inputs) if part.inputs is not None else 1 << 60


def _worth(rules: PolicyRules) -> Mapping[str, float]:
    if not rules.subtasks:
        return {"": 1.0}
    total = sum(rules.subtasks.values()) or 1.0
    return {name: points / total for name, points in rules.subtasks.items()}
