"""Rows of CodeContests+: `title, description, test_cases, checker, correct_submissions`, ..."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from medalist.problems.formats.build import PackageParts, assemble, text_blob
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.row_checkers import labelled, text_checker
from medalist.problems.formats.scored import finished
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict

_REJECTED = frozenset(Verdict) - {Verdict.AC, Verdict.PAC, Verdict.JE}
NUMBERS = {"2": "cpp", "3": "python"}
"""CodeContests' numbers of languages, as families of the table."""
_SECONDS = 100.0  # a larger limit is in milliseconds


def is_codecontests_plus(row: Mapping[str, Any]) -> bool:
    """Whether a row has the data set's keys."""
    return {"description", "test_cases"} <= row.keys() and bool(
        {"checker", "generator", "correct_submissions"} & row.keys()
    )


def load_codecontests_plus(row: Fields, name: str, folder: Path | None) -> Problem:
    """Read a row; `folder` is where its file lies.

    Raises:
        BadInput: A wrong value.
    """
    warnings: list[str] = []
    time = row.number("time_limit", low=0) or None
    if time is not None and time > _SECONDS:
        time /= 1000
    tests = [
        (text_blob(case.text("input") or ""), text_blob(case.text("output") or ""))
        for case in row.maps("test_cases")
    ]
    problem = assemble(
        PackageParts(
            name=name,
            file=row.file,
            statement=row.text("description") or "",
            title=row.text("title"),
            time_s=time,
            memory_mb=row.number("memory_limit", low=0) or None,
            tests=tests,
            source=row.text("source"),
        )
    )
    text = row.text("checker")
    checker = None
    if text and text.strip():
        python = "#include" not in text and "import " in text
        language = "python3" if python else "cpp"
        checker, more = text_checker("checker", text, language, "testlib", folder)
        warnings += more
    submissions = labelled(
        _sources(row, "correct_submissions"), "accepted", frozenset({Verdict.AC})
    ) + labelled(_sources(row, "incorrect_submissions"), "rejected", _REJECTED)
    package = finished(problem, checker=checker, submissions=submissions)
    return replace(package, warnings=(*problem.warnings, *warnings))


def _sources(row: Fields, key: str) -> Iterator[tuple[Any, Any]]:
    value = row.get(key)
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            text = item.get("code", item.get("solution", item.get("source")))
            language = str(item.get("language", ""))
            yield NUMBERS.get(language, language), text
