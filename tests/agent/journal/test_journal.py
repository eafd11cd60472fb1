from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

from medalist.agent.journal import Journal, schema
from medalist.errors import BadInput, JournalFailure


def script(code: str, *args: object) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code), *map(str, args)]


def test_events_come_back_in_order_and_newest_first_by_key(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "run") as journal:
        assert journal.append_raw("call.done", "a/1", {"text": "old"}) == 1
        journal.append_raw("other", "a/1", {}, durable=False)
        journal.append_raw("call.done", "b/1", {"n": [1, None, 2.5]}, durable=False)
        journal.append_raw("call.done", "a/1", {"text": "new"}, durable=False)
        newest = journal.newest_raw("call.done", "a/1")
        assert newest is not None
        assert (newest.seq, newest.body) == (4, {"text": "new"})
        assert journal.newest_raw("call.done", "c") is None
    with Journal.open(tmp_path / "run", readonly=True) as journal:
        assert [event.seq for event in journal.raw_events()] == [1, 2, 3, 4]
        assert [event.seq for event in journal.raw_events("call.done")] == [1, 3, 4]
        assert [event.seq for event in journal.raw_events("call.done", "a/")] == [1, 4]
        assert [event.seq for event in journal.raw_events(key_prefix="a/")] == [1, 2, 4]


