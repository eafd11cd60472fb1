"""Checkers that rows of data sets hold as text, and labelled solutions of such rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from medalist.errors import BadInput
from medalist.problems.formats.tree import TEXT_LIMIT
from medalist.problems.helper import Helper, Protocol
from medalist.problems.secret import LabelledSubmission
from medalist.problems.verdict import Verdict
from medalist.sandbox.languages import FAMILIES, LANGUAGES, file_ending, row_begun

SUBMISSIONS_LIMIT = 20
TESTLIB = "testlib.h"


def language_named(name: Any) -> tuple[str, str] | None:
    """Return a language of the table and a file ending for what people call it, or None.

    `C++`, `GNU C++17`, `Python`, `py3`; Python 2 is another language.
    """
    row = row_begun(str(name).strip().lower().removeprefix("gnu "))
    return None if row is None else (FAMILIES[row.family].default, file_ending(row.family))


def text_checker(
    name: str,
    text: str,
    language: str,
    protocol: Protocol,
    folder: Path | None,
) -> tuple[Helper, list[str]]:
    """Make a checker of its source text; what may hinder it is said in words beside it.

    One that includes `testlib.h`, which data sets do not hold, gets the file of that name in
    `folder` or a folder above it; without one it does not compile, and judging says so.
    """
    main = f"{name}.{file_ending(LANGUAGES[language].family)}"
    files, warnings = {main: text.encode("utf-8", "replace")}, []
    if LANGUAGES[language].forced == "c++" and TESTLIB in text:
        header = find_testlib(folder)
        if header is None:
            warnings.append(
                f"{name}: needs {TESTLIB}, which is not in the data: put that file beside it, "
                "otherwise submissions get JE"
            )
        else:
            files[TESTLIB] = header
    return Helper(name, language, files, main, protocol), warnings


def find_testlib(folder: Path | None) -> bytes | None:
    """Return `testlib.h` of a folder, or of one of the three above it."""
    for place in [folder, *folder.resolve().parents][:4] if folder else []:
        path = place / TESTLIB if place else None
        if path and path.is_file() and path.stat().st_size <= TEXT_LIMIT:
            try:
                return path.read_bytes()
            except OSError as error:
                raise BadInput(f"cannot be read: {error.strerror}", file=path) from error
    return None


def labelled(
    sources: Iterable[tuple[Any, Any]], label: str, permitted: frozenset[Verdict]
) -> tuple[LabelledSubmission, ...]:
    """Take the first solutions in languages that we run, of pairs of language and text."""
    submissions: list[LabelledSubmission] = []
    for name, text in sources:
        language = language_named(name)
        if language is None or not isinstance(text, str):
            continue
        main = f"{len(submissions) + 1:02}.{language[1]}"
        content = text.encode("utf-8", "replace")
        submissions.append(
            LabelledSubmission(
                f"{label}/{main}", language[0], {main: content}, main, permitted, label=label
            )
        )
        if len(submissions) == SUBMISSIONS_LIMIT:
            break
    return tuple(submissions)
