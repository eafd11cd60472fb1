"""Answers are taken apart once a process, and never mistaken for another's."""

from __future__ import annotations

from dataclasses import replace

from medalist.agent.extract.answer import of_candidate
from medalist.agent.extract.extractor import Extractor
from medalist.agent.types import Candidate
from medalist.problems.model import Kind, PublicProblem

PUBLIC = PublicProblem(problem_id="p", statements={"en": "Print 7."})
ANSWER = Candidate("p/direct/python/0", "```python\nprint(7)\n```", language="python")


def test_an_answer_is_taken_apart_once_whoever_asks() -> None:
    first = Extractor(PUBLIC)(ANSWER)
    again = Extractor(PUBLIC.model_copy())(replace(ANSWER, candidate_id="p/direct/python/1"))
    assert first == of_candidate(ANSWER, PUBLIC)
    assert first is again


def test_what_the_program_depends_on_is_told_apart() -> None:
    function = PUBLIC.model_copy(update={"kind": Kind.FUNCTION})
    others = [
        (PUBLIC, replace(ANSWER, finish="refusal")),
        (PUBLIC, replace(ANSWER, prompt_id="outline")),
        (PUBLIC, replace(ANSWER, source="print(8)")),
        (PUBLIC, replace(ANSWER, text="", reasoning="Hm.", finish="length")),
        (PUBLIC, replace(ANSWER, text="", reasoning="", finish="stop")),
        (function, ANSWER),
    ]
    first = Extractor(PUBLIC)(ANSWER)
    for public, candidate in others:
        extraction = Extractor(public)(candidate)
        assert extraction == of_candidate(candidate, public)
        assert extraction != first
