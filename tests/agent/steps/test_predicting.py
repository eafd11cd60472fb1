"""Predicted outputs become claims by the equality of the problem."""

from __future__ import annotations

from collections.abc import Mapping

from medalist.agent.choose.policy import View
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.canonical import canonical, output_key
from medalist.agent.evidence.origin import EvidenceInput, Origin
from medalist.agent.steps.predicting import Prediction, claims_of
from medalist.agent.types import Program
from medalist.problems.model import Equality

INPUTS = (b"1\n", b"2\n", b"3\n")


def predicted(content: bytes, output: bytes, times: int = 1) -> Prediction:
    return Prediction(EvidenceInput(content, Origin("predicted", 0.7)), output, times)


def looked_at(
    equality: Equality, rows: Mapping[str, tuple[bytes, ...]]
) -> tuple[View, BehaviourTable]:
    table = BehaviourTable("p", equality)
    table.add_inputs(INPUTS)
    for name, outputs in rows.items():
        table.add_cells(
            name,
            [
                OutcomeCell(output_key(output, equality), canonical(output, equality), 0.0)
                for output in outputs
            ],
        )
    programs = tuple(
        Program(name, "python", name, tuple(f"{name}{n}" for n in range(place)))
        for place, name in enumerate(rows, 1)
    )
    return View(programs, {name: table.behaviour(name) for name in rows}), table


def test_equal_tokens_are_equal_outputs() -> None:
    equality = Equality()
    view, table = looked_at(equality, {"a": (b"1 2\n", b"x\n", b"y\n")})
    (claim,) = claims_of(view, table, [predicted(b"1\n", b"1  2", times=2)], equality)
    assert claim.key == view.behaviours["a"].keys[0]
    assert (claim.input_index, claim.weight, claim.predicted, claim.oracle) == (0, 2.0, True, False)


def test_within_the_tolerance_it_is_what_most_programs_print() -> None:
    equality = Equality(abs_tol=1e-2)
    rows = {"few": (b"3.338\n",) * 3, "most": (b"3.329\n",) * 3, "far": (b"4\n",) * 3}
    view, table = looked_at(equality, rows)
    (near,) = claims_of(view, table, [predicted(b"2\n", b"3.33")], equality)
    assert near.key == view.behaviours["most"].keys[1]
    (nobody,) = claims_of(view, table, [predicted(b"2\n", b"3.5")], equality)
    assert all(nobody.key != row.keys[1] for row in view.behaviours.values())


def test_what_is_known_set_aside_or_not_looked_at_is_no_claim() -> None:
    equality = Equality()
    view, table = looked_at(equality, {"a": (b"1\n", b"2\n", b"3\n")})
    right = view.behaviours["a"].keys[0]
    assert right is not None
    view = View(view.programs, view.behaviours, known={0: right}, set_aside={1: "it cannot occur"})
    asked = [predicted(b"1\n", b"1"), predicted(b"2\n", b"2"), predicted(b"9\n", b"9")]
    assert claims_of(view, table, asked, equality) == ()
