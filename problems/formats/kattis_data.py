"""The tests and groups of a Kattis package, from `data/`.

On disk (legacy: `testdata.yaml`, inherited downwards; 2025-09: `test_group.yaml`)::

    data/sample/1.in 1.ans 1.interaction 1.in.statement ...
    data/secret/group1/testdata.yaml 01.in 01.ans 01.files/ 01.yaml ...
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, cast

from medalist.errors import BadInput
from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import Tree
from medalist.problems.model import Sample
from medalist.problems.secret import Blob, Group, TestCase

Aggregate = Literal["sum", "min", "max", "avg"]
VerdictMode = Literal["first_error", "worst_error", "always_accept"]

_GROUP_FILES = ("testdata.yaml", "test_group.yaml")
_SHOWN = (".interaction", ".in.statement", ".ans.statement", ".out")
_SAMPLE_LIMIT = 1 << 20


@dataclass(frozen=True)
class Settings:
    """What `testdata.yaml` says of a group, with what it inherits."""

    stop: bool = True
    custom: bool = False
    grader_flags: tuple[str, ...] = ()
    accept: float = 1.0
    reject: float = 0.0
    low: float | None = None
    high: float | None = None
    input_flags: tuple[str, ...] = ()
    output_flags: tuple[str, ...] = ()
    args: tuple[str, ...] = ()

    @property
    def aggregate(self) -> Aggregate:
        """How scores combine: the last mode among the grader's flags."""
        modes = [flag for flag in self.grader_flags if flag in {"sum", "min", "max", "avg"}]
        return cast("Aggregate", modes[-1]) if modes else "sum"

    @property
    def verdict_mode(self) -> VerdictMode:
        """How verdicts combine: the last mode among the grader's flags."""
        known = {"first_error", "worst_error", "always_accept"}
        modes = [flag for flag in self.grader_flags if flag in known]
        return cast("VerdictMode", modes[-1]) if modes else "worst_error"


def read_groups(
    tree: Tree, *, scoring: bool, new_style: bool, warnings: list[str]
) -> tuple[Group, ...]:
    """Read `data/sample` and `data/secret`.

    Args:
        tree: The package.
        scoring: Whether points are given.
        new_style: Whether groups are those of 2025-09, where nothing is inherited.
        warnings: What is odd but harmless is added here.

    Raises:
        BadInput: No tests, a missing answer, or wrong settings.
    """
    reader = _Reader(tree, scoring, new_style, warnings)
    root = reader.legacy_settings("data", Settings()) if not new_style else Settings()
    sample = reader.group("data/sample", root) if tree.has_folder("data/sample") else None
    if sample is None:
        sample = Group("sample", aggregate="min" if new_style or not scoring else "sum")
    if "ignore_sample" in root.grader_flags or (scoring and new_style):
        sample = replace(sample, ignore=True)
    elif scoring and root.grader_flags and root.aggregate != "sum":
        warnings.append(f"{tree.where('data')}: sample and secret are added, not {root.aggregate}")
    secret = reader.group("data/secret", root)
    if not secret.all_tests():
        raise BadInput(
            "the package has no tests",
            file=tree.where("data/secret"),
            hint="put NAME.in and NAME.ans there, or give the statement file alone",
        )
    names = {group.group_id for group in (sample, secret, *secret.children)}
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
    def __init__(self, tree: Tree, scoring: bool, new_style: bool, warnings: list[str]) -> None:
        self.tree = tree
        self.scoring = scoring
        self.new_style = new_style
        self.warnings = warnings

    def group(self, folder: str, inherited: Settings) -> Group:
        """Read a group and the groups below it."""
        if self.new_style:
            return self.new_group(folder)
        settings = self.legacy_settings(folder, inherited)
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

    def legacy_settings(self, folder: str, inherited: Settings) -> Settings:
        """Return a group's settings: its own `testdata.yaml` over what it inherits."""
        path = f"{folder}/testdata.yaml"
        if path not in self.tree:
            return inherited
        fields = Fields.of(parse_yaml(self.tree.read(path), self.tree.where(path)), path)
        fields.file = self.tree.where(path)
        changes: dict[str, object] = {}
        on_reject = fields.choice("on_reject", "break", "continue")
        if on_reject:
            changes["stop"] = on_reject == "break"
        grading = fields.choice("grading", "default", "custom")
        if grading:
            changes["custom"] = grading == "custom"
        accept, reject = fields.number("accept_score"), fields.number("reject_score")
        changes |= {} if accept is None else {"accept": accept}
        changes |= {} if reject is None else {"reject": reject}
        if fields.has("range"):
            changes["low"], changes["high"] = _range(fields)
        for key, name in [
            ("grader_flags", "grader_flags"),
            ("input_validator_flags", "input_flags"),
            ("output_validator_flags", "output_flags"),
        ]:
            flags = read_flags(fields, key)
            changes |= {} if flags is None else {name: flags}
        fields.get("validator_flags")
        self.warnings += fields.unknown()
        settings = replace(inherited, **changes)  # type: ignore[arg-type]
        if accept is not None and settings.high is not None and accept > settings.high:
            raise fields.bad("accept_score", f"{accept:g} is more than the range allows")
        return settings

    def new_group(self, folder: str) -> Group:
        """Read a group of 2025-09: `secret`, `sample` or a folder with `test_group.yaml`."""
        files, folders = self.tree.children(folder)
        settings, fields = self.new_settings(folder)
        top = folder == "data/secret"
        children = []
        if top:
            children = [
                self.new_group(f"{folder}/{name}")
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
            high=full,
            stop_on_failure=mode != "sum",
            accept_if_any=top and mode != "pass-fail",
            depends=fields.texts("require_pass") or (),
            subtask_id=None if top else folder.rsplit("/", 1)[-1],
        )

    def new_settings(self, folder: str) -> tuple[Settings, Fields]:
        path = f"{folder}/test_group.yaml"
        content = self.tree.read(path) if path in self.tree else b""
        where = self.tree.where(path)
        fields = Fields.of(parse_yaml(content, where), where)
        settings = _test_settings(fields, Settings())
        known = {"max_score", "score_aggregation", "require_pass", "static_validation_score"}
        fields.asked |= known
        if fields.has("static_validation_score"):
            self.warnings.append(f"{where}: static_validation_score: not judged")
        self.warnings += fields.unknown()
        return settings, fields

    def nested_tests(self, folder: str, settings: Settings) -> Iterable[TestCase]:
        if folder.endswith(".files"):
            return []
        files, folders = self.tree.children(folder)
        tests = list(self.tests(folder, files, folders, settings))
        for name in folders:
            tests += self.nested_tests(f"{folder}/{name}", settings)
        return tests

    def tests(
        self, folder: str, files: list[str], folders: list[str], settings: Settings
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
                fields = Fields.of(parse_yaml(self.tree.read(f"{path}.yaml"), where), where)
                own = _test_settings(fields, settings)
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
                    output_flags=own.output_flags,
                )
            )
        return tuple(tests)

    def blob(self, path: str) -> Blob:
        return Blob(self.tree.where(path), partial(self.tree.read_any, path), self.tree.size(path))


