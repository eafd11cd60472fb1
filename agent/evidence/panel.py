"""Which of the checkers that a model wrote have a vote, and what they decide together.

A checker is worth what it was seen to do. One that rejects a sample's own output, that accepts
nearly everything, or that finds outputs better than a sample's has no vote. The others weigh as
much as they reject of corrupted outputs, those left out that the others find right, too. On the
outputs of the programs themselves the one that departs most from what the others decide is left
out, while it does so often. Where too little weight is left, or those who are left disagree on more
than a few outputs, the panel abstains: no equality is better than a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from medalist.agent.evidence.checker_runs import Saying
from medalist.agent.evidence.judged import OutputColumn, Result
from medalist.agent.types import OutcomeKey

LEAST_REJECTED = 0.3
"""A checker that rejects a smaller share of corrupted outputs has no vote."""

LEAST_WEIGHT = 1.2
"""Below this the checkers that have a vote, two at least, are too few or too lenient together."""

DEPARTING = 0.1
"""A checker that departs from the others on a larger share of the outputs is left out."""

CONTESTED = 0.1
"""Where a larger share of the outputs is contested, the panel abstains."""

MAJORITY = 2 / 3
"""The share of the weight that decides about an output."""

_RIGHT = 0.7  # how often a checker of full weight is taken to be right where others may err alike
_MOST_TRUST = 0.95

Results = Mapping[OutcomeKey, Result | None]
"""What one checker makes of the outputs on one input; None where it says nothing."""


class CheckerTrial(NamedTuple):
    """What a checker said of outputs that are known to be right, and of corrupted ones."""

    samples: Sequence[Saying]
    corrupted: Sequence[Saying]


class Standing(NamedTuple):
    """The weight of a checker, 0 to 1, and why it has no vote where it has none."""

    weight: float
    why: str = ""


@dataclass(frozen=True)
class PanelVerdict:
    """What the checkers decided.

    Attributes:
        standings: The weight of each checker in the end, and why one has no vote.
        results: For each input the result of each output that was decided.
        outputs: How many outputs there were to decide about.
        contested: How many of them were not decided although there was a word on them.
        abstained: Why the panel decides nothing; None if it does.
    """

    standings: Mapping[str, Standing]
    results: tuple[Mapping[OutcomeKey, Result], ...] = ()
    outputs: int = 0
    contested: int = 0
    abstained: str | None = None

    @property
    def kept(self) -> int:
        """How many checkers have a vote."""
        return sum(standing.weight > 0 for standing in self.standings.values())

    @property
    def trust(self) -> float:
        """How far to believe what was decided."""
        if self.abstained is not None:
            return 0.0
        doubt = 1.0
        for standing in self.standings.values():
            doubt *= 1 - _RIGHT * standing.weight
        return min(_MOST_TRUST, 1 - doubt)


def standings(trials: Mapping[str, CheckerTrial]) -> dict[str, Standing]:
    """Return the weight of each checker by its verdicts on samples and on corrupted outputs."""
    first = {name: _first_standing(trial) for name, trial in trials.items()}
    return {
        name: one if one.why else Standing(_agreeing(name, trials, first))
        for name, one in first.items()
    }


def _first_standing(trial: CheckerTrial) -> Standing:
    if not all(sample.valid for sample in trial.samples):
        failed = any(sample.valid is None for sample in trial.samples)
        return Standing(0.0, "fails on a sample" if failed else "rejects a sample's output")
    share = _rejected(trial)
    if share < LEAST_REJECTED:
        return Standing(0.0, f"rejects {share:.0%} of corrupted outputs")
    return Standing(share)


def _rejected(trial: CheckerTrial) -> float:
    rejected = sum(case.valid is False for case in trial.corrupted)
    return rejected / max(1, len(trial.corrupted))


def _agreeing(
    name: str, trials: Mapping[str, CheckerTrial], first: Mapping[str, Standing]
) -> float:
    """Return the share of corrupted outputs of which a checker says what most others say.

    Where there is nobody else, all of them should be rejected.
    """
    others = [other for other, one in first.items() if other != name and one.weight > 0]
    own = trials[name].corrupted
    if not others:
        return first[name].weight
    agreed = 0
    for place, said in enumerate(own):
        rejecting = sum(
            first[other].weight * (trials[other].corrupted[place].valid is False)
            for other in others
        )
        total = sum(first[other].weight for other in others)
        agreed += (said.valid is False) == (2 * rejecting >= total)
    return agreed / len(own)


def results_of(
    column: OutputColumn, said: Mapping[OutcomeKey, Saying], reference: Saying | None
) -> tuple[Results, bool]:
    """Return what a checker makes of the outputs on an input.

    Args:
        column: The outputs.
        said: What it said of each.
        reference: What it said of the right output, where one is known.

    Returns:
        The result of each output, and whether it finds one better than the known right one.
    """
    valid = [*said.values(), *([] if reference is None else [reference])]
    values = [item.value for item in valid if item.valid and item.value is not None]
    best = max(values, default=None)
    beaten = reference is not None and reference.worse_than(best)
    results: dict[OutcomeKey, Result | None] = {}
    for key in column.outputs:
        one = said.get(key)
        if one is None or one.valid is None:
            results[key] = None
        elif not one.valid:
            results[key] = "rejected"
        else:
            results[key] = "worse" if one.worse_than(best) else "right"
    return results, beaten


def decide(
    earned: Mapping[str, Standing], by_checker: Mapping[str, Sequence[Results]]
) -> PanelVerdict:
    """Return what the checkers that have a vote decide about all outputs.

    Args:
        earned: Their standings after the trial.
        found: What each of those with a vote makes of the outputs of each input.
    """
    standing = dict(earned)
    voting = [name for name in by_checker if standing[name].weight > 0]
    while len(voting) > 2:
        weights = {name: standing[name].weight for name in voting}
        departing = {name: _departing(name, weights, by_checker) for name in voting}
        worst, second = sorted(voting, key=lambda name: -departing[name])[:2]
        # Where two depart alike there is no telling which of them is at fault.
        if departing[worst] <= DEPARTING or 2 * departing[second] > departing[worst]:
            break
        standing[worst] = Standing(0.0, f"departs from the others on {departing[worst]:.0%}")
        voting.remove(worst)
    weights = {name: standing[name].weight for name in voting}
    if len(voting) < 2 or sum(weights.values()) < LEAST_WEIGHT:
        few = f"{len(voting)} of {len(standing)} have a vote"
        return PanelVerdict(standing, abstained=f"{few}, too little to rely on")
    results, outputs, contested = _decided(weights, by_checker)
    verdict = PanelVerdict(standing, tuple(results), outputs, contested)
    if outputs and contested > CONTESTED * outputs:
        why = f"they disagree on {contested} of {outputs} outputs"
        return PanelVerdict(standing, (), outputs, contested, abstained=why)
    return verdict


def _departing(
    name: str, weights: Mapping[str, float], by_checker: Mapping[str, Sequence[Results]]
) -> float:
    """Return the share of outputs on which a checker says another thing than the others do."""
    others = {other: weight for other, weight in weights.items() if other != name}
    asked = departed = 0
    for place, column in enumerate(by_checker[name]):
        for key, result in column.items():
            right, total = _votes(others, by_checker, place, key)
            if result is None or 2 * right == total:
                continue
            asked += 1
            departed += (result == "right") != (2 * right > total)
    return departed / asked if asked else 0.0


def _votes(
    weights: Mapping[str, float],
    by_checker: Mapping[str, Sequence[Results]],
    place: int,
    key: OutcomeKey,
) -> tuple[float, float]:
    """Return the weight that calls an output right, and that of all who say anything."""
    right = total = 0.0
    for name, weight in weights.items():
        result = by_checker[name][place].get(key)
        if result is not None:
            total += weight
            right += weight * (result == "right")
    return right, total


def _decided(
    weights: Mapping[str, float], by_checker: Mapping[str, Sequence[Results]]
) -> tuple[list[Mapping[OutcomeKey, Result]], int, int]:
    decided: list[Mapping[OutcomeKey, Result]] = []
    outputs = contested = 0
    columns = by_checker[next(iter(weights))]
    for place, column in enumerate(columns):
        results: dict[OutcomeKey, Result] = {}
        for key in column:
            right, total = _votes(weights, by_checker, place, key)
            if 2 * total < sum(weights.values()):
                continue
            outputs += 1
            if right >= MAJORITY * total:
                results[key] = "right"
            elif total - right >= MAJORITY * total:
                results[key] = _how_wrong(weights, by_checker, place, key)
            else:
                contested += 1
        decided.append(results)
    return decided, outputs, contested


def _how_wrong(
    weights: Mapping[str, float],
    by_checker: Mapping[str, Sequence[Results]],
    place: int,
    key: OutcomeKey,
) -> Result:
    votes: dict[Result, float] = {"rejected": 0.0, "worse": 0.0}
    for name, weight in weights.items():
        result = by_checker[name][place].get(key)
        if result is not None and result != "right":
            votes[result] += weight
    return "worse" if votes["worse"] > votes["rejected"] else "rejected"
