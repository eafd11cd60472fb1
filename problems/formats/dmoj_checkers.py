"""Which checker decides a DMOJ case: one of DMOJ's own, or a program of the package."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from medalist.problems.dmoj_box import RUN_ON_ERROR
from medalist.problems.dmoj_box.dmoj.compare import CHECKERS
from medalist.problems.formats.dmoj_config import Config
from medalist.problems.formats.dmoj_programs import bridged, own_source, python_program
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.model import Equality

STANDARD = Equality(mode="filled-lines")
_SETTINGS = {
    "floats": ("precision", "error_mode"),
    "floatsabs": ("precision",),
    "floatsrel": ("precision",),
    "sorted": ("split_on",),
    "rstripped": ("filter_new_line",),
    "linematches": ("point_distribution", "filler_lines_required"),
    "linecount": ("feedback",),
    "identical": ("pe_allowed",),
}
_TOO_SLOW = (
    "programs that run out of time get nothing here; DMOJ asks about what they printed before"
)


@dataclass
class Checkers:
    """Reads the checkers of cases; equal ones are one, so that each is compiled once."""

    tree: PackageTree
    warnings: list[str]
    _known: dict[str, Helper] = field(default_factory=dict)

    def read(self, config: Config) -> Helper:
        """Return the checker of a case, batch or whole problem.

        Raises:
            BadInput: A setting of a wrong kind. A checker that cannot be run is not an error here:
                what it would decide is a judge error.
        """
        level = config.owner("checker")
        value = level.get("checker")
        key = f"{level.prefix}:{value!r}"
        if key not in self._known:
            self._known[key] = self._read(level, value)
        return self._known[key]

    def _read(self, level: Fields, value: Any) -> Helper:
        if not isinstance(value, dict):
            return self._named(level.text("checker") or "standard", Fields(level.file, {}))
        both = level.map("checker")
        args = both.map("args")
        name = both.text("name") or "standard"
        helper = self._named(name, args)
        self.warnings += both.unknown()
        return helper

    def _named(self, name: str, args: Fields) -> Helper:
        if name == "bridged":
            return bridged(self.tree, args, "checker", self.warnings)
        if "." in name:
            args.asked |= set(args.values)
            helper = python_program(self.tree, name, "checker", dict(args.values))
            if b"run_on_error" in own_source(helper):
                self.warnings.append(f"{self.tree.where(name)}: {_TOO_SLOW}")
                helper = replace(helper, flags=(RUN_ON_ERROR,))
            return helper
        settings = {key: args.get(key) for key in _SETTINGS.get(name, ()) if args.has(key)}
        self.warnings += args.unknown()
        helper = Helper(
            name,
            "",
            {},
            "",
            "builtin",
            settings={key: json.dumps(value, default=str) for key, value in settings.items()},
        )
        if name in CHECKERS:
            if name == "linecount":
                self.warnings.append(f"{args.file}: checker: linecount: {_TOO_SLOW}")
                return replace(helper, flags=(RUN_ON_ERROR,))
            return helper
        reason = f"{name!r} is not a checker of DMOJ, nor a file"
        return Helper(name, "", {}, "", "dmoj", cannot_run=reason)


def equality_of(checker: Helper) -> tuple[Equality, bool]:
    """Return the equality that contestants are told, and whether other outputs may pass, too."""
    if checker.protocol != "builtin":
        return Equality(), True
    name = checker.name
    settings = {key: json.loads(value) for key, value in checker.settings.items()}
    if name == "standard":
        return STANDARD, False
    if name == "identical":
        return Equality(mode="exact"), False
    if name == "rstripped":
        return Equality(mode="lines"), False
    if name.startswith("floats"):
        return _tolerance(name, settings), False
    return STANDARD, True


def _tolerance(name: str, settings: dict[str, Any]) -> Equality:
    mode = {"floatsabs": "absolute", "floatsrel": "relative"}.get(name)
    mode = mode or settings.get("error_mode", "default")
    try:
        digits = min(300, max(-300, int(settings.get("precision", 6))))
    except (TypeError, ValueError):
        digits = 6  # the checker itself will say that this is not a number
    tolerance = 10.0**-digits
    return Equality(
        mode="filled-lines",
        abs_tol=None if mode == "relative" else tolerance,
        rel_tol=None if mode == "absolute" else tolerance,
    )


def is_plain(checker: Helper) -> bool:
    """Whether the declared equality alone decides just as the checker does."""
    return checker.protocol == "builtin" and checker.name in ("standard", "identical")
