"""Writes CMS task folders (see `cms.py` for what is where)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from medalist.errors import BadInput
from medalist.problems.formats.dmoj_only import only_dmoj
from medalist.problems.formats.new_folder import NewFolder
from medalist.problems.formats.programs import is_header
from medalist.problems.helper import Helper
from medalist.problems.model import VALUE_MODES, Kind
from medalist.problems.secret import Group, Problem, TestCase


def write_cms(problem: Problem, folder: Path) -> None:
    """Write a task folder.

    Every problem gets points: pass/fail ones become a single subtask of 100.

    Raises:
        BadInput: CMS cannot judge the problem (the reason says why).
    """
    public, secret = problem.public, problem.secret
    if secret is None:
        raise BadInput("a task needs tests, and this problem has none", file=public.problem_id)
    subtasks = _subtasks(problem)
    out = NewFolder(folder)
    for wrong, reason in (
        *only_dmoj(secret),
        (public.kind is Kind.MULTIPASS, "CMS has no multi-pass problems"),
        (
            any(test.time_share != 1 or test.memory_share != 1 for test in secret.all_tests()),
            "CMS tasks have no limits of single tests",
        ),
        (secret.objective == "min", "CMS tasks can only be maximised"),
        (
            any(
                helper and helper.cannot_run
                for helper in (secret.checker, secret.interactor, secret.grader)
            ),
            "its outputs need a program that the package does not have",
        ),
        (secret.grader is not None, "CMS runs no graders of a package"),
        (
            any(
                helper and helper.protocol != "cms"
                for helper in (secret.checker, secret.interactor)
            ),
            "its checker answers in another way than CMS's",
        ),
        (
            (public.special_checker and secret.checker is None)
            or (public.kind is Kind.INTERACTIVE and secret.interactor is None),
            "its outputs need a program that the package does not have",
        ),
        (
            secret.checker is None and not public.equality.is_equivalence,
            "CMS compares no floats without a checker",
        ),
        (
            secret.checker is None
            and (public.equality.mode in VALUE_MODES or not public.equality.ordered),
            "CMS compares lines of tokens without a checker",
        ),
    ):
        if wrong:
            raise BadInput(reason, file=public.problem_id)
    out.put("task.yaml", _settings(problem, sum(len(tests) for _, tests in subtasks)))
    language = "en" if "en" in public.statements else next(iter(public.statements))
    out.put(f"statement/statement.{language}.md", public.statements[language])
    lines, number = [], 0
    for points, tests in subtasks:
        lines += [f"#ST: {points:g}"] if points is not None else []
        for test in tests:
            lines.append(f"#COPY: input/input{number}.txt")
            out.put(f"input/input{number}.txt", test.input.read())
            out.put(f"output/output{number}.txt", test.answer.read() if test.answer else b"")
            number += 1
    out.put("gen/GEN", "\n".join(lines) + "\n")
    for index, sample in enumerate(public.samples):
        if sample.output is not None:
            out.put(f"att/input{index:02}.txt", sample.input)
            out.put(f"att/output{index:02}.txt", sample.output)
    if secret.checker:
        _helper(out, "checker", secret.checker)
    if secret.interactor:
        _helper(out, "manager", secret.interactor)
    _graders(problem, out)
    for index, submission in enumerate(secret.submissions):
        reference = index == 0 and submission.label == "accepted"
        for name, content in submission.files.items():
            base = f"soluzione.{name.rsplit('.', 1)[-1]}" if reference else name
            single = len(submission.files) == 1
            out.put(f"sol/{base if single else f'{index:02}/{name}'}", content)


def _subtasks(problem: Problem) -> list[tuple[float | None, list[TestCase]]]:
    """Return the points and tests of each subtask; None: every test is worth the same."""
    if problem.secret is None:
        return []
    secret = problem.secret.groups[-1]
    if not problem.secret.scoring:
        return [(100.0, secret.all_tests())]
    if not secret.children:
        return [(None, list(secret.tests))]
    for child in secret.children:
        if child.aggregate != "min":
            raise BadInput(
                "CMS subtasks are worth their worst test",
                file=problem.public.problem_id,
                field=child.group_id,
            )
    tests = [(child, child.all_tests()) for child in secret.children]
    return [(_worth(child), own) for child, own in tests if own]


def _worth(group: Group) -> float:
    return group.points if group.full is None else group.full


def _settings(problem: Problem, count: int) -> str:
    public = problem.public
    settings: dict[str, Any] = {
        "name": public.problem_id,
        "title": public.title,
        "infile": public.files.input,
        "outfile": public.files.output,
        "memory_limit": public.limits.memory_mb,
        "n_input": count,
        "score_mode": "max_subtask",
        "token_mode": "disabled",
    }
    settings |= {} if public.limits.time_assumed else {"time_limit": public.limits.time_s}
    settings |= {"output_only": True} if public.kind is Kind.OUTPUT_ONLY else {}
    settings |= {"license": public.license} if public.license else {}
    settings |= {"source": public.source} if public.source else {}
    text: str = yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=1000)
    return text


def _helper(out: NewFolder, name: str, helper: Helper) -> None:
    for file, content in helper.files.items():
        ending = file.rsplit(".", 1)[-1]
        out.put(f"check/{f'{name}.{ending}' if file == helper.main else file}", content)


def _graders(problem: Problem, out: NewFolder) -> None:
    """Write graders to `sol/`, and what contestants see of them to `att/`."""
    secret_files = problem.secret.grader_files if problem.secret else {}
    for files in secret_files.values():
        for name, content in files.items():
            out.put(f"sol/{name}", content)
    for file in problem.public.grader_files:
        if not (out.root / "sol" / file.name).exists():
            out.put(f"sol/{file.name}", file.content)
        elif not is_header(file.name):
            out.put(f"att/{file.name}", file.content)
