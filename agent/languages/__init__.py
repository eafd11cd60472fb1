"""The languages that models write: one row each, and what only one of them needs code for.

Which languages exist is said here and in `sandbox/languages.py` (how each is compiled and run),
and nowhere else. A language needs a row in both; see `row.Written` for what a row says, and
what follows where it leaves something out.
"""

from __future__ import annotations

from medalist.agent.languages.cpp import CPP
from medalist.agent.languages.further import CSHARP, GO, JAVA, JAVASCRIPT, KOTLIN, RUST
from medalist.agent.languages.python import PYTHON
from medalist.agent.languages.row import Written
from medalist.agent.llm.contract import PromptForm

__all__ = ["WRITTEN", "Written", "is_taken", "labelled", "usual_languages", "written"]

WRITTEN: dict[str, Written] = {
    row.name: row for row in (CPP, PYTHON, JAVA, KOTLIN, RUST, GO, CSHARP, JAVASCRIPT)
}
"""By the family's name in the sandbox, in the order in which they are asked for."""


def is_taken(family: str | None, asked: str | None) -> bool:
    """Whether a program of a family is taken from an answer to a question for `asked`.

    C++ and Python are in every sandbox, so they are taken whatever was asked for; another language
    only where it was asked for, since its compiler need not be there.
    """
    row = WRITTEN.get(family or "")
    return row is not None and (bool(row.usual) or row.name == asked)


def written(family: str) -> Written:
    """Return the row of a family; of one that is not in the table, a row that knows nothing."""
    return WRITTEN.get(family) or Written(family, family, frozenset({family}), r"(?!)")


def labelled(word: str) -> str | None:
    """Return the family that a word names (`c++`, `py3`), in whichever case; None for none."""
    word = word.lower()
    return next((row.name for row in WRITTEN.values() if word in row.labels), None)


def usual_languages(form: PromptForm) -> tuple[str, ...]:
    """Return the families that a model is asked for where nobody says which.

    C++ costs a small model more than it brings: see "Prompts at equal tokens" in
    `docs/proposing.md`.
    """
    return tuple(row.name for row in WRITTEN.values() if form in row.usual)
