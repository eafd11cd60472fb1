"""The player recognises every question that medalist asks, and answers it from files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import get_args

import pytest

from medalist.agent.llm.scripted.scripted_answers import (
    FAULTS,
    Question,
    ScriptedAnswers,
    question_of,
)
from medalist.agent.llm.scripted.scripted_answers import read_repertoires as read
from medalist.agent.llm.scripted.scripted_repertoires import (
    LabelledProgram,
    Repertoire,
    next_level,
)
from medalist.agent.llm.scripted.scripted_replies import SeenRequest
from medalist.agent.prompts import render
from medalist.agent.prompts.render import ShownForm
from medalist.agent.quote import quoted, without_comments
from medalist.problems.formats import load, resolve

HELPERS = Path(__file__).parents[3] / "data" / "player"
ARCHIVE = Path(str(resources.files("medalist.problems"))) / "archive"
PUBLIC = load(resolve("warmer")).public
KINDS = {
    "brute": "brute", "carry": "solution", "checker": "checker", "continue": "solution",
    "critic": "critic", "direct": "solution", "duel": "duel", "exemplars": "solution",
    "generator": "generator", "outline": "plan", "pair": "pair", "plan": "solution",
    "reason": "solution", "reflect": "solution", "repair": "repair", "retry": "solution",
    "review": "review",
    "verify": "verify", "weigh": "weigh",
    "revise": "solution", "rewrite": "solution", "simplest": "brute",
    "tests": "tests", "validator": "validator",
}  # fmt: skip
VALUES = {"count": "8"} | dict.fromkeys(
    (
        "program", "failure", "answer", "plan", "first", "second", "difference", "aim", "feedback",
        "references", "task", "thinking",
    ),
    "...",
)  # fmt: skip


def seen(prompt_id: str, form: str = "full", seed: int = 1, **values: str) -> SeenRequest:
    parts = render(prompt_id, PUBLIC, "python", ShownForm(form=form), values=VALUES | values)  # type: ignore[arg-type]
    messages = [{"role": message.role, "content": message.content} for message in parts.messages]
    return SeenRequest(0, "/v1/chat/completions", {}, {"messages": messages, "seed": seed}, 0.0)


@pytest.mark.parametrize("form", ["full", "small"])
def test_every_template_is_recognised(form: str) -> None:
    folder = Path(str(resources.files("medalist.agent.prompts")))
    actual = {path.stem for path in folder.glob("*.txt")}
    assert actual - {"tools", "onward"} == set(KINDS), "these two come behind another question"
    for prompt_id, kind in KINDS.items():
        text = "\n".join(node["content"] for node in seen(prompt_id, form).body["messages"])
        assert question_of(text) == kind, prompt_id
    assert set(KINDS.values()) == set(get_args(Question))


def test_an_answer_depends_on_seeds_and_question_alone() -> None:
    player, other = (
        ScriptedAnswers(read(ARCHIVE, HELPERS)),
        ScriptedAnswers(read(ARCHIVE, HELPERS), seed=1),
    )
    asked = [seen("direct", seed=number) for number in range(8)]
    answers = [player(item).text for item in asked]
    assert answers == [player(item).text for item in reversed(asked)][::-1]
    assert len(set(answers)) > 2
    assert answers != [other(item).text for item in asked]


def test_skill_is_the_share_of_right_answers_and_a_judge_knows_them() -> None:
    known = next(item for item in read(ARCHIVE, HELPERS) if item.title == PUBLIC.title)
    right = {program.source.rstrip() for program in known.programs if program.right}
    for skill, expected in ((1.0, True), (0.0, False)):
        player = ScriptedAnswers([known], skill=skill)
        for number in range(6):
            text = player(seen("direct", seed=number)).text
            assert any(source in text for source in right) == expected
    good = next(
        program for program in known.programs if program.right and program.language == "python"
    )
    bad = next(
        program for program in known.programs if not program.right and program.language == "python"
    )
    shown = [quoted(without_comments("python", item.source), "program") for item in (good, bad)]
    player = ScriptedAnswers([known], skill=1.0)
    assert player(seen("duel", first=shown[0], second=shown[1])).text == "A"
    assert player(seen("duel", first=shown[1], second=shown[0])).text == "B"
    assert player(seen("review", program=shown[0])).text == "90"
    assert player(seen("review", program=shown[1])).text == "10"
    biased = ScriptedAnswers([known], skill=1.0, faults={"the judge says A"})
    assert biased(seen("duel", first=shown[1], second=shown[0])).text == "A"


def test_twelve_problems_have_helpers_and_faults_replace_them() -> None:
    known = read(ARCHIVE, HELPERS)
    assert len(known) >= 12
    assert all(len(item.generators) >= 2 <= len(item.validators) for item in known)
    assert all({program.right for program in item.programs} == {True, False} for item in known)
    good = {source.rstrip() for item in known for source in (*item.generators, *item.validators)}
    for fault in FAULTS[:5]:
        kind = fault.partition(" ")[0].removesuffix("s")
        text = ScriptedAnswers(known, faults={fault})(seen(kind)).text
        assert not any(source in text for source in good)


def test_a_learner_climbs_more_than_two_levels() -> None:
    """Which level is the right one differs from problem to problem: the judge's word says it."""
    sources = [
        "print(0)",
        "print(int(input()))",
        "while True:\n    break",
        "import sys\nsys.exit(3)",
    ]
    programs = tuple(
        LabelledProgram("python", source, right=level == 3, level=level)
        for level, source in enumerate(sources)
    )
    known = Repertoire("Four levels", programs)

    def after(level: int, verdict: str) -> list[int]:
        shown = f"Program 1 (Python 3). The judge showed: {verdict}; group1 40 %.\n"
        text = f"</problem>\n\n{shown}```python\n{sources[level]}\n```\n"
        return [item.level for item in next_level(known, programs, text)]

    assert after(1, "PAC") == [2]
    assert after(2, "PAC") == [3], "the third level is not the right one here"
    assert after(2, "AC") == [0], "it never gets that: the words are of another program"
