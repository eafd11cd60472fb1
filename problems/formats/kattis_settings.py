"""`testdata.yaml` and `test_group.yaml` of Kattis packages: how a group of tests is judged."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.tree import PackageTree

Aggregate = Literal["sum", "min", "max", "avg"]
VerdictMode = Literal["first_error", "worst_error", "always_accept"]


@dataclass(frozen=True)
class KattisSettings:
    """What `testdata.yaml` says of a group, with what it inherits."""

    stop: bool = True
    custom: bool = False
    grader_flags: tuple[str, ...] = ()
    accept: float = 1.0
    reject: float = 0.0
    low: float | None = None
    high: float | None = None
    input_flags: tuple[str, ...] = ()
    input_flags_by: Mapping[str, tuple[str, ...]] | None = None
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


def forced_settings(grading: Fields) -> dict[str, object]:
    """Return what `grading` in `problem.yaml` says of all groups, as before `testdata.yaml`."""
    on_reject = grading.choice("on_reject", "first_error", "worst_error", "grade")
    changes: dict[str, object] = {}
    if on_reject in ("first_error", "grade"):
        changes["stop"] = on_reject == "first_error"
    return changes | _scores(grading)


def _scores(fields: Fields) -> dict[str, object]:
    changes: dict[str, object] = {}
    accept, reject = fields.number("accept_score"), fields.number("reject_score")
    changes |= {} if accept is None else {"accept": accept}
    changes |= {} if reject is None else {"reject": reject}
    if fields.get("range") is not None:
        changes["low"], changes["high"] = _range(fields)
    return changes


def legacy_settings(
    tree: PackageTree,
    folder: str,
    inherited: KattisSettings,
    warnings: list[str],
    forced: Mapping[str, object] | None = None,
) -> KattisSettings:
    """Return a group's settings: its own `testdata.yaml` over what it inherits.

    What `problem.yaml` says of all groups (`forced`) wins over both.
    """
    path = f"{folder}/testdata.yaml"
    if path not in tree:
        return replace(inherited, **(forced or {}))  # type: ignore[arg-type]
    where = tree.where(path)
    fields = Fields.of(parse_yaml(tree.read(path), where, warnings), where)
    changes: dict[str, object] = {}
    on_reject = fields.choice("on_reject", "break", "continue")
    if on_reject:
        changes["stop"] = on_reject == "break"
    grading = fields.choice("grading", "default", "custom")
    if grading:
        changes["custom"] = grading == "custom"
    changes |= _scores(fields)
    flags = read_flags(fields, "grader_flags")
    changes |= {} if flags is None else {"grader_flags": flags}
    settings = shared_settings(fields, replace(inherited, **changes))  # type: ignore[arg-type]
    if fields.has("validator_flags"):
        warnings.append(f"{where}: validator_flags: not used here, only in problem.yaml")
    warnings += fields.unknown()
    settings = replace(settings, **(forced or {}))  # type: ignore[arg-type]
    accept = changes.get("accept")
    if isinstance(accept, float) and settings.high is not None and accept > settings.high:
        raise fields.bad("accept_score", f"{accept:g} is more than the range allows")
    return settings


def new_settings(
    tree: PackageTree, folder: str, warnings: list[str], inherited: KattisSettings | None = None
) -> tuple[KattisSettings, Fields]:
    """Return a group's settings of 2025-09, and its fields for those that only scoring needs.

    Arguments are inherited downwards, also from `data/`, as BAPCtools and DOMjudge do.
    """
    path = f"{folder}/test_group.yaml"
    content = tree.read(path) if path in tree else b""
    where = tree.where(path)
    fields = Fields.of(parse_yaml(content, where, warnings), where)
    settings = shared_settings(fields, inherited or KattisSettings())
    known = {"max_score", "score_aggregation", "require_pass"}
    fields.asked |= {*known, "static_validation_score"}
    if fields.has("static_validation_score"):
        raise fields.bad("static_validation_score", "static validators are not run here")
    idle = [key for key in sorted(known) if fields.has(key)] if "secret" not in folder else []
    warnings += [f"{where}: {key}: has no effect here, ignored" for key in idle]
    warnings += fields.unknown()
    return settings, fields


def shared_settings(fields: Fields, inherited: KattisSettings) -> KattisSettings:
    """Return the settings that a group and a single test share.

    2025-09 has lists of arguments, legacy has flags in one text; judges read either in both.
    """
    args = fields.texts("args")
    output = fields.texts("output_validator_args")
    output = read_flags(fields, "output_validator_flags") if output is None else output
    by = None
    if isinstance(fields.get("input_validator_args"), dict):
        # A map gives each validator its own arguments; those that it does not name get none.
        validators = fields.map("input_validator_args")
        by = {name: validators.texts(name) or () for name in validators.values}
        inputs: tuple[str, ...] | None = ()
    else:
        inputs = fields.texts("input_validator_args")
        inputs = read_flags(fields, "input_validator_flags") if inputs is None else inputs
    fields.asked |= {
        "input_visualizer_args", "output_visualizer_args", "static_validator_args",
        "full_feedback", "hint", "description",
    }  # fmt: skip
    return replace(
        inherited,
        args=inherited.args if args is None else args,
        output_flags=inherited.output_flags if output is None else output,
        input_flags=inherited.input_flags if inputs is None else inputs,
        input_flags_by=inherited.input_flags_by if inputs is None else by,
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
