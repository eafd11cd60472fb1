"""Calls of tools as text: how they are read, and what the model gets to see again."""

from __future__ import annotations

import json

import pytest

from medalist.agent.llm.contract import ToolCall
from medalist.agent.propose.tool_list import MOST_ARGUMENTS
from medalist.agent.propose.tool_protocol import (
    CallTurn,
    ToolOffer,
    about,
    arguments_of,
    code_block,
)

NATIVE = ToolOffer("native", "full", ("python",), 4)
TEXT = ToolOffer("text", "full", ("python",), 4)
PROGRAM = "print(int(input()) + 1)\n"


@pytest.mark.parametrize(
    "text",
    [
        '```tool\n{"tool": "run", "program": "p", "input": "1"}\n```',
        'First this.\n\n~~~tool\n{"tool": "run", "program": "p", "input": "1"}\n~~~\nIt prints 2.',
        '````tool_call\n{"name": "run", "arguments": {"program": "p", "input": "1"}}\n````',
        '<tool_call>\n{"name": "run", "arguments": {"program": "p", "input": "1"}}\n</tool_call>',
        '```tool\n{"tool": "run", "program": "p", "input": "1"}',  # a stop string, or the limit
        '```tool\n{"name": "run", "arguments": "{\\"program\\": \\"p\\", \\"input\\": 1}"}\n```',
        '```python\nq\n```\n```tool\n{"tool": "run", "program": "p", "input": "1"}\n```',
    ],
)
def test_a_call_is_read_and_nothing_behind_it(text: str) -> None:
    turn = TEXT.calls_in(text, ())
    said, (call,) = turn.said, turn.calls
    assert call.name == "run"
    assert arguments_of(call) == {"program": "p", "input": "1"}
    assert "prints 2" not in said
    assert text.startswith(said)


def test_a_program_that_is_left_out_is_the_last_code_block() -> None:
    text = f"```python\nold\n```\nBetter:\n```python\n{PROGRAM}```\n```tool\n"
    turn = TEXT.calls_in(text + '{"tool": "test_samples"}\n```', ())
    assert arguments_of(turn.calls[0]) == {"program": PROGRAM.rstrip()}


def test_a_later_call_may_be_about_the_program_of_the_one_before() -> None:
    first = ToolCall("a", "run", json.dumps({"program": PROGRAM, "input": "1"}))
    call, program = about(first, None)
    assert (call, program) == (first, PROGRAM)
    again, program = about(ToolCall("b", "run", '{"input": "2"}'), program)
    assert arguments_of(again) == {"program": PROGRAM, "input": "2"}
    broken = ToolCall("c", "run", '{"input": ')
    assert about(broken, program) == (broken, PROGRAM)


def test_calls_in_a_row_belong_together_and_what_a_model_makes_up_does_not() -> None:
    one = '```tool\n{"tool": "run", "program": "p", "input": "%d"}\n```\n'
    turn = TEXT.calls_in(one % 1 + "\n" + one % 2 + "Result: 5\n" + one % 3, ())
    assert [arguments_of(call)["input"] for call in turn.calls] == ["1", "2"]  # type: ignore[index]
    assert "Result" not in turn.said
    assert "was not read" in turn.note


@pytest.mark.parametrize(
    "text", ["```python\nprint(1)\n```", "I call no tool.", "```\ntool\n```", ""]
)
def test_an_answer_without_a_call_has_none(text: str) -> None:
    assert TEXT.calls_in(text, ()) == CallTurn(text)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ('{"program": ', "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[1]", "not a JSON object"),
        ("x" * (MOST_ARGUMENTS + 1), "at most"),
    ],
)
def test_what_cannot_be_read_is_said_and_shown_to_servers_as_json(
    arguments: str, problem: str
) -> None:
    call = ToolCall("a", "not a name!", arguments)
    said = arguments_of(call)
    assert isinstance(said, str)
    assert problem in said
    assistant, result = NATIVE.turns(CallTurn(""), "", [(call, said)], over=True)
    (again,) = assistant.calls
    assert (again.call_id, again.name, result.call_id) == ("a", "unknown", "a")
    assert len(json.loads(again.arguments)["unreadable"]) <= 200
    assert result.content.startswith(said)
    assert "No more calls" in result.content


def test_half_of_a_surrogate_pair_can_be_sent_again() -> None:
    call = ToolCall("a", "run", '{"program": "\\ud800", "input": "\ud800"}')
    for offer in (NATIVE, TEXT):
        turn = CallTurn("\ud800", written=offer is TEXT)
        for told in offer.turns(turn, "", [(call, "ok")], over=False):
            json.dumps(
                [told.content, *(call.arguments for call in told.calls)], ensure_ascii=False
            ).encode()
    arguments = arguments_of(call)
    assert isinstance(arguments, dict)
    "".join(arguments.values()).encode()


def test_a_program_with_fences_of_its_own_stays_whole() -> None:
    source = 'print("""\n```\n""")\n'
    assert code_block(source, "python") == f"````python\n{source}````\n"
