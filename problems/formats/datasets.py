"""Rows of research data sets: CodeContests, LiveCodeBench, APPS, TACO, and two of their kind.

A row is known by its keys::

    CodeContests   name, description, public_tests, private_tests, generated_tests, solutions
    LiveCodeBench  question_content, public_test_cases, private_test_cases, starter_code
    APPS, TACO     question, input_output (JSON text: inputs, outputs, perhaps fn_name)

`codecontests_plus.py`, `codeforces_rows.py` and `nemo_gym.py` read CodeContests+,
`open-r1/codeforces` and rows of NeMo Gym.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from medalist.errors import BadInput
from medalist.problems.file_io import file_names
from medalist.problems.formats.build import PackageParts, assemble, text_blob
from medalist.problems.formats.codecontests_plus import (
    NUMBERS,
    is_codecontests_plus,
    load_codecontests_plus,
)
from medalist.problems.formats.codeforces_rows import is_codeforces, load_codeforces
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.function_rows import APPS, add_function
from medalist.problems.formats.livecodebench import load_livecodebench
from medalist.problems.formats.nemo_gym import is_nemo_gym, load_nemo_gym
from medalist.problems.formats.row_checkers import SUBMISSIONS_LIMIT, labelled
from medalist.problems.formats.rows import parsed
from medalist.problems.model import STDIO, Equality
from medalist.problems.python_values import dumps
from medalist.problems.secret import LabelledSubmission, Problem
from medalist.problems.verdict import Verdict

_TOLERANCE = 1e-5
_REAL = re.compile(r"\d\.\d|\d[eE]-\d")
_MEMORY_UNITS = {"kb": 1 / 1024, "kilo": 1 / 1024, "gb": 1024, "giga": 1024, "byte": 1 / (1 << 20)}
_REJECTED = frozenset(Verdict) - {Verdict.AC, Verdict.PAC, Verdict.JE}

KNOWN = "CodeContests, CodeContests+, open-r1/codeforces, LiveCodeBench, APPS, TACO, NeMo Gym"


def style_of(row: Mapping[str, Any]) -> str | None:
    """Return which data set's shape a row has, or None."""
    if is_codeforces(row):
        return "codeforces"
    if is_nemo_gym(row):
        return "nemo-gym"
    for style, keys in (
        ("codecontests", {"description", "public_tests"}),
        ("livecodebench", {"question_content", "public_test_cases"}),
        ("taco", {"question", "input_output", "raw_tags"}),
        ("apps", {"question", "input_output"}),
    ):
        if keys <= row.keys():
            return style
    return "codecontests-plus" if is_codecontests_plus(row) else None


def row_id(row: Mapping[str, Any], number: int) -> str:
    """Return what a row is called; rows without a name are numbered."""
    for key in ("problem_id", "question_id", "id", "name", "task_id"):
        value = row.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return f"row-{number}"


def load_row(row: dict[str, Any], name: str, file: str, folder: Path | None = None) -> Problem:
    """Read a row; `folder` is where its file lies (a checker may need `testlib.h` from there).

    Raises:
        BadInput: Not one of the known shapes, or a wrong value.
    """
    style = style_of(row)
    if style is None:
        raise BadInput(
            "not a row of a known data set",
            file=file,
            hint=f"{KNOWN}, or medalist's own",
        )
    fields = Fields.of(row, file)
    if style == "codeforces":
        problem = load_codeforces(fields, name, folder)
    elif style == "codecontests-plus":
        problem = load_codecontests_plus(fields, name, folder)
    elif style == "nemo-gym":
        problem = load_nemo_gym(fields, name, lambda known, own: _apps(Fields.of(known, file), own))
    else:
        problem = _READERS[style](fields, name)
    return with_files(problem, Fields.of(row, file))


