"""`--tools text` with models that write calls as weak models do: what they mean is carried out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.agent.tool_package import (
    RIGHT,
    WRONG,
    Several,
    fenced,
    results,
    solve,
    sum_package,
    turns,
)

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return sum_package(tmp_path)


QUOTED = json.dumps(WRONG)
FORMS = {
    "another fence": f'```json\n{{"tool": "test_samples", "program": {QUOTED}}}\n```',
    "no fence": f'I test it: {{"tool": "test_samples", "program": {QUOTED}}}',
    "single quotes": f"```tool\n{{'tool': 'test_samples', 'program': {WRONG!r},}}\n```",
    "raw lines": f'```tool\n{{"tool": "test_samples", "program": """{WRONG}"""}}\n```',
    "a string": "```tool\n"
    + json.dumps({"name": "test_samples", "arguments": json.dumps({"program": WRONG})})
    + "\n```",
    "another case": f'```tool\n{{"Tool": "TestSamples", "Code": {QUOTED}}}\n```',
    "beside": f'{fenced(WRONG)}Now I call the tool.\n```tool\n{{"tool": "test_samples"}}\n```\nOk?',
    "behind": f'```tool\n{{"tool": "test_samples"}}\n```\n{fenced(WRONG)}',
    "its own fence": f"```test_samples\n{WRONG}```",
    "as code": f"{fenced(WRONG)}```tool_code\nprint(test_samples(program))\n```",
    "with an answer": f'{fenced(WRONG)}```tool\n{{"tool": "test_samples"}}\n```\nIt is right:\n'
    + fenced(WRONG),
}


def weak(form: str, seen: SeenRequest) -> Reply:
    """Tests a wrong program, and repairs it only where the result says that it is wrong."""
    told = results(seen)
    if not told:
        return Reply(f"Let me see.\n\n{FORMS[form]}\n")
    wrong = "It passes 0 of 1 samples." in told[0] and "8" in told[0]
    return Reply(fenced(RIGHT) if wrong else fenced(WRONG))


def test_calls_in_any_form_are_carried_out(package: Path) -> None:
    scripts = [lambda seen, form=form: weak(form, seen) for form in FORMS]
    with ScriptedEndpoint(Several(*scripts)) as endpoint:
        result = solve(endpoint, package, "--tools", "text", "-n", str(len(scripts)))
        last = [seen for seen in endpoint.log if turns(seen)]
    assert len(last) == result["stages"]["tools"]["tool_calls"] == len(FORMS)
    told = ["\n".join(results(seen)) for seen in last]
    assert all("It passes 0 of 1 samples." in entry for entry in told)
    assert sum("behind the calls was not read" in entry for entry in told) == 1
    assert result["solved"]
    assert (result["candidates"], result["programs"]) == (len(FORMS), 1), "all were repaired"


BROKEN = {
    f'```tool\n{{"tool": "run", "program": {QUOTED}, "input": "a "b""}}\n```': "need a backslash",
    f'```tool\n{{"tool": "run", "program": "{WRONG}': "a text has no end",
    "```tool\ntest my program\n```": "A call looks like this",
    '```tool\n{"tool": "compile"}\n```': "There is no such tool",
    '```json\n{"tool": "run"}\n```': "`run` also needs `program`, `input`",
}


def test_what_cannot_be_understood_is_named_in_one_line(package: Path) -> None:
    def script(text: str, seen: SeenRequest) -> Reply:
        return Reply(fenced(RIGHT) if turns(seen) else text)

    scripts = [lambda seen, text=text: script(text, seen) for text in BROKEN]
    with ScriptedEndpoint(Several(*scripts)) as endpoint:
        result = solve(endpoint, package, "--tools", "text", "-n", str(len(scripts)))
        told = ["\n".join(results(seen)) for seen in endpoint.log if turns(seen)]
    assert result["solved"]
    for line in BROKEN.values():
        (one,) = [text for text in told if line in text]
        assert len(one.splitlines()) == 2, "its name, and what is wrong"


def test_a_program_of_an_earlier_turn_is_the_answer_of_one_that_ends_without(package: Path) -> None:
    def script(seen: SeenRequest) -> Reply:
        if turns(seen):
            return Reply("It works, see above.")
        call = json.dumps({"tool": "run", "input": "1\n5\n"})
        return Reply(f"{fenced(RIGHT)}```tool\n{call}\n```\n")

    with ScriptedEndpoint(script) as endpoint:
        assert solve(endpoint, package, "--tools", "text")["solved"]
