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

import yaml

from medalist.errors import BadInput
from medalist.problems.formats.kattis_submissions import label_for, labels_of, words_of
from medalist.problems.formats.programs import is_header
from medalist.problems.model import Equality, Kind, Limits
from medalist.problems.secret import (
    Group,
    Helper,
    LabelledSubmission,
    Problem,
    SecretProblem,
    TestCase,
)
from medalist.problems.verdict import Verdict

Version = Literal["legacy", "2025-09"]
_CODES = {"cpp": "cpp", "c": "c", "python": "python3"}
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
        self.folder = folder
        self.legacy = version == "legacy"
        self.validator = self.secret.interactor or self.secret.checker
        talks = self.public.kind in (Kind.INTERACTIVE, Kind.MULTIPASS)
        self.custom = self.public.special_checker or self.validator is not None or talks
        self.refuse()

    def refuse(self) -> None:
        """Raise for what the version cannot express without changing the problem."""
        reasons = [
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
                not self.custom and self.public.equality.mode == "lines",
                "the default validator cannot compare line by line",
            ),
        ]
        for wrong, reason in reasons:
            if wrong:
                raise BadInput(reason, file=self.public.problem_id)

    def write(self) -> None:
        self.put("problem.yaml", _yaml(self.meta()))
        if self.legacy and not self.public.limits.time_assumed:
            self.put(".timelimit", f"{self.public.limits.time_s!r}\n")
        self.statements()
        for group in self.secret.groups:
            self.group(group, self.root_settings())
        if self.legacy and self.root_settings() != _DEFAULT:
            self.put("data/testdata.yaml", _yaml(_changes(self.root_settings(), _DEFAULT)))
        self.samples()
        for helper in self.secret.validators:
            self.helper(helper, "input_validators", unwrap=True)
        if self.validator:
            name = "output_validators/validator" if self.legacy else "output_validator"
            self.files(name, self.validator.files)
        if self.secret.grader:
            self.helper(self.secret.grader, "graders", unwrap=True)
        self.graders()
        self.submissions()

    def put(self, name: str, content: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        )

    def files(self, name: str, files: Any) -> None:
        for file, content in files.items():
            self.put(f"{name}/{file}", content)

    def helper(self, helper: Helper, folder: str, *, unwrap: bool) -> None:
        base = helper.name.rsplit("/", 1)[-1]
        if unwrap and list(helper.files) == [base]:
            self.put(f"{folder}/{base}", helper.files[base])
        else:
            self.files(f"{folder}/{base}", helper.files)

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
            if not self.custom and (flags := _flags(public.equality)):
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
        return {**meta, "limits": self.limits()}

    def limits(self) -> dict[str, Any]:
        limits = self.public.limits
        found: dict[str, Any] = {"memory": limits.memory_mb, "output": limits.output_mb}
        if self.legacy:
            return found | {"time_multiplier": self.secret.time_multiplier}
        found["time_multipliers"] = {"ac_to_time_limit": max(self.secret.time_multiplier, 1.0)}
        if not limits.time_assumed:
            found["time_limit"] = limits.time_s
            if limits.time_s != int(limits.time_s):
                found["time_resolution"] = _resolution(limits)
        if self.public.kind is Kind.MULTIPASS:
            found["validation_passes"] = self.secret.validation_passes
        return found

    def statements(self) -> None:
        folder = "problem_statement" if self.legacy else "statement"
        for language, text in self.public.statements.items():
            title = self.public.titles.get(language)
            # Legacy has one title only: the others go into the text, where readers find them.
            heading = f"# {title}\n\n" if self.legacy and title and language != "en" else ""
            self.put(f"{folder}/problem.{language}.md", heading + text)

    def root_settings(self) -> dict[str, Any]:
        """Return the settings of `data/`, which the others inherit."""
        if self.secret.scoring and self.secret.groups[0].ignore:
            return {**_DEFAULT, "on_reject": "continue", "grader_flags": "ignore_sample"}
        return _DEFAULT

    def group(self, group: Group, inherited: dict[str, Any]) -> None:
        """Write a group's settings, its tests and the groups below."""
        where = f"data/{group.group_id}"
        flags = {test.output_flags for test in group.tests}
        inputs = {test.input_flags for test in group.tests}
        common = flags.pop() if len(flags) == 1 else ()
        common_inputs = inputs.pop() if len(inputs) == 1 else ()
        if self.legacy:
            own = self.legacy_settings(group, inherited, common, common_inputs)
            if own != inherited:
                self.put(f"{where}/testdata.yaml", _yaml(_changes(own, inherited)))
        else:
            own = inherited
            settings = self.new_settings(group, common, common_inputs)
            if settings or "/" in group.group_id:
                self.put(f"{where}/test_group.yaml", _yaml(settings))
        for test in group.tests:
            self.test(test, common, common_inputs)
        for child in group.children:
            self.group(child, own)

    def legacy_settings(
        self,
        group: Group,
        inherited: dict[str, Any],
        flags: tuple[str, ...],
        inputs: tuple[str, ...],
    ) -> dict[str, Any]:
        own = {**inherited, "on_reject": "break" if group.stop_on_failure else "continue"}
        if flags or group.tests:
            own["output_validator_flags"] = shlex.join(flags)
        if inputs or group.tests:
            own["input_validator_flags"] = shlex.join(inputs)
        custom = group.grader_flags is not None
        words = list(group.grader_flags or ())
        if not custom:
            words = [group.aggregate] if self.secret.scoring and group.aggregate != "sum" else []
            words += [group.verdict_mode] if group.verdict_mode != "worst_error" else []
            words += ["accept_if_any_accepted"] if group.accept_if_any else []
        if words or inherited["grader_flags"] not in ("", "ignore_sample"):
            own["grader_flags"] = shlex.join(words)
        if self.secret.scoring:
            own["grading"] = "custom" if custom else "default"
            own["accept_score"], own["reject_score"] = group.points, group.reject_points
            low = "-inf" if group.low is None else f"{group.low!r}"
            high = "+inf" if group.high is None else f"{group.high!r}"
            own["range"] = f"{low} {high}"
        return own

    def new_settings(
        self, group: Group, flags: tuple[str, ...], inputs: tuple[str, ...]
    ) -> dict[str, Any]:
        own: dict[str, Any] = {}
        if not self.custom and group.tests:
            flags = (*_flags(self.public.equality), *flags)
        own |= {"output_validator_args": list(flags)} if flags else {}
        own |= {"input_validator_args": list(inputs)} if inputs else {}
        if not self.secret.scoring or group.group_id == "sample":
            return own
        full = group.high
        if full is not None and full != int(full):
            raise BadInput(
                "2025-09 packages have whole points only",
                file=self.public.problem_id,
                field=group.group_id,
            )
        own["max_score"] = "unbounded" if full is None else int(full)
        whole = "min" if group.aggregate == "min" and full is None else "pass-fail"
        own["score_aggregation"] = "sum" if group.aggregate == "sum" else whole
        own |= {"require_pass": list(group.depends)} if group.depends else {}
        return own

    def test(self, test: TestCase, common: tuple[str, ...], inputs: tuple[str, ...]) -> None:
        path = f"data/{test.test_id}"
        self.put(f"{path}.in", test.input.read())
        self.put(f"{path}.ans", test.answer.read() if test.answer else b"")
        self.files(f"{path}.files", {name: blob.read() for name, blob in test.files.items()})
        own: dict[str, Any] = {}
        own |= {"args": list(test.args)} if test.args else {}
        if test.output_flags != common:
            own["output_validator_args"] = list(test.output_flags)
        if test.input_flags != inputs:
            own["input_validator_args"] = list(test.input_flags)
        if own and self.legacy:
            raise BadInput(
                "legacy packages have no arguments of single tests",
                file=self.public.problem_id,
                field=test.test_id,
            )
        if own:
            self.put(f"{path}.yaml", _yaml(own))

    def samples(self) -> None:
        """Write what the statement shows where it differs from the sample tests."""
        tests = self.secret.groups[0].tests
        for number, sample in enumerate(self.public.samples, start=1):
            if sample.note and not sample.input:
                self.put(f"data/sample/{number:02}.interaction", sample.note)
        if self.public.kind is Kind.INTERACTIVE:
            return
        shown = [sample for sample in self.public.samples if sample.input or sample.output]
        for number, sample in enumerate(shown):
            same = number < len(tests) and (
                (tests[number].input.read(), _read(tests[number]))
                == (sample.input.encode(), (sample.output or "").encode())
            )
            if not same:
                name = tests[number].test_id if number < len(tests) else f"sample/{number + 1:02}"
                self.put(f"data/{name}.in.statement", sample.input)
                if sample.output is not None:
                    self.put(f"data/{name}.ans.statement", sample.output)

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
                    self.put(f"attachments/{_CODES[family]}/{name}", content)
            self.files(f"include/{_CODES[family]}", files)

    def submissions(self) -> None:
        rules: dict[str, Any] = {}
        for submission in self.secret.submissions:
            label = submission.label
            if labels_of(label) is None or labels_of(label) != submission.permitted:
                label = label_for(submission.permitted) or label
            base = submission.name.rsplit("/", 1)[-1]
            name = f"{label}/{base}"
            if list(submission.files) == [base]:
                self.put(f"submissions/{name}", submission.files[base])
            else:
                self.files(f"submissions/{name}", submission.files)
            if not self.legacy and (submission.required is not None or submission.score):
                rules[name] = _rules(submission)
        if rules:
            self.put("submissions/submissions.yaml", _yaml(rules))


