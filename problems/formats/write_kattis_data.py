"""Writes the tests and groups of a Kattis package: `data/`."""

from __future__ import annotations

import math
import shlex
from typing import Any

import yaml

from medalist.errors import BadInput
from medalist.problems.formats.new_folder import NewFolder
from medalist.problems.model import Equality, Kind, PublicProblem
from medalist.problems.secret import Group, SecretProblem, TestCase

_DEFAULT: dict[str, Any] = {
    "on_reject": "break", "grading": "default", "grader_flags": "", "accept_score": 1.0,
    "reject_score": 0.0, "range": "-inf +inf", "input_validator_flags": "",
    "output_validator_flags": "",
}  # fmt: skip


class DataWriter:
    """Writes `data/` of a problem.

    `legacy` is the version; `custom` says that outputs need the package's own validator.
    """

    def __init__(
        self,
        public: PublicProblem,
        secret: SecretProblem,
        folder: NewFolder,
        *,
        legacy: bool,
        custom: bool,
    ) -> None:
        self.public = public
        self.secret = secret
        self.folder = folder
        self.legacy = legacy
        self.custom = custom

    def write(self) -> None:
        """Write all groups, and what the statement shows."""
        root = self.root_settings()
        for group in self.secret.groups:
            self.group(group, root)
        if self.legacy and root != _DEFAULT:
            self.folder.put("data/testdata.yaml", yaml_text(_changes(root, _DEFAULT)))
        self.samples()

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
                self.folder.put(f"{where}/testdata.yaml", yaml_text(_changes(own, inherited)))
        else:
            own = inherited
            settings = self.new_settings(group, common, common_inputs)
            if settings or "/" in group.group_id:
                self.folder.put(f"{where}/test_group.yaml", yaml_text(settings))
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
        """Return the whole `testdata.yaml` of a group, also what it inherits."""
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
        """Return the `test_group.yaml` of a group."""
        own: dict[str, Any] = {}
        if not self.custom and group.tests:
            flags = (*equality_flags(self.public.equality), *flags)
        own |= {"output_validator_args": list(flags)} if flags else {}
        own |= {"input_validator_args": list(inputs)} if inputs else {}
        if not self.secret.scoring or group.group_id == "sample":
            return own
        full = group.high if group.high is not None and math.isfinite(group.high) else None
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
        """Write a test; `common` and `inputs` are the flags that its group has already."""
        path = f"data/{test.test_id}"
        self.folder.put(f"{path}.in", test.input.read())
        self.folder.put(f"{path}.ans", test.answer.read() if test.answer else b"")
        self.folder.files(f"{path}.files", {name: blob.read() for name, blob in test.files.items()})
        own: dict[str, Any] = {}
        own |= {"args": list(test.args)} if test.args else {}
        if test.output_flags != common:
            own["output_validator_args"] = list(test.output_flags)
        if test.input_flags_by:
            by = {name: list(flags) for name, flags in test.input_flags_by.items()}
            own["input_validator_args"] = by
        elif test.input_flags != inputs:
            own["input_validator_args"] = list(test.input_flags)
        if own and self.legacy:
            raise BadInput(
                "legacy packages have no arguments of single tests",
                file=self.public.problem_id,
                field=test.test_id,
            )
        if own:
            self.folder.put(f"{path}.yaml", yaml_text(own))

    def samples(self) -> None:
        """Write what the statement shows where it differs from the sample tests."""
        tests = self.secret.groups[0].tests
        for number, sample in enumerate(self.public.samples, start=1):
            if sample.note and not sample.input:
                self.folder.put(f"data/sample/{number:02}.interaction", sample.note)
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
                self.folder.put(f"data/{name}.in.statement", sample.input)
                if sample.output is not None:
                    self.folder.put(f"data/{name}.ans.statement", sample.output)


def _changes(own: dict[str, Any], inherited: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in own.items() if value != inherited[key]}


def yaml_text(value: Any) -> str:
    """Return a value as YAML, a line an entry."""
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)
    return text


def equality_flags(equality: Equality) -> tuple[str, ...]:
    """Return the default validator's flags for an equality."""
    flags = ["case_sensitive"] if equality.case_sensitive else []
    flags += ["space_change_sensitive"] if equality.mode == "exact" else []
    if equality.abs_tol is not None:
        flags += ["float_absolute_tolerance", repr(equality.abs_tol)]
    if equality.rel_tol is not None:
        flags += ["float_relative_tolerance", repr(equality.rel_tol)]
    return tuple(flags)


def _read(test: TestCase) -> bytes:
    return test.answer.read() if test.answer else b""
