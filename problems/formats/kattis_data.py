"""The tests and groups of a Kattis package, from `data/`.

On disk (legacy: `testdata.yaml`, inherited downwards; 2025-09: `test_group.yaml`)::

    data/sample/1.in 1.ans 1.interaction 1.in.statement ...
    data/secret/group1/testdata.yaml 01.in 01.ans 01.files/ 01.yaml ...
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from medalist.errors import BadInput
from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.kattis_settings import (
    KattisSettings,
    legacy_settings,
    new_settings,
    shared_settings,
)
from medalist.problems.formats.tree import PackageTree
from medalist.problems.secret import Blob, Group, TestCase

_SHOWN = (".interaction", ".in.statement", ".ans.statement", ".out")


def read_groups(
    tree: PackageTree,
    *,
    scoring: bool,
    new_style: bool,
    warnings: list[str],
    forced: Mapping[str, object] | None = None,
) -> tuple[Group, ...]:
    """Read `data/sample` and `data/secret`.

    Args:
        tree: The package.
        scoring: Whether points are given.
        new_style: Whether groups are those of 2025-09, where only arguments are inherited.
        warnings: What is odd but harmless is added here.
        forced: Settings that `problem.yaml` gives all groups.

    Raises:
        BadInput: A missing answer, or wrong settings.
    """
    reader = _Reader(tree, scoring, new_style, warnings, forced)
    if new_style:
        root = new_settings(tree, "data", warnings)[0]
    else:
        root = legacy_settings(tree, "data", KattisSettings(), warnings, forced)
    sample = reader.group("data/sample", root) if tree.has_folder("data/sample") else None
    if sample is None:
        sample = Group("sample", aggregate="min" if new_style or not scoring else "sum")
    if "ignore_sample" in root.grader_flags or (scoring and new_style):
        sample = replace(sample, ignore=True)
    elif scoring and root.grader_flags and root.aggregate != "sum":
        warnings.append(f"{tree.where('data')}: sample and secret are added, not {root.aggregate}")
    secret = reader.group("data/secret", root)
    if not secret.all_tests():
        what = "judged on the samples alone" if sample.all_tests() else "it cannot be judged"
        warnings.append(f"{tree.where('data/secret')}: the package has no secret tests: {what}")
        sample, secret = replace(sample, ignore=False), Group("secret")
    names = {group.group_id for group in (sample, *secret.children)}
    for group in secret.children:
        for name in group.depends:
            if name not in names or not (name == "sample" or name < group.group_id):
                raise BadInput(
                    f"{name!r} is not an earlier group",
                    file=tree.where(f"data/{group.group_id}/test_group.yaml"),
                    field="require_pass",
                )
    return sample, secret


class _Reader:
    def __init__(
        self,
        tree: PackageTree,
        scoring: bool,
        new_style: bool,
        warnings: list[str],
        forced: Mapping[str, object] | None,
    ) -> None:
        self.forced = forced
        self.tree = tree
        self.scoring = scoring
        self.new_style = new_style
        self.warnings = warnings

    def group(self, folder: str, inherited: KattisSettings) -> Group:
        """Read a group and the groups below it."""
        if self.new_style:
            return self.new_group(folder, inherited)
        settings = legacy_settings(self.tree, folder, inherited, self.warnings, self.forced)
        files, folders = self.tree.children(folder)
        tests = self.tests(folder, files, folders, settings)
        folders = [name for name in folders if not name.endswith(".files")]
        children = tuple(self.group(f"{folder}/{name}", settings) for name in folders)
        children = tuple(child for child in children if child.all_tests())
        top = folder == "data/secret"
        return Group(
            group_id=folder.removeprefix("data/"),
            tests=tests,
            children=tuple(
                replace(child, subtask_id=child.group_id.rsplit("/", 1)[-1])
                if top and self.scoring
                else child
                for child in children
            ),
            aggregate=settings.aggregate if self.scoring else "min",
            points=settings.accept,
            reject_points=settings.reject,
            low=settings.low,
            high=settings.high,
            stop_on_failure=settings.stop,
            verdict_mode=settings.verdict_mode,
            accept_if_any="accept_if_any_accepted" in settings.grader_flags,
            grader_flags=settings.grader_flags if settings.custom else None,
        )

    def new_group(self, folder: str, inherited: KattisSettings) -> Group:
        """Read a group of 2025-09: `secret`, `sample` or a folder with `test_group.yaml`."""
        files, folders = self.tree.children(folder)
        settings, fields = new_settings(self.tree, folder, self.warnings, inherited)
        top = folder == "data/secret"
        children = []
        if top:
            children = [
                self.new_group(f"{folder}/{name}", settings)
                for name in folders
                if f"{folder}/{name}/test_group.yaml" in self.tree
            ]
        inner = {child.group_id for child in children}
        tests = list(self.tests(folder, files, folders, settings))
        for name in folders:
            if f"{folder}/{name}".removeprefix("data/") not in inner:
                tests += self.nested_tests(f"{folder}/{name}", settings)
        if children and tests:
            raise BadInput("holds tests beside groups", file=self.tree.where(folder))
        group = Group(
            group_id=folder.removeprefix("data/"),
            tests=tuple(tests),
            children=tuple(children),
            aggregate="min",
            stop_on_failure=not (self.scoring and top),
        )
        if folder == "data/sample" or not self.scoring:
            return group
        mode = fields.choice("score_aggregation", "pass-fail", "sum", "min")
        mode = mode or ("sum" if top else "pass-fail")
        unbounded = fields.get("max_score") == "unbounded"
        full = None if unbounded else fields.number("max_score", low=0)
        if full is None and not unbounded and top:
            full = 100.0
        if full is None and mode == "pass-fail":
            raise fields.bad("max_score", "a pass-fail group must state its points")
        points = full if full is not None else 0.0
        if mode == "sum":
            points = points / len(tests) if tests else 1.0
        return replace(
            group,
            aggregate="sum" if mode == "sum" else "min",
            points=points,
            low=0.0,
            high=math.inf if unbounded else full,
            stop_on_failure=mode != "sum",
            accept_if_any=top and mode != "pass-fail",
            depends=fields.texts("require_pass") or (),
            subtask_id=None if top else folder.rsplit("/", 1)[-1],
        )

    def nested_tests(self, folder: str, settings: KattisSettings) -> Iterable[TestCase]:
        if folder.endswith(".files"):
            return []
        files, folders = self.tree.children(folder)
        tests = list(self.tests(folder, files, folders, settings))
        for name in folders:
            tests += self.nested_tests(f"{folder}/{name}", settings)
        return tests

    def tests(
        self, folder: str, files: list[str], folders: list[str], settings: KattisSettings
    ) -> tuple[TestCase, ...]:
        """Read the tests of one folder, in the order of their names."""
        names = set(files)
        for name in files:
            base = name.removesuffix(".ans")
            shown = any(f"{base}{ending}" in names for ending in _SHOWN)
            if name.endswith(".ans") and f"{base}.in" not in names and not shown:
                path = self.tree.where(f"{folder}/{name}")
                self.warnings.append(f"{path}: an answer without an input, ignored")
        tests = []
        for name in sorted(name.removesuffix(".in") for name in files if name.endswith(".in")):
            path = f"{folder}/{name}"
            if f"{name}.ans" not in names:
                raise BadInput(
                    "the answer is missing",
                    file=self.tree.where(f"{path}.in"),
                    hint=f"expected {name}.ans beside it",
                )
            own = settings
            if f"{name}.yaml" in names:
                where = self.tree.where(f"{path}.yaml")
                content = self.tree.read(f"{path}.yaml")
                fields = Fields.of(parse_yaml(content, where, self.warnings), where)
                own = shared_settings(fields, settings)
                self.warnings += fields.unknown()
            extra = {}
            if f"{name}.files" in folders:
                start = len(path) + len(".files/")
                extra = {f[start:]: self.blob(f) for f in self.tree.files(f"{path}.files")}
            tests.append(
                TestCase(
                    test_id=path.removeprefix("data/"),
                    input=self.blob(f"{path}.in"),
                    answer=self.blob(f"{path}.ans"),
                    files=extra,
                    args=own.args,
                    input_flags=own.input_flags,
                    input_flags_by=own.input_flags_by or {},
                    output_flags=own.output_flags,
                )
            )
        return tuple(tests)

    def blob(self, path: str) -> Blob:
        return Blob(self.tree.where(path), partial(self.tree.read_any, path), self.tree.size(path))


def whole_score(
    tree: PackageTree,
    groups: Sequence[Group],
    *,
    new_style: bool,
    forced: Mapping[str, object] | None = None,
) -> float | None:
    """Return the most points of the groups together, or None if they are unbounded.

    In legacy packages the root's range bounds sample and secret together, which are added.
    """
    root = (
        KattisSettings()
        if new_style
        else legacy_settings(tree, "data", KattisSettings(), [], forced)
    )
    parts = [group.full for group in groups if not group.ignore]
    if root.high is not None:
        return root.high
    return None if None in parts else math.fsum(part or 0.0 for part in parts)


def without_bounds(group: Group) -> Group:
    """Return a group whose tests are worth whatever the package's validator says."""
    children = tuple(without_bounds(child) for child in group.children)
    bounded = group.high is not None or not group.tests
    return replace(group, children=children, high=group.high if bounded else math.inf)
