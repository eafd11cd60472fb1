"""Reads the CMS tasks of olympiads that use `cmsAOI`: another `task.yaml` than the Italian one.

`task.yaml` has `name, long_name, statements, time_limit: 1.5s, memory_limit: 256MiB, task_type,
subtasks` (`points`, `testcases` of `input` and `output`, which may be globs and end in `.gz` or
`.xz`), `checker, grader, score_options, test_submissions` (file: points), `extends` (a file whose
keys are the base). Files may be made by tags; `!cppcompile`, `!raw`, `!gunzip`, `!xzunzip`,
`!latexcompile` and `!mdcompile` are followed, those that run a program to make a test are refused.

Source: README.md of austrian-olympiad-informatics/cms-aoi-import.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import Any

from medalist.errors import BadInput
from medalist.problems.file_io import file_names
from medalist.problems.formats.aoi_files import Files, Tagged, read_settings
from medalist.problems.formats.build import PackageParts, assemble
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.programs import (
    family,
    is_header,
    judged_languages,
    language,
    pick_main,
)
from medalist.problems.formats.scored import Scored, finished, scored_group
from medalist.problems.formats.statement import statement_text
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.model import STDIO, Equality, FileNames, GraderFile, Kind
from medalist.problems.secret import LabelledSubmission, Problem, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.languages import C_FAMILIES

_UNUSED = {
    "author", "attribution", "uses", "statement_html", "default_input", "attachments",
    "feedback_level", "sample_solution", "testcase_checker", "editor_templates", "test_grader",
    "latex_config", "cpp_config", "tokens", "gen_number", "ojuz_key", "memes", "extends",
    "input_template", "initial", "additional_files",
}  # fmt: skip
_MARK = re.compile(rb"^(?:long_name|extends)\s*:", re.M)
_MODES = ("GROUP_MIN", "SUM")


def is_aoi(tree: PackageTree) -> bool:
    """Whether a folder has a `task.yaml` of this kind."""
    return "task.yaml" in tree and bool(_MARK.search(tree.read("task.yaml")))


def load_aoi(tree: PackageTree) -> Problem:
    """Read a task folder.

    Raises:
        BadInput: Wrong or missing parts, a kind of task or a made file that is not read, by name.
    """
    where = tree.where("task.yaml")
    fields = Fields.of(read_settings(tree), where)
    files = Files(tree, where)
    warnings: list[str] = []
    kind = _kind(fields)
    statements = _statements(fields, files, warnings)
    subtasks = _subtasks(fields, files)
    checker = _program(fields.get("checker"), files, "checker", "cms")
    graders = _graders(fields, files)
    name = fields.text("name") or tree.name
    problem = assemble(
        PackageParts(
            name=name,
            file=where,
            statement=next(iter(statements.values()), f"# {name}\n"),
            title=fields.text("long_name"),
            time_s=_with_unit(fields, "time_limit", {"s": 1.0, "ms": 1e-3}),
            memory_mb=_with_unit(
                fields, "memory_limit", {"MiB": 1.0, "MB": 1.0, "GiB": 1024.0, "KiB": 1 / 1024}
            ),
            tests=[(test.input, test.answer) for part in subtasks for test in part.tests],
            source="cmsAOI",
        )
    )
    if kind is Kind.BATCH and graders:
        kind = Kind.FUNCTION
    group = scored_group(subtasks)
    full = sum(subtask.points for subtask in subtasks)
    package = finished(
        problem,
        checker=checker,
        secret_group=group,
        submissions=_submissions(fields, files, full),
        kind=kind,
        files=_files(fields, where, warnings),
        equality=problem.public.equality if checker else Equality(mode="token-lines"),
        statements=statements or problem.public.statements,
        grader_files=tuple(
            GraderFile(language=of, name=name, content=decode(content, where))
            for of, files_of in graders.items()
            for name, content in files_of.items()
            if is_header(name)
        ),
    )
    fields.asked |= _UNUSED
    secret = package.secret
    if secret is not None:
        secret = replace(secret, grader_files=graders)
    return replace(
        package, secret=secret, warnings=(*problem.warnings, *warnings, *fields.unknown())
    )


def _files(fields: Fields, where: str, warnings: list[str]) -> FileNames:
    if not isinstance(fields.get("task_type"), dict):
        return STDIO
    settings = fields.map("task_type")
    given, taken = settings.text("stdin_filename"), settings.text("stdout_filename")
    return file_names(given, taken, f"{where}: task_type", warnings)


def _kind(fields: Fields) -> Kind:
    value = fields.get("task_type")
    settings = fields.map("task_type") if isinstance(value, dict) else None
    name = (settings.text("type") if settings else fields.text("task_type")) or "BATCH"
    if name == "BATCH":
        return Kind.BATCH
    if name == "OUTPUT_ONLY":
        return Kind.OUTPUT_ONLY
    raise fields.bad("task_type", f"{name}: a kind of cmsAOI task that cannot be judged here")


def _statements(fields: Fields, files: Files, warnings: list[str]) -> dict[str, str]:
    """Return the statements by language; a text of the same name stands for a PDF."""
    statements: dict[str, str] = {}
    value = fields.get("statements")
    stated = dict(value) if isinstance(value, dict) else {}
    html = fields.get("statement_html")
    if html is not None:
        stated.setdefault("html", html)
    for code, item in stated.items():
        path = item.value if isinstance(item, Tagged) else item
        if not isinstance(path, str):
            continue
        path = posixpath.normpath(path.split()[0]) if path.strip() else ""
        if path not in files.tree:
            warnings.append(f"{files.where}: statements.{code}: {path} is not in the package")
            continue
        text, language_code = statement_text(
            files.tree.read(path), files.tree.where(path), posixpath.splitext(path)[1].lower()
        )
        key = language_code if code == "html" else str(code)
        if not (code == "html" and statements):
            statements[key] = text
    if not statements:
        warnings.append(f"{files.where}: statements: there is no statement that can be read")
    return statements


def _subtasks(fields: Fields, files: Files) -> list[Scored]:
    options = fields.map("score_options")
    mode = (options.text("type") or "GROUP_MIN").upper()
    if mode == "GROUP_MUL" and fields.get("checker") is None:
        mode = "GROUP_MIN"  # without a checker a test is right or wrong
    if mode not in _MODES:
        raise options.bad("type", f"{mode}: an unsupported kind of scoring")
    subtasks = []
    for subtask in fields.maps("subtasks"):
        points = subtask.number("points", low=0)
        if points is None:
            raise subtask.bad("points", "is missing")
        tests = []
        for case in subtask.maps("testcases"):
            inputs = files.matching(case, "input")
            answers = files.matching(case, "output")
            if not inputs:
                raise case.bad("input", "is missing")
            if not answers:
                raise case.bad(
                    "output", "is missing: build the task first (cmsAOI runs its sample_solution)"
                )
            if len(inputs) != len(answers):
                raise case.bad("output", f"{len(inputs)} inputs, but {len(answers)} outputs")
            tests += [TestCase("", a, b) for a, b in zip(inputs, answers, strict=True)]
        if not tests:
            raise subtask.bad("testcases", "the subtask has no tests")
        if mode == "SUM":  # the points of a single test
            subtasks.append(Scored(points * len(tests), tuple(tests), "sum"))
        else:
            subtasks.append(Scored(points, tuple(tests)))
    if not subtasks:
        raise fields.bad("subtasks", "the task has no tests")
    return subtasks


def _program(value: Any, files: Files, key: str, protocol: Any) -> Helper | None:
    """Read a program that `!cppcompile` names, or a script."""
    if value is None:
        return None
    if isinstance(value, Tagged) and value.tag != "!cppcompile":
        raise BadInput(f"{value.tag}: not followed", file=files.where, field=key)
    paths = str(value.value if isinstance(value, Tagged) else value).split()
    sources = {}
    for path in paths:
        path = posixpath.normpath(path)
        sources[posixpath.basename(path)] = files.tree.read(path)
        for other in files.tree.files(posixpath.dirname(path)):
            if is_header(other) and posixpath.dirname(other) == posixpath.dirname(path):
                sources[posixpath.basename(other)] = files.tree.read(other)
    main = posixpath.basename(posixpath.normpath(paths[0])) if paths else ""
    program_language = language(main, sources[main]) if main in sources else None
    if program_language is None:
        raise BadInput(f"{main}: not {judged_languages()}", file=files.where, field=key)
    return Helper(paths[0], program_language, sources, main, protocol)


def _graders(fields: Fields, files: Files) -> dict[str, dict[str, bytes]]:
    graders: dict[str, dict[str, bytes]] = {}
    headers: dict[str, bytes] = {}
    listed = fields.get("grader") or []
    if not isinstance(listed, list):
        raise fields.bad("grader", "must be a list of files")
    for value in listed:
        path = posixpath.normpath(str(value.value if isinstance(value, Tagged) else value))
        content = files.tree.read(path)
        name = posixpath.basename(path)
        if is_header(name):
            headers[name] = content
        elif (kind := family(name, content)) is not None:
            graders.setdefault(kind, {})[name] = content
    for kind in C_FAMILIES:
        if headers and (kind in graders or kind == "cpp"):
            graders.setdefault(kind, {}).update(headers)
    return graders


def _submissions(fields: Fields, files: Files, full: float) -> tuple[LabelledSubmission, ...]:
    """Read `test_submissions`: a program's expected points, or a list of them by subtask."""
    value = fields.get("test_submissions")
    submissions = []
    for path, points in value.items() if isinstance(value, dict) else ():
        name = posixpath.normpath(str(path))
        if isinstance(points, bool) or not isinstance(points, int | float):
            raise fields.bad("test_submissions", f"{name}: {points!r} is not a number of points")
        source = {posixpath.basename(name): files.tree.read(name)}
        main, kind = pick_main(source)
        submissions.append(
            LabelledSubmission(
                name,
                kind,
                source,
                main,
                frozenset({Verdict.AC}) if points == full else None,
                score=(float(points), float(points)),
                label=f"{points:g} points",
            )
        )
    return tuple(submissions)


def _with_unit(fields: Fields, key: str, units: dict[str, float]) -> float | None:
    text = fields.text(key)
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", text)
    unit = units.get(match[2]) if match else None
    if match is None or unit is None or float(match[1]) <= 0:
        raise fields.bad(key, f"{text!r} is not a number with a unit ({', '.join(units)})")
    return float(match[1]) * unit
