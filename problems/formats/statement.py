"""Reads one bare statement: Markdown, plain text, LaTeX, HTML or PDF, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medalist.errors import BadInput
from medalist.problems.constraints import subtasks_of
from medalist.problems.file_io import files_of
from medalist.problems.formats.corrections import NOTHING, Corrections, corrections_beside
from medalist.problems.formats.latex import Latex, convert
from medalist.problems.formats.markup import html_to_text, markdown_images, pdf_to_text
from medalist.problems.formats.statement_pictures import MOST_BYTES, pictures_of
from medalist.problems.formats.text import decode, language_of_text, problem_id, stem
from medalist.problems.formats.tree import TEXT_LIMIT
from medalist.problems.model import STDIO, Kind, ProblemLimits, PublicProblem, Sample
from medalist.problems.secret import Problem

if TYPE_CHECKING:
    from medalist.problems.formats.statement_parser import ParsedStatement


def load_statement(path: Path) -> Problem:
    """Read a statement file. The problem has no secret half.

    What `corrections.py` finds beside it counts more than the text.

    Raises:
        BadInput: Empty, binary, too large, or in no known encoding; or a wrong correction.
    """
    try:
        if path.stat().st_size > TEXT_LIMIT:
            raise BadInput(f"larger than {TEXT_LIMIT >> 20} MiB", file=path)
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot read: {error.strerror}", file=path) from error
    given = corrections_beside(path)
    where = StatementFile(str(path), stem(path), path.suffix.lower(), path.parent)
    return statement_problem(content, where, given)


@dataclass(frozen=True)
class StatementFile:
    """Where a statement stands.

    Attributes:
        file: Its name for messages.
        name: What the problem's id is made of.
        suffix: `.md`, `.txt`, `.tex`, `.html` or `.pdf`.
        folder: Where images and files of samples are looked for.
    """

    file: str
    name: str
    suffix: str
    folder: Path | None = None

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a picture beside the statement or below it, None without one."""
        if self.folder is None:
            return None
        try:
            path = (self.folder / name).resolve()
            inside = path.is_relative_to(self.folder.resolve()) and path.is_file()
            return path.read_bytes() if inside and path.stat().st_size <= MOST_BYTES else None
        except (OSError, ValueError):
            return None


def statement_problem(
    content: bytes, where: StatementFile, given: Corrections = NOTHING
) -> Problem:
    """Make a problem of a statement's bytes; `given` counts more than the text."""
    # Its patterns take a while to compile, and most problems are packages that need none.
    from medalist.problems.formats.statement_parser import parse_statement

    latex = _read(content, where)
    parsed = parse_statement(latex.text)
    language = language_of_text(latex.text)
    title = given.title or latex.title or parsed.title
    if where.suffix == ".pdf" and parsed.in_columns:
        from medalist.problems.formats.pdf_samples import pdf_samples

        parsed = parsed.with_samples(pdf_samples(content))
    shown = tuple(Sample(input=a, output=b) for a, b in latex.samples)
    samples = given.samples if given.samples is not None else shown or parsed.samples
    limits, doubts = _limits(latex, parsed, given)
    if given.samples is None:
        doubts += _sample_doubts(latex, parsed, samples, bool(shown))
    files = files_of(latex.streams or parsed.files)
    if files != STDIO:
        doubts.append(
            f"files: the statement names {files.input or 'stdin'} and {files.output or 'stdout'}: "
            "programs may use them or stdin and stdout"
        )
    doubts += [f"output: {doubt}" for doubt in parsed.equality_doubts]
    subtasks = subtasks_of(latex.text)
    public = PublicProblem(
        problem_id=problem_id(where.name),
        titles={language: title} if title else {},
        statements={language: latex.text},
        kind=parsed.kind,
        limits=limits,
        samples=samples,
        subtasks=subtasks,
        full_score=sum(subtask.points for subtask in subtasks) or None,
        equality=parsed.equality,
        special_checker=parsed.special_checker,
        files=STDIO if parsed.kind is Kind.INTERACTIVE else files,
        pictures=pictures_of(latex.images, where.read) if where.folder else (),
        missing_images=tuple(
            n for n in latex.images if not where.folder or not (where.folder / n).exists()
        ),
    )
    return Problem(
        public, None, given.warnings, tuple(f"{where.file}: {doubt}" for doubt in doubts)
    )


