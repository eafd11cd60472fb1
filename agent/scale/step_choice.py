"""What labels and scores of steps are worth: agreement of two labellings, and best-of-N.

Best-of-N (Let's Verify, Math-Shepherd): of N answers one is chosen by the product or the minimum of
its steps' scores, by the score of its program, or by majority; which share of the choices is right?
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from medalist.agent.propose.step_records import LabelledThinking
from medalist.agent.report.estimates import mean_of_known

_SUBSETS = 500  # subsets of the answers to a problem that are looked at, at most
Rank: TypeAlias = Callable[[LabelledThinking, Sequence[LabelledThinking]], float | None]
"""From an answer, and all that it is chosen from, to a figure; the highest is chosen."""


def best_of(answers: Sequence[LabelledThinking]) -> list[dict[str, object]]:
    """Return for N = 1, 2, 4, ... the share of choices that are right, by each way to choose.

    A problem counts where it has N answers, a way where it knows its figure for each of them. Ties
    are drawn. Means over problems with 95 % intervals; `any` is the share of subsets that hold a
    right answer; the labels themselves know verdicts (of other answers): they are no way to choose
    in earnest.
    """
    problems: defaultdict[str, list[LabelledThinking]] = defaultdict(list)
    for answer in answers:
        problems[answer.record.problem].append(answer)
    rows: list[dict[str, object]] = []
    size = 1
    while any(len(own) >= size for own in problems.values()):
        large = [own for own in problems.values() if len(own) >= size]
        row: dict[str, object] = {"n": size, "problems": len(large)}
        for name, rank in WAYS.items():
            shares = [_share_right(own, size, rank) for own in large]
            known = [share for share in shares if share is not None]
            row[name] = mean_of_known(known).figures() if len(known) == len(large) else None
        row["any"] = mean_of_known([_share_any(own, size) for own in large]).figures()
        rows.append(row)
        size *= 2
    return rows


def agreement_of(
    first: Sequence[LabelledThinking], second: Sequence[LabelledThinking]
) -> dict[str, object]:
    """Compare two labellings of the same steps.

    A step is good if any of its roll-outs was accepted (Math-Shepherd's hard estimate).

    Returns:
        `steps` that both label, the share `same` of equal hard labels with Cohen's `kappa`, the
        mean absolute `difference` of the shares, and their `correlation` (Pearson); None where a
        figure is not defined.
    """
    other = {each.answer: each for each in second}
    pairs: list[tuple[float, float]] = []
    for each in first:
        twin = other.get(each.answer)
        if twin is not None and twin.record.steps == each.record.steps:
            pairs += zip(each.shares, twin.shares, strict=False)
    hard = [(high > 0, low > 0) for high, low in pairs]
    return {
        "steps": len(pairs),
        "same": sum(a == b for a, b in hard) / len(hard) if hard else None,
        "kappa": _kappa(hard),
        "difference": sum(abs(a - b) for a, b in pairs) / len(pairs) if pairs else None,
        "correlation": _correlation(pairs),
    }


def right(one: LabelledThinking) -> bool:
    """Whether the judge accepted an answer."""
    return one.record.verdict == "AC"


def _scores(of: Callable[[Sequence[float]], float]) -> Rank:
    return lambda one, _: of(one.scores) if one.scores else None


def _labels(of: Callable[[Sequence[float]], float]) -> Rank:
    return lambda one, _: of(one.shares) if one.complete and one.shares else None


def _majority(one: LabelledThinking, drawn: Sequence[LabelledThinking]) -> float:
    return sum(other.record.cluster == one.record.cluster for other in drawn)


WAYS: Mapping[str, Rank] = {
    "random": lambda _, __: 0.0,
    "majority": _majority,
    "outcome": lambda one, _: one.outcome,
    "product": _scores(math.prod),
    "minimum": _scores(min),
    "labels_product": _labels(math.prod),
    "labels_minimum": _labels(min),
}


def _share_right(own: Sequence[LabelledThinking], size: int, rank: Rank) -> float | None:
    total, subsets = 0.0, _subsets(len(own), size)
    for subset in subsets:
        drawn = [own[at] for at in subset]
        ranks = [rank(each, drawn) for each in drawn]
        known = [value for value in ranks if value is not None]
        if len(known) < len(ranks):
            return None
        top = max(known)
        chosen = [one for one, value in zip(drawn, ranks, strict=True) if value == top]
        total += sum(map(right, chosen)) / len(chosen)
    return total / len(subsets)


def _share_any(own: Sequence[LabelledThinking], size: int) -> float:
    subsets = _subsets(len(own), size)
    return sum(any(right(own[at]) for at in subset) for subset in subsets) / len(subsets)


def _subsets(count: int, size: int) -> list[tuple[int, ...]]:
    """Return all subsets if they are few, else some drawn at random, the same ones every time."""
    if math.comb(count, size) <= _SUBSETS:
        return list(combinations(range(count), size))
    rng = random.Random(f"{count} {size}")
    return [tuple(rng.sample(range(count), size)) for _ in range(_SUBSETS)]


def _kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    if not pairs:
        return None
    same = sum(a == b for a, b in pairs) / len(pairs)
    firsts, seconds = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(firsts[value] * seconds[value] for value in (True, False)) / len(pairs) ** 2
    return (same - by_chance) / (1 - by_chance) if by_chance < 1 else None


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < 2:
        return None
    mean_a = sum(a for a, _ in pairs) / len(pairs)
    mean_b = sum(b for _, b in pairs) / len(pairs)
    covariance = sum((a - mean_a) * (b - mean_b) for a, b in pairs)
    spread = math.sqrt(
        sum((a - mean_a) ** 2 for a, _ in pairs) * sum((b - mean_b) ** 2 for _, b in pairs)
    )
    return covariance / spread if spread else None
