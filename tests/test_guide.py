"""The code of the guide's page on Python runs as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled
from tests.agent.command import environment

PAGE = Path(__file__).parents[1] / "docs/python.md"


def _reply(seen: SeenRequest) -> Reply:
    files = sorted((find_bundled("warmer") / "submissions").glob("*/*.py"))
    source = files[seen.body["seed"] % len(files)].read_text(encoding="utf-8")
    return Reply(f"```python\n{source}```")


@pytest.mark.local
def test_the_page_runs(tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert len(blocks) >= 4
    with ScriptedEndpoint(_reply, model="writer") as endpoint:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", "\n".join(blocks)],
            cwd=tmp_path,
            env=environment(OPENAI_BASE_URL=endpoint.base_url),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert "behave alike" in done.stdout
    assert (tmp_path / "runs/warmer/journal.sqlite").is_file()
