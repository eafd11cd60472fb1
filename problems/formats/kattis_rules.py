"""`submissions/submissions.yaml` of 2025-09: what is said of submissions, by patterns.

A pattern names submissions or the folders that they are in; below it stand the rules for all
tests, and under patterns of tests and groups those for some. Every rule that matches holds. Only
the name of a folder itself (`accepted`) replaces what its label says by default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.programs import language_of_code
from medalist.problems.formats.tree import PackageTree
from medalist.problems.secret import Expectation, LabelledSubmission
from medalist.problems.verdict import Verdict

_V = Verdict
_WORDS = {
    "AC": frozenset({_V.AC, _V.PAC}),
    "WA": frozenset({_V.WA, _V.PE}),
    "TLE": frozenset({_V.TLE, _V.ILE}),
    "RTE": frozenset({_V.RTE, _V.MLE, _V.OLE}),
}
_ALL = frozenset().union(*_WORDS.values())
_OWN = {
    "language", "entrypoint", "authors", "model_solution", "permitted", "required", "score",
    "message", "use_for_time_limit",
}  # fmt: skip
# What the format says of each folder, key by key; of other folders it says nothing.
_DEFAULTS: dict[str, tuple[frozenset[Verdict], frozenset[Verdict]]] = {
    "accepted": (_WORDS["AC"], _ALL),
    "rejected": (_ALL, _ALL - _WORDS["AC"]),
    "wrong_answer": (_WORDS["AC"] | _WORDS["WA"], _WORDS["WA"]),
    "time_limit_exceeded": (_WORDS["AC"] | _WORDS["TLE"], _WORDS["TLE"]),
    "run_time_error": (_WORDS["AC"] | _WORDS["RTE"], _WORDS["RTE"]),
    "brute_force": (_ALL - _WORDS["WA"], _WORDS["RTE"] | _WORDS["TLE"]),
}
_BRACES_LIMIT = 64


class KattisRules:
    """The rules of one package."""

    def __init__(self, tree: PackageTree, warnings: list[str]) -> None:
        self.globs: list[tuple[str, Fields]] = []
        self.warnings = warnings
        path = "submissions/submissions.yaml"
        if path in tree:
            where = tree.where(path)
            fields = Fields.of(parse_yaml(tree.read(path), where, warnings), where)
            self.globs = [(glob, fields.map(glob)) for glob in fields.values]

    def apply(self, submission: LabelledSubmission) -> LabelledSubmission:
        """Add every rule that matches a submission."""
        permitted, main, language = submission.permitted, submission.main, submission.language
        expectations: list[Expectation] = []
        timed, score = submission.times_limit, submission.score
        for glob, fields in self.globs:
            if not matches(glob, submission.name):
                continue
            default = _DEFAULTS.get(glob)
            rule = _rule(fields, "", default)
            if glob == submission.label and (rule.permitted or rule.required):
                permitted = None  # this rule replaces the folder's label
            score = rule.score or score
            rule = replace(rule, score=None)
            if rule != Expectation():
                expectations.append(rule)
            expectations += self.of_tests(fields)
            main = fields.text("entrypoint") or main
            language = self.language(fields, language)
            timed = timed and fields.get("use_for_time_limit") is not False
            fields.asked |= {"authors", "model_solution"}
            self.warnings += [w for w in fields.unknown() if w not in self.warnings]
        return replace(
            submission,
            main=main if main in submission.files else submission.main,
            language=language,
            permitted=permitted,
            score=score,
            expectations=tuple(expectations),
            times_limit=timed,
        )

    def of_tests(self, fields: Fields) -> Iterator[Expectation]:
        """Yield the rules for some tests only."""
        for key in sorted(set(fields.values) - _OWN):
            if key == "sample" or key.startswith(("secret", "sample/", "*", "{")):
                inner = fields.map(key)
                inner.asked.add("use_for_time_limit")
                yield _rule(inner, key, None)
                self.warnings += [w for w in inner.unknown() if w not in self.warnings]

    def language(self, fields: Fields, known: str | None) -> str | None:
        """Return the language that a rule states, else the one that is known."""
        code = fields.text("language")
        if code is None:
            return known
        stated = language_of_code(code)
        if stated is None and known is not None:
            warning = f"{fields.file}: {code!a} is not run here: its submissions are not judged"
            self.warnings += [warning] if warning not in self.warnings else []
        return stated


def _rule(
    fields: Fields, tests: str, default: tuple[frozenset[Verdict], frozenset[Verdict]] | None
) -> Expectation:
    """Read one rule. What it leaves out is what the format says of its folder, if anything."""
    permitted, required = (_verdicts(fields, key) for key in ("permitted", "required"))
    if default is not None and (permitted is not None or required is not None):
        permitted = default[0] if permitted is None else permitted
        required = default[1] if required is None else required
    return Expectation(
        tests, permitted, required, _score(fields), message=fields.text("message") or ""
    )


def _verdicts(fields: Fields, key: str) -> frozenset[Verdict] | None:
    words = fields.texts(key)
    if words is None:
        return None
    verdicts: frozenset[Verdict] = frozenset()
    for word in words:
        meant = _WORDS.get(word.upper())
        if not meant:
            raise fields.bad(key, f"{word!a} is not one of AC, WA, TLE, RTE")
        verdicts |= meant
    return verdicts


def words_of(verdicts: frozenset[Verdict]) -> list[str]:
    """Return the words of `submissions.yaml` for a set of verdicts."""
    return [word for word, meant in _WORDS.items() if verdicts & meant]


def matches(glob: str, name: str) -> bool:
    """Whether a pattern names a path or a folder that it is in."""
    parts = name.split("/")
    paths = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(pattern.fullmatch(path) for pattern in _patterns(glob) for path in paths)


def _patterns(glob: str) -> list[re.Pattern[str]]:
    """Return a pattern for each way to read the braces; `*` stays between slashes.

    As in BAPCtools a single word may be in braces, and blanks around words do not count.
    """
    texts = [glob.strip("/")]
    for _ in range(_BRACES_LIMIT):
        braces = next((m for t in texts if (m := re.search(r"\{([^{}]*)\}", t))), None)
        if braces is None or len(texts) > _BRACES_LIMIT:
            break
        text = braces.string
        texts.remove(text)
        texts += [text[: braces.start()] + word.strip() + text[braces.end() :]
                  for word in braces[1].split(",")]  # fmt: skip
    return [re.compile("[^/]*".join(re.escape(part) for part in text.split("*"))) for text in texts]


def _score(fields: Fields) -> tuple[float, float] | None:
    value = fields.get("score")
    if isinstance(value, list):
        numbers = [part for part in value if type(part) in (int, float)]
        if len(value) != 2 or len(numbers) != 2:
            raise fields.bad("score", "must be a number or two numbers")
        return float(numbers[0]), float(numbers[1])
    number = fields.number("score")
    return None if number is None else (number, number)
