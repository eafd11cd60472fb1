"""Calls as weak models write them: what can be understood is taken, the rest named in a line."""

from __future__ import annotations

import json

import pytest

from medalist.agent.llm.contract import ToolCall
from medalist.agent.propose.lenient_json import NotJson, value_at
from medalist.agent.propose.tool_protocol import ToolOffer, arguments_of

TEXT = ToolOffer("text", "small", ("python",), 4)
NATIVE = ToolOffer("native", "full", ("python",), 4)
CODE = "```python\nprint(1)\n```\n"
INPUT = {"program": "print(1)", "input": "1"}
SAMPLES = {"program": "print(1)"}


def read(text: str) -> list[tuple[str, dict[str, str] | str]]:
    return [(call.name, arguments_of(call)) for call in TEXT.calls_in(text, ()).calls]


@pytest.mark.parametrize(
    "block",
    [
        '```json\n{"tool": "run", "input": "1"}\n```',
        '```\n{"tool": "run", "input": "1"}\n```',
        '```python\n{"name": "run", "arguments": {"input": "1"}}\n```',
        '```function_call\n{"tool": "run", "input": "1"}\n```',
        '```tool: run\n{"input": "1"}\n```',
        '```run\n{"input": 1}\n```',
        "```run\n1\n```",
        '```tool {"tool": "run", "input": "1"}```',
        'I call it: ```tool\n{"tool": "run", "input": "1"}\n```',
        '1. ```tool\n   {"tool": "run", "input": "1"}\n   ```',
        '{"tool": "run", "input": "1"}',
        'Call: {"tool": "run", "input": "1"}. Then I will see.',
        '`{"tool": "run", "input": "1"}`',
        '[TOOL_CALLS][{"name": "run", "arguments": {"input": "1"}}]',
        '<tool_call>{"name": "run", "arguments": {"input": "1"}}',
        "<tool_call><function=run><parameter=input>\n1\n</parameter></function></tool_call>",
        '<invoke name="run"><parameter name="input">1</parameter></invoke>',
        '```xml\n<tool_call>{"name": "run", "arguments": {"input": "1"}}</tool_call>\n```',
        '```tool_code\nprint(run(program, input="1"))\n```',
        "```tool\ndata = '1'\nresult = run(program, data)\n```",
    ],
)
def test_a_call_is_found_whatever_it_stands_in(block: str) -> None:
    assert read(CODE + block) == [("run", INPUT)]


@pytest.mark.parametrize(
    "text",
    [
        "{'tool': 'run', 'program': 'print(1)', 'input': '1'}",
        '{"tool": "run", "program": "print(1)", "input": "1",}',
        '{tool: "run", program: """print(1)""", input: 1}',
        '{"tool": "run", "program": `print(1)`, "input": "1"',
        '{"tool": "run", "program": ["print(1)"], "input": ["1"]}',
        '{"tool": "run", "program": "print" + "(1)", "input": "1", "language": None}',
        '{"tool": "run", /* mine */ "program": "print(1)", "input": "1"}}',
        'Here it is: {"tool": "run", "program": "print(1)", "input": "1"} I wait.',
        '{"tool": "RUN", "code": "print(1)", "stdin": "1"}',
        '{"Tool": "functions.run", "Arguments": {"Program": "print(1)", "Input": "1"}}',
        '{"name": "run", "arguments": "{\\"program\\": \\"print(1)\\", \\"input\\": \\"1\\"}"}',
        '{"name": "run", "parameters": {"program": "print(1)", "input": "1"}}',
        '{"action": "run", "action_input": {"program": "print(1)", "input": "1"}}',
        '{"function": {"name": "run", "arguments": {"program": "print(1)", "input": "1"}}}',
        '{"run": {"program": "print(1)", "input": "1"}}',
        '{"code": "print(1)", "input": "1"}',
        '{"tool_calls": [{"name": "run", "arguments": {"program": "print(1)", "input": "1"}}]}',
    ],
)
def test_an_object_is_read_whatever_its_form(text: str) -> None:
    assert read(f"```tool\n{text}\n```") == [("run", INPUT)]


@pytest.mark.parametrize(
    "name", ["Test_Samples", "test-samples", "testSamples", "tools.test samples"]
)
def test_a_tool_is_known_by_its_letters(name: str) -> None:
    assert read(f'{CODE}```tool\n{{"tool": "{name}"}}\n```') == [("test_samples", SAMPLES)]
    turn = NATIVE.calls_in(CODE, (ToolCall("a", name, "{}"),))
    assert [(call.name, arguments_of(call)) for call in turn.calls] == [("test_samples", SAMPLES)]


