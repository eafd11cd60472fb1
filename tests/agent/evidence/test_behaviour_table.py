from __future__ import annotations

from pathlib import Path

import pytest

from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.canonical import canonical, output_key, same
from medalist.agent.evidence.samples import may_be_right, share_passed
from medalist.agent.journal import Journal
from medalist.agent.types import OutcomeKey
from medalist.problems.model import Equality, PublicProblem, Sample
from medalist.sandbox.outcome import Outcome, Status

TOKENS = Equality()


def outcome(stdout: bytes, status: Status = Status.OK) -> Outcome:
    code = 0 if status is Status.OK else 1
    return Outcome(status, code, None, 0.25, 0.3, 1 << 20, stdout)


def cells(*outputs: bytes | Status, equality: Equality = TOKENS) -> list[OutcomeCell]:
    return [
        OutcomeCell.of(
            outcome(b"", output) if isinstance(output, Status) else outcome(output), equality
        )
        for output in outputs
    ]


@pytest.mark.parametrize(
    ("first", "second", "equality", "equal"),
    [
        (b"1 2\n", b"1\n2", TOKENS, True),
        (b"yes", b"YES", TOKENS, False),
        (b"yes", b"YES", Equality(case_sensitive=False), True),
        (b"1 2 \n\n", b"1 2", Equality(mode="lines"), True),
        (b"1 2", b"1\n2", Equality(mode="lines"), False),
        (b"1\n", b"1", Equality(mode="exact"), False),
        (b"0.333", b"0.3330001", Equality(abs_tol=1e-6), True),
        (b"1000000", b"1000001", Equality(rel_tol=1e-5), True),
        (b"0.333", b"0.334", Equality(abs_tol=1e-6), False),
        (b"1 2", b"1", Equality(abs_tol=1), False),
        (b"nan", b"nan", Equality(abs_tol=1), True),
        (b"inf", b"1", Equality(rel_tol=1), False),
        (b"1e9999", b"1", Equality(rel_tol=1), False),
        (b"12345678901234567890", b"12345678901234567891", TOKENS, False),
    ],
)
def test_declared_equality(first: bytes, second: bytes, equality: Equality, equal: bool) -> None:
    assert same(canonical(first, equality), canonical(second, equality), equality) is equal


def test_crash_timeout_and_empty_output_are_three_outcomes() -> None:
    keys = [cell.key for cell in cells(b"", Status.RUNTIME, Status.TIME, Status.IDLE, b" \n")]
    assert len(set(keys)) == 4
    assert keys[0] == keys[4] == output_key(b"", TOKENS)


def test_table_grows_by_inputs_and_programs(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        table = BehaviourTable("p/mutants", TOKENS, journal)
        assert table.add_inputs([b"a", b"b", b"a"]) == [0, 1, 0]
        row = table.add_cells("one", cells(b"1", Status.TIME))
        assert row.keys == (output_key(b"1", TOKENS), "!time")
        assert table.add_inputs([b"b", b"c"]) == [1, 2]
        assert list(table.missing("one")) == [2]
        assert list(table.missing("two")) == [0, 1, 2]
        assert table.behaviour("one").keys[2] is None
        table.add_cells("one", cells(b"x y"))
    with Journal.open(tmp_path) as journal:
        again = BehaviourTable("p/mutants", TOKENS, journal)
        assert list(again.inputs) == [b"a", b"b", b"c"]
        assert again.behaviour("one") == table.behaviour("one")
        assert again.output(output_key(b"x  y\n", TOKENS)) == b"x y"
        assert again.output(OutcomeKey("!time")) is None
        other = BehaviourTable("p", TOKENS, journal)
        assert (list(other.inputs), list(other.programs)) == ([], [])


def test_share_of_samples_passed() -> None:
    public = PublicProblem(
        problem_id="p",
        statements={"en": ""},
        samples=(
            Sample(input="1", output="1.0"),
            Sample(input="2", output="4"),
            Sample(input="3", output=None),
        ),
        equality=Equality(abs_tol=1e-6),
    )
    table = BehaviourTable("p/samples", public.equality)
    table.add_inputs(sample.input.encode() for sample in public.samples)
    table.add_cells("right", cells(b"1.0000001", b"4", Status.RUNTIME, equality=public.equality))
    table.add_cells("half", cells(b"1", b"5", b"9", equality=public.equality))
    assert share_passed(public, table, "right") == 1.0
    assert share_passed(public, table, "half") == 0.5
    assert share_passed(public, table, "never run") == 0.0
    assert [may_be_right(public, table, name) for name in ("right", "half")] == [True, False]
    special = public.model_copy(update={"special_checker": True})
    assert share_passed(special, table, "half") == 0.75
    assert may_be_right(special, table, "half")
    assert not may_be_right(special, table, "never run")
