"""What is in a journal's rows: events and contents, packed and unpacked."""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from medalist.errors import JournalFailure

Row = tuple[int, float, str, str, str | bytes]
"""Number, time, kind, key and packed body."""

_DEFLATE_FROM = 512  # bytes of JSON; below, deflating costs more than it saves


@dataclass(frozen=True)
class Event:
    """One entry: its number in the journal (from 1), Unix time, and what happened."""

    seq: int
    at: float
    kind: str
    key: str
    body: dict[str, JsonValue]


def pack_body(body: Mapping[str, JsonValue]) -> str | bytes:
    """Return a body as it is stored: JSON, deflated where it is long."""
    text = json.dumps(body, separators=(",", ":"))
    return zlib.compress(text.encode()) if len(text) >= _DEFLATE_FROM else text


def event_of(row: Row) -> Event:
    """Return the event of a row; raises `JournalFailure` if it is damaged."""
    seq, at, kind, key, packed = row
    try:
        text = zlib.decompress(packed) if isinstance(packed, bytes) else packed
        return Event(seq, at, kind, key, json.loads(text))
    except (zlib.error, ValueError) as error:
        raise JournalFailure(f"event {seq} of the journal is damaged: {error}") from error


def unpack_content(path: Path, digest: str, packed: bytes) -> bytes:
    """Return a content of a journal's file; raises `JournalFailure` if it is damaged.

    Damaged is also one whose own digest does not begin with `digest`.
    """
    try:
        content = zlib.decompress(packed)
    except zlib.error as error:
        raise JournalFailure(f"{path}: content {digest[:12]} is damaged") from error
    if not hashlib.sha256(content).hexdigest().startswith(digest):
        raise JournalFailure(f"{path}: content {digest[:12]} is damaged")
    return content


def past(prefix: str) -> str | None:
    """Return the least text greater than all that begin with `prefix`; None if there is none.

    SQLite compares UTF-8 bytes, which is the order of code points; surrogates are none.
    """
    for end in range(len(prefix) - 1, -1, -1):
        code = ord(prefix[end])
        if code < sys.maxunicode:
            return prefix[:end] + chr(0xE000 if code == 0xD7FF else code + 1)
    return None
