import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medalist.agent.extract.answer import extract
from medalist.agent.propose import Extracted, program_id
from medalist.problems.model import Kind, PublicProblem

DATA = Path(__file__).parents[2] / "data"
NASTY = [
    json.loads(line)
    for line in (DATA / "completions-nasty.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("row", NASTY, ids=lambda row: row["name"])
def test_nasty_answers_give_the_right_program_or_the_right_reason(row: dict[str, Any]) -> None:
    public = PublicProblem(problem_id="add", statements={"en": "Add."}, kind=Kind(row["kind"]))
    extraction = extract(row["text"], language=row["language"], public=public, finish=row["finish"])
    assert extraction.found == row["found"], extraction
    assert extraction.language == row["got"] or row["source"] is None
    if row["source"] is None:
        assert extraction.source is None
    else:
        assert extraction.source is not None
        assert program_id(row["got"], extraction.source) == program_id(row["got"], row["source"])


FRAGMENTS = [
    "```", "```cpp\n", "~~~", "`", "\n", "#include <map>\n", "int main() {", "}", "def f():\n",
    "    return 1\n", "print(1)\n", "<think>", "</think>", "<|im_end|>", "<pre>", "</pre>", "&lt;",
    '"', "'", "{", "(", "\\", "> ", "1. ", "\ufeff", "“", "\0", "\ud800", "Here is it:\n", "R\"(",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25), st.sampled_from(["stop", "length"]))
def test_whatever_a_model_writes_there_is_an_answer(parts: list[str], finish: str) -> None:
    for language in ("cpp", "python", None):
        extraction = extract("".join(parts), language=language, finish=finish)
        assert (extraction.source is not None) == (
            extraction.found in (Extracted.PROGRAM, Extracted.FUNCTION)
        )
        assert extraction.reason
        if extraction.source is not None:
            assert extraction.source.endswith("\n")
            extraction.source.encode()
            assert extraction.language in ("cpp", "python")


@pytest.mark.parametrize(
    "text",
    [
        "`" * 200_000,
        "```cpp\n" + "int main() {" + "(" * 100_000,
        "```cpp\n" * 3_000,
        "<pre>" * 20_000,
        "a " * 100_000,
        "#include <map>\nint main() {\n" + "x = 'a;\n" * 20_000,
        "import sys\n" + "print(1)\n" * 20_000 + "The end of it all.",
        "```python\n" + "    " * 50_000 + "print(1)",
        '```cpp\nint main(){ auto s = R"(' + "a" * 200_000,
        "/*" * 100_000,
        "int main(" * 20_000,
        '"' * 200_000,
        "'''" * 50_000,
    ],
    ids=lambda text: text[:16],
)
@pytest.mark.timeout(60)
def test_hostile_lengths_end(text: str) -> None:
    for language in ("cpp", "python"):
        extraction = extract(text, language=language)
        if extraction.source is not None and extraction.language is not None:
            program_id(extraction.language, extraction.source)
