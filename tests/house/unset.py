"""Settings that nothing sets: fields and parameters with a default that no call gives a value.

A field of a dataclass or of a pydantic model is set by a call of its class or of one that inherits
from it, by a copy (`replace`, `model_copy`) that changes only fields that its class has, or by
storing an attribute of its name: in a method of its class, or, where the class is not frozen,
anywhere. What is read from outside with pydantic (files, variables, journals) is set by whoever
wrote that. A parameter is set by a call of a function of that name.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from tests.house.kinds import Kinds
from tests.house.product import Module, lists_options

_COPIES = {"replace", "model_copy"}
_MAKES_NONE = {"isinstance", "issubclass", "cast", "fields", "asdict", "EventKind", "field"}
"""Calls that take a class and give its fields no value."""
_READERS = {"model_validate", "model_validate_json", "TypeAdapter"}
_PYDANTIC = {"BaseModel", "BaseSettings"}
_TAG = re.compile(r"ClassVar\[.*|Literal\[[^,]*\]", re.DOTALL)
"""What is not a setting: a class's own, or what tells one class of a union from another."""
_ENOUGH = 99  # more positional arguments than anything takes
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class _Class:
    """A class: its fields in order (inherited ones too), and its own that have a default."""

    module: str
    node: ast.ClassDef
    bases: list[str]
    fields: list[str]
    optional: list[str]
    frozen: bool


@dataclass
class _Uses:
    """What the product's calls and assignments set."""

    given: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Called name to the keywords that calls give."""
    places: Counter[str] = field(default_factory=Counter)
    """Called name to the most positional arguments."""
    anything: set[str] = field(default_factory=set)
    """Names that are called with `**`, or handed on and called elsewhere."""
    copies: list[tuple[set[str], set[str]]] = field(default_factory=list)
    """The fields that each copy changes, and the classes that may be copied (none if unknown)."""
    stored: set[str] = field(default_factory=set)
    """Attributes that are stored in other objects than `self`."""
    stored_by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Class to the attributes that its methods store."""
    read: set[str] = field(default_factory=set)
    """Classes that pydantic reads from outside."""


def unset(modules: list[Module], dead: set[int], *, callers_set: Collection[str]) -> Iterator[str]:
    """Yield `module.name(field)` for each field and parameter that nothing sets.

    Args:
        modules: Those that a command reaches.
        dead: The ids of the definitions in them that none reaches.
        callers_set: The modules whose parameters users set from Python.
    """
    classes = {
        node.name: _class(module.name, node)
        for module in modules
        for node in module.nodes
        if isinstance(node, ast.ClassDef)
    }
    uses = _uses(modules)
    _inherit(classes, uses)
    read = _read_from_outside(classes, uses.read, _aliases(modules))
    for name, one in classes.items():
        if id(one.node) in dead or name in uses.anything | read or not _declares(name, classes):
            continue
        taken = uses.given[name] | uses.stored_by[name] | {*one.fields[: uses.places[name]]}
        for changed, of in uses.copies:
            taken |= changed if changed <= {*one.fields} and (not of or name in of) else set()
        taken |= set() if one.frozen else uses.stored
        yield from (f"{one.module}.{name}({item})" for item in one.optional if item not in taken)
    loose = uses.stored.union(*uses.stored_by.values(), *(changed for changed, _ in uses.copies))
    for module in modules:
        if module.name not in callers_set:
            yield from _unset_parameters(module, dead, uses, loose)


def _class(module: str, node: ast.ClassDef) -> _Class:
    items = [
        item
        for item in node.body
        if isinstance(item, ast.AnnAssign) and "init=False" not in ast.unparse(item)
        if not _TAG.fullmatch(ast.unparse(item.annotation))
    ]
    return _Class(
        module=module,
        node=node,
        bases=[*map(_called, node.bases)],
        fields=[_called(item.target) for item in items],
        optional=[
            _called(item.target)
            for item in items
            if item.value is not None and "default_factory" not in ast.unparse(item.value)
        ],
        frozen=_is_frozen(node),
    )


def _is_frozen(node: ast.ClassDef) -> bool:
    assigned = (item for item in node.body if isinstance(item, ast.Assign))
    places: list[ast.AST] = [*node.decorator_list, *node.keywords, *assigned]
    return any("frozen=True" in ast.unparse(place) for place in places)


def _declares(name: str, classes: dict[str, _Class]) -> bool:
    """Whether what is annotated in a class is a field that its call takes."""
    decorators = " ".join(map(ast.unparse, classes[name].node.decorator_list))
    return "dataclass" in decorators or not _PYDANTIC.isdisjoint(_ancestors(name, classes))


def _ancestors(name: str, classes: dict[str, _Class]) -> list[str]:
    if name not in classes:
        return []
    return [item for base in classes[name].bases for item in (*_ancestors(base, classes), base)]


def _inherit(classes: dict[str, _Class], uses: _Uses) -> None:
    """Let what is set of a class count for those that it inherits from, whose fields it has."""
    own = {name: one.fields for name, one in classes.items()}
    for name, one in classes.items():
        bases = [base for base in _ancestors(name, classes) if base in classes]
        one.fields = [item for base in (*bases, name) for item in own[base]]
        for base in bases:
            uses.given[base] |= uses.given[name]
            uses.stored_by[base] |= uses.stored_by[name]
            uses.places[base] = max(uses.places[base], uses.places[name])
            uses.anything |= {base} if name in uses.anything else set()
            for _, of in uses.copies:
                of |= {name} if base in of else set()


