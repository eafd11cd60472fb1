"""The statements of a Kattis package: `problem.<language>.{tex,md,pdf,html}`."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import partial

from medalist.problems.formats.latex import convert
from medalist.problems.formats.markup import html_to_text, markdown_images, pdf_to_text
from medalist.problems.formats.statement_pictures import pictures_of
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree
from medalist.problems.model import Picture, Sample

_FILE = re.compile(r"problem(?:\.([A-Za-z]{2,3}(?:-[A-Za-z]{2})?))?\.(tex|md|html|pdf)")
_FORMATS = ("md", "tex", "html", "pdf")  # the earlier, the better the text
_PICTURES = ("", ".png", ".jpg", ".jpeg", ".svg", ".pdf", ".eps")


@dataclass
class Statements:
    """Statements and titles by language; `samples` only where LaTeX itself holds them."""

    texts: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    missing_images: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    samples: tuple[Sample, ...] = ()


def read_statements(
    tree: PackageTree, names: dict[str, str], constants: dict[str, str], warnings: list[str]
) -> Statements:
    """Read all statements of a package.

    Args:
        tree: The package.
        names: Titles of `problem.yaml` by language; `""` is the one without a language.
        constants: Values of `{{name}}` and `\\constant{name}`.
        warnings: That there is no statement is added here.

    Raises:
        BadInput: A statement is empty or unreadable.
    """
    by_language = _find(tree)
    if not by_language:
        warnings.append(
            f"{tree.label}: the package has no statement: expected "
            "problem_statement/problem.en.tex, or .md or .pdf"
        )
        return _without(tree, names)
    result = Statements()
    missing: dict[str, None] = {}
    for language, path in sorted(by_language.items()):
        if path.endswith(".pdf") and b"%PDF-" not in tree.read(path)[:1024]:
            warnings.append(f"{tree.where(path)}: not a PDF (a link to nothing?), passed over")
            continue
        plain = names.get(language) or (names.get("") if language == "en" else None)
        text, title, images, samples = _read(tree, path, constants, named=plain is not None)
        if not text.strip():
            warnings.append(f"{tree.where(path)}: the statement is empty")
            continue
        result.texts[language] = text
        title = plain or title
        if title:
            result.titles[language] = title
        result.samples = result.samples or samples
        folder = posixpath.dirname(path)
        if language == "en" or not result.pictures:
            result.pictures = pictures_of(images, partial(_picture, tree, folder))
        missing.update(dict.fromkeys(name for name in images if not _exists(tree, folder, name)))
    if not result.texts:
        return _without(tree, names)
    if not result.titles and names:
        result.titles = {next(iter(result.texts)): next(iter(names.values()))}
    result.missing_images = tuple(missing)
    return result


def _without(tree: PackageTree, names: dict[str, str]) -> Statements:
    """Return what stands for the statement of a package that has none: its title."""
    titles = {language or "en": title for language, title in names.items()}
    title = titles.get("en") or next(iter(titles.values()), tree.name)
    language = "en" if "en" in titles or not titles else next(iter(titles))
    return Statements(texts={language: f"# {title}\n"}, titles=titles)


def _find(tree: PackageTree) -> dict[str, str]:
    """Return the best statement file of each language."""
    by_language: dict[str, str] = {}
    for folder in ("statement", "problem_statement", ""):
        if by_language or (folder and not tree.has_folder(folder)):
            continue
        prefix = f"{folder}/" if folder else ""
        matches = [(m, n) for n in tree.children(folder)[0] if (m := _FILE.fullmatch(n))]
        for ending in reversed(_FORMATS):
            for match, name in matches:
                if match[2] == ending:
                    by_language[match[1] or "en"] = prefix + name
    return by_language


def _read(
    tree: PackageTree, path: str, constants: dict[str, str], *, named: bool
) -> tuple[str, str | None, list[str], tuple[Sample, ...]]:
    """Return a statement's text, title, images and samples."""
    content = tree.read(path)
    if path.endswith(".pdf"):
        return pdf_to_text(content, tree.where(path)), None, [], ()
    text = decode(content, tree.where(path))
    if path.endswith(".tex"):
        folder = posixpath.dirname(path)

        def include(name: str) -> str | None:
            inner = posixpath.normpath(posixpath.join(folder, name))
            inner = inner if inner.endswith(".tex") else f"{inner}.tex"
            return decode(tree.read(inner), tree.where(inner)) if inner in tree else None

        latex = convert(text, include=include, constants=constants)
        samples = tuple(Sample(input=a, output=b) for a, b in latex.samples)
        return latex.text, latex.title, latex.images, samples
    images = markdown_images(text)
    if path.endswith(".html"):
        return html_to_text(text), None, images, ()
    heading = re.match(r"# +(\S.*)\n+", text)
    if heading and not named:
        # Markdown should not hold the title; where nothing else does it is the first heading.
        return text[heading.end() :], heading[1].strip(), images, ()
    return text, None, images, ()


def _picture(tree: PackageTree, folder: str, name: str) -> bytes | None:
    path = posixpath.normpath(posixpath.join(folder, name))
    return tree.read_any(path) if path in tree else None


def _exists(tree: PackageTree, folder: str, name: str) -> bool:
    path = posixpath.normpath(posixpath.join(folder, name))
    return any(f"{path}{ending}" in tree for ending in _PICTURES)
