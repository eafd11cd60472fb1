"""Data sets of a model hub by their name: `hf:open-r1/codeforces/verifiable/test`.

    hf:OWNER/NAME[/CONFIG[/SPLIT[/NUMBER]]]

The hub's own API names the Parquet files of each configuration and split
(`/api/datasets/NAME/parquet`, https://huggingface.co/docs/hub/datasets-viewer-parquet); they are
kept in the user's cache, so that a data set is fetched once. NUMBER takes one file of a split (from
0) where all would be too much. `HF_ENDPOINT` names another hub, `HF_TOKEN` opens what needs one, as
for the hub's own tools.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from medalist.errors import BadInput, MissingPrerequisite
from medalist.sandbox.host import cache_dir

PREFIX = "hf:"
_ENDPOINT = "https://huggingface.co"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]*")
_TIMEOUT_S = 30.0


def located(path: Path | str) -> Path:
    """Return where a path leads: what begins with `hf:`, to what was fetched from the hub.

    Raises:
        BadInput, MissingPrerequisite: See `fetched`.
    """
    text = str(path)
    return fetched(text) if text.startswith(PREFIX) else Path(path)


def fetched(address: str) -> Path:
    """Return the folder (or, with a number, the file) that holds a data set of the hub.

    Raises:
        BadInput: Not an address, or the hub has no such data set, configuration, split or file.
        MissingPrerequisite: The hub cannot be reached, or refuses.
    """
    parts = address.removeprefix(PREFIX).split("/")
    name, rest = "/".join(parts[:2]), parts[2:]
    if not _NAME.fullmatch(name) or len(rest) > 3 or not all(map(_PART.fullmatch, rest)):
        raise BadInput(
            "not a name of a data set", file=ascii(address), hint="hf:OWNER/NAME[/CONFIG[/SPLIT]]"
        )
    known = _asked(f"/api/datasets/{name}/parquet", address)
    config, files = _chosen(known, rest[:1], "configuration", address)
    split, urls = _chosen(files, rest[1:2], "split", address)
    numbers = range(len(urls))
    if rest[2:]:
        if not rest[2].isdigit() or int(rest[2]) not in numbers:
            raise BadInput(f"has {len(urls)} files, from 0", file=address)
        numbers = range(int(rest[2]), int(rest[2]) + 1)
    folder = cache_dir() / "hub" / name.replace("/", "--") / config / split
    paths = [_kept(urls[number], folder / f"{number:04}.parquet", address) for number in numbers]
    return paths[0] if rest[2:] else folder


def _chosen(known: Any, wanted: list[str], what: str, address: str) -> tuple[str, Any]:
    """Return the part that is named, or the only one, or the usual one."""
    if not isinstance(known, dict) or not known:
        raise BadInput(f"the hub names no {what}", file=address)
    name = wanted[0] if wanted else next(iter(known)) if len(known) == 1 else "default"
    if name not in known:
        listed = ", ".join(list(known)[:20])
        fault = f"has no {what} {name!r}" if wanted else f"has several {what}s"
        raise BadInput(fault, file=address, hint=f"name one of {listed}")
    return name, known[name]


def _kept(url: str, path: Path, address: str) -> Path:
    """Fetch a file, unless it is there."""
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.part")
    try:
        with _answer(_at_endpoint(url), address) as answer, fresh.open("wb") as file:
            for chunk in answer.iter_bytes():
                file.write(chunk)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def _at_endpoint(url: str) -> str:
    """Return an address at the hub in use: answers of a mirror may name the original."""
    split = urlsplit(url)
    return f"{_endpoint()}{quote(split.path, safe='/%')}" + (
        f"?{split.query}" if split.query else ""
    )


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", _ENDPOINT).rstrip("/")


def _asked(path: str, address: str) -> Any:
    with _answer(f"{_endpoint()}{path}", address) as answer:
        answer.read()
        try:
            return answer.json()
        except ValueError as error:
            raise MissingPrerequisite(f"{address}: the hub answers no JSON") from error


@contextmanager
def _answer(url: str, address: str) -> Iterator[Any]:
    """Ask the hub, and say in one line how it failed, also in the middle of its answer."""
    import httpx

    token = os.environ.get("HF_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with (
            httpx.Client(timeout=_TIMEOUT_S, follow_redirects=True, headers=headers) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code == 404:
                raise BadInput("the hub has no such data set", file=address)
            if answer.status_code >= 400:
                raise MissingPrerequisite(
                    f"{address}: the hub refuses (status {answer.status_code})",
                    hint="HF_TOKEN opens what needs an account",
                )
            yield answer
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise MissingPrerequisite(
            f"{address}: the hub at {_endpoint()} cannot be reached ({error})",
            hint="download the files and give their folder instead",
        ) from error
