"""`testdata.yaml` and `test_group.yaml` of Kattis packages: how a group of tests is judged."""

from __future__ import annotations

import math
import shlex
from dataclasses import dataclass, replace
from typing import Literal, cast

from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.tree import Tree

Aggregate = Literal["sum", "min", "max", "avg"]
VerdictMode = Literal["first_error", "worst_error", "always_accept"]


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


def legacy_settings(tree: Tree, folder: str, inherited: Settings, warnings: list[str]) -> Settings:
    """Return a group's settings: its own `testdata.yaml` over what it inherits."""
    path = f"{folder}/testdata.yaml"
    if path not in tree:
        return inherited
    fields = Fields.of(parse_yaml(tree.read(path), tree.where(path)), path)
    fields.file = tree.where(path)
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
    warnings += fields.unknown()
    settings = replace(inherited, **changes)  # type: ignore[arg-type]
    if accept is not None and settings.high is not None and accept > settings.high:
        raise fields.bad("accept_score", f"{accept:g} is more than the range allows")
    return settings


def new_settings(tree: Tree, folder: str, warnings: list[str]) -> tuple[Settings, Fields]:
    """Return a group's settings of 2025-09, and its fields for those that only scoring needs."""
    path = f"{folder}/test_group.yaml"
    content = tree.read(path) if path in tree else b""
    where = tree.where(path)
    fields = Fields.of(parse_yaml(content, where), where)
    settings = shared_settings(fields, Settings())
    known = {"max_score", "score_aggregation", "require_pass", "static_validation_score"}
    fields.asked |= known
    if fields.has("static_validation_score"):
        warnings.append(f"{where}: static_validation_score: not judged")
    warnings += fields.unknown()
    return settings, fields


def shared_settings(fields: Fields, inherited: Settings) -> Settings:
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
