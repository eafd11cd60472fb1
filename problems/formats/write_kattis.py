"""Writes Kattis packages, `legacy` and `2025-09`.

What the model can say and a version cannot is left out; `convert.py` finds out by reading the
package back, so that nothing is lost silently. What would make a wrong package is refused.
"""

from __future__ import annotations

import shlex
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from medalist.errors import BadInput
from medalist.problems.formats.comparer import can_compare, comparer
from medalist.problems.formats.dmoj_only import only_dmoj
from medalist.problems.formats.kattis_credits import credits_of
from medalist.problems.formats.kattis_rules import words_of
from medalist.problems.formats.kattis_submissions import label_for, labels_of
from medalist.problems.formats.new_folder import NewFolder
from medalist.problems.formats.programs import is_header
from medalist.problems.formats.write_kattis_data import (
    DataWriter,
    equality_flags,
    yaml_text,
)
from medalist.problems.helper import Helper
from medalist.problems.model import Kind, ProblemLimits
from medalist.problems.secret import Group, LabelledSubmission, Problem, SecretProblem
from medalist.sandbox.languages import FAMILIES

Version = Literal["legacy", "2025-09"]
_TYPES = {
    Kind.INTERACTIVE: "interactive",
    Kind.MULTIPASS: "multi-pass",
    Kind.OUTPUT_ONLY: "submit-answer",
}


def write_kattis(problem: Problem, folder: Path, version: Version) -> None:
    """Write a package into a folder that does not exist or is empty.

    Raises:
        BadInput: The version cannot hold the problem at all (the reason says what).
    """
    _Writer(problem, folder, version).write()


