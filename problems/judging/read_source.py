"""Programs that are to be judged: from files, or from their text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.model import Kind
from medalist.problems.secret import Problem
from medalist.sandbox.box import Source
from medalist.sandbox.languages import LANGUAGES, cpp_of, language_of, row_named


def language_named(lang: str | None, std: str | None = None) -> str | None:
    """Return the row of the table that `--lang` names; None for none.

    Raises:
        BadInput: An unknown language, or a standard beside a language that has none of these.
    """
    if lang is None:
        return None
    row = row_named(lang) or LANGUAGES.get(cpp_of(lang) or "")
    if row is None:
        raise BadInput(f"unknown language {lang!r}", field="--lang", hint=", ".join(LANGUAGES))
    if std is not None and row.forced != "c++":
        raise BadInput(f"is of C++, not of {row.title}", field="--std")
    return row.name


def by_standard(program: Source, std: str) -> Source:
    """Return a C++ program with the standard of `--std`; programs in other languages as they are.

    Raises:
        BadInput: No standard that is known.
    """
    name = cpp_of(std)
    if name is None:
        rows = (row for row in LANGUAGES.values() if row.name == cpp_of(row.name))
        known = ", ".join(row.standard for row in rows)
        raise BadInput(f"unknown standard {std!r}", field="--std", hint=known)
    row = LANGUAGES.get(program.language)
    return replace(program, language=name) if row and row.forced == "c++" else program


def read_source(path: Path, lang: str | None, problem: Problem) -> Source:
    """Read a program: a file, or a folder of files.

    Raises:
        BadInput: It cannot be read, or its language is none that we run.
    """
    try:
        names = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        base = path if path.is_dir() else path.parent
        files = {str(name.relative_to(base)): name.read_bytes() for name in names}
    except OSError as error:
        raise BadInput(error.strerror or "cannot be read", file=path) from error
    return _source(files, lang, problem, path)


def source_of_text(text: str, lang: str | None, problem: Problem) -> Source:
    """Return a program from its text; its language is told by what is in it, if not by `lang`.

    Raises:
        BadInput: Its language is none that we run.
    """
    row = lang or language_of("", text)
    name = f"main{LANGUAGES[row].extensions[0]}" if row in LANGUAGES else "main"
    return _source({name: text.encode("utf-8", "surrogatepass")}, row, problem, None)


def _source(
    files: dict[str, bytes], lang: str | None, problem: Problem, path: Path | None
) -> Source:
    if problem.public.kind is Kind.OUTPUT_ONLY:
        return Source("", files, "")
    languages = {
        name: lang or language_of(name, text[:4096].decode(errors="replace"))
        for name, text in files.items()
    }
    if len(files) == 1:  # whatever its name is, it is meant to be a program
        ((name, text),) = files.items()
        languages[name] = languages[name] or language_of("", text[:4096].decode(errors="replace"))
    known = [name for name in files if languages[name] in LANGUAGES]
    if not known:
        extensions = sorted({ext for row in LANGUAGES.values() for ext in row.extensions})
        raise BadInput(
            "not a program in a language that medalist runs",
            file=path,
            hint=f"known by {', '.join(extensions)}, or say --lang",
        )
    main = next((name for name in known if Path(name).stem == "main"), known[0])
    return Source(languages[main] or "", files, main)
