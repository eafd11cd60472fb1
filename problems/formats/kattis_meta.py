"""`problem.yaml` of a Kattis package, and the files that DOMjudge puts beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from medalist.errors import BadInput
from medalist.problems.formats.fields import Fields, parse_yaml, scalar_text
from medalist.problems.formats.kattis_beside import read_ini, special_program, time_beside
from medalist.problems.formats.kattis_credits import read_authors, read_owner
from medalist.problems.formats.kattis_settings import forced_settings, read_flags
from medalist.problems.formats.tree import PackageTree
from medalist.problems.model import Equality, ProblemLimits

_VERSIONS = (
    "legacy", "legacy-icpc", "2023-07-draft", "2023-07", "2025-09-draft", "2025-09", "draft",
)  # fmt: skip
_TYPES = {"pass-fail", "scoring", "interactive", "multi-pass", "submit-answer"}
_DIFFICULTIES = ("easy", "medium", "hard")
# Keys that the format knows and this project has no use for.
_UNUSED = {
    "uuid", "version", "source_url", "embargo_until",
    "allow_file_writing", "libraries", "short-name",
}  # fmt: skip
_UNUSED_LIMITS = {"time_safety_margin", "time_resolution", "time_for_AC_submissions"}
# What Kattis obeys and the judge does not.
_NOT_OBEYED = (
    "code",
    "compilation_time",
    "compilation_memory",
    "validation_memory",
    "validation_output",
)


@dataclass(frozen=True)
class Meta:
    """What `problem.yaml` says.

    Attributes:
        version: Of the format.
        types: Some of `pass-fail`, `scoring`, `interactive`, `multi-pass`, `submit-answer`.
        custom: Whether the package brings its own output validator (legacy says so; newer
            packages just have one).
        scored: Whether legacy says that this validator gives points.
        flags: Arguments of the output validator.
        objective: Whether more or fewer points are better.
        time_multiplier: From the slowest accepted submission to the time limit.
        validation_passes: Of multi-pass problems.
        validation_s: CPU time that the package's own programs may use on a test.
        names: Language code to title.
        constants: Values to put into statements.
        grading: Settings of all groups of tests that stand here, as before there were any other.
        elsewhere: Why a checker that only another judge has cannot be run; else empty.
    """

    version: str
    types: frozenset[str]
    custom: bool | None
    scored: bool
    flags: tuple[str, ...]
    limits: ProblemLimits
    objective: Literal["max", "min"]
    time_multiplier: float
    validation_passes: int
    validation_s: float
    names: dict[str, str]
    constants: dict[str, str]
    keywords: tuple[str, ...]
    difficulty: str | None
    license: str | None
    source: str | None
    authors: tuple[str, ...]
    rights_owner: str | None
    grading: Mapping[str, object] = field(default_factory=dict)
    elsewhere: str = ""

    @property
    def legacy(self) -> bool:
        """Whether the package is of the format before versions."""
        return self.version.startswith("legacy")


def read_meta(tree: PackageTree, warnings: list[str]) -> Meta:
    """Read `problem.yaml`; without one everything has its default.

    Raises:
        BadInput: A value that the format does not allow.
    """
    where = tree.where("problem.yaml")
    content = tree.read("problem.yaml") if "problem.yaml" in tree else b""
    fields = Fields.of(parse_yaml(content, where, warnings), where)
    ini = read_ini(tree)
    version = fields.choice("problem_format_version", *_VERSIONS) or "legacy"
    # The draft wrote several types as one string.
    types = {word for text in fields.texts("type") or ("pass-fail",) for word in text.split()}
    for word in sorted(types - _TYPES):
        raise fields.bad("type", f"{word!r} is not one of {', '.join(sorted(_TYPES))}")
    custom = _validation(fields, types)
    keywords = _keywords(fields)
    limits, multiplier, passes, validation_s = _limits(tree, fields, ini, version, warnings)
    grading = section(fields, "grading", warnings)
    objective = grading.choice("objective", "max", "min") or "max"
    grading.asked |= {"show_test_data_groups", "custom_scoring"}
    fields.asked |= _UNUSED | {"credits", "author"}
    if (allowed := fields.texts("languages")) and "all" not in allowed:
        warnings.append(f"{where}: languages: not obeyed: those in others are judged, too")
    meta = Meta(
        version=version,
        types=frozenset(types),
        custom=custom,
        scored="score" in (fields.text("validation") or "").split()[1:],
        flags=_flags(tree, fields, ini),
        limits=limits,
        objective="min" if objective == "min" else "max",
        time_multiplier=multiplier,
        validation_passes=passes,
        validation_s=validation_s,
        names=_names(fields) or ({"": ini["name"]} if ini.get("name") else {}),
        constants=_constants(fields),
        keywords=tuple(word for word in keywords if word not in _DIFFICULTIES),
        difficulty=next((word for word in keywords if word in _DIFFICULTIES), None),
        license=fields.text("license"),
        source=_source(fields),
        authors=read_authors(fields),
        rights_owner=read_owner(fields),
        grading=forced_settings(grading),
        elsewhere=special_program(tree, ini, own=bool(custom)),
    )
    warnings += fields.unknown() + grading.unknown()
    return meta


def _validation(fields: Fields, types: set[str]) -> bool | None:
    """Read legacy's `validation: custom interactive score`, which also adds to the types."""
    words = (fields.text("validation") or "").split()
    if not words:
        return None
    if words[0] not in {"default", "custom"}:
        raise fields.bad("validation", f"must begin with default or custom, not {words[0]!r}")
    for word in words[1:]:
        if word not in {"score", "interactive", "multi-pass"}:
            raise fields.bad("validation", f"{word!r} is not one of score, interactive, multi-pass")
    types |= {word for word in words if word in {"interactive", "multi-pass"}}
    return words[0] == "custom"


