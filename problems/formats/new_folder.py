"""A folder of files that is being written; names come from problems and are never trusted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from medalist.errors import BadInput


class NewFolder:
    """Writes files below a root, and nowhere else."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, content: str | bytes) -> None:
        """Write a file, and the folders above it.

        Raises:
            BadInput: A name that leads out of the folder, or that the file system refuses.
        """
        parts = PurePosixPath(name).parts
        if ".." in parts or name.startswith("/") or not name.isprintable():
            raise BadInput("not a name of a file in a package", file=ascii(name))
        path = self.root.joinpath(*parts)
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", file=path) from error

    def files(self, name: str, files: Mapping[str, bytes]) -> None:
        """Write several files into a folder."""
        for file, content in files.items():
            self.put(f"{name}/{file}", content)
