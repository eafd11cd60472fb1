"""medalist's own rows: one problem a line of JSONL, nothing lost.

A row is `{"medalist_problem": 1, "public": {...}, "secret": {...}, "warnings": [...]}`. The
public half is the model as it is; in the secret half every field of the dataclasses has its
name, bytes are text where they are UTF-8, else `{"base64": ...}`.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from medalist.errors import BadInput
from medalist.problems.helper import Helper
from medalist.problems.model import PublicProblem
from medalist.problems.secret import Blob, Group, Problem, SecretProblem

VERSION = 1
_ABSENT = object()


def to_row(problem: Problem) -> dict[str, Any]:
    """Return a problem as a row; every test is read."""
    return {
        "medalist_problem": VERSION,
        "public": problem.public.model_dump(mode="json"),
        "secret": None if problem.secret is None else _encode(problem.secret, _content),
        "warnings": list(problem.warnings),
        "doubts": list(problem.doubts),
    }


def fingerprint(problem: Problem) -> dict[str, Any]:
    """Return a problem as a row in which each test is only the hash of its content.

    Two problems with equal fingerprints are equal; warnings and names for messages do not count.
    """
    return {
        "public": problem.public.model_dump(mode="json"),
        "secret": None if problem.secret is None else _encode(problem.secret, _digest),
    }


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Return the fields in which two rows or fingerprints differ: `public.limits.time_s`, ..."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            difference
            for key in sorted({*one, *other})
            for difference in differences(
                one.get(key, _ABSENT), other.get(key, _ABSENT), f"{where}.{key}" if where else key
            )
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            difference
            for index, (left, right) in enumerate(zip(one, other, strict=True))
            for difference in differences(left, right, f"{where}[{index}]")
        ]
    return [] if one == other else [where]


def is_own(row: Mapping[str, Any]) -> bool:
    """Whether a row is one of ours."""
    return "medalist_problem" in row


def from_row(row: Mapping[str, Any], file: str) -> Problem:
    """Read a row.

    Raises:
        BadInput: A version that is not known, or a field that is wrong or missing.
    """
    if row.get("medalist_problem") != VERSION:
        raise BadInput(f"must be {VERSION}", file=file, field="medalist_problem")
    try:
        # Python's strict mode wants tuples and enums; JSON's wants what JSON has.
        public = PublicProblem.model_validate_json(json.dumps(row.get("public")))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(["public", *(str(part) for part in first["loc"])])
        raise BadInput(first["msg"], file=file, field=field) from error
    secret = row.get("secret")
    said = {name: row.get(name) or [] for name in ("warnings", "doubts")}
    for name, texts in said.items():
        if not isinstance(texts, list):
            raise BadInput("must be a list", file=file, field=name)
    decoded = None if secret is None else _decode(SecretProblem, secret, file, "secret")
    if decoded is not None:
        _check_groups(decoded, file)
    return Problem(public, decoded, *(tuple(map(str, texts)) for texts in said.values()))


def _check_groups(secret: SecretProblem, file: str) -> None:
    """Refuse duplicate names, and dependencies that lead nowhere or in a circle."""
    groups: dict[str, Group] = {}
    tests: set[str] = set()
    waiting = list(secret.groups)
    while waiting:
        group = waiting.pop()
        waiting += group.children
        if group.group_id in groups:
            raise _wrong_groups(f"duplicate group {group.group_id!r}", file)
        groups[group.group_id] = group
        for test in group.tests:
            if test.test_id in tests:
                raise _wrong_groups(f"duplicate test {test.test_id!r}", file)
            tests.add(test.test_id)
    for group in groups.values():
        seen: set[str] = set()
        needed = _needed(group)  # a group also needs what is inside it
        while needed:
            name = needed.pop()
            if name == group.group_id:
                raise _wrong_groups(f"the group {name!r} depends on itself", file)
            if name not in groups:
                raise _wrong_groups(f"{group.group_id!r} depends on {name!r}: no such group", file)
            if name not in seen:
                seen.add(name)
                needed += _needed(groups[name])


def _needed(group: Group) -> list[str]:
    return [*group.depends, *(child.group_id for child in group.children)]


def _wrong_groups(message: str, file: str) -> BadInput:
    return BadInput(message, file=file, field="secret.groups")


def _content(blob: Blob) -> Any:
    return _encode(blob.read(), _content)


def _digest(blob: Blob) -> str:
    return hashlib.sha256(blob.read()).hexdigest()


def _encode(value: Any, blob: Callable[[Blob], Any]) -> Any:
    if isinstance(value, Blob):
        return blob(value)
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Helper) and value.cannot_run and blob is _digest:
        return "broken"  # why it is depends on where it was looked for
    if dataclasses.is_dataclass(value):
        return {
            field.name: _encode(getattr(value, field.name), blob)
            for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): _encode(item, blob) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(_encode(item, blob) for item in value)
    if isinstance(value, tuple | list):
        return [_encode(item, blob) for item in value]
    return value


def _decode(kind: Any, value: Any, file: str, name: str) -> Any:
    """Return a value of the type `kind` (those that the secret half is made of)."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if value is None and type(None) in args:
            return None
        return _decode(next(a for a in args if a is not type(None)), value, file, name)
    if origin is typing.Literal:
        if value in args and isinstance(value, str):
            return value
        raise BadInput(f"must be one of {', '.join(map(str, args))}", file=file, field=name)
    if kind in (Blob, bytes):
        content = _bytes(value, file, name)
        return Blob.of(content, f"{file}: {name}") if kind is Blob else content
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _dataclass(kind, value, file, name)
    if origin in (tuple, frozenset) and isinstance(value, list):
        item = args[0]
        if origin is tuple and Ellipsis not in args and len(value) != len(args):
            raise BadInput(f"must have {len(args)} items", file=file, field=name)
        items = (_decode(item, part, file, f"{name}[{n}]") for n, part in enumerate(value))
        return origin(items)
    if origin is not None and issubclass(origin, Mapping) and isinstance(value, dict):
        return {key: _decode(args[1], part, file, f"{name}.{key}") for key, part in value.items()}
    if isinstance(kind, type) and issubclass(kind, Enum) and value in [item.value for item in kind]:
        return kind(value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind in (str, int, bool) and type(value) is kind:
        return value
    raise BadInput(f"must not be {ascii(value)[:40]}", file=file, field=name)


def _dataclass(kind: type, value: Any, file: str, name: str) -> Any:
    if not isinstance(value, dict):
        raise BadInput("must be an object", file=file, field=name)
    hints = get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
    for key in value:
        if key not in fields:
            raise BadInput("unknown field", file=file, field=f"{name}.{key}")
    for key, field in fields.items():
        needed = field.default is dataclasses.MISSING and (
            field.default_factory is dataclasses.MISSING
        )
        if needed and key not in value:
            raise BadInput("is missing", file=file, field=f"{name}.{key}")
    return kind(
        **{key: _decode(hints[key], part, file, f"{name}.{key}") for key, part in value.items()}
    )


def _bytes(value: Any, file: str, name: str) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, dict) and isinstance(value.get("base64"), str):
        try:
            return base64.b64decode(value["base64"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadInput("not base64", file=file, field=name) from error
    raise BadInput("must be text or {'base64': ...}", file=file, field=name)
