"""Readers of problem packages and bare statements, one file a format."""

from medalist.problems.formats.bundled import bundled_archive, find_bundled, resolve
from medalist.problems.formats.load import PackageEntry, load, load_archive

__all__ = ["PackageEntry", "bundled_archive", "find_bundled", "load", "load_archive", "resolve"]
