"""Reads CMS task folders (the Italian format).

On disk::

    task.yaml                    name, title, time_limit (s), memory_limit (MiB), infile, outfile
    gen/GEN                      a line a test; `#ST: 30` opens a subtask, `#COPY: path` is a test
    input/input0.txt             output/output0.txt
    statement/statement.{md,tex,pdf,txt,html}   (also testo/testo.*)
    sol/grader.cpp, sol/*.h      check/checker.cpp or cor/correttore.cpp, check/manager.cpp
    att/                         attachments; att/input0.txt, att/output0.txt are samples
"""

from __future__ import annotations

import re

from medalist.errors import BadInput
from medalist.problems.constraints import describe_subtasks
from medalist.problems.file_io import file_names
from medalist.problems.formats.build import PackageParts, assemble, tree_blob
from medalist.problems.formats.cms_programs import (
    public_files,
    read_graders,
    read_solutions,
    read_tool,
    takes_pipes,
)
from medalist.problems.formats.cms_scores import (
    GenSubtask,
    full_score,
    listed_groups,
    rounding_warning,
    stated_groups,
    states_scores,
    unused_keys,
)
from medalist.problems.formats.cms_talk import as_manager, with_pipes
from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.statement import statement_text
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree
from medalist.problems.model import Equality, Kind, PublicProblem, Subtask
from medalist.problems.secret import Blob, Group, Problem, SecretProblem

_SAMPLE_LIMIT = 1 << 20


def is_cms(tree: PackageTree) -> bool:
    """Whether a folder looks like a CMS task."""
    return "task.yaml" in tree


def load_cms(tree: PackageTree) -> Problem:
    """Read a task folder.

    Raises:
        BadInput: Wrong or missing parts, with file, field and fix.
    """
    warnings: list[str] = []
    where = tree.where("task.yaml")
    fields = Fields.of(parse_yaml(tree.read("task.yaml"), where, warnings), where)
    batches, tests = _tests(tree, fields)
    statement, language = _statement(tree, warnings)
    time_s = fields.number("time_limit", above=0) or fields.number("timeout", above=0)
    memory = fields.number("memory_limit", above=0) or fields.number("memlimit", above=0)
    given, taken = fields.text("infile"), fields.text("outfile")
    files = file_names(
        "input.txt" if given is None else given,
        "output.txt" if taken is None else taken,
        f"{where}: infile, outfile",
        warnings,
    )
    warnings += unused_keys(fields)
    checker = read_tool(tree, ("check/checker", "cor/correttore"), warnings)
    manager = read_tool(tree, ("check/manager", "cor/manager"), warnings)
    graders = read_graders(tree)
    processes = round(fields.number("num_processes", low=1) or 1)
    if manager is not None:
        manager = as_manager(manager, processes)
    base = assemble(
        PackageParts(
            name=fields.text("name") or fields.text("nome_breve") or tree.name,
            file=where,
            statement=statement,
            title=fields.text("title") or fields.text("nome"),
            time_s=time_s,
            memory_mb=memory,
            samples=_samples(tree),
            interactive=manager is not None,
            source=fields.text("source"),
        )
    )
    output_only = bool(fields.flag("output_only"))
    for key in ("output_only_testcases", "output_optional_testcases"):
        if fields.text(key):
            raise fields.bad(key, "tasks that take a program and outputs are not judged")
    talks = fields.text("user_io")
    kind = base.public.kind
    if output_only:
        kind = Kind.OUTPUT_ONLY
    elif graders and manager is None:
        kind = Kind.FUNCTION
    total = fields.number("total_value", low=0)
    if states_scores(fields):
        shares = checker is not None or manager is not None
        root = stated_groups(fields, tests, shares=shares, warnings=warnings)
    else:
        root = listed_groups(batches, tests, 100.0 if total is None else total)
    if (digits := fields.number("score_precision", low=0)) is not None:
        warnings += rounding_warning(root, round(digits), where, shares=checker is not None)
    if manager is not None and (talks == "fifo_io" if talks else takes_pipes(graders)):
        root = with_pipes(root)
    public: PublicProblem = base.public.model_copy(
        update={
            "kind": kind,
            "files": files,
            "special_checker": checker is not None,
            # Without a checker CMS compares by its white diff, whatever the statement says.
            "equality": base.public.equality if checker else Equality(mode="token-lines"),
            "grader_files": public_files(tree, graders),
            "subtasks": describe_subtasks(
                [
                    Subtask(subtask_id=g.subtask_id, points=g.points)
                    for g in root.children
                    if g.subtask_id
                ],
                statement,
            ),
            "full_score": full_score(root),
            "titles": {language: base.public.title} if base.public.titles else {},
            "statements": {language: statement},
            "license": fields.text("license"),
        }
    )
    warnings += fields.unknown()
    secret = SecretProblem(
        groups=(Group("sample", ignore=True), root),
        checker=checker,
        interactor=manager,
        grader_files=graders,
        submissions=read_solutions(tree, graders),
        scoring=True,
    )
    return Problem(public, secret, tuple(warnings))