def with_files(problem: Problem, row: Fields) -> Problem:
    """Return the problem with the files that a row names.

    That is `input_file` and `output_file` (CodeContests), or `input_mode: file`, which stands for
    Codeforces' usual names.
    """
    mode = row.get("input_mode")
    usual = ("input.txt", "output.txt") if mode == "file" else ("", "")
    stated = (row.get("input_file"), row.get("output_file"))
    given, taken = (
        name if isinstance(name, str) and name else default
        for name, default in zip(stated, usual, strict=True)
    )
    warnings: list[str] = []
    files = file_names(given, taken, f"{row.file}: input_file, output_file", warnings)
    if files == STDIO:
        return replace(problem, warnings=(*problem.warnings, *warnings))
    public = problem.public.model_copy(update={"files": files})
    return replace(problem, public=public, warnings=(*problem.warnings, *warnings))


def _codecontests(row: Fields, name: str) -> Problem:
    shown = _columns(row, "public_tests")
    tests = [pair for key in ("private_tests", "generated_tests") for pair in _columns(row, key)]
    seconds = _seconds(row.get("time_limit"), row)
    memory = row.number("memory_limit_bytes", low=0)
    rating = row.number("cf_rating")
    solutions = _solutions(row, "solutions", "accepted", frozenset({Verdict.AC}))
    solutions += _solutions(row, "incorrect_solutions", "rejected", _REJECTED)
    parts = PackageParts(
        name=name,
        file=row.file,
        statement=row.text("description") or "",
        title=row.text("name"),
        time_s=seconds,
        memory_mb=memory / (1 << 20) if memory else None,
        samples=shown,
        tests=[(text_blob(a), text_blob(b)) for a, b in tests],
        submissions=solutions,
        difficulty=f"{rating:g}" if rating else None,
        tags=tuple(tag for tag in row.texts("cf_tags") or () if tag),
        source="CodeContests",
    )
    problem = assemble(parts)
    stated = problem.public.equality
    # The data set's own comparison (`OutputsMatch`): tokens in lower case, numbers within 1e-5.
    # A larger tolerance, or a relative one, that the statement names is also right.
    equality = Equality(
        case_sensitive=False,
        abs_tol=max(_TOLERANCE, stated.abs_tol or 0.0),
        rel_tol=stated.rel_tol,
    )
    return replace(problem, public=problem.public.model_copy(update={"equality": equality}))


def _columns(row: Fields, key: str) -> list[tuple[str, str]]:
    """Read tests: two lists of texts, or a list of pairs."""
    value = row.get(key)
    if value is None:
        return []
    if isinstance(value, list):
        pairs = [Fields.of(item, row.file, f"{key}[{n}]") for n, item in enumerate(value)]
        return [(pair.text("input") or "", pair.text("output") or "") for pair in pairs]
    both = row.map(key)
    inputs, outputs = both.texts("input") or (), both.texts("output") or ()
    if len(inputs) != len(outputs):
        raise row.bad(key, f"{len(inputs)} inputs, but {len(outputs)} outputs")
    return list(zip(inputs, outputs, strict=True))


def _seconds(value: Any, row: Fields) -> float | None:
    """Read a time limit: seconds, a text such as `2 seconds`, or seconds and nanos."""
    if isinstance(value, dict):
        both = row.map("time_limit")
        total = (both.number("seconds", low=0) or 0) + (both.number("nanos", low=0) or 0) / 1e9
        return total or None
    return _quantity(value, {"ms": 1e-3, "milli": 1e-3, "min": 60})


def _quantity(value: Any, units: Mapping[str, float]) -> float | None:
    """Read a number with a unit; the unit without an entry counts once."""
    match = re.match(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)", str(value)) if value else None
    if not match or float(match[1]) <= 0:
        return None
    scale = next((s for unit, s in units.items() if match[2].lower().startswith(unit)), 1.0)
    return float(match[1]) * scale


def _solutions(
    row: Fields, key: str, label: str, permitted: frozenset[Verdict]
) -> tuple[LabelledSubmission, ...]:
    """Take some solutions in languages that we run, the first ones of each."""
    value = row.get(key)
    if not isinstance(value, dict):
        return ()
    languages, sources = value.get("language"), value.get("solution")
    if not isinstance(languages, list) or not isinstance(sources, list):
        return ()
    names = (NUMBERS.get(str(code)) if isinstance(code, int) else None for code in languages)
    return labelled(zip(names, sources, strict=False), label, permitted)


