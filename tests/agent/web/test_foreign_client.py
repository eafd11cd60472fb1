"""A client of others reads the Contest API: `clics-archiver` (of the package xcpcio, MIT).

Skipped where it is not installed (`pipx install xcpcio`).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from tests.agent.command import start
from tests.agent.web.contests import HOSTILE, happenings, setting, write
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.agent.web.ccs.feed import COLLECTIONS


def test_an_archiver_of_others_fetches_what_the_package_holds(tmp_path: Path) -> None:
    archiver = shutil.which("clics-archiver")
    if archiver is None:
        pytest.skip("no clics-archiver: pipx install xcpcio")
    run, fetched, exported = (tmp_path / name for name in ("run", "fetched", "exported"))
    events = happenings("icpc", 4, people=len(HOSTILE), columns=3, count=80)
    write(run, [*setting("icpc", HOSTILE), *events])
    server = start("contest", "serve", run, "--port", "0", cwd=tmp_path)
    try:
        assert server.stderr is not None
        address = server.stderr.readline().split()[-1]
        command = [archiver, "--base-url", f"{address}api", "--contest-id", "test-icpc"]
        done = subprocess.run(
            [*command, "--output", str(fetched), "--log-level", "ERROR"],
            capture_output=True,
            text=True,
            timeout=120,
            env=os.environ,
        )
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Failed" not in done.stderr
    arguments = ["contest", "export", str(run), str(exported), "--as", "contest-package"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    for name in ("api", "contest", "state", "scoreboard", *COLLECTIONS):
        theirs = json.loads((fetched / f"{name}.json").read_text())
        assert theirs == json.loads((exported / f"{name}.json").read_text()), name
    feed = "event-feed.ndjson"
    assert (fetched / feed).read_bytes().strip() == (exported / feed).read_bytes().strip()
