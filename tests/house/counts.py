"""Figures of the house, for before and after: `python -m tests.house.counts [ROOT] [--json]`.

Colliding names count what the product itself names: the modules of `problems/dmoj_box/dmoj` are
called as DMOJ calls them, a file in `commands/` as its command.
"""

from __future__ import annotations

import argparse
import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.house.product import ROOT, Module, Product, lists_options

MOST_PARAMETERS = 5
_ELSEWHERE_NAMED = ("problems/dmoj_box/dmoj/", "agent/commands/")


def counts(root: Path = ROOT) -> dict[str, int]:
    """Return each figure by its name."""
    modules = [*Product(root).modules.values()]
    own = [m for m in modules if not str(m.path).startswith(_ELSEWHERE_NAMED)]
    text = {module: (root / module.path).read_text(encoding="utf-8") for module in modules}
    return {
        "lines of product code": sum(source.count("\n") for source in text.values()),
        "modules": len(modules),
        "files over 300 lines": sum(source.count("\n") > 300 for source in text.values()),
        "colliding class names": len(colliding_classes(own)),
        "colliding module names": len(colliding_modules(own)),
        "dict[str, Any]": sum(source.count("dict[str, Any]") for source in text.values()),
        "Any": sum(_names(module, "Any") for module in modules),
        "cast": sum(_calls(module, "cast") for module in modules),
        "longest parameter list": max(size for size, _ in parameter_lists(modules)),
    }


def colliding_classes(modules: list[Module]) -> dict[str, list[str]]:
    """Return public classes that share a name, with their files."""
    places: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(module.path))
    return {name: files for name, files in sorted(places.items()) if len(files) > 1}


def colliding_modules(modules: list[Module]) -> dict[str, list[str]]:
    """Return modules that share a name, with their files."""
    places: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        if module.path.stem not in ("__init__", "__main__"):
            places[module.path.stem].append(str(module.path))
    return {name: files for name, files in sorted(places.items()) if len(files) > 1}


def parameter_lists(modules: list[Module]) -> Iterator[tuple[int, str]]:
    """Yield each function's number of parameters, `self` and lists of options apart.

    Options are listed by commands, and by what users call from Python.
    """
    for module in modules:
        if module.name in ("medalist.library", "medalist.reward"):
            continue
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = node.args
                if lists_options(arguments):
                    continue
                every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
                size = sum(argument.arg not in ("self", "cls") for argument in every)
                yield size, f"{module.path}:{node.lineno} {node.name}"


def _names(module: Module, name: str) -> int:
    return sum(isinstance(node, ast.Name) and node.id == name for node in module.nodes)


def _calls(module: Module, name: str) -> int:
    return sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in module.nodes
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = counts(options.root)
    if options.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{figure:7,}  {name}")
    modules = [*Product(options.root).modules.values()]
    own = [m for m in modules if not str(m.path).startswith(_ELSEWHERE_NAMED)]
    for name, files in {**colliding_classes(own), **colliding_modules(own)}.items():
        print(f"{name}: {', '.join(files)}")
    for size, place in sorted(parameter_lists(modules), reverse=True):
        if size <= MOST_PARAMETERS:
            break
        print(f"{size} parameters: {place}")


if __name__ == "__main__":
    main()
