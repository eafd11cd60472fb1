"""A problem with subtasks, from its statement to 50 submissions, with the answers recorded."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.choose.choice_records import VIEW
from medalist.agent.choose.recorded_choice import choices
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.scripted.scripted_answers import (
    ScriptedAnswers,
    prompt_of,
    question_of,
    read_repertoires,
)
from medalist.problems.model import Equality

ARCHIVE = Path(str(resources.files("medalist.problems"))) / "archive"
KNOWN = read_repertoires(ARCHIVE, Path(__file__).parents[2] / "data" / "player")
SUBMISSIONS = ARCHIVE / "meetings" / "submissions"
# What the subtasks of `meetings` promise, as the statement says it: 25, 25 and 50 points.
PROMISES = {"group1": "n \\le 12", "group2": "never ends later than it"}
IN_ORDER = """import random
random.seed(int(input()))
n = random.randint(2, 25)
starts = sorted(random.sample(range(60), n))
ends = sorted(start + random.randint(1, 20) for start in starts)
print(n)
for start, end in zip(starts, ends):
    print(start, max(end, start + 1))
"""
"""A generator that keeps the second promise, which is not a bound that a machine reads."""
SOLVE = ["solve", "meetings", "--json", "-n", "16", "--search", "once", "--submissions", "50"]
SOLVE += ["--prompts", "direct", "--evidence", "20", "--generators", "2", "--validators", "2"]
SOLVE += ["--tests", "0", "--mutants", "0"]

pytestmark = pytest.mark.local


def subtask_of(text: str) -> str | None:
    """The subtask that a prompt asks for alone, by what it promises; None for the whole."""
    if "Solve this case of the problem only" not in text:
        return None
    return next((name for name, promise in PROMISES.items() if promise in text), "group3")


ANY_ORDER = IN_ORDER.replace("print(n)", "if n % 2:\n    ends[0] = 70 + n\nprint(n)")
"""The same, but every second input breaks the promise."""
CHECKS_ORDER = """import sys
numbers = list(map(int, sys.stdin.read().split()))
ends = [end for _, end in sorted(zip(numbers[1::2], numbers[2::2]))]
assert ends == sorted(ends)
"""


@dataclass
class Specialist:
    """A model that can solve a small case when it is asked for that alone, and never the whole.

    Of the validators that it writes for the second subtask, one checks the promise, one accepts
    nothing.
    """

    others: ScriptedAnswers
    generator: str = IN_ORDER
    validators: list[str] = field(default_factory=lambda: [CHECKS_ORDER, "raise SystemExit(1)"])

    def __call__(self, seen: SeenRequest) -> Reply:
        text = prompt_of(seen)
        if question_of(text) == "generator" and subtask_of(text) == "group2":
            return Reply(f"```python\n{self.generator}```\n")
        if question_of(text) == "validator" and subtask_of(text) == "group2":
            return Reply(f"```python\n{self.validators.pop()}```\n")
        if question_of(text) != "solution":
            return self.others(seen)
        name = {
            "group1": "partially_accepted/brute.py",
            "group2": "partially_accepted/by_start.cpp",
        }.get(subtask_of(text) or "", "wrong_answer/touching.py")
        language = "cpp" if name.endswith("cpp") else "python"
        return Reply(f"```{language}\n{(SUBMISSIONS / name).read_text()}```\n")


@dataclass(frozen=True)
class Played:
    """A run: its folder, its result, and what the endpoint was asked."""

    folder: Path
    result: dict[str, Any]
    prompts: list[str]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("subtasks")
    with ScriptedEndpoint(Specialist(ScriptedAnswers(KNOWN, seed=1))) as endpoint:
        done = medalist(*SOLVE, "--model", "writer", "--out", "run", cwd=folder,
                        OPENAI_BASE_URL=endpoint.base_url)  # fmt: skip
        assert done.stdout, done.stderr
        return Played(
            folder, json.loads(done.stdout), [prompt_of(request) for request in endpoint.log]
        )


def test_each_subtask_is_asked_for_with_its_own_statement_by_its_points(played: Played) -> None:
    solutions = [text for text in played.prompts if question_of(text) == "solution"]
    asked = Counter(subtask_of(text) for text in solutions)
    assert asked == {None: 8, "group1": 2, "group2": 2, "group3": 4}
    for text in solutions:
        wanted = subtask_of(text)
        for name, promise in PROMISES.items():
            assert (promise in text) == (wanted in (None, name)), "others' promises are removed"
    generators = [text for text in played.prompts if question_of(text) == "generator"]
    assert Counter(map(subtask_of, generators)) == {None: 2, "group1": 1, "group2": 1, "group3": 1}


def test_inputs_are_tagged_with_every_subtask_whose_promises_they_keep(played: Played) -> None:
    with Journal.open(played.folder / "run", readonly=True) as journal:
        view = journal.get(VIEW, "meetings")
        assert view is not None
        inputs = BehaviourTable(view.suite, Equality(), journal).inputs
    assert len(inputs) == len(view.input_subtasks)
    written = [origin.how for origin in view.origins].count("written")
    assert written > 5
    for content, tags in zip(inputs, view.input_subtasks, strict=True):
        numbers = list(map(int, content.split()))
        meetings = sorted(zip(numbers[1::2], numbers[2::2], strict=True))
        assert ("group1" in tags) == (numbers[0] <= 12)
        if "group2" in tags:
            ends = [end for _, end in meetings]
            assert ends == sorted(ends)
        assert "group3" in tags, "what promises nothing of its own holds of all"
    actual = Counter(name for tags in view.input_subtasks for name in tags)
    assert min(actual["group1"], actual["group2"]) > 5


def ordered(content: bytes) -> bool:
    """Whether an input keeps what the second subtask promises."""
    numbers = list(map(int, content.split()))
    ends = [end for _, end in sorted(zip(numbers[1::2], numbers[2::2], strict=True))]
    return ends == sorted(ends)


def tagged(run: Path) -> list[tuple[bytes, bool]]:
    """The evidence inputs, and whether each counts as one of the second subtask."""
    with Journal.open(run, readonly=True) as journal:
        view = journal.get(VIEW, "meetings")
        assert view is not None
        inputs = BehaviourTable(view.suite, Equality(), journal).inputs
        return [
            (content, "group2" in tags)
            for content, tags in zip(inputs, view.input_subtasks, strict=True)
        ]


def test_validators_of_a_subtask_say_which_inputs_keep_its_promise(tmp_path: Path) -> None:
    solve = [*SOLVE, "-n", "4", "--pair-generators", "0"]
    solve += ["--model", "writer", "--submissions", "0", "--out"]
    player = ScriptedAnswers(KNOWN, seed=1)
    for validators, kept in (("0", False), ("2", True)):
        with ScriptedEndpoint(Specialist(player, ANY_ORDER)) as endpoint:
            done = medalist(*solve, f"with-{validators}", "--subtask-validators", validators,
                            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)  # fmt: skip
            assert done.stdout, done.stderr
            asked = [prompt_of(request) for request in endpoint.log]
        listed = [item for item in asked if question_of(item) == "validator" and subtask_of(item)]
        # The first one's promise is a bound, which the machine reads.
        assert sorted(map(str, map(subtask_of, listed))) == sorted(
            ["group2", "group3"] * int(validators)
        )
        inputs = tagged(tmp_path / f"with-{validators}")
        assert any(of_subtask for _, of_subtask in inputs)
        assert all(ordered(content) for content, of_subtask in inputs if of_subtask) == kept
        # What is refuted there is an input of the whole problem all the same.
        assert any(not ordered(content) for content, _ in inputs)


def test_points_are_gathered_by_subtask_and_a_solved_one_filters_the_rest(played: Played) -> None:
    result = played.result
    with Journal.open(played.folder / "run", readonly=True) as journal:
        (choice,) = choices(journal)
    best: dict[str, float] = {}
    view = choice.view
    for submission, feedback in choice.history:
        keys = view.behaviours[submission.program_id].keys
        for before, seen in choice.history:
            if before == submission:
                break
            solved = {name for name, share in seen.subtasks.items() if share >= 1.0}
            theirs = view.behaviours[before.program_id].keys
            differing = {
                tag
                for tags, mine, other in zip(view.input_subtasks, keys, theirs, strict=True)
                for tag in tags & solved
                if mine != other and None not in (mine, other)
            }
            gained = {name for name, share in feedback.subtasks.items() if share >= 1.0}
            assert not differing & gained
        for name, share in feedback.subtasks.items():
            best[name] = max(best.get(name, 0.0), share)
    assert {name for name, share in best.items() if share >= 1.0} == {"group1", "group2"}
    assert result["submissions"] <= 4
    assert result["candidates"] == 16


def test_the_recorded_answers_play_the_same_again_and_other_policies(played: Played) -> None:
    again = medalist(*SOLVE, "--model", "recorded:run", "--out", "again", cwd=played.folder)
    assert again.stdout, again.stderr
    told = json.loads(again.stdout)
    names = ("score", "verdict", "submissions", "clusters", "candidates", "belief")
    assert {name: told[name] for name in names} == {name: played.result[name] for name in names}
    replay = ["replay", "run", "--policy", "medalist", "--policy", "o1-ioi-like"]
    done = medalist(*replay, "--submissions", "1,5,10,50", "--json", cwd=played.folder)
    result = json.loads(done.stdout)
    assert result["everything"] == 0.5
    within = {
        name: [result["policies"][name][count]["mean"] for count in ("1", "5", "10", "50")]
        for name in ("medalist", "o1-ioi-like", "random")
    }
    assert within["medalist"][0] == 0.25
    assert within["medalist"][1:] == [0.5, 0.5, 0.5]
    assert all(
        mine >= other for mine, other in zip(within["medalist"], within["o1-ioi-like"], strict=True)
    )