def test_looking_one_up_writes_nothing(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal, Journal.open(tmp_path, readonly=True) as other:
        journal.append_raw("n", "a", {"x": 1})
        journal.append_raw("n", "a", {"x": 2}, durable=False)
        journal.append_raw("n", "b", {"x": 3}, durable=False)
        for key, x in (("a", 2), ("b", 3)):
            event = journal.newest_raw("n", key)
            assert event is not None
            assert event.body == {"x": x}
        assert journal.newest_raw("n", "c") is None
        assert [event.body for event in other.raw_events()] == [{"x": 1}]
        journal.flush()
        assert len(list(other.raw_events())) == 3


@pytest.mark.parametrize(
    "text", ["", "plain", "汉字 \x00 \x1b[31m", "\ud800 alone", "long " * 5000, "é" * 700]
)
def test_any_text_survives(tmp_path: Path, text: str) -> None:
    with Journal.open(tmp_path) as journal:
        digest = journal.put_blob(text)
        assert journal.put_blob(text) == digest
        journal.append_raw("text", "k", {"text": text, "digest": digest})
    with Journal.open(tmp_path) as journal:
        event = journal.newest_raw("text", "k")
        assert event is not None
        assert event.body["text"] == text
        assert journal.blob(digest) == text.encode("utf-8", "surrogatepass")


def test_blob_is_stored_once_compressed_and_checked(tmp_path: Path) -> None:
    content = b"abc" * 1_000_000
    with Journal.open(tmp_path) as journal:
        digest = journal.put_blob(content)
        assert journal.blob(digest) == content
        journal.flush()
        assert journal.put_blob(content) == digest
        with pytest.raises(JournalFailure, match="no content"):
            journal.blob("0" * 64)
    assert (tmp_path / "journal.sqlite").stat().st_size < 100_000


def test_what_happened_elsewhere_keeps_its_time_and_its_contents(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "one") as one, Journal.open(tmp_path / "two") as two:
        kept = {one.put_blob(f"content {number}"): number for number in range(120)}
        one.append_raw("n", "k", {})
        for event in one.raw_events():
            two.append_raw(event.kind, event.key, event.body, at=event.at)
        for digest, content in one.blobs():
            assert content.decode() == f"content {kept[digest]}"
            assert two.put_blob(content) == digest
        assert list(two.raw_events()) == list(one.raw_events())
        assert list(two.blobs()) == list(one.blobs())
        assert len(list(two.blobs())) == 120


def test_events_can_be_appended_while_they_are_read(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        for number in range(1200):
            journal.append_raw("n", str(number), {}, durable=False)
        seen = []
        for event in journal.raw_events("n"):
            seen.append(int(event.key))
            if len(seen) == 1:
                journal.append_raw("n", "1200", {})
        assert seen == list(range(1201))


def test_threads_share_a_journal(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:

        def write(name: str) -> None:
            for number in range(100):
                journal.append_raw("n", f"{name}/{number}", {}, durable=number % 7 == 0)

        threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        events = list(journal.raw_events("n"))
    assert [event.seq for event in events] == list(range(1, 401))
    for name in "abcd":
        mine = [event.key for event in events if event.key.startswith(name)]
        assert mine == [f"{name}/{number}" for number in range(100)]


WRITER = """
    import sys
    from pathlib import Path
    from medalist.agent.journal import Journal
    journal = Journal.open(Path(sys.argv[1]))
    number = sum(1 for event in journal.raw_events("n"))
    while True:
        digest = journal.put_blob(f"content {number}" * 50)
        journal.append_raw("side", str(number), {"x": "y" * 600}, durable=False)
        journal.append_raw("n", str(number), {"digest": digest})
        print(number, flush=True)
        number += 1
"""


def test_killed_writer_loses_nothing_it_was_told_is_durable(tmp_path: Path) -> None:
    rng = random.Random(5)
    told = -1
    for _ in range(8):
        with subprocess.Popen(script(WRITER, tmp_path), stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(rng.randrange(1, 60)):
                told = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            rest = process.stdout.read().split(b"\n")[:-1]
            told = int(rest[-1]) if rest else told
        with Journal.open(tmp_path, readonly=True) as journal:
            events = list(journal.raw_events())
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            numbers = [event for event in events if event.kind == "n"]
            assert len(numbers) in (told + 1, told + 2)  # one more may be in flight
            for number, event in enumerate(numbers):
                assert journal.blob(str(event.body["digest"])) == f"content {number}".encode() * 50
    check = sqlite3.connect(tmp_path / "journal.sqlite")
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_second_writer_is_told_who_holds_the_run(tmp_path: Path) -> None:
    with subprocess.Popen(script(WRITER, tmp_path), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(JournalFailure, match=f"process {process.pid} on ") as caught:
            Journal.open(tmp_path)
        assert "\n" not in str(caught.value)
        with Journal.open(tmp_path, readonly=True) as reader:
            assert reader.newest_raw("n", "0") is not None
        process.kill()
    with Journal.open(tmp_path) as journal:
        journal.append_raw("after", "", {})
        with pytest.raises(JournalFailure, match=f"process {os.getpid()} "):
            Journal.open(tmp_path)
    Journal.open(tmp_path).close()


def test_full_disk_is_one_clear_line_and_loses_nothing(tmp_path: Path) -> None:
    code = """
        import os, resource, sys
        from pathlib import Path
        from medalist.agent.journal import Journal
        from medalist.errors import JournalFailure
        run = Path(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        journal = Journal.open(run)
        number = 0
        try:
            while True:
                journal.append_raw("n", str(number), {"x": os.urandom(3000).hex()})
                number += 1
        except JournalFailure as failure:
            print(failure)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        journal.append_raw("n", str(number + 1), {})
        journal.close()
        with Journal.open(run) as journal:
            assert [int(event.key) for event in journal.raw_events("n")] == list(range(number + 2))
    """
    done = subprocess.run(
        script(code, tmp_path), capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert "make room" in done.stdout


def test_directory_that_cannot_be_written(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a directory")
    with pytest.raises(JournalFailure, match="cannot make"):
        Journal.open(blocker / "run")
    with pytest.raises(JournalFailure, match="cannot write to /proc"):
        Journal.open(Path("/proc/self"))


def test_read_only_directory_is_refused_to_writers_and_open_to_readers() -> None:
    code = """
        import os, sys
        from pathlib import Path
        from medalist.agent.journal import Journal
        from medalist.errors import JournalFailure
        run = Path(sys.argv[1])
        with Journal.open(run) as journal:
            journal.append_raw("n", "k", {"x": 1})
        for path in (*run.iterdir(), run):
            path.chmod(0o555 if path.is_dir() else 0o444)
        if os.geteuid() == 0:  # to whom permissions say nothing
            os.setuid(65534)
        try:
            Journal.open(run)
        except JournalFailure as failure:
            print(failure)
        with Journal.open(run, readonly=True) as journal:
            print(journal.newest_raw("n", "k").body)
    """
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to others
        Path(folder).chmod(0o755)
        done = subprocess.run(
            script(code, f"{folder}/run"), capture_output=True, text=True, check=False, timeout=300
        )
        Path(folder, "run").chmod(0o755)
    assert done.returncode == 0, done.stderr
    refused, read = done.stdout.splitlines()
    assert refused == f"cannot write to {folder}/run: Permission denied"
    assert read == "{'x': 1}"


def test_readonly_journal(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no journal here"):
        Journal.open(tmp_path / "nothing", readonly=True)
    assert not (tmp_path / "nothing").exists()
    Journal.open(tmp_path).close()
    with Journal.open(tmp_path, readonly=True) as journal:
        with pytest.raises(JournalFailure, match="reading only"):
            journal.append_raw("n", "", {})
        with pytest.raises(JournalFailure, match="reading only"):
            journal.put_blob("x")


@pytest.mark.parametrize("readonly", [False, True])
def test_every_older_schema_is_migrated(tmp_path: Path, readonly: bool) -> None:
    old = sqlite3.connect(tmp_path / "journal.sqlite")
    for statement in schema.MIGRATIONS[0].split(";"):
        old.execute(statement)
    old.execute("PRAGMA user_version = 1")
    old.execute("INSERT INTO events VALUES (1, 12.5, 'n', 'k', '{\"x\":1}')")
    old.commit()
    old.close()
    with Journal.open(tmp_path, readonly=readonly) as journal:
        event = journal.newest_raw("n", "k")
        assert event is not None
        assert (event.at, event.body) == (12.5, {"x": 1})
    after = sqlite3.connect(tmp_path / "journal.sqlite")
    assert schema.version(after) == (1 if readonly else schema.VERSION)
    after.close()


@pytest.mark.parametrize("readonly", [False, True])
def test_newer_schema_and_damaged_file_are_refused(tmp_path: Path, readonly: bool) -> None:
    newer = sqlite3.connect(tmp_path / "journal.sqlite")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(JournalFailure, match="schema 99"):
        Journal.open(tmp_path, readonly=readonly)
    (tmp_path / "journal.sqlite").write_bytes(b"no database at all" * 500)
    with pytest.raises(JournalFailure, match="not a journal"):
        Journal.open(tmp_path, readonly=readonly)


class _InterruptedCommit:
    """A connection on which Ctrl-C comes right after the first commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._left = 1

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, sql: str, *values: Any) -> object:
        result = self._connection.execute(sql, *values)
        if sql == "COMMIT" and self._left:
            self._left = 0
            raise KeyboardInterrupt
        return result


def test_ctrl_c_right_after_a_commit_writes_nothing_twice(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        journal._connection = _InterruptedCommit(journal._connection)  # type: ignore[assignment]
        with pytest.raises(KeyboardInterrupt):
            journal.append_raw("kind", "first", {"n": 1})
        journal.append_raw("kind", "second", {"n": 2})
        assert [event.key for event in journal.raw_events("kind")] == ["first", "second"]
    with Journal.open(tmp_path, readonly=True) as journal:
        assert [event.body["n"] for event in journal.raw_events("kind")] == [1, 2]


@pytest.mark.parametrize("prefix", ["a/", "a", "\ud7ff", "z\U0010ffff", "\U0010ffff", "none"])
def test_a_kind_and_a_prefix_give_what_reading_everything_gives(
    tmp_path: Path, prefix: str
) -> None:
    keys = ["a/1", "b", "a", "a/\U0010ffff", "a0", "\ud7ff1", "\ue000", "z\U0010ffff/", "z", "A/1"]
    keys += ["\U0010ffff", "\U0010ffff\U0010ffff"]
    with Journal.open(tmp_path) as journal:
        for number in range(1300):
            journal.append_raw("n", keys[number % len(keys)], {"number": number}, durable=False)
            journal.append_raw("m", "a/1", {}, durable=False)
        wanted = [event for event in journal.raw_events("n") if event.key.startswith(prefix)]
        assert list(journal.raw_events("n", prefix)) == wanted
        asked: list[str] = []
        journal._connection.set_trace_callback(asked.append)
        stream = journal.raw_events("n", "a/")
        first = next(stream)
        journal.append_raw("n", "a/new", {})
        assert [first, *stream][-1].key == "a/new"
        journal._connection.set_trace_callback(None)
        for query in asked:
            if query.startswith("SELECT"):
                (plan,) = journal._connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchmany(1)
                assert plan[3].startswith("SEARCH"), "what is read grows with what else is there"