def _read_from_outside(
    classes: dict[str, _Class], read: set[str], aliases: dict[str, set[str]]
) -> set[str]:
    """Return these classes, those that their fields hold, and the ones that these inherit from."""
    closed: set[str] = set()
    waiting = {*read, *(n for n in classes if "BaseSettings" in _ancestors(n, classes))}
    while waiting:
        name = waiting.pop()
        if name in closed:
            continue
        closed.add(name)
        waiting |= aliases.get(name, set()) | {*_ancestors(name, classes)}
        for item in classes[name].node.body if name in classes else ():
            if isinstance(item, ast.AnnAssign):
                waiting |= _words(item.annotation)
    return closed


def _aliases(modules: list[Module]) -> dict[str, set[str]]:
    """Return what names of types on the top of a module stand for."""
    return {
        _called(node.targets[0]): _words(node.value)
        for module in modules
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp | ast.Subscript)
    }


def _uses(modules: list[Module]) -> _Uses:
    uses = _Uses()
    kinds = Kinds(modules)
    for module in modules:
        real = _real_names(module)
        for copy, of in kinds.copied(module):
            uses.copies.append((_changed(copy), of))
        for node in module.nodes:
            if isinstance(node, ast.Call):
                name = _called(node.func)
                _note_call(uses, node, real.get((id(node), name), real.get((0, name), name)))
                if name in _COPIES and any(keyword.arg is None for keyword in node.keywords):
                    # The fields' names stand as strings nearby.
                    uses.copies += [({word}, set()) for word in _strings(module.tree)]
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                uses.stored |= {node.attr} if _called(node.value) != "self" else set()
            elif isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
                uses.anything.update(map(_called, node.elts))  # a table: its reader calls them
            elif isinstance(node, ast.Dict):
                uses.anything.update(map(_called, node.values))
            elif isinstance(node, _Function) and _is_door(node):
                uses.read |= _words(node.args)
            elif isinstance(node, ast.ClassDef):
                inner = (n for n in ast.walk(node) if isinstance(n, ast.Attribute))
                stored = {n.attr for n in inner if isinstance(n.ctx, ast.Store)}
                uses.stored_by[node.name] |= stored
    return uses


def _is_door(node: _Function) -> bool:
    """Whether a function answers requests: FastAPI reads its arguments out of their bodies."""
    calls = (decorator.func for decorator in node.decorator_list if isinstance(decorator, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr == "post" for call in calls)


def _note_call(uses: _Uses, node: ast.Call, name: str) -> None:
    keywords = {keyword.arg for keyword in node.keywords if keyword.arg}
    uses.given[name] |= keywords
    if any(keyword.arg is None for keyword in node.keywords):
        uses.anything.add(name)
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    uses.places[name] = max(uses.places[name], _ENOUGH if starred else len(node.args))
    if name == "partial":
        uses.given[_called(node.args[0])] |= keywords
    if name in _READERS:
        uses.read |= _words(node)
    if name not in _MAKES_NONE:  # what is handed on is called elsewhere
        uses.anything.update(map(_called, node.args))
        uses.anything.update(_called(keyword.value) for keyword in node.keywords)


def _changed(copy: ast.Call) -> set[str]:
    """Return the fields that a copy changes."""
    if _called(copy.func) == "replace":
        return {keyword.arg for keyword in copy.keywords if keyword.arg}
    dicts = (node for node in ast.walk(copy) if isinstance(node, ast.Dict))
    keys = {key.value for mapping in dicts for key in mapping.keys if isinstance(key, ast.Constant)}
    return {key for key in keys if isinstance(key, str)}


def _unset_parameters(
    module: Module, dead: set[int], uses: _Uses, loose: set[str]
) -> Iterator[str]:
    for node in module.nodes:
        if not isinstance(node, _Function) or id(node) in dead or node.name in uses.anything:
            continue
        if lists_options(node.args) or node.name.startswith("__"):
            continue  # a command's options are set by whoever types them
        for place, name in _optional(node.args):
            if name not in uses.given[node.name] | loose and place >= uses.places[node.name]:
                yield f"{module.name}.{node.name}({name})"


def _optional(parameters: ast.arguments) -> Iterator[tuple[int, str]]:
    """Yield the place of each parameter with a default among those of a call, and its name."""
    positional = [*parameters.posonlyargs, *parameters.args]
    own = bool(positional) and positional[0].arg in ("self", "cls")
    first = len(positional) - len(parameters.defaults)
    yield from ((i - own, one.arg) for i, one in enumerate(positional) if i >= first)
    named = zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
    yield from ((_ENOUGH, one.arg) for one, default in named if default is not None)


def _real_names(module: Module) -> dict[tuple[int, str], str]:
    """What an import calls otherwise, and for a call of `cls` in a class that class."""
    real: dict[tuple[int, str], str] = {}
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom):
            real.update(((0, alias.asname), alias.name) for alias in node.names if alias.asname)
        elif isinstance(node, ast.ClassDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and _called(inner.func) == "cls":
                    real[id(inner), "cls"] = node.name
    return real


def _words(tree: ast.AST) -> set[str]:
    """Return the names in an expression; strings in it are types in quotes."""
    names = {_called(node) for node in ast.walk(tree) if isinstance(node, ast.expr)}
    return names | {word for text in _strings(tree) for word in re.findall(r"\w+", text)}


def _strings(tree: ast.AST) -> set[str]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _called(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
