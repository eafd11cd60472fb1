"""`docs/journal.md`, made from the declared kinds of events.

`python -m tests.house.journal_page` (part of `make lint`) fails where the page is not what the
declarations say, and with `--write` writes it.
"""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
import re
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from medalist.agent.journal.kind import KINDS, EventKind
from tests.house.product import ROOT, Product

PAGE = ROOT / "docs/journal.md"
_HEAD = """\
# The journal of a run

<!-- Made by `python -m tests.house.journal_page --write`; `make lint` fails where it is stale. -->

A run's directory holds `journal.sqlite`, and everything else in it can be made from that file. Its
table `events` (`seq`, `at` in Unix time, `kind`, `key`, `body`) is only ever added to; a body is a
JSON object, deflated from 512 bytes on. Its table `blobs` (`digest`, `content`) holds long texts
once, deflated, by their SHA-256. `medalist journal verify RUN` reads all of it, `medalist journal
compact RUN` makes it smaller, and `medalist journal salvage RUN NEW` saves a damaged one up to the
damage, as a run that the same command (with `--out NEW`) goes on with.

Fields that a later version of medalist wrote are ignored by an earlier one. Fields marked
*(optional)* may be missing: an earlier version did not write them. Where more than one event has
the same kind and key, the newest counts unless its kind says otherwise. Verdicts are those of
[judging.md](judging.md).
"""
_WRITERS = {"append", "_write"}
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", object: "any value"}


def page() -> str:
    """Return the page.

    Raises:
        ValueError: A field of a record has no description.
    """
    product = Product()
    names = _declared(product)
    writers = _writers(product, set(names.values()))
    parts = [_HEAD, "## Kinds of events\n"]
    nested: dict[str, type] = {}
    for name, only in sorted(names, key=lambda place: (place[0], place[1] or "")):
        kind = KINDS[name, only]
        written = ", ".join(f"`{writer}`" for writer in sorted(writers[names[name, only]]))
        parts.append(f"### `{name}`" + (f", key `{only}`" if only else "") + "\n")
        parts.append(f"{kind.doc}\n")
        key = f"`{kind.key}`" if kind.key.startswith("<") else kind.key
        parts.append(f"Key: {key}. Written by {written}.\n")
        parts += _model(kind.model, nested)
    parts.append("## Types of fields\n")
    shown: set[str] = set()
    while left := sorted(set(nested) - shown):
        for name in left:
            shown.add(name)
            parts.append(f"### {name}\n")
            parts.append(f"{_summary(nested[name])}\n")
            parts += _table(nested[name], nested)
    return "\n".join(parts).rstrip() + "\n"


def _declared(product: Product) -> dict[tuple[str, str | None], str]:
    """Import every module that declares kinds; return the name of the variable of each."""
    variables: dict[tuple[str, str | None], str] = {}
    for module in product.modules.values():
        targets = [
            node.targets[0] if isinstance(node, ast.Assign) else node.target
            for node in module.tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value.func) == "EventKind"
        ]
        for target in targets:
            assert isinstance(target, ast.Name)
            kind = getattr(importlib.import_module(module.name), target.id)
            assert isinstance(kind, EventKind)
            variables[kind.name, kind.only] = target.id
    return variables


def _writers(product: Product, variables: set[str]) -> dict[str, set[str]]:
    """Return for each kind's variable the modules that append such events."""
    writers: dict[str, set[str]] = {name: set() for name in variables}
    for module in product.modules.values():
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _WRITERS
                and node.args
            ):
                named = {item.id for item in ast.walk(node.args[0]) if isinstance(item, ast.Name)}
                for name in named & variables:
                    writers[name].add(module.name.removeprefix("medalist."))
    unwritten = sorted(name for name, modules in writers.items() if not modules)
    if unwritten:
        raise ValueError(f"no module appends {', '.join(unwritten)}")
    return writers


