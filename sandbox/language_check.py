"""Which languages of the table work in a pool of boxes."""

from __future__ import annotations

from collections.abc import Iterable

from medalist.errors import MissingPrerequisite
from medalist.sandbox import languages
from medalist.sandbox.languages import FAMILIES, LANGUAGES, default_row
from medalist.sandbox.pool import Pool


def check_language(name: str, pool: Pool) -> None:
    """Compile a program that is known to be right; what came of it is kept like any compilation.

    Args:
        name: A row of the table.
        pool: Where to compile it.

    Raises:
        MissingPrerequisite: Its compiler or interpreter is not there; the hint says what brings it.
        SandboxFailure: A box failed.
    """
    row = LANGUAGES[name]
    pool.compile(languages.source(name, FAMILIES[row.family].known_good))


def check_families(names: Iterable[str], pool: Pool) -> None:
    """Check the usual rows of families; raises as `check_language` does."""
    for name in names:
        check_language(default_row(name).name, pool)


def missing_languages(pool: Pool) -> dict[str, str]:
    """Return the title of each language, with how it is missing; empty where it is there."""
    rows = [*map(default_row, FAMILIES), LANGUAGES["pypy3"]]
    state: dict[str, str] = {}
    for row in rows:
        try:
            check_language(row.name, pool)
            state[row.title] = ""
        except MissingPrerequisite as missing:
            state[row.title] = str(missing)
    return state
