"""What benchmarks import is there: they are run rarely, and break unseen."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

from tests.house.product import ROOT

FILES = sorted((ROOT / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_name_that_a_benchmark_imports_exists(path: Path) -> None:
    missing = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        beside = ROOT / "benchmarks" / f"{node.module}.py"
        for alias in node.names:
            if node.module.startswith("medalist"):
                module = import_module(node.module)
                known = hasattr(module, alias.name)
                if not known:
                    try:
                        import_module(f"{node.module}.{alias.name}")
                        known = True
                    except ModuleNotFoundError:
                        pass
            else:
                known = not beside.is_file() or alias.name in _defined(beside)
            if not known:
                missing.append(f"{node.module}.{alias.name}")
    assert not missing


def _defined(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names.update(alias.asname or alias.name for alias in node.names)
    return names
