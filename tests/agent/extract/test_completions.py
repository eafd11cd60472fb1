"""Extraction and merging on recorded answers of the embedded model (see tests/data/README.md)."""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from medalist.agent.extract.answer import extract
from medalist.agent.propose import Extracted, merge, program_id
from medalist.agent.types import Candidate
from medalist.problems.model import Kind, PublicProblem

DATA = Path(__file__).parents[2] / "data" / "completions.jsonl"
ROWS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
ONE_BLOCK = re.compile(r"[^`]*```(?:cpp|python)\n([^`]*?)(?:\n```[^`]*)?\Z")


def public(row: dict[str, Any]) -> PublicProblem:
    return PublicProblem(problem_id="p", statements={"en": "-"}, kind=Kind(row["kind"]))


def test_every_answer_gives_the_program_or_the_reason_that_a_reader_found_right() -> None:
    wrong = []
    for number, row in enumerate(ROWS):
        text, language = row["completion"], row["language"]
        extraction = extract(text, language=language, public=public(row), finish=row["finish"])
        key = extraction.source and program_id(extraction.language or "", extraction.source)
        if (extraction.found, key) != (row["found"], row["program"]):
            wrong.append((number, row["problem"], extraction))
    assert not wrong


def test_an_answer_of_one_block_gives_that_block() -> None:
    """The same by its own rule, without a parser: most real answers are this plain."""
    checked = 0
    for row in ROWS:
        match = ONE_BLOCK.match(row["completion"])
        if match is None or row["found"] != Extracted.PROGRAM or row["kind"] != "batch":
            continue
        extraction = extract(row["completion"], language=row["language"], finish=row["finish"])
        assert (extraction.source or "").rstrip() == match[1].strip("\n").rstrip()
        checked += 1
    assert checked > len(ROWS) // 2


def test_merged_answers_differ_in_layout_and_comments_only() -> None:
    by_problem = defaultdict(list)
    for number, row in enumerate(ROWS):
        extraction = extract(row["completion"], language=row["language"], finish=row["finish"])
        by_problem[row["problem"]].append((Candidate(str(number), ""), extraction))
    merged = 0
    for pairs in by_problem.values():
        source_of = {
            candidate.candidate_id: extraction.source or "" for candidate, extraction in pairs
        }
        for program in merge(pairs):
            merged += len(program.candidates) - 1
            shapes = {squeezed(source_of[name]) for name in program.candidates}
            assert len(shapes) == 1, shapes
    assert merged > 0


def squeezed(source: str) -> str:
    """The text without comments and white space (these answers have no `//` or `#` in strings)."""
    lines = (re.sub(r"(?<!:)//.*|^\s*# .*|\s# .*", "", line) for line in source.split("\n"))
    return "".join("".join(line.split()) for line in lines)
