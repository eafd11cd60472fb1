"""Reads problems that QDUOJ exports: a folder of `problem.json` and `testcase/`.

`problem.json` has `display_id, title, description, input_description, output_description, hint`
(objects of `format` and `value`), `samples`, `time_limit` (ms), `memory_limit` (MB), `spj`
(`language`, `code`), `rule_type` (`ACM` or `OI`), `test_case_score` (names and points of tests).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from medalist.errors import BadInput
from medalist.problems.file_io import file_names
from medalist.problems.formats.build import PackageParts, assemble, text_file
from medalist.problems.formats.fields import Fields, parse_json
from medalist.problems.formats.markup import html_to_text, markdown_images
from medalist.problems.formats.pairs import find_pairs
from medalist.problems.formats.programs import judged_languages
from medalist.problems.formats.row_checkers import language_named, text_checker
from medalist.problems.formats.scored import Scored, finished, scored_group, sections
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.model import Equality
from medalist.problems.secret import Problem, TestCase

_MARKER, _TESTS = "problem.json", "testcase"


def is_qduoj(tree: PackageTree) -> bool:
    """Whether a folder looks like an exported problem of QDUOJ."""
    return _MARKER in tree and tree.has_folder(_TESTS)


def load_qduoj(tree: PackageTree) -> Problem:
    """Read a problem.

    Raises:
        BadInput: Wrong or missing parts.
    """
    where = tree.where(_MARKER)
    fields = Fields.of(parse_json(tree.read(_MARKER), where), where)
    warnings: list[str] = []
    title = fields.text("title")
    statement = sections(
        title,
        [
            ("", _text(fields, "description")),
            ("Input", _text(fields, "input_description")),
            ("Output", _text(fields, "output_description")),
            ("Hint", _text(fields, "hint")),
        ],
    )
    time_ms, memory = fields.number("time_limit", above=0), fields.number("memory_limit", above=0)
    checker = _checker(fields, warnings)
    scores, tests = _tests(tree, fields, answers=checker is None)
    problem = assemble(
        PackageParts(
            name=fields.text("display_id") or tree.name,
            file=where,
            statement=statement,
            title=title,
            time_s=time_ms / 1000 if time_ms else None,
            memory_mb=memory,
            samples=[(s.text("input") or "", s.text("output")) for s in fields.maps("samples")],
            tests=[(test.input, test.answer) for test in tests],
            tags=fields.texts("tags") or (),
            source="QDUOJ",
            warnings=warnings,
        )
    )
    named = fields.map("io_mode")
    files = problem.public.files
    if named.text("io_mode") == "File IO":
        files = file_names(
            named.text("input") or "input.txt",
            named.text("output") or "output.txt",
            f"{where}: io_mode",
            warnings,
        )
    group = None
    if (fields.text("rule_type") or "ACM").upper() == "OI":
        group = scored_group(
            [Scored(points, (test,)) for points, test in zip(scores, tests, strict=True)]
        )
    package = finished(
        problem,
        checker=checker,
        secret_group=group,
        # Without a checker the whole output is compared, but for what is blank at its end.
        equality=Equality(mode="whole-text"),
        missing_images=tuple(markdown_images(statement)),
        files=files,
    )
    return replace(package, warnings=tuple(warnings))


def _text(fields: Fields, key: str) -> str | None:
    value: Any = fields.get(key)
    kind = "html"
    if isinstance(value, dict):
        both = fields.map(key)
        kind, value = both.text("format") or "html", both.text("value")
    if value is None:
        return None
    if not isinstance(value, str):
        raise fields.bad(key, "must be text")
    return html_to_text(value) if kind == "html" else value


def _tests(
    tree: PackageTree, fields: Fields, *, answers: bool
) -> tuple[list[float], list[TestCase]]:
    """Return the tests and their points, in the order of `test_case_score`."""
    scores, tests = [], []
    listed = list(fields.maps("test_case_score"))
    for item in listed:
        name, answer = item.text("input_name"), item.text("output_name")
        if not name:
            raise item.bad("input_name", "the input's file is missing")
        path = f"{_TESTS}/{answer}"
        if answers and (answer in (None, "-") or path not in tree):
            raise item.bad("output_name", f"{answer or 'the answer'} is not in {_TESTS}/")
        tests.append(
            TestCase(
                "",
                text_file(tree, f"{_TESTS}/{name}"),
                text_file(tree, path) if answer and path in tree else None,
            )
        )
        scores.append(item.number("score", low=0) or 0.0)
    if not listed:
        for pair in find_pairs(tree.files(_TESTS))[0]:
            tests.append(TestCase("", text_file(tree, pair.input), text_file(tree, pair.answer)))
            scores.append(1.0)
    if not tests:
        raise BadInput("the problem has no tests", file=tree.where(_TESTS))
    return scores, tests


def _checker(fields: Fields, warnings: list[str]) -> Helper | None:
    if fields.get("spj") in (None, False):
        return None
    spj = fields.map("spj")
    language = language_named(spj.text("language"))
    if language is None:
        raise spj.bad("language", f"{spj.text('language')}: not {judged_languages()}")
    checker, more = text_checker("spj", spj.text("code") or "", language[0], "qduoj", None)
    warnings += more
    return checker