def _limits(
    tree: PackageTree, fields: Fields, ini: dict[str, str], version: str, warnings: list[str]
) -> tuple[ProblemLimits, float, int, float]:
    limits = fields.map("limits")
    multipliers = section(limits, "time_multipliers", warnings)
    legacy = version.startswith("legacy")
    multiplier = limits.number("time_multiplier", above=0)
    newer = multipliers.number("ac_to_time_limit", low=1)
    multipliers.asked.add("time_limit_to_tle")
    time_s = (
        limits.number("time_limit", above=0)
        or limits.number("time", above=0)
        or time_beside(tree, ini)
    )
    memory = limits.number("memory", above=0)
    output = limits.number("output", above=0)
    passes = limits.number("validation_passes", low=2)
    validation_s = limits.number("validation_time", above=0)
    limits.asked |= {*_UNUSED_LIMITS, *_NOT_OBEYED}
    stated = ", ".join(limits.name(key) for key in _NOT_OBEYED if limits.has(key))
    warnings += [f"{limits.file}: {stated}: not obeyed"] if stated else []
    warnings += limits.unknown() + multipliers.unknown()
    return (
        ProblemLimits(
            time_s=time_s or ProblemLimits().time_s,
            time_assumed=time_s is None,
            # What Kattis gives where the package says nothing.
            memory_mb=max(1, round(memory or (1024 if legacy else 2048))),
            output_mb=max(1, round(output or 8)),
        ),
        multiplier or newer or (5.0 if legacy else 2.0),
        round(passes or 2),
        validation_s or 60.0,
    )


def section(fields: Fields, key: str, warnings: list[str]) -> Fields:
    """Return a nested mapping. What no judge reads in its place is warned of, and nothing more."""
    value = fields.get(key)
    if value is None or isinstance(value, dict):
        return fields.map(key)
    warnings.append(str(fields.bad(key, "must be a map of keys to values; ignored")))
    return Fields.of({}, fields.file, key)


def _flags(tree: PackageTree, fields: Fields, ini: dict[str, str]) -> tuple[str, ...]:
    """Return the arguments of the output validator; DOMjudge's ini knows them too."""
    flags = read_flags(fields, "validator_flags")
    if flags is None and ini.get("special_compare_args"):
        where = tree.where("domjudge-problem.ini")
        flags = read_flags(Fields(where, ini), "special_compare_args")
    return flags or ()


def _names(fields: Fields) -> dict[str, str]:
    value = fields.get("name")
    if isinstance(value, dict):
        inner = fields.map("name")
        texts = {language: inner.text(language) or "" for language in inner.values}
        return {language: text for language, text in texts.items() if text.strip()}
    name = fields.text("name")
    return {"": name} if name else {}


def _constants(fields: Fields) -> dict[str, str]:
    """Return `name` and `name.variant` to their texts."""
    inner = fields.map("constants")
    texts: dict[str, str] = {}
    for name, value in inner.values.items():
        if isinstance(value, dict):
            variants = inner.map(name)
            for variant in variants.values:
                texts[f"{name}.{variant}"] = variants.text(variant) or ""
            texts[name] = texts.get(f"{name}.value", "")
        else:
            texts[name] = texts[f"{name}.value"] = inner.text(name) or ""
    return texts


def _keywords(fields: Fields) -> tuple[str, ...]:
    value = fields.get("keywords")
    if isinstance(value, str):
        return tuple(word for word in re.split(r"[,\s]+", value) if word)
    return fields.texts("keywords") or ()


def _source(fields: Fields) -> str | None:
    value = fields.get("source")
    items = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    texts = [scalar_text(n, fields.file, "source") for n in names if n is not None]
    return ", ".join(texts) or None


def equality_of(flags: tuple[str, ...], file: str) -> Equality:
    """Return the equality that flags of Kattis's default output validator declare.

    Raises:
        BadInput: An unknown flag, or a tolerance without a number.
    """
    abs_tol = rel_tol = None
    case, mode = False, "tokens"
    words = iter(flags)
    for word in words:
        if word == "case_sensitive":
            case = True
        elif word == "space_change_sensitive":
            mode = "exact"
        elif word in {"float_tolerance", "float_absolute_tolerance", "float_relative_tolerance"}:
            value = _tolerance(next(words, ""), word, file)
            abs_tol = abs_tol if word == "float_relative_tolerance" else value
            rel_tol = rel_tol if word == "float_absolute_tolerance" else value
        else:
            raise BadInput(
                f"{word!r} is not a flag of the default output validator",
                file=file,
                field="validator_flags",
            )
    return Equality(
        mode="exact" if mode == "exact" else "tokens",
        case_sensitive=case,
        abs_tol=abs_tol,
        rel_tol=rel_tol,
    )


def _tolerance(text: str, word: str, file: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e30:
        raise BadInput(f"{word} needs a number of at least 0", file=file, field="validator_flags")
    return value
