from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from medalist.agent.journal import Journal
from medalist.agent.journal.maintenance import compact, verify
from medalist.errors import BadInput, JournalFailure


def filled(run: Path) -> None:
    with Journal.open(run) as journal:
        for number in range(200):
            digest = journal.put_blob(f"content {number}" * 100)
            journal.append_raw("n", str(number), {"digest": digest, "x": "y" * 600}, durable=False)


def test_a_whole_journal_has_no_fault_and_can_be_read_while_open(tmp_path: Path) -> None:
    filled(tmp_path)
    with Journal.open(tmp_path):
        found = verify(tmp_path)
    assert (found.events, found.contents, found.faults) == (200, 200, ())


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
