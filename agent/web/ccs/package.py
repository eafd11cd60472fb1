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
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from medalist.agent.contest.events import SubmissionMade
from medalist.agent.journal import Journal
from medalist.agent.web.ccs import objects
from medalist.agent.web.ccs.board import scoreboard
from medalist.agent.web.ccs.feed import COLLECTIONS, Feed
from medalist.errors import BadInput, JournalFailure
from medalist.sandbox.languages import FAMILIES, file_ending


def archives_of(run: Path, submissions: Iterable[SubmissionMade]) -> dict[str, bytes]:
    """Return the sources of submissions as zip archives, by the submissions' ids in the API.

    They are in the participants' own journals; submissions of others have none.
    """
    ordered = sorted(submissions, key=lambda made: made.participant_id)
    archives: dict[str, bytes] = {}
    for participant_id, theirs in groupby(ordered, key=lambda made: made.participant_id):
        journal = _journal(run / "participants", participant_id)
        if journal is None:
            continue
        with journal:
            for made in theirs:
                if made.program is None:
                    continue
                # A run that was cut short may lack a source: the package then does too.
                with suppress(JournalFailure):
                    archive = _zipped(journal.blob(made.program), made.language)
                    archives[objects.identifier(made.submission_id)] = archive
    return archives


def _journal(folder: Path, participant_id: str) -> Journal | None:
    mine = folder / participant_id
    # A participant's id comes from a file: it must not lead out of the run.
    if mine.resolve().parent != folder.resolve():
        return None
    try:
        return Journal.open(mine, readonly=True)
    except BadInput:
        return None


def _zipped(source: bytes, language: str | None) -> bytes:
    archive = io.BytesIO()
    ending = file_ending(language) if language in FAMILIES else "txt"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        # A fixed time: the same run gives the same package, byte for byte.
        file.writestr(zipfile.ZipInfo(f"solution.{ending}"), source)
    return archive.getvalue()


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
        _json(folder / "scoreboard.json", scoreboard(feed.state, feed.current))
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
