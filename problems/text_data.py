"""Test data as text: how lines end."""

from __future__ import annotations


def normal(content: bytes) -> bytes:
    """Return text data as DMOJ hands them out: every line ends in a line feed, the last one too."""
    if not content:
        return content
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content if content.endswith(b"\n") else content + b"\n"


def line_feeds(content: bytes) -> bytes:
    """Return text data as a program on Windows reads them: `\\r\\n` is a line feed."""
    return content.replace(b"\r\n", b"\n")
