"""Exports: a page, an event feed and a contest package with sources."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.agent.web.contests import HOSTILE, frozen_contest, happenings, setting, submit, write
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.agent.contest.events import ContestEvent, SubmissionMade
from medalist.agent.journal import Journal
from medalist.agent.web.ccs.feed import COLLECTIONS
from medalist.agent.web.ccs.package import archives_of
from medalist.agent.web.views import AudienceView
from medalist.errors import BadInput

SOURCE = "int main() {}\n"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    write(folder, _events(folder))
    return folder


def _events(folder: Path) -> list[ContestEvent]:
    with Journal.open(folder / "participants" / "t0") as journal:
        digest = journal.put_blob(SOURCE)
        journal.append_raw("source", "t0", {"digest": digest})
    made, judged = submit(900, 0, 0, 100, "AC")
    known = made.model_copy(update={"program": digest})
    # The other participants have no journal: their sources are not there.
    outside, _ = submit(901, 1, 0, 100, "AC")
    events = [*setting("icpc", HOSTILE, ("Apples", "<b>Bridges</b>", "Cranes"))]
    lost = outside.model_copy(update={"program": "0" * 64})
    rest = list(happenings("icpc", 2, people=len(HOSTILE), columns=3, count=30))
    return [*events, *sorted([known, judged, lost, *rest], key=lambda event: event.at_s)]


def _export(*args: str | Path) -> Any:
    return CliRunner().invoke(app, ["contest", "export", *map(str, args)])


def test_a_page_holds_everything_and_no_text_of_others_becomes_markup(
    run: Path, tmp_path: Path
) -> None:
    page_file = tmp_path / "board.html"
    assert _export(run, page_file, "--as", "html").exit_code == 0
    page = page_file.read_text(encoding="utf-8")
    data = re.search(r'<script type="application/json" id="embedded">(.*?)</script>', page, re.S)
    assert data is not None
    embedded = json.loads(data[1])
    assert [row["name"] for row in embedded["contest"]["participants"]] == list(HOSTILE)
    assert len(embedded["entries"]) > 30
    assert "<" not in data[1]
    rest = page.replace(data[0], "")
    assert not re.search(r'(src|href)="(?!api/|#)', rest)
    assert "alert(" not in rest
    assert "Content-Security-Policy" in page
    assert "unsafe" not in page


def test_a_feed_is_that_of_the_api(run: Path, tmp_path: Path) -> None:
    feed = tmp_path / "event-feed.ndjson"
    assert _export(run, feed, "--as", "event-feed").exit_code == 0
    assert feed.read_bytes() == b"".join(AudienceView.of_run(run).feed.lines)


def test_a_package_holds_every_endpoint_and_the_sources(run: Path, tmp_path: Path) -> None:
    package = tmp_path / "package"
    assert _export(run, package, "--as", "contest-package").exit_code == 0
    for name in ("api", "contest", "state", "scoreboard", *COLLECTIONS):
        assert json.loads((package / f"{name}.json").read_text())
    lines = (package / "event-feed.ndjson").read_text().splitlines()
    submissions = json.loads((package / "submissions.json").read_text())
    told = [json.loads(line) for line in lines]
    assert [line["data"] for line in told if line["type"] == "submissions"] == submissions
    with_files = [submission for submission in submissions if submission["files"]]
    assert [file["id"] for file in with_files] == ["s900"]
    archive = package / "submissions" / "s900" / with_files[0]["files"][0]["filename"]
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == {
            "solution.cpp": SOURCE.encode()
        }


def test_a_package_is_the_same_each_time(run: Path, tmp_path: Path) -> None:
    made = []
    for number in (1, 2):
        package = tmp_path / f"package{number}"
        assert _export(run, package, "--as", "contest-package").exit_code == 0
        files = sorted(path for path in package.rglob("*") if path.is_file())
        made.append([(path.relative_to(package), path.read_bytes()) for path in files])
    assert made[0] == made[1]


def test_an_export_in_the_freeze_tells_what_the_public_knows(tmp_path: Path) -> None:
    write(tmp_path / "run", frozen_contest())
    page_file = tmp_path / "board.html"
    assert _export(tmp_path / "run", page_file).exit_code == 0
    assert page_file.read_text(encoding="utf-8").count('"type":"judgement"') == 3


@pytest.mark.parametrize("form", ["html", "contest-package", "event-feed"])
def test_what_cannot_be_exported_is_said_in_one_line(tmp_path: Path, form: str) -> None:
    for run, to, said in [
        (tmp_path / "nowhere", tmp_path / "a", "no such run"),
        (tmp_path, tmp_path / "a", "not a run directory"),
    ]:
        result = _export(run, to, "--as", form)
        assert isinstance(result.exception, BadInput)
        assert said in str(result.exception)
        assert "\n" not in str(result.exception)


def test_a_package_overwrites_nothing(run: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    result = _export(run, tmp_path / "full", "--as", "contest-package")
    assert "is not empty" in str(result.exception)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
    result = _export(run, tmp_path / "full" / "mine.txt" / "x", "--as", "html")
    assert "cannot be written" in str(result.exception)


def test_a_participant_s_id_does_not_lead_out_of_the_run(run: Path, tmp_path: Path) -> None:
    with Journal.open(tmp_path / "secret") as journal:
        digest = journal.put_blob("not yours")
        journal.append_raw("source", "x", {})
    (run / "participants").mkdir(exist_ok=True)
    made, _ = submit(1, 0, 0, 60, "AC")
    assert isinstance(made, SubmissionMade)
    for participant_id in ("../../secret", "..", ".", str(tmp_path / "secret")):
        outside = made.model_copy(update={"participant_id": participant_id, "program": digest})
        assert archives_of(run, [outside]) == {}