@pytest.mark.parametrize(
    "body",
    [
        '{"tool": "test_samples"}\n{"tool": "run", "input": "1"}',
        '[{"tool": "test_samples"}, {"tool": "run", "input": "1"}]',
        '{"tool": "test_samples"}, {"tool": "run", "input": "1"},',
        "test_samples(program)\nrun(program, '1')",
    ],
)
def test_several_calls_in_one_block_are_several(body: str) -> None:
    assert [name for name, _ in read(f"{CODE}```tool\n{body}\n```")] == ["test_samples", "run"]


@pytest.mark.parametrize(
    "text",
    [
        '{call}{code}', '{code}Now I test it.\n{call}I wait for the result.\n',
        "```python\nprint(1)\n{call}", "```test_samples\nprint(1)\n```",
        "<tool_call>test_samples</tool_call>\n{code}",
    ],
)  # fmt: skip
def test_the_program_may_stand_beside_the_call(text: str) -> None:
    call = '```tool\n{"tool": "test_samples"}\n```\n'
    written = text.replace("{call}", call).replace("{code}", CODE)
    assert read(written) == [("test_samples", SAMPLES)]
    assert TEXT.calls_in(written, ()).note == ""


def test_an_answer_behind_a_call_waits_for_its_result() -> None:
    text = CODE + '```tool\n{"tool": "test_samples"}\n```\nIt passes:\n```python\nprint(2)\n```\n'
    turn = TEXT.calls_in(text, ())
    assert arguments_of(turn.calls[0]) == SAMPLES
    _, told = TEXT.turns(turn, "", [(turn.calls[0], "It passes 0 of 1 samples.")], over=False)
    assert told.content.splitlines()[-1].startswith("What you wrote behind the calls was not read")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"tool": "run", "program": "print("a", 1)", "input": "1"}', "quotes inside of a text"),
        ('{"tool": "run", "program": "print(\'a\')', "a text has no end"),
        ('{"tool": "run", "program" "p"}', "expected a colon behind 'program'"),
        ("[1, 2]", "not a JSON object"),
        ("please run it", "not valid JSON"),
        ('{"tool": "run", "program": ' + "[" * 5000, "nested too deeply"),
    ],
)
def test_what_can_mean_two_things_is_named_in_a_line(text: str, line: str) -> None:
    ((_, said),) = read(f"```tool\n{text}\n```")
    assert isinstance(said, str)
    assert line in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"name": "Anna", "run": 3}\n```',
        'A call looks like `{"tool": "run"}`, but I need none.\n' + CODE,
        '```python\nprint(json.dumps({"tool": "run"}))\n```',
        "#include <cstdio>\nint main()\n{\n  run(1);\n}\n",
        "```cpp\nint run(int x) { return x; }\n```",
    ],
)
def test_an_answer_that_only_looks_like_a_call_is_none(text: str) -> None:
    assert read(text) == []


def test_functions_that_the_server_left_in_the_text_are_calls_all_the_same() -> None:
    turn = NATIVE.calls_in('<tool_call>{"name": "run", "arguments": {}}</tool_call>', ())
    assert [call.name for call in turn.calls] == ["run"]
    said, told = NATIVE.turns(turn, "", [(turn.calls[0], "ok")], over=False)
    assert (said.calls, told.role) == ((), "user")


def test_arguments_that_are_no_json_are_sent_again_as_json() -> None:
    call = ToolCall("a", "run", "{'program': 'p', 'input': 1,}")
    assert arguments_of(call) == {"program": "p", "input": "1"}
    said, _ = NATIVE.turns(NATIVE.calls_in("", (call,)), "", [(call, "ok")], over=False)
    assert json.loads(said.calls[0].arguments) == {"program": "p", "input": "1"}


@pytest.mark.parametrize("text", ["{'a': 'b", '{"a": b}', "[1 2]", "", "{1: 2}"])
def test_what_is_no_value_is_an_error(text: str) -> None:
    with pytest.raises(NotJson):
        value_at(text)


@pytest.mark.parametrize("unit", ["{", "[{", "```tool\n", "<tool>", '{"tool":', "run(", "`{"])
def test_hostile_repetition_ends(unit: str) -> None:
    assert TEXT.calls_in(unit * 3000, ()).said
