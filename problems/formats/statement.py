"""Reads one bare statement: Markdown, plain text, LaTeX, HTML or PDF, and nothing else."""

from __future__ import annotations

from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.constraints import subtasks_of
from medalist.problems.formats.latex import Latex, convert
from medalist.problems.formats.markup import html_to_text, markdown_images, pdf_to_text
from medalist.problems.formats.text import decode, language_of_text, problem_id, stem
from medalist.problems.formats.tree import TEXT_LIMIT
from medalist.problems.formats.understand import understand
from medalist.problems.model import PublicProblem, Sample
from medalist.problems.secret import Problem


def load_statement(path: Path) -> Problem:
    """Read a statement file. The problem has no secret half.

    Raises:
        BadInput: Empty, binary, too large, or in no known encoding.
    """
    try:
        if path.stat().st_size > TEXT_LIMIT:
            raise BadInput(f"larger than {TEXT_LIMIT >> 20} MiB", file=path)
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot read: {error.strerror}", file=path) from error
    return statement_problem(content, str(path), stem(path), path.suffix.lower(), path.parent)


def statement_problem(
    content: bytes, file: str, name: str, suffix: str, folder: Path | None = None
) -> Problem:
    """Make a problem of a statement's bytes.

    Args:
        content: The file.
        file: Its name for messages.
        name: What the problem's id is made of.
        suffix: `.md`, `.txt`, `.tex`, `.html` or `.pdf`.
        folder: Where images are looked for.
    """
    latex = _read(content, file, suffix)
    found = understand(latex.text)
    language = language_of_text(latex.text)
    title = latex.title or found.title
    samples = tuple(Sample(input=a, output=b) for a, b in latex.samples) or found.samples
    warnings = [] if samples else [f"{file}: no samples found in the statement"]
    subtasks = subtasks_of(latex.text)
    public = PublicProblem(
        problem_id=problem_id(name),
        titles={language: title} if title else {},
        statements={language: latex.text},
        kind=found.kind,
        limits=found.limits,
        samples=samples,
        subtasks=subtasks,
        full_score=sum(subtask.points for subtask in subtasks) or None,
        equality=found.equality,
        special_checker=found.special_checker,
        missing_images=tuple(n for n in latex.images if not folder or not (folder / n).exists()),
    )
    return Problem(public, None, tuple(warnings))


def statement_text(content: bytes, file: str, suffix: str) -> tuple[str, str]:
    """Return a statement's text and its language.

    Raises:
        BadInput: Empty, binary, or in no known encoding.
    """
    text = _read(content, file, suffix).text
    return text, language_of_text(text)


def _read(content: bytes, file: str, suffix: str) -> Latex:
    """Read a statement of any format; only LaTeX says more than its text."""
    if not content.strip():
        raise BadInput("the statement is empty", file=file)
    if suffix == ".pdf" or content.startswith(b"%PDF-"):
        return Latex(pdf_to_text(content, file))
    text = decode(content, file)
    if suffix == ".tex":
        read = convert(text)
    elif suffix in {".html", ".htm"}:
        read = Latex(html_to_text(text), images=markdown_images(text))
    else:
        read = Latex(text, images=markdown_images(text))
    if not read.text.strip():
        raise BadInput("the statement is empty", file=file)
    return read
