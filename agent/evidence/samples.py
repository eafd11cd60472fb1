"""The samples of the statement: the first evidence, and the only one with known answers."""

from __future__ import annotations

from medalist.agent.evidence.canonical import canonical, output_key, same
from medalist.agent.evidence.table import Table
from medalist.problems.model import PublicProblem


def sample_table(public: PublicProblem, table: Table) -> list[int]:
    """Put the samples' inputs into a table and return where each went."""
    return table.add_inputs(sample.input.encode() for sample in public.samples)


def known_outputs(public: PublicProblem, table: Table) -> dict[int, str]:
    """Return the keys of the samples' outputs by the samples' place among a table's inputs.

    Nothing where right outputs may differ from these: with a special checker, or a tolerance.
    """
    if public.special_checker or not public.equality.is_equivalence:
        return {}
    where = sample_table(public, table)
    return {
        index: output_key(sample.output.encode(), public.equality)
        for index, sample in zip(where, public.samples, strict=True)
        if sample.output is not None
    }


def share_passed(public: PublicProblem, table: Table, program_id: str) -> float:
    """Return the share of samples with an answer that a program passes, 0 to 1.

    Without such samples it is 1: nothing speaks against the program. Where right answers may
    differ from the sample's (a special checker), ending properly counts as half a pass.
    """
    points = _points_of(public, table, program_id)
    return sum(points) / len(points) if points else 1.0


def may_be_right(public: PublicProblem, table: Table, program_id: str) -> bool:
    """Whether no sample speaks against a program.

    Where right answers may differ from the sample's, ending properly is all that can be asked.
    """
    return all(_points_of(public, table, program_id))


def _points_of(public: PublicProblem, table: Table, program_id: str) -> list[float]:
    keys = table.behaviour(program_id).keys
    where = table.add_inputs(sample.input.encode() for sample in public.samples)
    points = []
    for index, sample in zip(where, public.samples, strict=True):
        if sample.output is not None:
            key = keys[index] if index < len(keys) else None
            points.append(_points(public, table, key, sample.output.encode()))
    return points


def _points(public: PublicProblem, table: Table, key: str | None, expected: bytes) -> float:
    equality = public.equality
    if key is None or key.startswith("!"):
        return 0.0
    if key == output_key(expected, equality):
        return 1.0
    output = table.output(key)
    if output is not None and same(output, canonical(expected, equality), equality):
        return 1.0
    return 0.5 if public.special_checker else 0.0
