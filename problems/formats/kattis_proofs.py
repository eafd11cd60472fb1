"""Test data of a Kattis package that proves its validators: `data/{invalid,valid}_...`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.kattis_settings import (
    KattisSettings,
    legacy_settings,
    new_settings,
    shared_settings,
)
from medalist.problems.formats.tree import PackageTree
from medalist.problems.secret import Blob, ProofCase, TestCase

_KINDS: tuple[Literal["invalid_input", "invalid_output", "valid_output"], ...] = (
    "invalid_input",
    "invalid_output",
    "valid_output",
)


def read_proofs(
    tree: PackageTree, flags: tuple[str, ...], *, new_style: bool, warnings: list[str]
) -> tuple[ProofCase, ...]:
    """Read them; folders in the plural are those of older BAPCtools.

    Args:
        tree: The package.
        flags: Arguments of the output validator that the whole package has.
        new_style: Whether settings are those of 2025-09.
        warnings: What is odd but harmless is added here.
    """
    found: list[ProofCase] = []
    quiet: list[str] = []  # what stands in `data/` itself was warned of before
    for kind in _KINDS:
        for folder in (f"data/{kind}", f"data/{kind}s"):
            if not tree.has_folder(folder):
                continue
            settings = _settings(tree, "data", KattisSettings(), new_style, quiet)
            for path in tree.files(folder):
                if path.endswith(".in"):
                    case = _case(tree, kind, path[:-3], settings, new_style, warnings)
                    if case is not None:
                        test = case.test
                        test = replace(test, output_flags=(*flags, *test.output_flags))
                        found.append(replace(case, test=test))
    return tuple(found)


def _settings(
    tree: PackageTree, folder: str, inherited: KattisSettings, new_style: bool, warnings: list[str]
) -> KattisSettings:
    if new_style:
        return new_settings(tree, folder, warnings, inherited)[0]
    return legacy_settings(tree, folder, inherited, warnings)


def _case(
    tree: PackageTree,
    kind: Literal["invalid_input", "invalid_output", "valid_output"],
    base: str,
    settings: KattisSettings,
    new_style: bool,
    warnings: list[str],
) -> ProofCase | None:
    parts = base.split("/")
    for depth in range(2, len(parts)):
        settings = _settings(tree, "/".join(parts[:depth]), settings, new_style, warnings)
    if f"{base}.yaml" in tree:
        where = tree.where(f"{base}.yaml")
        fields = Fields.of(parse_yaml(tree.read(f"{base}.yaml"), where, warnings), where)
        settings = shared_settings(fields, settings)
        warnings += fields.unknown()
    needed = [".in"] if kind == "invalid_input" else [".in", ".ans", ".out"]
    for ending in needed:
        if f"{base}{ending}" not in tree:
            warnings.append(f"{tree.where(base + ending)}: is missing: the case is not checked")
            return None
    answer, output = (
        _blob(tree, f"{base}{ending}") if ending in needed else None for ending in (".ans", ".out")
    )
    test = TestCase(
        base.removeprefix("data/"),
        _blob(tree, f"{base}.in"),
        answer,
        args=settings.args,
        input_flags=settings.input_flags,
        input_flags_by=settings.input_flags_by or {},
        output_flags=settings.output_flags,
    )
    return ProofCase(kind, test, output)


def _blob(tree: PackageTree, path: str) -> Blob:
    return Blob(tree.where(path), partial(tree.read_any, path), tree.size(path))
