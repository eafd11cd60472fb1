"""Rows of `open-r1/codeforces`: `contest_id, index, description, examples, official_tests`, ...

Tests that were generated are in their own files beside the data set; they are named in a warning
and not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from medalist.problems.formats.build import PackageParts, assemble, text_blob
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.row_checkers import text_checker
from medalist.problems.formats.scored import finished, sections
from medalist.problems.secret import Problem, SecretProblem


def is_codeforces(row: Mapping[str, Any]) -> bool:
    """Whether a row has the data set's keys."""
    return {"contest_id", "index", "description", "examples", "input_format"} <= row.keys()


def load_codeforces(row: Fields, name: str, folder: Path | None) -> Problem:
    """Read a row; `folder` is where its file lies.

    Raises:
        BadInput: A wrong value.
    """
    warnings: list[str] = []
    title = row.text("title")
    interaction = row.text("interaction_format")
    statement = sections(
        title,
        [
            ("", row.text("description")),
            ("Input", row.text("input_format")),
            ("Output", row.text("output_format")),
            ("Interaction", interaction),
            ("Note", row.text("note")),
        ],
    )
    tests = _pairs(row, "official_tests")
    if row.flag("official_tests_complete") is False and tests:
        size = row.number("testset_size")
        of = f" of {size:g}" if size else ""
        warnings.append(f"{row.file}: official_tests: only {len(tests)}{of} tests are there")
    generated = row.number("generated_tests")
    if generated:
        warnings.append(
            f"{row.file}: generated_tests: {generated:g} more tests are in generated_tests/ of the "
            "data set and are not read"
        )
    rating = row.number("rating")
    problem = assemble(
        PackageParts(
            name=name,
            file=row.file,
            statement=statement,
            title=title,
            time_s=row.number("time_limit", low=0) or None,
            memory_mb=row.number("memory_limit", low=0) or None,
            samples=_pairs(row, "examples"),
            read_samples=False,
            tests=[(text_blob(a), text_blob(b)) for a, b in tests],
            interactive=bool(interaction and interaction.strip()),
            difficulty=f"{rating:g}" if rating else None,
            tags=row.texts("tags") or (),
            source=row.text("contest_name") or "Codeforces",
            warnings=warnings,
        )
    )
    mode = row.text("input_mode")
    if mode not in (None, "stdio", "file"):
        warnings.append(f"{row.file}: input_mode: {mode} is not known: stdin and stdout are used")
    if row.flag("executable") is False:
        warnings.append(f"{row.file}: executable: the data set says that it cannot be judged")
    source = row.text("generated_checker")
    checker = None
    if source and source.strip():
        checker, more = text_checker("checker", source, "python3", "open-r1", folder)
        warnings += more
    package = finished(problem, checker=checker)
    return replace(package, secret=_once(package.secret, tests), warnings=tuple(warnings))


def _once(secret: SecretProblem | None, tests: list[tuple[str, str]]) -> SecretProblem | None:
    """Leave out the samples that are also among the official tests."""
    if secret is None:
        return None
    official = {test_input.encode("utf-8", "surrogatepass").strip() for test_input, _ in tests}
    sample, *rest = secret.groups
    kept = tuple(test for test in sample.tests if test.input.read().strip() not in official)
    return replace(secret, groups=(replace(sample, tests=kept), *rest))


def _pairs(row: Fields, key: str) -> list[tuple[str, str]]:
    return [(pair.text("input") or "", pair.text("output") or "") for pair in row.maps(key)]
