"""Test data of a Kattis package that proves its validators: `data/{invalid,valid}_...`."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    proofs: list[ProofCase] = []
    quiet: list[str] = []  # what is in `data/` itself was warned of before
    cases = _Cases(tree, new_style, warnings)
    for kind in _KINDS:
        for folder in (f"data/{kind}", f"data/{kind}s"):
            if not tree.has_folder(folder):
                continue
            settings = _Cases(tree, new_style, quiet).settings("data", KattisSettings())
            for path in tree.files(folder):
                if path.endswith(".in"):
                    case = cases.case(kind, path[:-3], settings)
                    if case is not None:
                        test = case.test
                        test = replace(test, output_flags=(*flags, *test.output_flags))
                        proofs.append(replace(case, test=test))
    return tuple(proofs)


@dataclass
class _Cases:
    """The cases of one package; what is odd but harmless is added to `warnings`."""

    tree: PackageTree
    new_style: bool
    warnings: list[str]

    def settings(self, folder: str, inherited: KattisSettings) -> KattisSettings:
        if self.new_style:
            return new_settings(self.tree, folder, self.warnings, inherited)[0]
        return legacy_settings(self.tree, folder, inherited, self.warnings)

    def case(
        self,
        kind: Literal["invalid_input", "invalid_output", "valid_output"],
        base: str,
        settings: KattisSettings,
    ) -> ProofCase | None:
        parts = base.split("/")
        for depth in range(2, len(parts)):
            settings = self.settings("/".join(parts[:depth]), settings)
        if f"{base}.yaml" in self.tree:
            where = self.tree.where(f"{base}.yaml")
            fields = Fields.of(
                parse_yaml(self.tree.read(f"{base}.yaml"), where, self.warnings), where
            )
            settings = shared_settings(fields, settings)
            self.warnings += fields.unknown()
        needed = [".in"] if kind == "invalid_input" else [".in", ".ans", ".out"]
        for ending in needed:
            if f"{base}{ending}" not in self.tree:
                self.warnings.append(
                    f"{self.tree.where(base + ending)}: is missing: the case is not checked"
                )
                return None
        answer, output = (
            _blob(self.tree, f"{base}{ending}") if ending in needed else None
            for ending in (".ans", ".out")
        )
        test = TestCase(
            base.removeprefix("data/"),
            _blob(self.tree, f"{base}.in"),
            answer,
            args=settings.args,
            input_flags=settings.input_flags,
            input_flags_by=settings.input_flags_by or {},
            output_flags=settings.output_flags,
        )
        return ProofCase(kind, test, output)


def _blob(tree: PackageTree, path: str) -> Blob:
    return Blob(tree.where(path), partial(tree.read_any, path), tree.size(path))
