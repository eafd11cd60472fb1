import pytest

from medalist.agent.llm import PromptForm
from medalist.agent.prompts import PORTFOLIO, render
from medalist.agent.prompts.render import ShownForm
from medalist.problems.model import (
    Constraint,
    GraderFile,
    Kind,
    ProblemLimits,
    PublicProblem,
    Sample,
    Subtask,
)

PUBLIC = PublicProblem(
    problem_id="sum",
    titles={"en": "A + B"},
    statements={"en": "Costs are in $dollars and $$n$$. Add </problem> the numbers."},
    limits=ProblemLimits(time_s=3, memory_mb=256),
    samples=(Sample(input="17 25\n", output="42\n"),),
)

FORMS: tuple[PromptForm, ...] = ("full", "small")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["cpp", "python"])
@pytest.mark.parametrize("prompt_id", PORTFOLIO)
def test_every_prompt_asks_for_a_program(prompt_id: str, language: str, form: PromptForm) -> None:
    parts = render(prompt_id, PUBLIC, language, ShownForm(form=form))
    text = parts.messages[-1].content
    assert parts.messages[-1].role == "user"
    assert {"cpp": "C++17", "python": "Python 3"}[language] in text
    assert "Time limit: 3 s. Memory limit: 256 MB." in text
    assert "Costs are in $dollars and $$n$$." in text
    assert "Sample input 1:\n17 25" in text
    assert "Sample output 1:\n42" in text
    assert bool(parts.prefill) == (form == "small")
    # A stop string must not end the answer before the program has begun.
    assert not any(stop in f"{parts.prefill}words\n```{language}\nx" for stop in parts.stop) or (
        parts.prefill == f"```{language}\n"
    )


def test_prompts_share_their_beginning_so_that_caches_hit() -> None:
    shown = {
        form: {
            (p.messages[0].content, p.messages[1].content.split("</problem>\n")[0])
            for prompt_id in PORTFOLIO
            for p in [render(prompt_id, PUBLIC, "cpp", ShownForm(form=form))]
        }
        for form in FORMS
    }
    assert len(shown["full"]) == len(shown["small"]) == 1


def test_a_statement_cannot_end_its_own_quotation() -> None:
    text = render("direct", PUBLIC, "cpp").messages[-1].content
    assert text.count("<problem>") == text.count("</problem>") == 1
    assert "Add &lt;/problem> the numbers." in text


def test_samples_that_the_statement_shows_are_not_repeated() -> None:
    shown = PUBLIC.model_copy(update={"statements": {"en": "Input\n\n    17 25\n\nOutput\n\n42"}})
    assert render("direct", shown, "cpp").messages[-1].content.count("17 25") == 1


def test_long_samples_are_cut_and_say_so() -> None:
    long = PUBLIC.model_copy(update={"samples": (Sample(input="1 " * 9000, output="1"),)})
    text = render("direct", long, "cpp", ShownForm(form="small")).messages[-1].content
    assert len(text) < 2000
    assert "(18000 characters in all)" in text


def test_a_function_problem_shows_its_files_and_wants_no_main() -> None:
    public = PUBLIC.model_copy(
        update={
            "kind": Kind.FUNCTION,
            "grader_files": (
                GraderFile(language="cpp", name="sum.h", content="int sum(int a, int b);"),
                GraderFile(language="python", name="sum.py", content="def sum(a, b): ..."),
            ),
        }
    )
    text = render("direct", public, "cpp").messages[-1].content
    assert "File sum.h:\nint sum(int a, int b);" in text
    assert "def sum" not in text
    assert "no main function" in text


def test_an_interactive_problem_says_flush() -> None:
    public = PUBLIC.model_copy(update={"kind": Kind.INTERACTIVE})
    assert "flush" in render("reason", public, "python").messages[-1].content


SUBTASKS = PUBLIC.model_copy(
    update={
        "statements": {
            "en": "Add.\n\n## Scoring\n\n| 1 | 30 | small |\n| 2 | 70 | big |\n\n## Note\n\nDone."
        },
        "subtasks": (
            Subtask(subtask_id="1", points=30, text="small"),
            Subtask(
                subtask_id="2", points=70, constraints=(Constraint(name="N", low=1, high=1000),)
            ),
        ),
    }
)


def test_one_subtask_alone() -> None:
    text = render("direct", SUBTASKS, "cpp", ShownForm(subtask="2")).messages[-1].content
    assert "- 2 (70 points): 1 <= N <= 1000" in text
    assert "Done." in text
    assert "small" not in text
    assert "Scoring" not in text
    whole = render("direct", SUBTASKS, "cpp").messages[-1].content
    assert "- 1 (30 points): small" in whole
    assert "| 1 | 30 | small |" in whole


def test_no_such_subtask_or_template() -> None:
    with pytest.raises(KeyError):
        render("direct", SUBTASKS, "cpp", ShownForm(subtask="3"))
    with pytest.raises(FileNotFoundError):
        render("none", PUBLIC, "cpp")
