"""Zip and tar archives as trees: read in place, nothing is ever unpacked to disk.

Names mean what an unpacking program takes them for: `./a` and `a//b` are `a` and `a/b`, and in
zip archives from Windows a backslash separates folders.

Refused as a whole: names that are absolute or climb out with `..`, the same name twice,
encryption, and bombs (an archive that unpacks to more than 1,000 times its own size, once that
is more than 256 MiB, or to more than 16 GiB). Links inside an archive are followed if they stay
inside it, as in a folder.
"""

from __future__ import annotations

import contextlib
import lzma
import posixpath
import stat
import tarfile
import threading
import weakref
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.formats.text import stem
from medalist.problems.formats.tree import FILES_LIMIT, PackageTree, is_hidden

ZIP_ENDINGS = (".zip", ".kpp")
TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2")
_RATIO_LIMIT = 1000
_SMALL = 256 << 20
_TOTAL_LIMIT = 16 << 30
_LINKS_LIMIT = 16
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError,
           NotImplementedError, RuntimeError, ValueError, UnicodeError)  # fmt: skip


@dataclass(frozen=True)
class _Member:
    """A file of an archive, or a link to another one (`target`)."""

    name: str
    size: int
    target: str | None = None


def is_archive(path: Path) -> bool:
    """Whether a file's name says that it is an archive that can be read in place."""
    return path.name.lower().endswith(ZIP_ENDINGS + TAR_ENDINGS)


def archive_tree(path: Path) -> PackageTree:
    """Open a zip or tar archive.

    Raises:
        BadInput: Not a readable archive, or one that is refused (see the module).
    """
    try:
        return _zip_tree(path) if path.name.lower().endswith(ZIP_ENDINGS) else _tar_tree(path)
    except _BROKEN as error:
        raise BadInput("not an archive that can be read", file=path) from error


def _zip_tree(path: Path) -> PackageTree:
    tree = members_tree(zipfile.ZipFile(path), str(path), path.stat().st_size)
    tree.name = stem(path)
    return tree


def members_tree(archive: zipfile.ZipFile, label: str, packed: int) -> PackageTree:
    """Return the files of an open zip archive, which is closed together with the tree.

    Args:
        archive: The archive.
        label: Its name for messages.
        packed: Its size in bytes.
    """
    try:
        members: list[_Member] = []
        infos: dict[str, zipfile.ZipInfo] = {}
        for info in archive.infolist():
            name = info.filename.replace("\\", "/")
            if name.endswith("/"):
                continue
            if name != info.filename and ".." in name.split("/"):
                raise BadInput(f"{info.filename!a} leads out of the archive", file=label)
            if info.flag_bits & 1:
                raise BadInput(f"{info.filename!a} is encrypted", file=label)
            target = None
            if stat.S_ISLNK(info.external_attr >> 16):
                target = archive.read(info).decode() if info.file_size < 4096 else "/"
            members.append(_Member(name, info.file_size, target))
            infos.setdefault(posixpath.normpath(name), info)
        sizes, refused, links = _check(label, packed, members)
    except BaseException:
        archive.close()
        raise

    def read(name: str) -> bytes:
        try:
            return archive.read(infos[links.get(name, name)])
        except (*_BROKEN, KeyError) as error:
            raise BadInput("damaged in the archive", file=f"{label}/{name}") from error

    tree = PackageTree(label, label, sizes, refused, read)
    weakref.finalize(tree, archive.close)
    return tree


def _tar_tree(path: Path) -> PackageTree:
    archive = tarfile.open(path)  # noqa: SIM115 (the tree closes it)
    try:
        members, infos, total = [], {}, 0
        for info in archive:
            total += info.size
            _bomb(str(path), path.stat().st_size, total)
            if info.isdir():
                continue
            if info.issym():
                members.append(_Member(info.name, 0, info.linkname))
            elif info.islnk():
                # A hard link's target is named from the root, a symbolic one's from its folder.
                root = posixpath.relpath(".", posixpath.dirname(info.name) or ".")
                members.append(_Member(info.name, 0, posixpath.join(root, info.linkname)))
            elif info.isreg():
                members.append(_Member(info.name, info.size))
                infos[posixpath.normpath(info.name)] = info
            else:
                members.append(_Member(info.name, 0, "/neither a file nor a folder"))
        sizes, refused, links = _check(str(path), path.stat().st_size, members)
    except BaseException:
        archive.close()
        raise
    lock = threading.Lock()

    def read(name: str) -> bytes:
        with lock:
            try:
                file = archive.extractfile(infos[links.get(name, name)])
                if file is None:
                    raise BadInput("not a regular file", file=f"{path}/{name}")
                with contextlib.closing(file):
                    return file.read()
            except (*_BROKEN, KeyError) as error:
                raise BadInput("damaged in the archive", file=f"{path}/{name}") from error

    tree = PackageTree(str(path), stem(path), sizes, refused, read)
    weakref.finalize(tree, archive.close)
    return tree


def _bomb(label: str, packed: int, total: int) -> None:
    if total > _TOTAL_LIMIT or (total > _SMALL and total > _RATIO_LIMIT * max(packed, 1)):
        raise BadInput(f"unpacks to more than {total >> 20:,} MiB: a zip bomb", file=label)


def _check(
    label: str, packed: int, members: Iterable[_Member]
) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    """Return the sizes, what is refused, and the links, of an archive that may be read."""
    sizes: dict[str, int] = {}
    targets: dict[str, str] = {}
    total = 0
    for member in members:
        name = posixpath.normpath(member.name)
        if not member.name.isprintable():
            raise BadInput(f"{member.name!a}: a file name that cannot be printed", file=label)
        if name.startswith(("/", "..")) or "\\" in name or name[1:2] == ":":
            raise BadInput(f"{member.name!a} leads out of the archive", file=label)
        if name in sizes or name in targets:
            raise BadInput(f"duplicate name {name!a}", file=label)
        parts = name.split("/")
        if parts[0] == "__MACOSX" or any(is_hidden(part) for part in parts[1:]):
            continue
        if member.target is None:
            sizes[name] = member.size
            total += member.size
            _bomb(label, packed, total)
        else:
            targets[name] = member.target
        if len(sizes) + len(targets) > FILES_LIMIT:
            raise BadInput(f"more than {FILES_LIMIT:,} files", file=label)
    refused: dict[str, str] = {}
    links: dict[str, str] = {}
    for name in targets:
        final = name
        for _ in range(_LINKS_LIMIT):
            if final in targets:
                final = posixpath.normpath(posixpath.join(posixpath.dirname(final), targets[final]))
        if final in sizes:
            links[name] = final
            sizes[name] = sizes[final]
        elif final.startswith(("/", "..")):
            refused[name] = "a link that leaves the package"
        else:
            refused[name] = "a link to nothing, to a folder, or in a circle"
    return sizes, refused, links