class _Writer:
    def __init__(self, problem: Problem, folder: Path, version: Version) -> None:
        if problem.secret is None:
            raise BadInput(
                "a package needs tests, and this problem has none", file=problem.public.problem_id
            )
        self.public = problem.public
        self.secret: SecretProblem = problem.secret
        self.folder = NewFolder(folder)
        self.legacy = version == "legacy"
        self.validator = self.secret.interactor or self.secret.checker
        talks = self.public.kind in (Kind.INTERACTIVE, Kind.MULTIPASS)
        self.custom = self.public.special_checker or self.validator is not None or talks
        own_flags = any(test.output_flags for test in self.secret.all_tests())
        if not self.custom and not self.by_default() and not own_flags:
            equality = self.public.equality
            self.validator = comparer(equality) if can_compare(equality) else None
            self.custom = self.validator is not None
        self.refuse()

    def by_default(self) -> bool:
        """Whether Kattis's own validator compares as the problem does."""
        equality = self.public.equality
        return equality.mode in ("exact", "tokens") and equality.ordered

    def refuse(self) -> None:
        """Raise if the version cannot express the problem unchanged."""
        reasons = [
            *only_dmoj(self.secret),
            (
                self.validator is not None and self.validator.protocol != "kattis",
                "its checker answers in another way than Kattis's validators",
            ),
            (
                self.legacy and self.public.kind is Kind.OUTPUT_ONLY,
                "legacy packages have no output-only problems",
            ),
            (
                not self.legacy and self.secret.objective == "min",
                "2025-09 packages can only be maximised",
            ),
            (
                not self.legacy and _graded(self.secret.groups),
                "2025-09 packages have no graders of their own",
            ),
            (
                not self.custom and not self.by_default(),
                "validators compare text: not the values that functions return",
            ),
            (
                any(t.time_share != 1 or t.memory_share != 1 for t in self.secret.all_tests()),
                "Kattis packages have no limits of single tests",
            ),
        ]
        for wrong, reason in reasons:
            if wrong:
                raise BadInput(reason, file=self.public.problem_id)

    def write(self) -> None:
        self.folder.put("problem.yaml", yaml_text(self.meta()))
        if self.legacy and not self.public.limits.time_assumed:
            self.folder.put(".timelimit", f"{self.public.limits.time_s!r}\n")
        self.statements()
        data = DataWriter(
            self.public, self.secret, self.folder, legacy=self.legacy, custom=self.custom
        )
        data.write()
        for helper in self.secret.validators:
            self.helper(helper, "input_validators", unwrap=True)
        if self.validator:
            name = "output_validators/validator" if self.legacy else "output_validator"
            files = self.validator.files
            if self.validator.cannot_run and not files and not self.legacy:
                files = {"missing.txt": f"{self.validator.cannot_run}\n".encode()}
            self.folder.files(name, files)
        if self.secret.grader:
            self.helper(self.secret.grader, "graders", unwrap=True)
        self.graders()
        self.submissions()

    def helper(self, helper: Helper, folder: str, *, unwrap: bool) -> None:
        base = helper.name.rsplit("/", 1)[-1]
        if unwrap and list(helper.files) == [base]:
            self.folder.put(f"{folder}/{base}", helper.files[base])
        else:
            self.folder.files(f"{folder}/{base}", helper.files)

    def meta(self) -> dict[str, Any]:
        """Return `problem.yaml`."""
        public, secret = self.public, self.secret
        types = (["scoring"] if secret.scoring else ["pass-fail"]) + (
            [_TYPES[public.kind]] if public.kind in _TYPES else []
        )
        tags = [*([public.difficulty] if public.difficulty else []), *public.tags]
        meta: dict[str, Any] = {}
        if self.legacy:
            if "en" in public.titles:
                meta["name"] = public.titles["en"]
            if secret.scoring:
                meta["type"] = "scoring"
            words = ["custom"] if self.custom else ["default"]
            words += [_TYPES[public.kind]] if public.kind in _TYPES else []
            meta["validation"] = " ".join(words)
            if not self.custom and (flags := equality_flags(public.equality)):
                meta["validator_flags"] = shlex.join(flags)
            if secret.scoring:
                meta["grading"] = {"objective": secret.objective, "show_test_data_groups": True}
            if tags:
                meta["keywords"] = " ".join(tag.replace(" ", "-") for tag in tags)
        else:
            meta["problem_format_version"] = "2025-09"
            meta["name"] = dict(public.titles) or dict.fromkeys(
                public.statements, public.problem_id
            )
            # The same problem gets the same id every time that it is written.
            meta["uuid"] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"medalist:{public.problem_id}"))
            meta["type"] = types if len(types) > 1 else types[0]
            if tags:
                meta["keywords"] = tags
        meta |= {"license": public.license} if public.license else {}
        meta |= {"source": public.source} if public.source else {}
        meta |= credits_of(public, legacy=self.legacy)
        return {**meta, "limits": self.limits()}

    def limits(self) -> dict[str, Any]:
        limits = self.public.limits
        fields: dict[str, Any] = {"memory": limits.memory_mb, "output": limits.output_mb}
        if self.secret.validation_s != 60.0:
            fields["validation_time"] = self.secret.validation_s
        if self.legacy:
            return fields | {"time_multiplier": self.secret.time_multiplier}
        fields["time_multipliers"] = {"ac_to_time_limit": max(self.secret.time_multiplier, 1.0)}
        if not limits.time_assumed:
            fields["time_limit"] = limits.time_s
            if limits.time_s != int(limits.time_s):
                fields["time_resolution"] = _resolution(limits)
        if self.public.kind is Kind.MULTIPASS:
            fields["validation_passes"] = self.secret.validation_passes
        return fields

    def statements(self) -> None:
        folder = "problem_statement" if self.legacy else "statement"
        for language, text in self.public.statements.items():
            title = self.public.titles.get(language)
            # Legacy has one title only: the others go into the text, where readers find them.
            heading = f"# {title}\n\n" if self.legacy and title and language != "en" else ""
            self.folder.put(f"{folder}/problem.{language}.md", heading + text)

    def graders(self) -> None:
        public = {(file.language, file.name): file.content for file in self.public.grader_files}
        secret = self.secret.grader_files
        for family in sorted({*secret, *(language for language, _ in public)}):
            files = dict(secret.get(family, {}))
            for (language, name), text in public.items():
                if language != family:
                    continue
                content = text.encode()
                if files.setdefault(name, content) != content or not is_header(name):
                    self.folder.put(f"attachments/{FAMILIES[family].code}/{name}", content)
            self.folder.files(f"include/{FAMILIES[family].code}", files)

    def submissions(self) -> None:
        rules: dict[str, Any] = {}
        for submission in self.secret.submissions:
            label = submission.label
            if labels_of(label) is None or labels_of(label) != submission.permitted:
                label = label_for(submission.permitted) or label
            base = submission.name.rsplit("/", 1)[-1]
            name = f"{label}/{base}"
            if list(submission.files) == [base]:
                self.folder.put(f"submissions/{name}", submission.files[base])
            else:
                self.folder.files(f"submissions/{name}", submission.files)
            if not self.legacy:
                for number, rule in enumerate(_rules(submission)):
                    rules[name + "/" * number] = rule  # its own pattern for each
        if rules:
            self.folder.put("submissions/submissions.yaml", yaml_text(rules))


def _graded(groups: Iterable[Group]) -> bool:
    """Whether a program of the package aggregates some group."""
    return any(group.grader_flags is not None or _graded(group.children) for group in groups)


def _resolution(limits: ProblemLimits) -> float:
    """Return a step that the time limit is a multiple of, as 2025-09 asks."""
    for step in (0.5, 0.25, 0.1, 0.05, 0.01):
        if abs(limits.time_s / step - round(limits.time_s / step)) < 1e-9:
            return step
    return limits.time_s


def _rules(submission: LabelledSubmission) -> list[dict[str, Any]]:
    """Return what `submissions.yaml` says of one submission, a rule each."""
    rules: list[dict[str, Any]] = []
    for expected in submission.expectations:
        own: dict[str, Any] = {}
        if expected.permitted is not None:
            own["permitted"] = words_of(expected.permitted)
        if expected.required is not None:
            own["required"] = words_of(expected.required)
        own |= {"score": _range(expected.score)} if expected.score else {}
        own |= {"message": expected.message} if expected.message else {}
        rules.append({expected.tests: own} if expected.tests else own)
    if submission.score and b"@EXPECTED_SCORE@" not in b"".join(submission.files.values()):
        rules.append({"score": _range(submission.score)})
    return rules + ([] if submission.times_limit else [{"use_for_time_limit": False}])


def _range(score: tuple[float, float]) -> float | list[float]:
    low, high = score
    return low if low == high else [low, high]
