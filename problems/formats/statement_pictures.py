"""Pictures of a statement, for models that see: a few files, of a few formats, of bounded size."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Callable, Iterable

from medalist.problems.model import Picture

MOST_PICTURES = 8
MOST_BYTES = 1_500_000
"""Of one picture; makers of models take 5 MB and more."""

ENDINGS = ("", ".png", ".jpg", ".jpeg", ".gif", ".webp")
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def pictures_of(names: Iterable[str], read: Callable[[str], bytes | None]) -> tuple[Picture, ...]:
    """Read the pictures that a statement refers to, as far as a model can be shown them.

    Args:
        names: As the statement has them, in its order; LaTeX leaves their endings out.
        read: Returns a file's bytes, None where there is no such file.
    """
    pictures: dict[str, Picture] = {}
    for name in dict.fromkeys(names):
        for ending in ENDINGS:
            if len(pictures) >= MOST_PICTURES:
                break
            content = read(name + ending)
            kind = None if content is None else _kind(content)
            if content is not None and kind is not None and len(content) <= MOST_BYTES:
                data = base64.b64encode(content).decode("ascii")
                pictures[name] = Picture(
                    name=posixpath.basename(name + ending), kind=kind, data=data
                )
                break
    return tuple(pictures.values())


def _kind(content: bytes) -> str | None:
    """Return the media type that a file's first bytes show, whatever its name says."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in _KINDS if content.startswith(mark)), None)
