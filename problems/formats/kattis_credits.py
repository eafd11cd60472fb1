"""Whose a problem is: `author`, `credits` and `rights_owner` of `problem.yaml`, read and written.

Of `credits` the authors are read; editors, testers and translators are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from medalist.problems.formats.fields import Fields
from medalist.problems.model import PublicProblem

_BETWEEN = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_ADDRESS = re.compile(r"\s*<[^<>]*>\s*$")


def read_authors(fields: Fields) -> tuple[str, ...]:
    """Return the names, without addresses: legacy's one text, or the newer format's list or map."""
    text = fields.get("author")
    if isinstance(text, str):
        return tuple(filter(None, (_name(part) for part in _BETWEEN.split(text))))
    return tuple(filter(None, map(_name, _people(fields.get("credits") or text))))


def read_owner(fields: Fields) -> str | None:
    """Return the owner of the rights; several as one text, since nothing is judged by it."""
    if isinstance(fields.get("rights_owner"), list | dict):
        return ", ".join(map(_name, _people(fields.get("rights_owner")))) or None
    return fields.text("rights_owner")


def _people(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _people(item)
        case {"authors": authors}:
            yield from _people(authors)
        case {"name": str(name)}:
            yield name
        case _:
            return


def _name(text: str) -> str:
    return _ADDRESS.sub("", text).strip()


def credits_of(public: PublicProblem, *, legacy: bool) -> dict[str, Any]:
    """Return the fields of `problem.yaml` that say whose the problem is."""
    fields: dict[str, Any] = {}
    if public.authors:
        whose = list(public.authors)
        fields |= {"author": ", ".join(whose)} if legacy else {"credits": {"authors": whose}}
    if public.rights_owner:
        fields["rights_owner"] = public.rights_owner
    return fields
