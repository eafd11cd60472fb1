"""The labelled submissions of a Kattis package, from `submissions/<label>/`.

A label is the folder's name; `submissions/submissions.yaml` (2025-09), a comment
`@EXPECTED_RESULTS@: WRONG-ANSWER, ...` (DOMjudge) or `@EXPECTED_GRADES@ AC WA ...` (a verdict
for each secret group, in order) say more.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.programs import find_programs, pick_main, read_program
from medalist.problems.formats.tree import Tree
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
_GRADES = re.compile(rb"@EXPECTED_GRADES@:?[ \t]+((?:[A-Z_]{2,}[ \t]*)+)")
_RESULTS = re.compile(rb"@EXPECTED_RESULTS@:?[ \t]*([A-Za-z_, \t-]+)")


def read_submissions(
    tree: Tree, groups: Sequence[str], warnings: list[str], *, scoring: bool
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
    rules = _Rules(tree, warnings, scoring=scoring)
    found = []
    for label in tree.children("submissions")[1]:
        if label not in _LABELS and not rules.globs:
            warnings.append(f"{tree.where(f'submissions/{label}')}: unknown label, not checked")
        for path in find_programs(tree, f"submissions/{label}"):
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
            submission = _comments(submission, groups, tree, warnings)
            found.append(rules.apply(submission))
    return tuple(found)


def _comments(
    submission: LabelledSubmission, groups: Sequence[str], tree: Tree, warnings: list[str]
) -> LabelledSubmission:
    """Add what comments in the source say of the expected verdicts."""
    text = b"\n".join(submission.files.values())
    where = tree.where(f"submissions/{submission.name}")
    results = _RESULTS.search(text)
    permitted = submission.permitted
    if results:
        words = [w.strip().upper().replace("-", "_") for w in results[1].decode().split(",")]
        known = [_WORDS[word] for word in words if word in _WORDS]
        if len(known) < len(words):
            warnings.append(f"{where}: @EXPECTED_RESULTS@: unknown verdict")
        elif None in known:
            permitted = None
        else:
            permitted = frozenset().union(*(verdicts for verdicts in known if verdicts))
    by_group = {}
    grades = _GRADES.search(text)
    if grades:
        words = grades[1].decode().split()
        if len(words) == len(groups) and all(_WORDS.get(word) for word in words):
            by_group = {g: _WORDS[w] or frozenset() for g, w in zip(groups, words, strict=True)}
        else:
            warnings.append(
                f"{where}: @EXPECTED_GRADES@: {len(words)} grades for {len(groups)} groups, ignored"
            )
    return LabelledSubmission(
        name=submission.name,
        language=submission.language,
        files=submission.files,
        main=submission.main,
        permitted=permitted,
        groups=by_group,
        label=submission.label,
    )


class _Rules:
    """`submissions.yaml`: glob patterns with permitted and required verdicts."""

    def __init__(self, tree: Tree, warnings: list[str], *, scoring: bool) -> None:
        self.globs: list[tuple[str, Fields]] = []
        self.warnings = warnings
        self.scoring = scoring
        path = "submissions/submissions.yaml"
        if path in tree:
            where = tree.where(path)
            fields = Fields.of(parse_yaml(tree.read(path), where), where)
            self.globs = [(glob, fields.map(glob)) for glob in fields.values]

    def apply(self, submission: LabelledSubmission) -> LabelledSubmission:
        """Narrow a submission's label by every pattern that matches it."""
        permitted, required = submission.permitted, submission.required
        score, main = submission.score, submission.main
        groups = dict(submission.groups)
        for glob, fields in self.globs:
            if not _matches(glob, submission.name):
                continue
            if fields.has("permitted") or fields.has("required"):
                permitted, required = self.verdicts(fields)
            score = _score(fields) or score
            main = fields.text("entrypoint") or main
            fields.asked |= {
                "language", "authors", "model_solution", "message", "use_for_time_limit",
            }  # fmt: skip
            for key in sorted(set(fields.values) - fields.asked):
                if key == "sample" or key.startswith(("secret", "sample/")):
                    groups[key] = self.verdicts(fields.map(key))[0]
            self.warnings += [w for w in fields.unknown() if w not in self.warnings]
        return LabelledSubmission(
            name=submission.name,
            language=submission.language,
            files=submission.files,
            main=main if main in submission.files else submission.main,
            permitted=permitted,
            required=required,
            score=score,
            groups=groups,
            label=submission.label,
        )

    def verdicts(self, fields: Fields) -> tuple[frozenset[Verdict], frozenset[Verdict]]:
        """Return the verdicts permitted on the whole, and those of which a test must have one.

        The file permits verdicts of single tests. The whole is accepted only where no failure
        is required, and partial where accepted and failed tests may both occur.
        """
        permitted = _verdict_set(fields, "permitted")
        required = _verdict_set(fields, "required")
        whole = permitted
        if _V.AC in permitted and self.scoring and len(permitted) > 1:
            whole |= {_V.PAC}
        if _V.AC not in required:
            whole -= {_V.AC}
        return whole, required


def _verdict_set(fields: Fields, key: str) -> frozenset[Verdict]:
    words = fields.texts(key)
    if words is None:
        return _REJECTED | {_V.AC}
    verdicts: frozenset[Verdict] = frozenset()
    for word in words:
        meant = _WORDS.get(word.upper())
        if not meant:
            raise fields.bad(key, f"{word!r} is not one of AC, WA, TLE, RTE")
        verdicts |= meant
    return verdicts


def _matches(glob: str, name: str) -> bool:
    """Whether a pattern names the submission or a folder that it is in."""
    parts = name.split("/")
    return any(
        fnmatch.fnmatchcase("/".join(parts[:count]), glob) for count in range(1, len(parts) + 1)
    )


def _score(fields: Fields) -> tuple[float, float] | None:
    value = fields.get("score")
    if isinstance(value, list):
        if len(value) != 2 or not all(isinstance(part, int | float) for part in value):
            raise fields.bad("score", "must be a number or two numbers")
        return float(value[0]), float(value[1])
    number = fields.number("score")
    return None if number is None else (number, number)


def labels_of(label: str) -> frozenset[Verdict] | None:
    """Return the verdicts that a folder's name permits."""
    return _LABELS.get(label)


def label_for(permitted: frozenset[Verdict] | None) -> str | None:
    """Return the folder for submissions with these verdicts; None: any folder will do."""
    if permitted is None:
        return "mixed"
    exact = (label for label, verdicts in _LABELS.items() if verdicts == permitted)
    return next(exact, "mixed" if Verdict.AC in permitted else "rejected")


def words_of(verdicts: frozenset[Verdict]) -> list[str]:
    """Return the words of `submissions.yaml` for a set of verdicts."""
    return [word for word in ("AC", "WA", "TLE", "RTE") if verdicts & (_WORDS[word] or frozenset())]