def _tests(tree: PackageTree, fields: Fields) -> tuple[list[GenSubtask], list[tuple[Blob, Blob]]]:
    """Return the subtasks, and input and answer of every test."""
    listed = "gen/GEN" in tree and not states_scores(fields)
    batches = _read_gen(tree) if listed else []
    count = sum(batch.tests for batch in batches)
    stated = fields.number("n_input", low=1)
    if stated is not None and batches and round(stated) != count:
        raise fields.bad("n_input", f"is {stated:g}, but gen/GEN has {count} tests")
    if not batches:
        numbers = (re.fullmatch(r"input(\d+)\.txt", name) for name in tree.children("input")[0])
        count = round(stated) if stated is not None else sum(1 for match in numbers if match)
        batches = [GenSubtask(None, count)]
    if count == 0:
        raise BadInput("the task has no tests", file=tree.where("input"))
    tests = [
        (tree_blob(tree, f"input/input{n}.txt"), tree_blob(tree, f"output/output{n}.txt"))
        for n in range(count)
    ]
    return batches, tests


def _read_gen(tree: PackageTree) -> list[GenSubtask]:
    batches: list[GenSubtask] = []
    where = tree.where("gen/GEN")
    for number, line in enumerate(decode(tree.read("gen/GEN"), where).splitlines(), start=1):
        test, _, comment = line.partition("#")
        comment = comment.strip()
        if comment.startswith("ST:") and not test.strip():
            batches.append(GenSubtask(_points(comment[3:], where, number)))
        elif test.strip() or comment.startswith("COPY:"):
            if not batches:
                batches.append(GenSubtask(None))
            batches[-1].tests += 1
    for batch in batches:
        if batch.tests == 0:
            raise BadInput("a subtask without tests", file=where, field=f"#ST: {batch.points:g}")
    return batches


def _points(text: str, where: str, number: int) -> float:
    try:
        points = float(text.strip())
    except ValueError:
        points = -1.0
    if not 0 <= points < 1e9:
        raise BadInput("points must be a number of at least 0", file=where, field=f"line {number}")
    return points


def _statement(tree: PackageTree, warnings: list[str]) -> tuple[str, str]:
    """Return the statement and its language."""
    for folder in ("statement", "testo"):
        if not tree.has_folder(folder):
            continue
        names = tree.children(folder)[0]
        for ending in (".md", ".tex", ".html", ".txt", ".pdf"):
            for name in sorted(names, key=lambda name: ("english" not in name, name)):
                if name.endswith(ending):
                    path = f"{folder}/{name}"
                    text, language = statement_text(tree.read(path), tree.where(path), ending)
                    return text, language
    warnings.append(f"{tree.where('statement')}: there is no statement")
    return f"# {tree.name}\n", "en"


def _samples(tree: PackageTree) -> list[tuple[str, str | None]]:
    """Read the samples among the attachments: `NAME.inputN.txt`, `inputN.txt`, `sampleN.in`."""
    if not tree.has_folder("att"):
        return []
    names = set(tree.children("att")[0])
    samples: list[tuple[str, str | None]] = []
    for name in sorted(names):
        if "input" not in name and not name.endswith(".in"):
            continue
        answer = name.replace("input", "output")
        answer = re.sub(r"\.in$", ".out", answer)
        if answer in names and tree.size(f"att/{name}") <= _SAMPLE_LIMIT:
            pair = (f"att/{file}" for file in (name, answer))
            first, second = (decode(tree.read(path), tree.where(path)) for path in pair)
            samples.append((first, second))
    return samples
