"""The product's modules as syntax trees: what the other checks of the house look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ROOMS = ("agent", "sandbox", "problems", "src/medalist")
_DATA = {"archive", "hostile", "__pycache__"}
"""Programs of problems and hostile ones are data."""


@dataclass(frozen=True)
class Module:
    """One module: its dotted name, its file below the root, and its tree."""

    name: str
    path: Path
    tree: ast.Module = field(compare=False, repr=False)

    @property
    def package(self) -> str:
        """The dotted name that relative imports start from."""
        return self.name if self.path.stem == "__init__" else self.name.rpartition(".")[0]

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the tree: it is looked through many times, and walking takes long."""
        return [*ast.walk(self.tree)]


class Product:
    """All modules by dotted name."""

    def __init__(self, root: Path = ROOT) -> None:
        """Parse what is below `root`."""
        self.root = root
        self.modules = {module.name: module for module in _modules(root)}

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        """Module name to those that it imports, or names in a string (lazy imports, `-m`)."""
        return {module.name: set(self._imported(module)) for module in self.modules.values()}

    def reached(self, roots: set[str]) -> set[str]:
        """Return the modules that `roots` import, directly or not."""
        seen: set[str] = set()
        waiting = [name for name in self.modules if name in roots]
        while waiting:
            name = waiting.pop()
            if name in seen or name not in self.modules:
                continue
            seen.add(name)
            waiting += [name.rpartition(".")[0], *self.imports[name]]
        return seen

    def _imported(self, module: Module) -> Iterator[str]:
        for node in module.nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    parts = module.package.split(".")
                    base = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [base])])
                for alias in node.names:
                    full = f"{base}.{alias.name}"
                    yield full if full in self.modules else base
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from self._named(node.value)

    def _named(self, text: str) -> Iterator[str]:
        """Modules that a string names: dotted, `module:attribute` of a command, or a file."""
        plain = text.partition(":")[0]
        for name in (plain, f"medalist.agent.commands.{plain}"):
            if name in self.modules:
                yield name
        if text.endswith(".py"):
            stem = Path(text).stem
            yield from (name for name in self.modules if name.rpartition(".")[2] == stem)


@cache
def _modules(root: Path) -> tuple[Module, ...]:
    return tuple(_parsed(root))


def _parsed(root: Path) -> Iterator[Module]:
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            relative = path.relative_to(root)
            inside = relative.relative_to("src") if room.startswith("src") else relative
            if _DATA & {*relative.parts} or (room == "src/medalist" and len(inside.parts) > 2):
                continue
            parts = [*inside.with_suffix("").parts]
            if parts[0] != "medalist":
                parts.insert(0, "medalist")
            if parts[-1] == "__init__":
                parts.pop()
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield Module(".".join(parts), relative, tree)


def lists_options(arguments: ast.arguments) -> bool:
    """Whether a function's parameters are a command's options (`Annotated`)."""
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return any(
        isinstance(node, ast.Name) and node.id == "Annotated"
        for argument in every
        if argument.annotation is not None
        for node in ast.walk(argument.annotation)
    )
