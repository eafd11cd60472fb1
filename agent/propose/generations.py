"""LiveCodeBench's generations: `[{"question_id": ..., "code_list": [...]}]`, in and out.

That is what its `custom_evaluator` takes, and what its own runs leave (with more keys:
`graded_list` says which codes passed).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from medalist.errors import BadInput

ENDING = ".json"


def is_generations(path: Path) -> bool:
    """Whether a file holds generations, by its name and its first key."""
    if path.suffix.lower() != ENDING or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(4096)
    return (
        re.match(rb'\s*\[\s*(\]\s*$|\{\s*"(question|code|starter|platform)_?\w*")', head)
        is not None
    )


def read_generations(path: Path) -> dict[str, list[str]]:
    """Return the codes of each question, in the file's order.

    Raises:
        BadInput: Not such a file; names the item and the key.
    """
    return {str(row["question_id"]): row["code_list"] for row in generation_rows(path)}


def generation_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the items of such a file, checked.

    Raises:
        BadInput: See `read_generations`.
    """
    try:
        value = json.loads(path.read_bytes())
    except ValueError as error:
        raise BadInput(f"not JSON: {error}", file=path) from None
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", file=path) from error
    if not isinstance(value, list):
        raise BadInput("not a list of generations", file=path)
    seen: set[str] = set()
    for number, row in enumerate(value):
        where = f"{path}: item {number}"
        if not isinstance(row, dict) or not isinstance(row.get("question_id"), str | int):
            raise BadInput("has no question_id", file=where)
        codes = row.get("code_list")
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            raise BadInput("must be a list of programs", file=where, field="code_list")
        if str(row["question_id"]) in seen:
            raise BadInput(f"duplicate question_id {row['question_id']!r}", file=where)
        seen.add(str(row["question_id"]))
        yield row


def pool_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each code as a line of a pool, with its label where the file says what passed."""
    for number, row in enumerate(generation_rows(path)):
        graded = row.get("graded_list")
        known = graded if isinstance(graded, list) else []
        for place, code in enumerate(row["code_list"]):
            line = {
                "problem_id": str(row["question_id"]),
                "candidate_id": f"{row['question_id']}/{place}",
                "source": code,
            }
            if place < len(known) and isinstance(known[place], bool):
                line["label"] = "AC" if known[place] else "WA"
            yield number, line


def write_generations(path: Path, codes: Mapping[str, Sequence[str]]) -> None:
    """Write generations; a question without any gets one empty program, as the evaluator needs."""
    rows = [{"question_id": name, "code_list": list(each) or [""]} for name, each in codes.items()]
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
