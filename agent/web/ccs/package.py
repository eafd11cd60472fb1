"""A contest package on disk: what the API's endpoints answer, as files.

    api.json  contest.json  judgement-types.json  ...  scoreboard.json  state.json
    event-feed.ndjson
    submissions/<id>/files.zip      sources, where the run has them

https://ccs-specs.icpc.io/2023-06/contest_package
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from medalist.agent.contest.events import SubmissionMade
from medalist.agent.journal import Journal
from medalist.agent.web.ccs import objects
from medalist.agent.web.ccs.feed import COLLECTIONS, Feed
from medalist.errors import BadInput, MedalistError

_FILE_NAMES = {"cpp": "solution.cpp", "c": "solution.c", "python": "solution.py"}


class Sources:
    """The sources of a run's submissions, out of its participants' own journals."""

    def __init__(self, run: Path) -> None:
        self._folder = run / "participants"
        self._journals: dict[str, Journal | None] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def archive(self, made: SubmissionMade) -> bytes | None:
        """Return a submission's source as a zip archive; None where the run has none."""
        journal = self._journal(made.participant_id)
        if made.program is None or journal is None:
            return None
        try:
            source = journal.blob(made.program)
        except MedalistError:
            return None
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            # A fixed time: the same run gives the same package, byte for byte.
            name = _FILE_NAMES.get(made.language or "", "solution.txt")
            file.writestr(zipfile.ZipInfo(name), source)
        return archive.getvalue()

    def _journal(self, participant_id: str) -> Journal | None:
        if participant_id not in self._journals:
            folder = self._folder / participant_id
            # A participant's id comes from a file: it must not lead out of the run.
            inside = folder.resolve().parent == self._folder.resolve()
            try:
                journal = Journal.open(folder, readonly=True) if inside else None
            except BadInput:
                journal = None
            if journal is not None:
                self._closing.enter_context(journal)
            self._journals[participant_id] = journal
        return self._journals[participant_id]


def write_package(folder: Path, feed: Feed, archives: Mapping[str, bytes]) -> None:
    """Write a contest package into a folder that does not exist yet, or is empty.

    Args:
        folder: Where to.
        feed: The contest.
        archives: The zip archives of submissions by their ids in the API.

    Raises:
        BadInput: The folder holds something already, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BadInput("is not empty", file=folder, hint="give a new folder")
        _json(folder / "api.json", objects.api_information())
        _json(folder / "contest.json", feed.contest)
        _json(folder / "state.json", feed.current)
        _json(folder / "scoreboard.json", objects.scoreboard(feed.state, feed.current))
        for name in COLLECTIONS:
            _json(folder / f"{name}.json", list(feed.collections[name].values()))
        (folder / "event-feed.ndjson").write_bytes(b"".join(feed.lines))
        for submission_id, archive in archives.items():
            place = folder / "submissions" / submission_id
            place.mkdir(parents=True)
            (place / objects.ARCHIVE).write_bytes(archive)
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", file=folder) from error


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