def _apps(row: Fields, name: str) -> Problem:
    tests = Fields.of(parsed(row.get("input_output"), f"{row.file}: input_output"), row.file)
    function = tests.text("fn_name")
    inputs, outputs = tests.get("inputs") or [], tests.get("outputs") or []
    if not isinstance(inputs, list) or not isinstance(outputs, list):
        raise row.bad("input_output", "inputs and outputs must be lists")
    if len(inputs) != len(outputs):
        raise row.bad("input_output", f"{len(inputs)} inputs, but {len(outputs)} outputs")
    encode = _arguments if function else _plain
    problem = assemble(
        PackageParts(
            name=name,
            file=row.file,
            statement=row.text("question") or "",
            title=row.text("name") or None,
            time_s=_quantity(row.get("time_limit"), {"ms": 1e-3, "milli": 1e-3}),
            memory_mb=_quantity(row.get("memory_limit"), _MEMORY_UNITS),
            read_samples=not function,
            tests=[
                (text_blob(encode(a)), text_blob(encode(b, answer=True)))
                for a, b in zip(inputs, outputs, strict=True)
            ],
            submissions=_accepted(parsed(row.get("solutions"), f"{row.file}: solutions")),
            difficulty=row.text("difficulty"),
            tags=tuple(parsed_tags(row.get("tags"))),
            source=row.text("source") or row.text("url"),
        )
    )
    if function:
        return add_function(problem, function, row.text("starter_code"), APPS)
    return _as_apps(problem, [_plain(output) for output in outputs])


def _as_apps(problem: Problem, answers: list[str]) -> Problem:
    """Return a problem on stdin with the comparison and the imports of APPS's grader.

    That grader compares lines of tokens, blanks and empty lines aside, and numbers by a tolerance;
    here 1e-5, so that integers are exact. (It also takes tokens in any order, which lets wrong
    programs pass; that is not followed.)
    """
    equality = problem.public.equality.model_copy(update={"mode": "filled-lines"})
    if equality.is_equivalence and any(map(_REAL.search, answers)):
        equality = equality.model_copy(update={"abs_tol": _TOLERANCE})
    secret = problem.secret and replace(problem.secret, lent_imports=APPS.imports)
    public = problem.public.model_copy(update={"equality": equality})
    return replace(problem, public=public, secret=secret)


def parsed_tags(value: Any) -> list[str]:
    """Read tags: a list, or a text that looks like a Python or JSON list."""
    if isinstance(value, list):
        return [str(item) for item in value]
    return re.findall(r"['\"]([^'\"]+)['\"]", value) if isinstance(value, str) else []


def _plain(value: Any, *, answer: bool = False) -> str:
    """Return a test's text; some rows hold it as a list of lines."""
    del answer
    if isinstance(value, list):
        return "".join(f"{item}\n" for item in value)
    return value if isinstance(value, str) else f"{value}\n"


def _arguments(value: Any, *, answer: bool = False) -> str:
    """Return one JSON value a line: arguments of a call, or its result as the row has it."""
    items = [value] if answer or not isinstance(value, list) else value
    return "".join(f"{dumps(item)}\n" for item in items)


def _accepted(sources: Any) -> tuple[LabelledSubmission, ...]:
    """Take solutions, which both sets write in Python."""
    if not isinstance(sources, list):
        return ()
    accepted = []
    for number, source in enumerate(sources[:SUBMISSIONS_LIMIT], start=1):
        if isinstance(source, str):
            main = f"{number:02}.py"
            files = {main: source.encode("utf-8", "replace")}
            accepted.append(
                LabelledSubmission(
                    f"accepted/{main}",
                    "python3",
                    files,
                    main,
                    frozenset({Verdict.AC}),
                    label="accepted",
                )
            )
    return tuple(accepted)


_READERS: dict[str, Callable[[Fields, str], Problem]] = {
    "codecontests": _codecontests,
    "livecodebench": load_livecodebench,
    "apps": _apps,
    "taco": _apps,
}
