"""Title and kind of a problem, read from as little of it as will do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from medalist.problems.formats.fields import Fields, parse_json, parse_yaml
from medalist.problems.formats.kattis_meta import read_meta
from medalist.problems.formats.latex import convert
from medalist.problems.formats.plain import load_plain
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree

_TITLE = re.compile(r"\\problemname\{((?:[^{}]|\{[^{}]*\})*)\}")
_STATEMENT = re.compile(r"(?:problem_statement|statement)/problem(?:\.en)?\.(?:tex|md)")
_NAME = re.compile(r"<name\b[^>]*\bvalue=\"([^\"]*)\"")


@dataclass(frozen=True)
class Brief:
    """What a list shows of a problem."""

    title: str
    kind: str


def brief_tree(tree: PackageTree, name: str) -> Brief:
    """Return title and kind of a package of a format.

    Raises:
        BadInput: Its settings cannot be read.
    """
    if name == "kattis":
        return _kattis(tree)
    if name == "cms":
        where = tree.where("task.yaml")
        settings = parse_yaml(tree.read("task.yaml"), where, tagged=lambda _, text: text)
        fields = Fields.of(settings, where)
        return Brief(fields.text("title") or fields.text("long_name") or tree.name, "batch")
    if name in ("hydro", "qduoj"):
        return _settings(tree, "problem.yaml" if name == "hydro" else "problem.json")
    if name == "plain":
        public = load_plain(tree).public
        return Brief(public.title, public.kind.value)
    if name == "polygon":
        text = decode(tree.read("problem.xml"), tree.where("problem.xml"))
        title = _NAME.search(text)
        kind = "interactive" if "<interactor" in text else "batch"
        return Brief(title[1] if title else tree.name, kind)
    return Brief(tree.name, "batch")


def _settings(tree: PackageTree, path: str) -> Brief:
    where = tree.where(path)
    read = parse_json if path.endswith(".json") else parse_yaml
    return Brief(Fields.of(read(tree.read(path), where), where).text("title") or tree.name, "batch")


def _kattis(tree: PackageTree) -> Brief:
    meta = read_meta(tree, [])
    kinds = ("interactive", "multi-pass", "submit-answer")
    kind = next((kind for kind in kinds if kind in meta.types), "batch")
    title = meta.names.get("en") or next(iter(meta.names.values()), None)
    if title is None:
        path = next((path for path in tree.files() if _STATEMENT.fullmatch(path)), None)
        match = _TITLE.search(decode(tree.read(path), tree.where(path))) if path else None
        title = convert(match[0]).title if match else None
    return Brief(title or tree.name, kind)
