"""Labelled submissions that stand outside of their packages.

On disk::

    FOLDER/<problem>/<label>_<name>.<ending>

The label is a verdict in lower case (`ac`, `wa`, `tle`, ...), or `pac_<points>`. Packages that are
data only can be checked and audited by such submissions.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from medalist.errors import BadInput, MissingPrerequisite
from medalist.problems.formats.programs import language
from medalist.problems.secret import LabelledSubmission, Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.language_check import check_language
from medalist.sandbox.languages import FAMILIES, LANGUAGES
from medalist.sandbox.pool import Pool

_LABELS = {verdict.lower(): verdict for verdict in Verdict if verdict is not Verdict.JE}


def with_submissions(problem: Problem, folder: Path) -> Problem:
    """Return the problem with the submissions that `folder` holds for it, if any.

    Raises:
        BadInput: A file cannot be read, or its name begins with no label.
    """
    own = folder / problem.public.problem_id
    if problem.secret is None or not own.is_dir():
        return problem
    labelled = tuple(_read(path) for path in sorted(own.iterdir()) if path.is_file())
    submissions = (*problem.secret.submissions, *labelled)
    return replace(problem, secret=replace(problem.secret, submissions=submissions))


def python_rows() -> tuple[str, ...]:
    """Return the rows of the language table that run Python, the usual one first."""
    return tuple(row.name for row in LANGUAGES.values() if FAMILIES[row.family].runtime == "python")


def python_row(name: str) -> str:
    """Return the row that a user names for submissions in Python.

    Raises:
        BadInput: It is not a row that runs Python.
    """
    if name not in python_rows():
        known = ", ".join(python_rows())
        raise BadInput(f"{name!r} does not run Python", field="--python", hint=known)
    return name


def with_python(problem: Problem, python: str) -> Problem:
    """Return the problem with another row of the language table for its submissions in Python."""
    usual = python_rows()[0]
    if problem.secret is None or python == usual:
        return problem
    submissions = tuple(
        replace(submission, language=python) if submission.language == usual else submission
        for submission in problem.secret.submissions
    )
    return replace(problem, secret=replace(problem.secret, submissions=submissions))


def with_languages(problem: Problem, pool: Pool) -> tuple[Problem, list[str]]:
    """Leave out the labelled submissions in languages whose compilers are missing.

    Packages bring submissions in many languages, and few machines have all of them. C, C++ and
    Python are not asked for here: without them nothing can be judged.

    Returns:
        The problem, and for each missing language a line that says what brings it.
    """
    secret = problem.secret
    if secret is None:
        return problem, []
    rows = {
        submission.language for submission in secret.submissions if submission.language is not None
    }
    missing: dict[str, str] = {}
    for name in sorted(rows):
        if FAMILIES[LANGUAGES[name].family].runtime is None:
            try:
                check_language(name, pool)
            except MissingPrerequisite as error:
                missing[name] = str(error)
    if not missing:
        return problem, []
    submissions = tuple(
        replace(submission, language=None) if submission.language in missing else submission
        for submission in secret.submissions
    )
    counts = Counter(submission.language for submission in secret.submissions)
    lines = [f"submissions not judged: {counts[name]}: {why}" for name, why in missing.items()]
    return replace(problem, secret=replace(secret, submissions=submissions)), lines


def _read(path: Path) -> LabelledSubmission:
    label, *rest = path.stem.split("_")
    verdict = _LABELS.get(label)
    if verdict is None:
        known = ", ".join(sorted(_LABELS))
        raise BadInput("its name begins with no label", file=path, hint=f"one of {known}, then _")
    score = None
    if verdict is Verdict.PAC:
        try:
            score = (float(rest[0]), float(rest[0]))
        except (IndexError, ValueError) as error:
            raise BadInput("its label says no points", file=path, hint="pac_<points>_") from error
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", file=path) from error
    return LabelledSubmission(
        name=path.name,
        language=language(path.name, content),
        files={path.name: content},
        main=path.name,
        permitted=frozenset({verdict}),
        score=score,
        label=label,
    )
