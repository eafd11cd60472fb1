"""Reads one bare statement: Markdown, plain text, LaTeX, HTML or PDF, and nothing else."""

from __future__ import annotations

from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.formats.latex import convert
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
    title: str | None = None
    images: list[str] = []
    samples: tuple[Sample, ...] = ()
    if not content.strip():
        raise BadInput("the statement is empty", file=file)
    if suffix == ".pdf" or content.startswith(b"%PDF-"):
        text = pdf_to_text(content, file)
    else:
        text = decode(content, file)
        if suffix == ".tex":
            latex = convert(text)
            text, title, images = latex.text, latex.title, latex.images
            samples = tuple(Sample(input=a, output=b) for a, b in latex.samples)
        else:
            images = markdown_images(text)
            text = html_to_text(text) if suffix in {".html", ".htm"} else text
    if not text.strip():
        raise BadInput("the statement is empty", file=file)
    found = understand(text)
    language = language_of_text(text)
    title = title or found.title
    warnings = []
    samples = samples or found.samples
    if not samples:
        warnings.append(f"{file}: no samples found in the statement")
    missing = tuple(n for n in images if folder is None or not (folder / n).exists())
    public = PublicProblem(
        problem_id=problem_id(name),
        titles={language: title} if title else {},
        statements={language: text},
        kind=found.kind,
        limits=found.limits,
        samples=samples,
        equality=found.equality,
        special_checker=found.special_checker,
        missing_images=missing,
    )
    return Problem(public, None, tuple(warnings))
