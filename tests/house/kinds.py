"""Which class an object may be of, as far as annotations nearby say."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from tests.house.product import Module

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Kinds:
    """The product's classes, and what its attributes and functions are annotated with."""

    def __init__(self, modules: list[Module]) -> None:
        """Collect them; names are compared, so an attribute may be of several classes."""
        nodes = [node for module in modules for node in module.nodes]
        self._classes = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
        self._named: dict[str, set[str]] = defaultdict(set)
        unknown: set[str] = set()
        for node in nodes:
            if isinstance(node, ast.AnnAssign):
                self._note(_last(node.target), node.annotation, unknown)
            elif isinstance(node, _Function):
                self._note(node.name, node.returns, unknown)
            elif isinstance(node, ast.Assign):
                # An attribute without an annotation: of the class that is called, or of any.
                for target in node.targets:
                    if isinstance(target, ast.Attribute):
                        name = _last(node.value.func) if isinstance(node.value, ast.Call) else ""
                        if name in self._classes:
                            self._named[target.attr].add(name)
                        elif target.attr not in self._named:
                            unknown.add(target.attr)
        for name in unknown:
            self._named.pop(name, None)

    def copied(self, module: Module) -> Iterator[tuple[ast.Call, set[str]]]:
        """Yield each copy of an object with changes, and the classes it may be of, if known."""
        if all(_source(node) is None for node in module.nodes if isinstance(node, ast.Call)):
            return
        seen: set[int] = set()
        functions = [node for node in module.nodes if isinstance(node, _Function)]
        for place in [*reversed(functions), module.tree]:  # the inner ones first
            for node in ast.walk(place):
                if isinstance(node, ast.Call) and id(node) not in seen:
                    source = _source(node)
                    if source is not None:
                        seen.add(id(node))
                        yield node, {*self._of(source, place, 0)}

    def _note(self, name: str, annotation: ast.expr | None, unknown: set[str]) -> None:
        classes = self._in(annotation)
        if classes:
            self._named[name] |= classes
        else:
            unknown.add(name)

    def _in(self, annotation: ast.expr | None) -> set[str]:
        if annotation is None:
            return set()
        return {*re.findall(r"\w+", ast.unparse(annotation))} & self._classes

    def _of(self, value: ast.expr, place: ast.AST, depth: int) -> set[str]:
        if isinstance(value, ast.Call):
            name = _last(value.func)
            if name in self._classes:
                return {name}
            return self._of(value.args[0], place, depth) if name == "replace" else self._named[name]
        if isinstance(value, ast.Attribute):
            return self._named[value.attr]
        if not isinstance(value, ast.Name) or depth > 3:
            return set()
        result: set[str] = set()
        for node in ast.walk(place):
            if isinstance(node, ast.arg) and node.arg == value.id:
                result |= self._in(node.annotation)
            elif isinstance(node, ast.Assign):
                for given in _given(node, value.id):
                    more = self._of(given, place, depth + 1)
                    if not more and given is not value:
                        return set()
                    result |= more
        return result


def _source(node: ast.Call) -> ast.expr | None:
    if isinstance(node.func, ast.Name) and node.func.id == "replace" and node.args:
        return node.args[0]
    if isinstance(node.func, ast.Attribute) and node.func.attr == "model_copy":
        return node.func.value
    return None


def _given(node: ast.Assign, name: str) -> Iterator[ast.expr]:
    """Yield what an assignment gives to a variable."""
    for target in node.targets:
        if isinstance(target, ast.Name) and target.id == name:
            yield node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for part, value in zip(target.elts, node.value.elts, strict=False):
                if isinstance(part, ast.Name) and part.id == name:
                    yield value


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