_DEFAULT: dict[str, Any] = {
    "on_reject": "break", "grading": "default", "grader_flags": "", "accept_score": 1.0,
    "reject_score": 0.0, "range": "-inf +inf", "input_validator_flags": "",
    "output_validator_flags": "",
}  # fmt: skip


def _graded(groups: Iterable[Group]) -> bool:
    """Whether a program of the package aggregates some group."""
    return any(group.grader_flags is not None or _graded(group.children) for group in groups)


def _changes(own: dict[str, Any], inherited: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in own.items() if value != inherited[key]}


def _yaml(value: Any) -> str:
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)
    return text


def _flags(equality: Equality) -> tuple[str, ...]:
    """Return the default validator's flags for an equality."""
    flags = ["case_sensitive"] if equality.case_sensitive else []
    flags += ["space_change_sensitive"] if equality.mode == "exact" else []
    if equality.abs_tol is not None:
        flags += ["float_absolute_tolerance", repr(equality.abs_tol)]
    if equality.rel_tol is not None:
        flags += ["float_relative_tolerance", repr(equality.rel_tol)]
    return tuple(flags)


def _resolution(limits: Limits) -> float:
    """Return a step that the time limit is a multiple of, as 2025-09 asks."""
    for step in (0.5, 0.25, 0.1, 0.05, 0.01):
        if abs(limits.time_s / step - round(limits.time_s / step)) < 1e-9:
            return step
    return limits.time_s


def _read(test: TestCase) -> bytes:
    return test.answer.read() if test.answer else b""


def _rules(submission: LabelledSubmission) -> dict[str, Any]:
    """Return what `submissions.yaml` says of one submission."""
    rules: dict[str, Any] = {}
    if submission.required is not None and submission.permitted is not None:
        accepted = {Verdict.AC} if Verdict.PAC in submission.permitted else set()
        rules["permitted"] = words_of(submission.permitted | accepted)
        rules["required"] = words_of(submission.required)
    if submission.score:
        low, high = submission.score
        rules["score"] = low if low == high else [low, high]
    rules |= {
        group: {"permitted": words_of(verdicts)} for group, verdicts in submission.groups.items()
    }
    return rules