def _limits(
    latex: Latex, parsed: ParsedStatement, given: Corrections
) -> tuple[ProblemLimits, list[str]]:
    """Return the limits, and what is uncertain about them: corrections, olymp.sty, the text."""
    from medalist.problems.formats.statement_limits import stated_limits

    head = stated_limits("\n".join(
        f"{label}: {value}"
        for label, value in zip(("Time limit", "Memory limit"), latex.limits, strict=False)
    ))  # fmt: skip
    time_s = given.time_s or head.time_s
    memory_mb = given.memory_mb or head.memory_mb
    doubts = [
        doubt
        for doubt in parsed.limit_doubts
        if not (doubt.startswith("time limit") and time_s)
        and not (doubt.startswith("memory limit") and memory_mb)
    ]
    assumed = parsed.limits.time_assumed and not time_s
    if assumed and not any(doubt.startswith("time limit") for doubt in doubts):
        doubts.append(f"time limit: not stated: {parsed.limits.time_s:g} s assumed")
    unknown = not parsed.memory_stated and not memory_mb
    if unknown and not any(doubt.startswith("memory limit") for doubt in doubts):
        doubts.append(f"memory limit: not stated: {parsed.limits.memory_mb} MiB assumed")
    limits = parsed.limits.model_copy(
        update={
            "time_s": time_s or parsed.limits.time_s,
            "time_assumed": assumed,
            "memory_mb": memory_mb or parsed.limits.memory_mb,
        }
    )
    return limits, doubts


def _sample_doubts(
    latex: Latex, parsed: ParsedStatement, samples: tuple[Sample, ...], of_latex: bool
) -> list[str]:
    names = ", ".join(latex.missing)
    doubts = [f"samples: there is no file {names} beside the statement"] if names else []
    doubts += [] if of_latex else [f"samples: {doubt}" for doubt in parsed.sample_doubts]
    return doubts if samples else [*doubts, "samples: none found"]


def statement_text(content: bytes, file: str, suffix: str) -> tuple[str, str]:
    """Return a statement's text and its language.

    Raises:
        BadInput: Empty, binary, or in no known encoding.
    """
    text = _read(content, StatementFile(file, "", suffix)).text
    return text, language_of_text(text)


def _read(content: bytes, where: StatementFile) -> Latex:
    """Read a statement of any format; only LaTeX says more than its text."""
    file, suffix = where.file, where.suffix
    if not content.strip():
        raise BadInput("the statement is empty", file=file)
    if suffix == ".pdf" or content.startswith(b"%PDF-"):
        return Latex(pdf_to_text(content, file))
    text = decode(content, file)
    if suffix == ".tex":
        read = convert(text, sample_file=lambda name: _sample_file(where.folder, name))
    elif suffix in {".html", ".htm"}:
        read = Latex(html_to_text(text), images=markdown_images(text))
    else:
        read = Latex(text, images=markdown_images(text))
    if not read.text.strip():
        raise BadInput("the statement is empty", file=file)
    return read


def _sample_file(folder: Path | None, name: str) -> str | None:
    """Return the text of a file that LaTeX names as a sample; only files in its folder are."""
    if folder is None or not re.fullmatch(r"[\w.-]+", name):
        return None
    path = folder / name
    try:
        if not path.is_file() or path.stat().st_size > TEXT_LIMIT:
            return None
        return decode(path.read_bytes(), str(path))
    except OSError as error:
        raise BadInput(f"cannot read: {error.strerror}", file=path) from error
