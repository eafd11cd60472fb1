"""Assembles a problem from plain parts, for formats that are simpler than the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from medalist.errors import BadInput
from medalist.problems.file_io import files_of
from medalist.problems.formats.text import language_of_text, problem_id
from medalist.problems.formats.tree import PackageTree
from medalist.problems.model import STDIO, Kind, ProblemLimits, PublicProblem, Sample
from medalist.problems.secret import (
    Blob,
    Group,
    LabelledSubmission,
    Problem,
    SecretProblem,
    TestCase,
)
from medalist.problems.text_data import line_feeds


@dataclass
class PackageParts:
    """What simple formats say of a problem; None means not said.

    `samples` and `tests` are pairs of input and output. Without `read_samples` those of the
    statement are not looked for: they are not input of a program.
    """

    name: str
    file: str
    statement: str
    title: str | None = None
    time_s: float | None = None
    memory_mb: float | None = None
    samples: Sequence[tuple[str, str | None]] = ()
    read_samples: bool = True
    tests: Sequence[tuple[Blob, Blob | None]] = ()
    submissions: tuple[LabelledSubmission, ...] = ()
    interactive: bool | None = None
    difficulty: str | None = None
    tags: tuple[str, ...] = ()
    source: str | None = None
    warnings: list[str] = field(default_factory=list)


def assemble(parts: PackageParts) -> Problem:
    """Make a problem: what the format does not say is looked for in the statement.

    Raises:
        BadInput: The statement is empty.
    """
    if not parts.statement.strip():
        raise BadInput("the statement is empty", file=parts.file)
    from medalist.problems.formats.statement_parser import parse_statement

    parsed = parse_statement(parts.statement)
    language = language_of_text(parts.statement)
    title = parts.title or parsed.title
    limits = parsed.limits
    memory = round(parts.memory_mb) if parts.memory_mb else limits.memory_mb
    limits = ProblemLimits(
        time_s=parts.time_s or limits.time_s,
        time_assumed=limits.time_assumed and parts.time_s is None,
        memory_mb=max(memory, 1),
    )
    interactive = parts.interactive
    if interactive is None:
        interactive = parsed.kind is Kind.INTERACTIVE
    samples = tuple(Sample(input=a, output=b) for a, b in parts.samples)
    if not samples and parts.read_samples:
        samples = parsed.samples
    public = PublicProblem(
        problem_id=problem_id(parts.name),
        titles={language: title} if title else {},
        statements={language: parts.statement},
        kind=Kind.INTERACTIVE if interactive else Kind.BATCH,
        limits=limits,
        samples=samples,
        equality=parsed.equality,
        special_checker=parsed.special_checker,
        files=STDIO if interactive else files_of(parsed.files),
        difficulty=parts.difficulty,
        tags=parts.tags,
        source=parts.source,
    )
    doubts = [f"samples: {doubt}" for doubt in parsed.sample_doubts if not parts.samples]
    given = {"time limit": parts.time_s, "memory limit": parts.memory_mb}
    doubts += [doubt for doubt in parsed.limit_doubts if not given[doubt.partition(":")[0]]]
    said = tuple(f"{parts.file}: {doubt}" for doubt in doubts)
    secret = secret_of(parts.tests, samples, parts.submissions)
    return Problem(public, secret, tuple(parts.warnings), said)


def secret_of(
    tests: Sequence[tuple[Blob, Blob | None]],
    samples: Sequence[Sample],
    submissions: tuple[LabelledSubmission, ...] = (),
) -> SecretProblem | None:
    """Return the secret half of a pass/fail problem with one group of tests; None without any."""
    if not tests:
        return None
    shown = [
        TestCase(f"sample/{n}", text_blob(s.input), text_blob(s.output))
        for n, s in enumerate(samples, start=1)
        if s.output is not None
    ]
    return SecretProblem(
        groups=(
            Group("sample", tuple(shown), aggregate="min"),
            Group("secret", numbered(tests), aggregate="min"),
        ),
        submissions=submissions,
    )


def numbered(
    tests: Sequence[tuple[Blob, Blob | None]], group: str = "secret"
) -> tuple[TestCase, ...]:
    """Number tests so that their names sort in their order."""
    width = len(str(len(tests)))
    return tuple(
        TestCase(f"{group}/{n:0{width}}", test_input, answer)
        for n, (test_input, answer) in enumerate(tests, start=1)
    )


def text_blob(text: str) -> Blob:
    """Make a blob of text."""
    return Blob.of(text.encode("utf-8", "surrogatepass"))


def tree_blob(tree: PackageTree, path: str) -> Blob:
    """Make a blob that reads a file of a tree when it is asked to.

    Raises:
        BadInput: There is no such file.
    """
    if path not in tree:
        raise BadInput("the test's file is missing", file=tree.where(path))
    return Blob(tree.where(path), partial(tree.read_any, path), tree.size(path))


def text_file(tree: PackageTree, path: str) -> Blob:
    """Make a blob of a text file whose lines end in a line feed, whatever ended them (`\\r\\n`).

    Raises:
        BadInput: There is no such file.
    """
    blob = tree_blob(tree, path)
    return Blob(blob.name, lambda: line_feeds(blob.read()), blob.size)


def unread(where: str) -> Blob:
    """Make the blob of a file that is made when programs are judged."""

    def refuse() -> bytes:
        raise BadInput(
            "a generator makes this test, and it is run only to judge programs",
            file=where,
            hint="list the tests as files",
        )

    return Blob(where, refuse)