def _test_settings(fields: Fields, inherited: Settings) -> Settings:
    """Return the 2025-09 settings that a group and a single test share."""
    args = fields.texts("args")
    output = fields.texts("output_validator_args")
    given = fields.get("input_validator_args")
    if isinstance(given, dict):
        # A map gives each validator its own arguments; with one validator that is the same.
        validators = fields.map("input_validator_args")
        inputs = next((validators.texts(key) for key in validators.values), None)
    else:
        inputs = fields.texts("input_validator_args")
    fields.asked |= {
        "input_visualizer_args", "output_visualizer_args", "static_validator_args",
        "full_feedback", "hint", "description",
    }  # fmt: skip
    return replace(
        inherited,
        args=inherited.args if args is None else args,
        output_flags=inherited.output_flags if output is None else output,
        input_flags=inherited.input_flags if inputs is None else inputs,
    )


def read_flags(fields: Fields, key: str) -> tuple[str, ...] | None:
    """Read command-line flags: a string, or a map with `name` and `flags`."""
    value = fields.get(key)
    if value is None:
        return None
    text = fields.map(key).text("flags") if isinstance(value, dict) else fields.text(key)
    try:
        return tuple(shlex.split(text or ""))
    except ValueError as error:
        raise fields.bad(key, "a quotation mark is not closed") from error


def _range(fields: Fields) -> tuple[float | None, float | None]:
    parts = (fields.text("range") or "").split()
    try:
        low, high = (float(part) for part in parts)
    except ValueError as error:
        raise fields.bad("range", "must be two numbers, as in '0 100'") from error
    if math.isnan(low) or math.isnan(high) or low > high:
        raise fields.bad("range", "the first number must not exceed the second")
    return (low if math.isfinite(low) else None), (high if math.isfinite(high) else None)


def full_points(group: Group) -> float | None:
    """Return the most points that a group can give, or None if they are unbounded."""
    if group.high is not None:
        return group.high
    parts = [group.points] * len(group.tests)
    parts += [points for child in group.children if (points := full_points(child)) is not None]
    if not parts:
        return 0.0
    match group.aggregate:
        case "sum":
            return math.fsum(parts)
        case "min":
            return min(parts)
        case "max":
            return max(parts)
        case "avg":
            return math.fsum(parts) / len(parts)


def read_samples(tree: Tree, *, interactive: bool) -> tuple[Sample, ...]:
    """Read what the statement shows as samples.

    An interaction is shown as a sample without input whose note is the protocol; inputs of
    interactive problems are not shown (the format forbids it).
    """
    if not tree.has_folder("data/sample"):
        return ()
    files = set(tree.children("data/sample")[0])
    endings = (".in.statement", ".interaction", ".in")
    names = sorted({n.removesuffix(e) for n in files for e in endings if n.endswith(e)})

    def text(name: str) -> str | None:
        path = f"data/sample/{name}"
        if name not in files or tree.size(path) > _SAMPLE_LIMIT:
            return None
        return decode(tree.read(path), tree.where(path)) if tree.size(path) else ""

    samples = []
    for name in names:
        protocol = text(f"{name}.interaction")
        shown_input = text(f"{name}.in.statement")
        if protocol is not None:
            samples.append(Sample(input="", note=protocol))
        elif not interactive or shown_input is not None:
            content = shown_input if shown_input is not None else text(f"{name}.in")
            answers = (text(f"{name}{ending}") for ending in (".ans.statement", ".out", ".ans"))
            output = next((answer for answer in answers if answer is not None), None)
            if content is not None:
                samples.append(Sample(input=content, output=output))
    return tuple(samples)
