from __future__ import annotations

from medalist.agent.evidence.canonical import output_key
from medalist.agent.evidence.samples import known_outputs
from medalist.agent.evidence.table import Table
from medalist.problems.model import Equality, PublicProblem, Sample

PUBLIC = PublicProblem(
    problem_id="p",
    statements={"en": "Add."},
    samples=(Sample(input="1 2\n", output="3\n"), Sample(input="4 5\n", output=None)),
)


def test_samples_with_an_answer_are_known_unless_others_may_be_right() -> None:
    table = Table("p", PUBLIC.equality)
    table.add_inputs([b"0 0\n"])
    assert known_outputs(PUBLIC, table) == {1: output_key(b"3", PUBLIC.equality)}
    judged_by_checker = PUBLIC.model_copy(update={"special_checker": True})
    assert known_outputs(judged_by_checker, table) == {}
    near = PUBLIC.model_copy(update={"equality": Equality(abs_tol=1e-6)})
    assert known_outputs(near, table) == {}
