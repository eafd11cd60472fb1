from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.journal.maintenance import compact, salvage, verify
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
from medalist.errors import BadInput, JournalFailure


def filled(run: Path) -> None:
    with Journal.open(run) as journal:
        for number in range(200):
            digest = journal.put_blob(f"content {number}" * 100)
            journal.append_raw("n", str(number), {"digest": digest, "x": "y" * 600}, durable=False)


def test_a_whole_journal_has_no_fault_and_can_be_read_while_open(tmp_path: Path) -> None:
    filled(tmp_path)
    with Journal.open(tmp_path):
        report = verify(tmp_path)
    assert (report.events, report.contents, report.faults) == (200, 200, ())


def test_every_damage_is_named(tmp_path: Path) -> None:
    filled(tmp_path)
    with sqlite3.connect(tmp_path / "journal.sqlite") as broken:
        broken.execute("DELETE FROM events WHERE seq IN (7, 8)")
        broken.execute("UPDATE events SET body = '{' WHERE seq = 50")
        smallest = "(SELECT min(digest) FROM blobs)"
        broken.execute(f"UPDATE blobs SET content = x'00' WHERE digest = {smallest}")
    broken.close()
    faults = verify(tmp_path).faults
    assert faults[:2] == ("events 7 to 8 are missing", "event 50 cannot be read")
    assert faults[2].endswith("is damaged")
    assert len(faults) == 3


def test_compacting_gives_space_back_and_keeps_everything(tmp_path: Path) -> None:
    filled(tmp_path)
    with sqlite3.connect(tmp_path / "journal.sqlite") as old:
        old.execute("CREATE TABLE scratch AS SELECT * FROM blobs")
        old.execute("DROP TABLE scratch")
    old.close()
    before, after = compact(tmp_path)
    assert after < before
    assert verify(tmp_path).faults == ()
    with Journal.open(tmp_path), pytest.raises(JournalFailure, match="being written by"):
        compact(tmp_path)


def test_no_journal(tmp_path: Path) -> None:
    for command in (verify, compact):
        with pytest.raises(BadInput, match="no journal here"):
            command(tmp_path)


def damaged(run: Path, first: float, pages: int = 3) -> None:
    """Overwrite some pages of a journal's file with nonsense."""
    path = run / "journal.sqlite"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(int(size * first) // 4096 * 4096)
        file.write(b"\xa5" * (4096 * pages))


def test_what_stands_before_the_damage_is_saved(tmp_path: Path) -> None:
    saved_of = {}
    for first in (10, 25, 40, 55, 70, 85, 97):
        run, new = tmp_path / f"run{first}", tmp_path / f"new{first}"
        filled(run)
        damaged(run, first / 100)
        try:
            saved = salvage(run, new)
        except JournalFailure:  # the page was hit that leads to all events
            continue
        saved_of[first] = saved.events
        assert saved.events == saved.last
        assert saved.lost or saved.events == 200, "only an index was hit"
        assert verify(new).faults == ()
        with Journal.open(new) as journal:
            for event in journal.raw_events():
                assert journal.blob(str(event.body["digest"])).startswith(b"content")
            journal.append_raw("n", "more", {})
    assert len(saved_of) >= 4, saved_of


def test_a_whole_journal_is_saved_whole_and_nothing_is_overwritten(tmp_path: Path) -> None:
    filled(tmp_path / "run")
    saved = salvage(tmp_path / "run", tmp_path / "new")
    assert (saved.events, saved.contents, saved.lost) == (200, 200, ())
    with pytest.raises(BadInput, match="holds a journal already"):
        salvage(tmp_path / "run", tmp_path / "new")
    (tmp_path / "run/journal.sqlite").write_bytes(b"nonsense" * 9000)
    with pytest.raises(JournalFailure, match="not one event can be read"):
        salvage(tmp_path / "run", tmp_path / "other")


@pytest.mark.local
def test_a_run_goes_on_with_what_was_saved(tmp_path: Path) -> None:
    text = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
    (tmp_path / "add.md").write_text(text)
    program = "```python\na, b = map(int, input().split())\nprint(a + b)  # {}\n```"
    with ScriptedEndpoint(lambda seen: Reply(program.format("x" * 3000))) as endpoint:
        solve = ["solve", "add.md", "-n", "6", "--lang", "python", "--model", "llama-3"]
        env = {"OPENAI_BASE_URL": endpoint.base_url}
        assert medalist(*solve, "--out", "run", cwd=tmp_path, **env).returncode == 0
        asked = len(endpoint.log)
        with sqlite3.connect(tmp_path / "run/journal.sqlite") as broken:
            events = broken.execute("SELECT max(seq) FROM events").fetchone()[0]
            broken.execute("UPDATE events SET body = '{' WHERE seq = ?", (events // 2,))
        broken.close()
        saved = medalist("journal", "salvage", "run", "new", cwd=tmp_path)
        assert saved.returncode == 1
        assert f"LOST  event {events // 2} is damaged" in saved.stdout
        again = medalist(*solve, "--out", "new", cwd=tmp_path, **env)
        assert again.returncode == 0, again.stderr
        assert len(endpoint.log) < 2 * asked, "what was saved is not asked again"
