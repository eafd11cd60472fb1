"""Which outputs count as equal: exact, within a tolerance, or by what right answers share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from medalist.agent.evidence.alike import Grouping, grouping
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.canonical import output_key
from medalist.agent.evidence.output_views import is_phrase
from medalist.agent.types import Behaviour
from medalist.problems.model import Equality, PublicProblem, Sample

TEXT = "Print any pair, or IMPOSSIBLE."
PUBLIC = PublicProblem(
    problem_id="p",
    statements={"en": TEXT},
    samples=(Sample(input="1 2\n", output="3\n"), Sample(input="4 5\n", output=None)),
)
NEAR = PUBLIC.model_copy(update={"equality": Equality(abs_tol=1e-6, rel_tol=1e-6)})
ANY = PUBLIC.model_copy(update={"special_checker": True})


def grouped(
    public: PublicProblem,
    outputs: Mapping[str, Sequence[str]],
    votes: Mapping[str, int] | None = None,
) -> tuple[Grouping, dict[str, Behaviour]]:
    """Group what programs print on inputs of which the first is the first sample's."""
    table = BehaviourTable("p", public.equality)
    width = max(map(len, outputs.values()))
    table.add_inputs([b"1 2\n", *(f"{number}\n".encode() for number in range(width - 1))])
    rows = {}
    for name, printed in outputs.items():
        contents = [text.encode() for text in printed]
        cells = [
            OutcomeCell(output_key(content, public.equality), b" ".join(content.split()), 0.0)
            for content in contents
        ]
        rows[name] = table.add_cells(name, cells)
    result = grouping(public, table, rows, votes or {}, list(rows))
    return result, {name: result.apply(row) for name, row in rows.items()}


def test_samples_with_an_answer_are_known_unless_others_may_be_right() -> None:
    key = output_key(b"3", PUBLIC.equality)
    assert grouped(PUBLIC, {"a": ["3"]})[0].known == {0: key}
    assert grouped(NEAR, {"a": ["3.0000001"]})[0].known == {0: key}
    assert grouped(ANY, {"a": ["3"]})[0].known == {}


@pytest.mark.parametrize(
    "text",
    ["12.0000004", "12.000000000", "1.2e1", "12", "+12.0", "1.2E+01", "12.0000001", "11.9999999"],
)
def test_digits_exponents_and_noise_within_the_tolerance_are_one_output(text: str) -> None:
    _, rows = grouped(NEAR, {"a": ["3", "12.0 x"], "b": ["3", f"{text} x"]})
    assert rows["a"].keys == rows["b"].keys


@pytest.mark.parametrize("text", ["12.001 x", "12.0 y", "12.0", "12.0 x x", "nan x", "-12.0 x"])
def test_what_is_further_off_or_of_another_form_is_another_output(text: str) -> None:
    _, rows = grouped(NEAR, {"a": ["3", "12.0 x"], "b": ["3", text]})
    assert rows["a"].keys != rows["b"].keys


def test_minus_zero_is_zero() -> None:
    _, rows = grouped(NEAR, {"a": ["3", "0.0"], "b": ["3", "-0.000000"], "c": ["3", "0"]})
    assert len({row.keys for row in rows.values()}) == 1


def test_a_chain_of_near_outputs_is_not_one_group() -> None:
    texts = [f"{value * 1.5e-6:.7f}" for value in range(4)]
    actual, rows = grouped(NEAR, {text: ["3", text] for text in texts}, {texts[0]: 2})
    keys = [rows[text].keys[1] for text in texts]
    assert keys[0] == keys[1] != keys[2] == keys[3]
    # The group is known by the output with most votes, and equal outputs have one key.
    assert set(actual.alike[1].values()) == {keys[0], keys[2]}


def test_a_sample_is_compared_with_the_tolerance_itself() -> None:
    actual, rows = grouped(NEAR, {"near": ["3.000001"], "far": ["3.000008"]})
    assert rows["near"].keys[0] == actual.known[0] != rows["far"].keys[0]


def test_right_answers_in_another_order_are_merged_where_a_majority_agrees_so() -> None:
    printed = {"a": ["1 2", "5 6 7"], "b": ["2 1", "7 5 6"], "c": ["1 3", "5 5 7"]}
    _, rows = grouped(ANY, printed)
    assert rows["a"].keys == rows["b"].keys != rows["c"].keys


def test_programs_unlike_the_others_are_known_where_all_answers_differ() -> None:
    printed = {
        **{f"right{number}": [f"{number} 9", f"{number} 8", "IMPOSSIBLE"] for number in (1, 2, 3)},
        "from zero": ["0 8", "0 7", "impossible"],
        "stubborn": ["1 9", "1 8", "1 1"],
    }
    actual, rows = grouped(ANY, printed)
    assert actual.likeness is not None
    assert len({row.keys for row in rows.values()}) == 5
    assert actual.likeness["right1"] == actual.likeness["right3"] == 1.0
    assert actual.likeness["from zero"] == pytest.approx(1 / 3)
    assert actual.likeness["stubborn"] == pytest.approx(2 / 3)


def test_words_that_the_statement_does_not_know_are_text() -> None:
    printed = {"a": ["abba", "no"], "b": ["cddc", "yes"], "c": ["7", "8"]}
    actual, _ = grouped(ANY, printed)
    assert actual.likeness is not None
    assert actual.likeness["a"] == actual.likeness["b"] == 1.0
    assert actual.likeness["c"] == 0.0


def test_the_name_of_a_kind_is_not_taken_for_a_word_of_the_statement() -> None:
    words = frozenset({"one", "integer", "text", "impossible"})
    assert is_phrase(b"Impossible", words)
    assert not any(is_phrase(output, words) for output in (b"7", b"7 impossible", b"odd", b""))
