"""Between text and bytes."""

from __future__ import annotations


def utf8bytes(text: str | bytes | None) -> bytes | None:
    """Return text as UTF-8; bytes and None stay as they are."""
    return text.encode() if isinstance(text, str) else text


def utf8text(raw: str | bytes | None, errors: str = "strict") -> str | None:
    """Return UTF-8 as text; text and None stay as they are."""
    return raw.decode("utf-8", errors) if isinstance(raw, bytes) else raw
