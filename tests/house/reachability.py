"""What no command reaches: `python -m tests.house.reachability` (part of `make lint`).

Named are modules, public functions, classes and methods, fields of settings and optional parameters
that nothing sets, and prompt templates. Tests and benchmarks do not count. A definition is
reached when a module that the command line imports names it outside of definitions that are not
reached themselves. Names are compared, not bindings: what shares its name with something that is
used is not found, so the list may be too short, never too long. What sets a field is told by its
class (`unset.py`).

What may stay unreached is listed with its reason in `reachability.toml`; an entry that is reached
by now is an error, too.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.house.product import ROOT, Module, Product
from tests.house.unset import unset

COMMANDS = "medalist.agent.commands"
PROGRAMS = {"medalist", "medalist.__main__", "medalist.sandbox.engine"}
"""What is started by `medalist`, `import medalist`, or `python -m` in the Makefile."""
LIBRARY = ("medalist.library", "medalist.reward")
"""What users call from Python: they set its parameters."""
EXCEPTIONS = Path(__file__).with_name("reachability.toml")
_Def = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_FRAMEWORK = ("model_", "validate", "serialize")
_NAME_CHARS = 60
_CALLED_BY_PACKAGES = "medalist.problems.dmoj_box.dmoj"
"""DMOJ's own names, for the checkers and interactors of its packages."""


class Definition(NamedTuple):
    """A public function, class or method of a reached module."""

    label: str
    name: str
    node: _Def


def unreached(root: Path = ROOT) -> list[str]:
    """Return what no command reaches, as `module` or `module.name`, sorted."""
    product = Product(root)
    roots = PROGRAMS | {*LIBRARY} | {name for name in product.modules if name.startswith(COMMANDS)}
    reached = product.reached(roots)
    modules = [
        product.modules[name]
        for name in sorted(reached)
        if not name.startswith(_CALLED_BY_PACKAGES)
    ]
    labels = [name for name in product.modules if name not in reached]
    dead = _dead(root, modules)
    labels += [definition.label for definition in dead]
    nodes = {id(definition.node) for definition in dead}
    labels += unset(modules, nodes, callers_set=LIBRARY)
    labels += _templates(root, modules)
    return sorted(labels)


def _dead(root: Path, modules: list[Module]) -> list[Definition]:
    """Return definitions that are named only inside of themselves or of each other."""
    definitions = [item for module in modules for item in _definitions(module)]
    used: Counter[str] = Counter()
    for path in (root / "agent").rglob("*.j2"):
        used.update(re.findall(r"[A-Za-z_]\w*", path.read_text(encoding="utf-8")))
    for module in modules:
        used.update(_names(module.tree))
    inside = {id(item.node): _names(item.node) for item in definitions}
    dead: list[Definition] = []
    while True:
        fresh = [
            item for item in definitions if used[item.name] <= inside[id(item.node)][item.name]
        ]
        if not fresh:
            return dead
        for item in fresh:
            used.subtract(inside[id(item.node)])
            definitions.remove(item)
        dead += fresh


def _definitions(module: Module) -> Iterator[Definition]:
    for node in module.tree.body:
        if not isinstance(node, _Def) or node.name.startswith("_"):
            continue
        if isinstance(node, ast.ClassDef):
            yield Definition(f"{module.name}.{node.name}", node.name, node)
            # Whoever implements a framework's or a protocol's interface is called by that.
            if any(ast.unparse(base) not in ("ABC", "Protocol") for base in node.bases):
                continue
            for inner in node.body:
                if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    continue
                if not inner.name.startswith(("_", *_FRAMEWORK)):
                    yield Definition(f"{module.name}.{node.name}.{inner.name}", inner.name, inner)
        elif not node.decorator_list:
            yield Definition(f"{module.name}.{node.name}", node.name, node)


def _names(tree: ast.AST) -> Counter[str]:
    """Count what a tree names: variables, attributes, imports, keywords, words in short strings."""
    names: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names[node.id] += 1
        elif isinstance(node, ast.Attribute):
            names[node.attr] += 1
        elif isinstance(node, ast.keyword) and node.arg:
            names[node.arg] += 1
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # A type in quotes, a lazy import (`module:name`), a name for `getattr`.
            if len(node.value) < _NAME_CHARS and not set(node.value) & {"\n", " "}:
                names.update(node.value.replace(":", ".").replace("[", ".").split("."))
        elif isinstance(node, ast.Assign) and _is_all(node.targets[0]):
            names.subtract(_names(node.value))  # to be listed there is no use
    return names


def _is_all(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "__all__"


def _templates(root: Path, modules: list[Module]) -> Iterator[str]:
    """Yield prompt templates whose name is in no reached module."""
    words: set[str] = set()
    for module in modules:
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.update(node.value.split())
    for path in sorted((root / "agent/prompts").glob("*.txt")):
        if not {path.stem, path.name} & words:
            yield f"agent/prompts/{path.name}"


def main() -> int:
    """Print what is unreached without a reason, and reasons that are not needed any more."""
    reasons: dict[str, str] = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))["unreached"]
    labels = unreached()
    wrong = [f"{label}: no command reaches it" for label in labels if label not in reasons]
    wrong += [f"{name}: is reached; take it off the list" for name in reasons if name not in labels]
    for line in wrong:
        print(line)
    print(f"{len(labels)} unreached, {len(reasons)} of them with a reason", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
