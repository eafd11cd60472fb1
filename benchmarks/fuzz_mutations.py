"""Mutations of problem packages, rows, statements and archives: what typing slips and tools do.

A package is a mapping of names to contents. Where a file has a structure (YAML, JSON, XML) it is
the structure that is changed, so that mutants get past the parser and reach the reader.
"""

from __future__ import annotations

import copy
import json
import random
import xml.etree.ElementTree as Xml
from collections.abc import Callable
from typing import Any

import yaml

Files = dict[str, bytes]

ODD_TEXTS = (
    "", " ", "\n", "\x00", "no", "Yes", "null", "nan", "inf", "-1", "0", "1e999", "1e-999", "²",
    "١٢", "½", "\ud800", "\u202e", "\ufeff", "é" * 300, "x" * 5000, "../../etc/passwd", "/", ".",
    "a/b/../c", "%s", "{0}", "{{x}}", "$(pwd)", "'", '"', "[", "{", "&a *a", "!!python/none",
    "0 100", "100 0", "1..3", "sum min", "secret/group1", "data", "@EXPECTED_RESULTS@: X",
    "float_tolerance", "float_tolerance -1", "case_sensitive", "custom interactive", "grade",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, -(2**63), 10**30, 10**400, 0.5, -0.0, 1e308, 1e-320,
    float("inf"), float("nan"), [], {}, [[]], [None], {"a": None}, {"": ""}, {1: 2}, [1, "a", {}],
)  # fmt: skip


def mutant(files: Files, rng: random.Random) -> Files:
    """Return a package with one to four mutations."""
    result = dict(files)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        if not result or rng.random() < 0.2:
            result = _tree(result, rng)
            continue
        # Settings say most about a package, so they are what is changed most.
        names = sorted(result)
        settings = [n for n in names if n.endswith((".yaml", ".yml", ".xml", ".json", ".ini"))]
        name = rng.choice(settings if settings and rng.random() < 0.6 else names)
        result[name] = changed(name, result[name], rng)
    return result


def changed(name: str, content: bytes, rng: random.Random) -> bytes:
    """Return a file with one change."""
    ending = name.rsplit(".", 1)[-1].lower()
    structured = {"yaml": _yaml, "yml": _yaml, "json": _json, "jsonl": _lines, "xml": _xml}
    if ending in structured and rng.random() < 0.75:
        try:
            return structured[ending](content, rng)
        except (
            ValueError,
            TypeError,
            yaml.YAMLError,
            Xml.ParseError,
            ArithmeticError,
            RecursionError,
        ):
            return _bytes(content, rng)
    return (_text if rng.random() < 0.7 else _bytes)(content, rng)


# ---- structures


def odd(rng: random.Random) -> Any:
    """Return a value that hardly any key expects."""
    if rng.random() < 0.5:
        return rng.choice(ODD_TEXTS)
    return copy.deepcopy(rng.choice(ODD_VALUES))


def restructured(value: Any, rng: random.Random) -> Any:
    """Return a JSON or YAML value with one key, item or scalar changed."""
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        keys = list(node) if isinstance(node, dict) else range(len(node))
        for key in keys:
            places.append((node, key))
            if isinstance(node[key], dict | list):
                walk(node[key])

    value = copy.deepcopy(value)
    if not isinstance(value, dict | list) or rng.random() < 0.03:
        return odd(rng)
    walk(value)
    if not places:
        return odd(rng)
    node, key = rng.choice(places)
    kind = rng.randrange(7)
    if kind == 0:
        del node[key]
    elif kind == 1 and isinstance(node, list):
        node.insert(key, copy.deepcopy(node[key]))
    elif kind == 1 or kind == 2:
        node[key] = [node[key]]
    elif kind == 3:
        node[key] = {"a": node[key]} if rng.random() < 0.5 else str(node[key])
    elif kind == 4 and isinstance(node, dict):
        node[rng.choice((*ODD_TEXTS, None, 1, True, f"{key}x"))] = node.pop(key)
    elif kind == 5:
        other, at = rng.choice(places)
        node[key] = copy.deepcopy(other[at]) if at in other or isinstance(other, list) else None
    else:
        node[key] = odd(rng)
    return value


