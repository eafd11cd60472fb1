"""Test cases in answers, in whatever dress they come."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medalist.agent.extract.test_cases import MOST, read_test_cases

WANTED = [("3\n1 2 3\n", "6\n"), ("1\n-5\n", "-5\n")]

FENCED = """The sum is what is asked for.

Test 1
Input:
```
3
1 2 3
```
Output:
```
6
```

Test 2
Input:
```
1
-5
```
Output:
```
-5
```
"""

DRESSES = {
    "fenced": FENCED,
    "bold": FENCED.replace("Input:", "**Input:**").replace("Output:", "**Expected output**:"),
    "headings": FENCED.replace("Input:", "#### Input").replace("Output:", "#### Output"),
    "sample": FENCED.replace("Input:", "Sample Input 1:").replace("Output:", "Sample Output 1:"),
    "indented": FENCED.replace("```\n", "   ```\n"),
    "tildes": FENCED.replace("```", "~~~"),
    "crlf": FENCED.replace("\n", "\r\n"),
    "thought first": f"<think>\nInput:\n```\n9\n```\nOutput:\n```\n9\n```\n</think>\n{FENCED}",
    "explained": FENCED.replace(
        "Test 2", "Explanation: 1 + 2 + 3 = 6. The input is short.\n\nTest 2"
    ),
    "plain": "Test 1\nInput:\n3\n1 2 3\nOutput:\n6\nTest 2\nInput:\n1\n-5\nOutput:\n-5\n",
    "plain, spaced": "Input:\n\n3\n1 2 3\n\nOutput:\n\n6\n\nInput:\n1\n-5\n\nOutput:\n-5\n\nDone.",
    "info strings": "```input\n3\n1 2 3\n```\n```output\n6\n```\n"
    "```input\n1\n-5\n```\n```output\n-5\n```",
    "numbered": "1. Input:\n```\n3\n1 2 3\n```\n   Output: 6\n\n"
    "2. Input:\n```\n1\n-5\n```\n   Output: -5",
    "tags": "<input>\n3\n1 2 3\n</input>\n<output>6</output>\n"
    "<input>1\n-5</input><output>\n-5\n</output>",
    "json": "Here:\n```json\n"
    + json.dumps([{"input": given, "expected_output": output} for given, output in WANTED])
    + "\n```",
    "json lines": json.dumps(
        [{"Input": ["3", "1 2 3"], "Output": 6}, {"Input": "1\n-5", "Output": "-5"}]
    ),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_cases_are_read_in_any_usual_dress(dress: str) -> None:
    assert read_test_cases(DRESSES[dress]) == WANTED


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I cannot solve this problem.",
        "Input:\n```\n3\n1 2 3\n```\nand the output follows from it.",
        "Output:\n```\n6\n```",
        "Input:\n```\n```\nOutput:\n```\n6\n```",
        "Input:\n```\n3\n```\nInput:\n```\n",
        "[{",
        '[{"input": {"n": 3}, "output": 1}]',
        "Input data is read from standard input.\nOutput of the program is one number.",
    ],
)
def test_what_is_no_pair_is_left_out(answer: str) -> None:
    assert read_test_cases(answer) == []


def test_an_answer_that_was_cut_gives_its_whole_pairs() -> None:
    assert read_test_cases(FENCED[: FENCED.rindex("-5")]) == WANTED[:1]
    assert read_test_cases(FENCED[: FENCED.rindex("5")]) == WANTED[:1]


def test_endless_answers_give_so_many() -> None:
    many = "".join(f"Input:\n```\n{n}\n```\nOutput:\n```\n{n}\n```\n" for n in range(99))
    assert len(read_test_cases(many)) == MOST
    long = f"Input:\n```\n{'1 ' * 9000}\n```\nOutput:\n```\n1\n```\n"
    assert read_test_cases(long + FENCED) == WANTED
    assert read_test_cases(FENCED * 3) == WANTED


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(["Input:", "Output:", "```", "```json", "[{", "3", "", "Test 2", "<input>",
                         "</input>", "**Output 1**", "-", "~~~~", "\x00", "Output: 7"]),
        max_size=30,
    )
)  # fmt: skip
def test_whatever_comes_is_read_or_left_out(lines: list[str]) -> None:
    for case in read_test_cases("\n".join(lines)):
        assert case.input.strip()
        assert case.output.strip()
        assert case.input.endswith("\n")
