"""The labelled submissions of a Kattis package, from `submissions/<label>/`.

A label is the folder's name; `submissions/submissions.yaml` (2025-09), a comment
`@EXPECTED_RESULTS@: WRONG-ANSWER, ...` (DOMjudge) or `@EXPECTED_GRADES@ AC WA ...` (a verdict
for each secret group, in order) say more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from medalist.problems.formats.kattis_rules import KattisRules
from medalist.problems.formats.programs import find_programs, pick_main, read_program
from medalist.problems.formats.tree import PackageTree
from medalist.problems.secret import LabelledSubmission
from medalist.problems.verdict import Verdict

_V = Verdict
_SLOW = frozenset({_V.TLE, _V.ILE})
_WRONG = frozenset({_V.WA, _V.PE})
_CRASH = frozenset({_V.RTE, _V.MLE})
_REJECTED = _SLOW | _WRONG | _CRASH | {_V.OLE}

# The verdicts on the whole submission that a folder's name permits; None: says nothing.
_LABELS: dict[str, frozenset[Verdict] | None] = {
    "accepted": frozenset({_V.AC}),
    "slow_accepted": _SLOW | {_V.AC},
    "partially_accepted": frozenset({_V.PAC}),
    "wrong_answer": _WRONG,
    "presentation_error": _WRONG,
    "time_limit_exceeded": _SLOW,
    "timelimit_exceeded": _SLOW,
    "run_time_error": _CRASH,
    "runtime_error": _CRASH,
    "memory_limit_exceeded": _CRASH,
    "output_limit": frozenset({_V.OLE}),
    "output_limit_exceeded": frozenset({_V.OLE}),
    "no_output": _WRONG,
    "compiler_error": frozenset({_V.CE}),
    "compile_error": frozenset({_V.CE}),
    "brute_force": _SLOW | _CRASH,
    "rejected": _REJECTED,
    "mixed": None,
    "multiple": None,
}
_WORDS = {
    "AC": frozenset({_V.AC}), "ACCEPTED": frozenset({_V.AC}), "CORRECT": frozenset({_V.AC}),
    "WA": _WRONG, "WRONG_ANSWER": _WRONG, "PE": _WRONG, "PRESENTATION_ERROR": _WRONG,
    "NO_OUTPUT": _WRONG, "TLE": _SLOW, "TIME_LIMIT_EXCEEDED": _SLOW, "TIMELIMIT": _SLOW,
    "RTE": _CRASH, "RUN_TIME_ERROR": _CRASH, "RUN_ERROR": _CRASH,
    "MEMORY_LIMIT": _CRASH, "MLE": _CRASH, "OLE": frozenset({_V.OLE}),
    "OUTPUT_LIMIT": frozenset({_V.OLE}), "CE": frozenset({_V.CE}),
    "COMPILER_ERROR": frozenset({_V.CE}), "CHECK_MANUALLY": None,
}  # fmt: skip
_GRADES = re.compile(rb"@EXPECTED_GRADES@:?[ \t]+((?:[A-Za-z_]{2,}[ \t]*)+)", re.I)
_RESULTS = re.compile(rb"@EXPECTED_RESULTS@:?[ \t]*([A-Za-z_, \t-]*)", re.I)
_SCORE = re.compile(rb"@EXPECTED_SCORE@:?[ \t]*(-?\d+(?:\.\d+)?)", re.I)


def read_submissions(
    tree: PackageTree, groups: Sequence[str], warnings: list[str], *, scoring: bool
) -> tuple[LabelledSubmission, ...]:
    """Read all labelled submissions.

    Args:
        tree: The package.
        groups: Ids of the secret groups in order, for `@EXPECTED_GRADES@`.
        warnings: Odd labels are added here.
        scoring: Whether a mixture of accepted and rejected tests is a partial score.
    """
    if not tree.has_folder("submissions"):
        return ()
    rules = KattisRules(tree, warnings)
    submissions = []
    for folder in tree.children("submissions")[1]:
        label = folder_label(folder)
        if label not in _LABELS and not rules.globs:
            warnings.append(f"{tree.where(f'submissions/{folder}')}: unknown label, not checked")
        for path in find_programs(tree, f"submissions/{folder}"):
            name = path.removeprefix("submissions/")
            files = read_program(tree, path)
            main, language = pick_main(files)
            submission = LabelledSubmission(
                name=name,
                language=language,
                files=files,
                main=main,
                permitted=_LABELS.get(label),
                label=label,
            )
            where = tree.where(f"submissions/{name}")
            submission = _comments(submission, groups, where, warnings, scoring=scoring)
            submissions.append(rules.apply(submission))
    return tuple(submissions)


def folder_label(folder: str) -> str:
    """Return a label as we write it: `Wrong-Answer` is `wrong_answer`."""
    plain = folder.lower().replace("-", "_").replace(" ", "_")
    return plain if plain in _LABELS else folder


def _comments(
    submission: LabelledSubmission,
    groups: Sequence[str],
    where: str,
    warnings: list[str],
    *,
    scoring: bool,
) -> LabelledSubmission:
    """Add what comments in the source say of the expected verdicts."""
    text = b"\n".join(submission.files.values())
    permitted = _expected_results(text, submission.permitted, where, warnings)
    by_group = {}
    grades = _GRADES.search(text)
    if grades:
        words = grades[1].decode().upper().split()
        if len(words) == len(groups) and all(_WORDS.get(word) for word in words):
            by_group = {g: _WORDS[w] or frozenset() for g, w in zip(groups, words, strict=True)}
        else:
            warnings.append(
                f"{where}: @EXPECTED_GRADES@: {len(words)} grades for {len(groups)} groups, ignored"
            )
    points = _SCORE.search(text)
    score = (float(points[1]), float(points[1])) if points and scoring else None
    return replace(submission, permitted=permitted, groups=by_group, score=score)


def _expected_results(
    text: bytes, permitted: frozenset[Verdict] | None, where: str, warnings: list[str]
) -> frozenset[Verdict] | None:
    """Return the verdicts that `@EXPECTED_RESULTS@` permits, else those that were permitted.

    Prose may name the tag before it is used: what counts is the first that verdicts follow.
    """
    matches = list(_RESULTS.finditer(text))
    for match in matches:
        words = [w.strip().upper().replace("-", "_") for w in match[1].decode().split(",")]
        known = [_WORDS[word] for word in words if word in _WORDS]
        if len(known) < len(words):
            continue
        if None in known:
            return None
        return frozenset().union(*(verdicts for verdicts in known if verdicts))
    if matches:
        warnings.append(f"{where}: @EXPECTED_RESULTS@: unknown verdict")
    return permitted


def labels_of(label: str) -> frozenset[Verdict] | None:
    """Return the verdicts that a folder's name permits."""
    return _LABELS.get(label)


def label_for(permitted: frozenset[Verdict] | None) -> str | None:
    """Return the folder for submissions with these verdicts; None: any folder will do."""
    if permitted is None:
        return "mixed"
    exact = (label for label, verdicts in _LABELS.items() if verdicts == permitted)
    return next(exact, "mixed" if Verdict.AC in permitted else "rejected")