def _yaml(content: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.2:
        return _text(content, rng)
    value = restructured(yaml.safe_load(content.decode()), rng)
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False).encode("utf-8", "replace")


def _json(content: bytes, rng: random.Random) -> bytes:
    return json.dumps(restructured(json.loads(content), rng)).encode()


def _lines(content: bytes, rng: random.Random) -> bytes:
    lines = content.splitlines()
    at = rng.randrange(len(lines))
    row = json.loads(lines[at])
    for key, value in row.items() if isinstance(row, dict) else ():
        if isinstance(value, str) and value[:1] in "[{" and rng.random() < 0.3:
            row[key] = json.dumps(restructured(json.loads(value), rng))
            break
    else:
        row = restructured(row, rng)
    lines[at] = json.dumps(row).encode()
    return b"\n".join(lines) + b"\n"


def _xml(content: bytes, rng: random.Random) -> bytes:
    root = Xml.fromstring(content)
    parents = [(parent, child) for parent in root.iter() for child in parent]
    parent, node = rng.choice(parents)
    texts = [text for text in ODD_TEXTS if text.isprintable() and text != "\ud800"]
    kind = rng.randrange(6)
    if kind == 0:
        parent.remove(node)
    elif kind == 1:
        parent.append(copy.deepcopy(node))
    elif kind == 2:
        node.text = rng.choice(texts)
    elif kind == 3 and node.attrib:
        node.set(rng.choice(sorted(node.attrib)), rng.choice(texts))
    elif kind == 4 and node.attrib:
        del node.attrib[rng.choice(sorted(node.attrib))]
    else:
        node.tag = rng.choice(parents)[1].tag
    return Xml.tostring(root)


# ---- texts and bytes


def _text(content: bytes, rng: random.Random) -> bytes:
    lines = content.decode("utf-8", "replace").split("\n")
    at = rng.randrange(len(lines))
    kind = rng.randrange(7)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[at])
    elif kind == 2:
        lines[at] = rng.choice(ODD_TEXTS)
    elif kind == 3:
        lines.insert(at, rng.choice(ODD_TEXTS))
    elif kind == 4:
        words = lines[at].split(" ")
        words[rng.randrange(len(words))] = rng.choice(ODD_TEXTS)
        lines[at] = " ".join(words)
    elif kind == 5:
        lines[at] = "  " + lines[at]
    else:
        rng.shuffle(lines)
    return "\n".join(lines).encode("utf-8", "replace" if rng.random() < 0.5 else "surrogatepass")


def _bytes(content: bytes, rng: random.Random) -> bytes:
    kind = rng.randrange(5)
    if kind == 0:
        return content[: rng.randrange(len(content) + 1)]
    if kind == 1:
        return b""
    if kind == 2:
        return content * 3
    damaged = bytearray(content or b"x")
    for _ in range(rng.randrange(1, 5)):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


# ---- files


def _tree(files: Files, rng: random.Random) -> Files:
    names = sorted(files)
    if not names:
        return {"problem.yaml": b""}
    name, other = rng.choice(names), rng.choice(names)
    result = dict(files)
    changes: tuple[Callable[[], object], ...] = (
        lambda: result.pop(name),
        lambda: result.update({name: files[other], other: files[name]}),
        lambda: result.update({f"{name}.bak": result.pop(name)}),
        lambda: result.update({f"{name}/inner": result.pop(name)}),
        lambda: result.update({name.rsplit("/", 1)[-1]: files[name]}),
        lambda: result.update({name.replace("/", "/é /", 1): files[name]}),
        lambda: result.update(
            {f"{name.rpartition('/')[0]}/{rng.choice(SETTINGS)}".lstrip("/"): b"a: ["}
        ),
        lambda: result.update(
            {name: b"-> " + rng.choice(("nowhere", ".", "..", "/", other)).encode()}
        ),
    )
    rng.choice(changes)()
    return result


SETTINGS = ("testdata.yaml", "test_group.yaml", "problem.yaml", "1.yaml", "submissions.yaml",
            "task.yaml", "init.yml", "domjudge-problem.ini", ".timelimit", "GEN")  # fmt: skip
