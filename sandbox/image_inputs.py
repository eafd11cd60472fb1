"""What the runner image is built of: files, their digest, and the name of the image."""

from __future__ import annotations

import hashlib
from pathlib import Path

HERE = Path(__file__).parent


def image_inputs() -> dict[str, bytes]:
    """Return the files of the image's build context: name to content."""
    names = ["Dockerfile.runner"]
    names += [f"runner/{path.name}" for path in sorted((HERE / "runner").glob("*.[ch]"))]
    return {name: (HERE / name).read_bytes() for name in names}


def inputs_digest() -> str:
    """Return a short digest of the build context, so that a changed runner is a new image."""
    digest = hashlib.sha256()
    for name, content in image_inputs().items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


ALL_LANGUAGES = "all"
"""What is said in the place of packages for an image with every language of the table."""


def image_tag(size: str = "") -> str:
    """Return the name of the runner image that belongs to this version of the package.

    Args:
        size: `ALL_LANGUAGES` for the large image, empty for the usual one (C, C++, Python).
    """
    return f"medalist-runner:{inputs_digest()}{size and '-'}{size}"
