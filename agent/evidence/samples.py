"""The samples of the statement: the first evidence, and the only one with known answers."""

from __future__ import annotations

from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.canonical import canonical, output_key, same
from medalist.agent.evidence.output_views import is_phrase, words_of
from medalist.agent.types import OutcomeKey
from medalist.problems.model import PublicProblem


def share_passed(public: PublicProblem, table: BehaviourTable, program_id: str) -> float:
    """Return the share of samples with an answer that a program passes, 0 to 1.

    Without such samples it is 1: nothing speaks against the program. Where right answers may
    differ from the sample's (a special checker), ending properly counts as half a pass, unless only
    one of the two outputs is nothing but words of the statement (`impossible`).
    """
    points = _points_of(public, table, program_id)
    if not points:
        return 1.0
    # Where half a pass is all that can be had without luck, one refutation must stay visible.
    refuted = public.special_checker and not all(points)
    return sum(points) / len(points) * (0.5 if refuted else 1.0)


def may_be_right(public: PublicProblem, table: BehaviourTable, program_id: str) -> bool:
    """Whether no sample speaks against a program.

    Where right answers may differ from the sample's, ending properly is all that can be asked.
    """
    return all(_points_of(public, table, program_id))


def _points_of(public: PublicProblem, table: BehaviourTable, program_id: str) -> list[float]:
    keys = table.behaviour(program_id).keys
    where = table.add_inputs(sample.input.encode() for sample in public.samples)
    points = []
    for index, sample in zip(where, public.samples, strict=True):
        if sample.output is not None:
            key = keys[index] if index < len(keys) else None
            points.append(_points(public, table, key, sample.output.encode()))
    return points


def _points(
    public: PublicProblem, table: BehaviourTable, key: OutcomeKey | None, expected: bytes
) -> float:
    equality = public.equality
    if key is None or not key.is_output:
        return 0.0
    if key == output_key(expected, equality):
        return 1.0
    output = table.output(key)
    right = canonical(expected, equality)
    if output is not None and same(output, right, equality):
        return 1.0
    if not public.special_checker:
        return 0.0
    return 0.5 if output is None or _plausible(public, output, right) else 0.0


def _plausible(public: PublicProblem, output: bytes, right: bytes) -> bool:
    """Whether an output may be right beside another: where one says `impossible`, so must both."""
    words = words_of(public)
    if not is_phrase(output, words) and not is_phrase(right, words):
        return True
    return output.lower().split() == right.lower().split()
