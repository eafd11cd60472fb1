"""The language of `--filter`."""

from __future__ import annotations

from typing import Any

import pytest

from medalist.agent.batch.filters import Filter
from medalist.errors import BadInput
from medalist.problems.model import Kind, ProblemLimits, PublicProblem, Subtask


def public(**fields: Any) -> PublicProblem:
    given: dict[str, Any] = {
        "problem_id": "climb",
        "statements": {"en": "Climb.", "sv": "Klättra."},
        "tags": ("graphs", "easy"),
        "limits": ProblemLimits(time_s=2.0, memory_mb=256),
        "difficulty": "3.5",
    }
    return PublicProblem(**given | fields)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('kind == "batch"', True),
        ('"graphs" in tags and id != "maze"', True),
        ('id in ("maze", "fence") or not time_limit <= 2', False),
        ("1 < time_limit <= 2 < difficulty", True),
        ('"sv" in languages and "zh" not in languages', True),
        ("interactive", False),
        ("subtasks > 0 or points", False),
        ('source == "ICPC"', False),
        ('source != "ICPC"', True),
        ("points > 10 or points <= 10", False),
        ('license == None and "x" not in source', True),
        ("time_limit > -1", True),
        ('difficulty > "hard"', False),
    ],
)
def test_an_expression_is_true_or_false_of_a_problem(text: str, wanted: bool) -> None:
    assert Filter(text)(public()) is wanted


def test_fields_tell_problems_apart() -> None:
    hard = public(kind=Kind.INTERACTIVE, subtasks=(Subtask(subtask_id="1", points=5),))
    where = Filter("interactive and subtasks == 1")
    assert where(hard)
    assert not where(public())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('__import__("os").system("true")', "is not understood"),
        ("id.upper()", "is not understood"),
        ("[x for x in tags]", "is not understood"),
        ("tags[0]", "is not understood"),
        ("id is None", "write =="),
        ("colour == 3", "no field 'colour'; known fields: id,"),
        ("time_limit <", "invalid syntax"),
        ("", "invalid syntax"),
        ("b'x' in tags", "is not understood"),
        ("time_limit " + "+ 1" * 2000, "longer than"),
    ],
)
def test_anything_else_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(BadInput, match="--filter") as refused:
        Filter(text)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_cannot_be_compared_names_the_problem() -> None:
    with pytest.raises(BadInput, match="climb: "):
        Filter("tags < 3")(public())