def _model(model: Any, nested: dict[str, type]) -> Iterator[str]:
    """Describe what a kind holds: one type, or one of several."""
    if get_origin(model) is typing.Annotated:
        model = get_args(model)[0]
    if get_origin(model) in (Union, types.UnionType):
        for part in get_args(model):
            yield f"#### {part.__name__}\n"
            yield f"{_summary(part)}\n"
            yield from _table(part, nested)
    elif isinstance(model, type) and get_origin(model) is None:
        yield from _table(model, nested)
    else:
        yield f"The body is an {_type(model, nested)}.\n"


def _table(model: type, nested: dict[str, type]) -> Iterator[str]:
    if issubclass(model, enum.Enum):
        yield f"One of {', '.join(f'`{item.value}`' for item in model)}.\n"
        return
    docs = _docs(model)
    yield "| field | type | meaning |\n|---|---|---|"
    for name, hint, optional in _fields(model):
        if name not in docs and not hasattr(model, "model_fields"):
            raise ValueError(f"{model.__name__}.{name} has no description under Attributes")
        said = docs.get(name, "") + (" *(optional)*" if optional else "")
        said = re.sub(r"\bNone\b", "null", said.strip())
        yield f"| `{name}` | {_type(hint, nested)} | {said} |".replace("  ", " ")
    yield ""


def _fields(model: type) -> Iterator[tuple[str, Any, bool]]:
    hints = get_type_hints(model)
    if is_dataclass(model):
        for field in fields(model):
            has_default = field.default is not MISSING or field.default_factory is not MISSING
            yield field.name, hints[field.name], has_default
        return
    known: dict[str, Any] = getattr(model, "model_fields", {})
    defaults = getattr(model, "_field_defaults", {})
    names: tuple[str, ...] = tuple(known) or getattr(model, "_fields", ())
    for name in names:
        optional = not known[name].is_required() if known else name in defaults
        yield name, hints[name], optional


def _docs(model: type) -> dict[str, str]:
    """Read the descriptions under `Attributes:` of a class and of those that it extends."""
    docs: dict[str, str] = {}
    for base in reversed(model.__mro__):
        text = inspect.cleandoc(base.__dict__.get("__doc__") or "")
        _, _, listed = text.partition("Attributes:\n")
        for match in re.finditer(r"^    ([\w, ]+): ((?:.+\n?)(?:^      +.+\n?)*)", listed, re.M):
            for name in match[1].split(", "):
                docs[name] = " ".join(match[2].split())
    return docs


def _summary(model: type) -> str:
    text = inspect.cleandoc(model.__doc__ or "")
    return re.sub(r"\bNone\b", "null", " ".join(text.partition("Attributes:\n")[0].split()))


def _type(hint: Any, nested: dict[str, type]) -> str:
    """Say in JSON's words what a type is."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is type(None):
        return "null"
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin is typing.Annotated:
        return _type(args[0], nested)
    if origin is Literal:
        return " or ".join(f"`{arg}`" for arg in args)
    if origin in (Union, types.UnionType):
        words = [_type(arg, nested) for arg in args]
        return " or ".join(dict.fromkeys(words))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return f"object of {_type(args[1], nested)}"
    if origin in (tuple, list, frozenset) or str(origin).endswith("Sequence'>"):
        if origin is tuple and args[-1] is not ...:
            return f"[{', '.join(_type(arg, nested) for arg in args)}]"
        return f"array of {_type(args[0], nested)}"
    if isinstance(hint, type):
        if issubclass(hint, str) and not issubclass(hint, enum.Enum):
            return "string"
        nested[hint.__name__] = hint
        link = f"[{hint.__name__}](#{hint.__name__.lower()})"
        return f"{link}, as an array" if issubclass(hint, tuple) else link
    return "any value"


def main(*, write: bool = False) -> int:
    """Compare the page with the declarations, or write it."""
    text = page()
    if write:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
        print(f"{PAGE.relative_to(ROOT)} is stale: python -m tests.house.journal_page --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(write="--write" in sys.argv[1:]))
